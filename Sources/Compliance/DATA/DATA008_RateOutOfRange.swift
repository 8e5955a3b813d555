import AgencyModel

/// The capped rate is outside the usual range for an hour of social work: it may be a day rate or a typing mistake.
public enum DATA008_RateOutOfRange: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 8, .warning, field: .payRate, places: ["side"])
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard let rate = assignment.cappedRate, let lowest = circumstances.lowestRate, let highest = circumstances.highestRate
        else { return .undecided }
        if rate < lowest {
            return findings.breach(
                rules[0].code, field: .column(.payRate), found: .money(rate), expected: .money(lowest), .phrase(.below))
        }
        if rate > highest {
            return findings.breach(
                rules[0].code, field: .column(.payRate), found: .money(rate), expected: .money(highest), .phrase(.above))
        }
        return .clear
    }
}
