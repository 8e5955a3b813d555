import AgencyModel
import RuleBook

/// Far fewer hours in the quarter than the contracted week makes: a timesheet or a month may be missing. Only where the weekly hours are
/// above nought and the assignment has a day in the quarter.
public enum DATA019_HoursFarBelowContract: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 19, .warning, field: .hoursInQuarter, places: ["days", "percent"])
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        if let weekly = assignment.weeklyHours, weekly == .zero { return .notApplicable }
        let days: Int
        switch assignment.daysInQuarter(circumstances) {
        case .none: return .notApplicable
        case .unknown: return .undecided
        case .some(let count): days = count
        }
        guard let worked = assignment.hoursInQuarter, let weekly = assignment.weeklyHours,
            let percent = circumstances.leastHoursPercent
        else { return .undecided }
        // worked < weekly × (days ÷ 7) × percent ÷ 100, in whole numbers
        let least = Int128(weekly.billionths) * Int128(days) * Int128(percent.billionths)
        let week = 700 * Int128(Quantity.scale)
        if Int128(worked.billionths) * week >= least { return .clear }
        let full = Int128(weekly.billionths) * Int128(days) / 7
        return findings.breach(
            rules[0].code, field: .column(.hoursInQuarter), found: .quantity(worked), expected: .quantity(.inHundredths(full)),
            findings.days(days), .quantity(percent))
    }
}
