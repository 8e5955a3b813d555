import AgencyModel

/// The cost of a project team or package is broken down for each worker.
public enum TEAM002_CostPerWorker: AssignmentRule {
    public static let rules = [
        Rule(.TEAM, 2, .error, field: .costDisaggregated)
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard assignment.isTeam, circumstances.applies(.teamsOngoing, to: assignment) else { return .notApplicable }
        if assignment.costDisaggregated == true { return .clear }
        let found: FindingValue = assignment.costDisaggregated == nil ? .none : .phrase(.no)
        return findings.breach(rules[0].code, field: .column(.costDisaggregated), found: found, expected: .phrase(.yes))
    }
}
