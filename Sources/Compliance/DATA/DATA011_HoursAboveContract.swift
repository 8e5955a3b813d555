import AgencyModel

/// More hours worked in the quarter than the contracted week allows, a quarter of it above. Only where the assignment has a day in
/// the quarter.
public enum DATA011_HoursAboveContract: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 11, .warning, field: .hoursInQuarter, places: ["days"])
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        assignment.judgingHours(circumstances) { hours in
            guard let factor = circumstances.hoursFactor else { return .undecided }
            let contracted = ContractedHours(hours.weekly, days: hours.days, share: factor)
            // worked > weekly × (days ÷ 7) × factor
            if contracted.areAtLeast(hours.worked, times: 7) { return .clear }
            return findings.breach(
                rules[0].code, field: .column(.hoursInQuarter), found: .quantity(hours.worked),
                expected: .quantity(contracted.inHundredths(by: 7)), findings.days(hours.days))
        }
    }
}

/// The hours of the quarter, and what they are held against: the contracted week over the days that the assignment has in the quarter.
struct HoursAndContract {
    let worked: Quantity
    let weekly: Quantity
    let days: Int

    /// The contracted hours of those days, seven times as many, in billionths: whole.
    var weeksTimesSeven: Int128 { Int128(weekly.billionths) * Int128(days) }
}

extension Assignment {
    /// Judges the hours of the quarter against the contract, where the assignment has a day in the quarter and both are known.
    @inline(__always)
    func judgingHours(_ circumstances: Circumstances, _ judge: (HoursAndContract) -> Verdict) -> Verdict {
        switch daysInQuarter(circumstances) {
        case .none: return .notApplicable
        case .unknown: return .undecided
        case .some(let days):
            guard let worked = hoursInQuarter, let weekly = weeklyHours else { return .undecided }
            return judge(HoursAndContract(worked: worked, weekly: weekly, days: days))
        }
    }
}

extension Quantity {
    /// To hundredths of an hour, cut: no more than fits.
    static func inHundredths(_ billionths: Int128) -> Quantity {
        let hundredth = Quantity.scale / 100
        return Quantity(billionths: Int64(clamping: billionths) / hundredth * hundredth)
    }
}
