import AgencyModel

/// The hours in the quarter are more than the contracted week allows, with a margin of a quarter. Only if the assignment has a day
/// in the quarter.
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
