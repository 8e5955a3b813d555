import AgencyModel
import RuleBook

/// The authority must manage the practice of a project team or package.
public enum TEAM003_PracticeManagedByAuthority: AssessedRule {
    public static let rules = [
        Rule(.TEAM, 3, .error, field: .practiceManagedBy)
    ]
    public static var commencement: CommencementFamily? { .teamsOngoing }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard assignment.row.isTeam, circumstances.applies(commencement, to: assignment) else { return .notApplicable }
        if assignment.row.practiceManagedBy == .authority { return .clear }
        let found: FindingValue = assignment.row.practiceManagedBy.map { .practiceManager($0) } ?? .none
        return findings.breach(
            rules[0].code, field: .column(.practiceManagedBy), found: found, expected: .practiceManager(.authority))
    }
}
