import AgencyModel
import RuleBook

/// The cost of a project team or package must be shown for each worker.
public enum TEAM002_CostPerWorker: AssessedRule {
    public static let rules = [
        Rule(.TEAM, 2, .error, field: .costDisaggregated)
    ]
    public static var commencement: CommencementFamily? { .teamsOngoing }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard assignment.row.isTeam, circumstances.applies(commencement, to: assignment) else { return .notApplicable }
        if assignment.row.costDisaggregated == true { return .clear }
        let found: FindingValue = assignment.row.costDisaggregated == nil ? .none : .phrase(.no)
        return findings.breach(rules[0].code, field: .column(.costDisaggregated), found: found, expected: .phrase(.yes))
    }
}
