import AgencyModel

/// The load as in DATA010, over all authorities of the run, with at least one of the other assignments in another authority.
public enum REGION001_HoursAcrossAuthorities: RuleFile {
    public static let rules = [Rule(.REGION, 1, .warning, field: .weeklyHours, places: ["authorities"])]

    static func judge(
        _ part: WorkerLoad.Part, own: (count: Int, hours: Quantity), all: (count: Int, hours: Quantity),
        authorities: Int, _ run: inout RunJudgement
    ) {
        let day = Quarter(index: part.facts.quarter).lastDay
        guard all.count > own.count, let limit = run.book.parameters.regionWeeklyHours.value(on: day), all.hours > limit else {
            return
        }
        run.add(
            rules[0].code, file: part.file, entry: part.entry, field: .weeklyHours, found: .quantity(all.hours),
            expected: .quantity(limit), .number(authorities))
    }
}
