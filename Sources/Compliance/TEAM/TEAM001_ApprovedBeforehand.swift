import AgencyModel

/// Each worker of a project team or package is identified and approved by the authority before the start.
public enum TEAM001_ApprovedBeforehand: AssignmentRule {
    public static let rules = [
        Rule(.TEAM, 1, .error, field: .approvedDate)
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard assignment.isTeam, circumstances.applies(.teamsAtEngagement, to: assignment) else { return .notApplicable }
        let start = assignment.startDate!
        if let approved = assignment.approvedDate, approved <= start { return .clear }
        let found: FindingValue = assignment.approvedDate.map { .date($0) } ?? .none
        return findings.breach(rules[0].code, field: .column(.approvedDate), found: found, expected: .date(start))
    }
}
