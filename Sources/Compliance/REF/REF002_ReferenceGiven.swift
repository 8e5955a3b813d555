import AgencyModel

/// The authority gives the worker a practice-based reference before the assignment ends. Judged in the quarter in which it ends.
public enum REF002_ReferenceGiven: AssignmentRule {
    public static let rules = [
        Rule(.REF, 2, .warning, field: .referenceGivenDate)
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard let end = assignment.endDate, end <= circumstances.quarterEnd, circumstances.referencesApply(to: assignment) else {
            return .notApplicable
        }
        guard let given = assignment.referenceGivenDate else { return .undecided }
        if given <= end { return .clear }
        return findings.breach(
            rules[0].code, field: .column(.referenceGivenDate), found: .date(given), expected: .date(end))
    }
}
