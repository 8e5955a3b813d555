import AgencyModel

/// The authority keeps the management of a project team's or package's practice.
public enum TEAM003_PracticeManagedByAuthority: AssignmentRule {
    public static let rules = [
        Rule(.TEAM, 3, .error, field: .practiceManagedBy)
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard assignment.isTeam, circumstances.applies(.teamsOngoing, to: assignment) else { return .notApplicable }
        if assignment.practiceManagedBy == .authority { return .clear }
        let found: FindingValue = assignment.practiceManagedBy.map { .practiceManager($0) } ?? .none
        return findings.breach(
            rules[0].code, field: .column(.practiceManagedBy), found: found, expected: .practiceManager(.authority))
    }
}
