import AgencyModel
import RuleBook

/// More hours worked in the quarter than the contracted week allows, a quarter of it above. Only where the assignment has a day in
/// the quarter.
public enum DATA011_HoursAboveContract: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 11, .warning, field: .hoursInQuarter, places: ["days"])
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        let days: Int
        switch assignment.daysInQuarter(circumstances) {
        case .none: return .notApplicable
        case .unknown: return .undecided
        case .some(let count): days = count
        }
        guard let worked = assignment.hoursInQuarter, let weekly = assignment.weeklyHours,
            let factor = circumstances.hoursFactor
        else { return .undecided }
        // worked > weekly × (days ÷ 7) × factor, in whole numbers
        let most = Int128(weekly.billionths) * Int128(days) * Int128(factor.billionths)
        let week = 7 * Int128(Quantity.scale)
        if Int128(worked.billionths) * week <= most { return .clear }
        return findings.breach(
            rules[0].code, field: .column(.hoursInQuarter), found: .quantity(worked),
            expected: .quantity(.inHundredths(most / week)),
            .number(days))
    }
}

extension Quantity {
    /// To hundredths of an hour, cut: no more than fits.
    static func inHundredths(_ billionths: Int128) -> Quantity {
        let hundredth = Quantity.scale / 100
        return Quantity(billionths: Int64(clamping: billionths) / hundredth * hundredth)
    }
}
