import AgencyModel

/// The contract of a project team or package is named.
public enum TEAM005_TeamReference: AssignmentRule {
    public static let rules = [
        Rule(.TEAM, 5, .error, field: .teamReference)
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard assignment.isTeam, circumstances.applies(.teamsOngoing, to: assignment) else { return .notApplicable }
        if assignment.teamReference != nil { return .clear }
        return findings.breach(rules[0].code, field: .column(.teamReference))
    }
}
