import AgencyModel

/// A worker is supplied individually, but the supplier manages the practice: this is a package under another name. The rule has no
/// commencement.
public enum TEAM004_LooksLikePackage: AssessedRule {
    public static let rules = [
        Rule(.TEAM, 4, .warning, field: .practiceManagedBy)
    ]

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        if assignment.row.isTeam { return .notApplicable }
        guard let manager = assignment.row.practiceManagedBy else { return .undecided }
        if manager == .authority { return .clear }
        return findings.breach(
            rules[0].code, field: .column(.practiceManagedBy), found: .practiceManager(.supplier),
            expected: .practiceManager(.authority))
    }
}
