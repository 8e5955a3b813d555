import AgencyModel

/// The authority pays no more than the worker or the company receives. Nothing is left for the agency, so one of the two values is
/// probably in the wrong column.
public enum DATA020_ChargeNotAbovePay: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 20, .warning, field: .chargeRate)
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard let charge = assignment.chargeRate, let pay = assignment.payRate else { return .undecided }
        if charge > pay { return .clear }
        return findings.breach(rules[0].code, field: .column(.chargeRate), found: .money(charge), expected: .money(pay))
    }
}
