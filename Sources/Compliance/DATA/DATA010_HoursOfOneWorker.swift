import AgencyModel

/// The weekly hours of an assignment, and of the worker's other assignments in the same authority and quarter that share a day with
/// it, are more than 48 in total. There must be at least one other; repeats of an assignment_id count.
public enum DATA010_HoursOfOneWorker: RuleFile {
    public static let rules = [Rule(.DATA, 10, .warning, field: .weeklyHours, places: ["others"])]

    static func judge(_ part: WorkerLoad.Part, _ load: (count: Int, hours: Quantity), _ run: inout RunJudgement) {
        let day = Quarter(index: part.facts.quarter).lastDay
        guard load.count > 1, let limit = run.book.parameters.weeklyHours.value(on: day), load.hours > limit else { return }
        run.add(
            rules[0].code, file: part.file, entry: part.entry, field: .weeklyHours, found: .quantity(load.hours),
            expected: .quantity(limit), .number(load.count - 1))
    }
}
