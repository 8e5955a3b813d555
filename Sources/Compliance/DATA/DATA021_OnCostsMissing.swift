import AgencyModel

/// A PAYE row has none of the on-costs, so the capped rate is only known to be at least the pay rate.
public enum DATA021_OnCostsMissing: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 21, .warning, field: .employerNI)
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard let engagement = assignment.engagement else { return .undecided }
        if engagement != .paye { return .notApplicable }
        if !assignment.lacksOnCosts { return .clear }
        return findings.breach(rules[0].code, field: .column(.employerNI))
    }
}
