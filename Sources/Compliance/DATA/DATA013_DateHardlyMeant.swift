import AgencyModel

/// A date exists but is unlikely to be right: it is long before there was anything to report, or years after the quarter (one
/// finding for each field). Missing dates are not checked. Without a quarter, only dates that are too early are found.
public enum DATA013_DateHardlyMeant: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 13, .warning, places: ["side"])
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard let plausible = circumstances.plausibleDays else { return .undecided }
        var verdict = assignment.quarter == nil ? Verdict.undecided : .clear
        @inline(__always) func look(_ column: Column, _ date: CalendarDate?) {
            guard let date, date < plausible.first || date > plausible.last else { return }
            verdict = breach(column, date, plausible, circumstances, &findings)
        }
        look(.startDate, assignment.startDate)
        look(.endDate, assignment.endDate)
        look(.approvedDate, assignment.approvedDate)
        look(.lastPostEnd, assignment.lastPostEnd)
        look(.capDCSDate, assignment.capDCSDate)
        look(.capCEDate, assignment.capCEDate)
        return verdict
    }

    @inline(never)
    private static func breach(
        _ column: Column, _ date: CalendarDate, _ plausible: Circumstances.PlausibleDays, _ circumstances: Circumstances,
        _ findings: inout FindingList
    ) -> Verdict {
        let isEarly = date < plausible.first
        let years = plausible.years == 1 ? "1 year" : "\(plausible.years) years"
        let side = isEarly ? "before" : "more than \(years) after the quarter's end, later than"
        return findings.breach(
            rules[0].code, field: .column(column), found: .date(date),
            expected: .date(isEarly ? plausible.first : plausible.last), .wording(findings.texts.keep(wording: side)))
    }
}
