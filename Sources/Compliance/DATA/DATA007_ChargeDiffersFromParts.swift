import AgencyModel

/// The charge rate differs from the sum of the pay rate, a PAYE worker's on-costs and the agency fee. Only if the fee is given.
public enum DATA007_ChargeDiffersFromParts: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 7, .warning, field: .chargeRate, places: ["difference"])
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard let fee = assignment.agencyFee else { return .notApplicable }
        guard let charge = assignment.chargeRate, let capped = assignment.cappedRate,
            let tolerance = circumstances.chargeTolerance
        else { return .undecided }
        let difference = (charge - (capped + fee)).magnitude
        if difference <= tolerance { return .clear }
        return findings.breach(
            rules[0].code, field: .column(.chargeRate), found: .money(charge), expected: .money(capped + fee), .money(difference))
    }
}
