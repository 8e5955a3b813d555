import AgencyModel

/// Without hours, an assignment adds nothing to the cost. Only if it has a day in the quarter.
public enum DATA018_HoursMissing: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 18, .warning, field: .hoursInQuarter, places: ["days"])
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        switch assignment.daysInQuarter(circumstances) {
        case .none: return .notApplicable
        case .unknown: return .undecided
        case .some(let days):
            if let worked = assignment.hoursInQuarter {
                if worked > .zero { return .clear }
                return findings.breach(
                    rules[0].code, field: .column(.hoursInQuarter), found: .quantity(worked), findings.days(days))
            }
            return findings.breach(rules[0].code, field: .column(.hoursInQuarter), findings.days(days))
        }
    }
}
