import AgencyModel

/// A capped rate above the region's cap needs the sign-off of the director of children's services and the chief executive before
/// it is agreed, and is reported. Equal to the cap is within it. Three outcomes of one judgement: a sign-off missing, late, or both
/// there in time.
public enum CAP001_RateAboveCap: AssignmentRule {
    public static let rules = [
        Rule(.CAP, 1, .error, field: .payRate, places: ["from", "missing"]),
        Rule(.CAP, 2, .error, field: .payRate, places: ["late", "due"]),
        Rule(.CAP, 3, .notice, field: .payRate, places: ["from", "excess"]),
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard circumstances.capsApply(to: assignment) else { return .notApplicable }
        guard let rate = assignment.cappedRate, let cap = circumstances.cap(for: assignment) else { return .undecided }
        // Of a PAYE row without on-costs nobody knows how much more than the pay the rate is: above the cap it is judged, below it is not.
        if rate <= cap.value { return assignment.lacksOnCosts ? .undecided : .clear }
        guard let director = assignment.capDCSDate, let chiefExecutive = assignment.capCEDate else {
            let missing: Phrase =
                switch (assignment.capDCSDate, assignment.capCEDate) {
                case (nil, nil): .directorAndChiefExecutive
                case (nil, _): .director
                default: .chiefExecutive
                }
            return findings.breach(
                rules[0].code, field: .column(.payRate), found: .money(rate), expected: .money(cap.value), .date(cap.from),
                .phrase(missing))
        }
        let due = circumstances.commencement(.caps).dueDay(
            start: assignment.startDate!, rateFrom: assignment.rateFrom, offer: assignment.offerDate)
        let late = max(director, chiefExecutive)
        if late > due {
            return findings.breach(
                rules[1].code, field: .column(.payRate), found: .money(rate), expected: .money(cap.value), .date(late), .date(due))
        }
        return findings.breach(
            rules[2].code, field: .column(.payRate), found: .money(rate), expected: .money(cap.value), .date(cap.from),
            .money(rate - cap.value))
    }
}
