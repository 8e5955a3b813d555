import AgencyModel
import RuleBook

/// Each worker of a project team or package must be identified and approved by the authority before the start.
public enum TEAM001_ApprovedBeforehand: AssessedRule {
    public static let rules = [
        Rule(.TEAM, 1, .error, field: .approvedDate)
    ]
    public static var commencement: CommencementFamily? { .teamsAtEngagement }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard assignment.row.isTeam, circumstances.applies(commencement, to: assignment) else { return .notApplicable }
        let start = assignment.start
        if let approved = assignment.row.approvedDate, approved <= start { return .clear }
        let found: FindingValue = assignment.row.approvedDate.map { .date($0) } ?? .none
        return findings.breach(rules[0].code, field: .column(.approvedDate), found: found, expected: .date(start))
    }
}
