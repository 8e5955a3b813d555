import AgencyModel
import RuleBook

/// The contract of a project team or package must be named.
public enum TEAM005_TeamReference: AssessedRule {
    public static let rules = [
        Rule(.TEAM, 5, .error, field: .teamReference)
    ]
    public static var commencement: CommencementFamily? { .teamsOngoing }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard assignment.row.isTeam, circumstances.applies(commencement, to: assignment) else { return .notApplicable }
        if assignment.row.teamReference != nil { return .clear }
        return findings.breach(rules[0].code, field: .column(.teamReference))
    }
}
