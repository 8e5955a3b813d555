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
        return assignment.judgingHours(circumstances) { hours in
            guard let percent = circumstances.leastHoursPercent else { return .undecided }
            // worked < weekly × (days ÷ 7) × percent ÷ 100
            if ContractedHours(hours.weekly, days: hours.days, share: percent).areAtMost(hours.worked, times: 700) { return .clear }
            return findings.breach(
                rules[0].code, field: .column(.hoursInQuarter), found: .quantity(hours.worked),
                expected: .quantity(.inHundredths(hours.weeksTimesSeven / 7)), findings.days(hours.days), .quantity(percent))
        }
    }
}
