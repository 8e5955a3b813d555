import AgencyModel
import RuleBook

/// The authority must give the worker a practice-based reference before the assignment ends. Judged in the quarter in which it
/// ends.
public enum REF002_ReferenceGiven: AssessedRule {
    public static let rules = [
        Rule(.REF, 2, .warning, field: .referenceGivenDate)
    ]
    public static var commencement: CommencementFamily? { .references }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard let end = assignment.row.endDate, end <= circumstances.quarterEnd,
            REF001_References.isAsked(of: assignment, circumstances)
        else {
            return .notApplicable
        }
        guard let given = assignment.row.referenceGivenDate else { return .undecided }
        if given <= end { return .clear }
        return findings.breach(
            rules[0].code, field: .column(.referenceGivenDate), found: .date(given), expected: .date(end))
    }
}
