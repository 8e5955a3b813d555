import AgencyModel

/// At least two detailed practice-based references for each worker whose assignment was offered on or after the commencement; where the
/// day of the offer is missing, the start date stands for it.
public enum REF001_References: AssignmentRule {
    public static let rules = [
        Rule(.REF, 1, .error, field: .references)
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        let offered = assignment.offerDate ?? assignment.startDate!
        guard circumstances.referencesApply(to: assignment) else { return .notApplicable }
        guard let required = circumstances.book.parameters.references.value(on: offered) else { return .undecided }
        if let references = assignment.references, references >= required { return .clear }
        let found: FindingValue = assignment.references.map { .number($0) } ?? .none
        return findings.breach(rules[0].code, field: .column(.references), found: found, expected: .number(required))
    }
}
