import AgencyModel

/// The rate paid to an umbrella or limited company already includes the on-costs, so the row must not have any.
public enum DATA009_OnCostsOfCompany: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 9, .warning, field: .employerNI, places: ["engagement"])
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard let engagement = assignment.engagement else { return .undecided }
        if engagement == .paye { return .notApplicable }
        if assignment.onCosts == .zero { return .clear }
        return findings.breach(
            rules[0].code, field: .column(.employerNI), found: .money(assignment.onCosts), .engagement(engagement))
    }
}
