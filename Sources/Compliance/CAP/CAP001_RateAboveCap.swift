import AgencyModel
import RuleBook

/// A capped rate above the region's cap must be signed off by the director of children's services and the chief executive before it
/// is agreed, and must be reported. A rate equal to the cap is within it. The judgement has three outcomes: a sign-off is missing,
/// a sign-off is late, or both were given in time.
public enum CAP001_RateAboveCap: AssessedRule {
    public static let rules = [
        Rule(.CAP, 1, .error, field: .payRate, places: ["from", "missing"]),
        Rule(.CAP, 2, .error, field: .payRate, places: ["late", "due"]),
        Rule(.CAP, 3, .notice, field: .payRate, places: ["from", "excess"]),
    ]
    public static var commencement: CommencementFamily? { .caps }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard circumstances.capsApply(to: assignment) else { return .notApplicable }
        guard let rate = assignment.row.cappedRate, let cap = circumstances.cap(for: assignment) else { return .undecided }
        switch RateAndCap(rate: rate, cap: cap.value, lacksOnCosts: assignment.row.lacksOnCosts) {
        case .within: return .clear
        case .undecided: return .undecided
        case .above: break
        }
        guard let director = assignment.row.capDCSDate, let chiefExecutive = assignment.row.capCEDate else {
            let missing: Phrase =
                switch (assignment.row.capDCSDate, assignment.row.capCEDate) {
                case (nil, nil): .directorAndChiefExecutive
                case (nil, _): .director
                default: .chiefExecutive
                }
            return findings.breach(
                rules[0].code, field: .column(.payRate), found: .money(rate), expected: .money(cap.value), .date(cap.from),
                .phrase(missing))
        }
        let due = dueDay(assignment, circumstances)
        let late = max(director, chiefExecutive)
        if late > due {
            return findings.breach(
                rules[1].code, field: .column(.payRate), found: .money(rate), expected: .money(cap.value), .date(late), .date(due))
        }
        return findings.breach(
            rules[2].code, field: .column(.payRate), found: .money(rate), expected: .money(cap.value), .date(cap.from),
            .money(rate - cap.value))
    }

    /// The day by which the sign-off is due.
    public static func dueDay(_ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances) -> CalendarDate {
        circumstances.commencement(.caps).dueDay(
            start: assignment.start, rateFrom: assignment.row.rateFrom, offer: assignment.row.offerDate)
    }
}
