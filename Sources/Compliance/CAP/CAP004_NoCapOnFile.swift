import AgencyModel
import RuleBook

/// The family applies and the capped rate is known, but there is no cap on file for the region, role and date. One finding for each
/// region and role in a run.
public enum CAP004_NoCapOnFile: AssessedRule {
    public static let rules = [
        Rule(.CAP, 4, .warning)
    ]
    public static var commencement: CommencementFamily? { .caps }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard circumstances.capsApply(to: assignment) else { return .notApplicable }
        guard assignment.row.cappedRate != nil, let role = assignment.row.role, let authority = circumstances.authority else {
            return .undecided
        }
        if circumstances.cap(for: assignment) != nil { return .clear }
        return findings.noteMissingCap(region: authority.region, role: role)
    }

    /// The run's single finding for a region and role. Its field is the role code.
    static func finding(of subject: Subject, _ missing: FindingList.MissingCap) -> Finding {
        Finding(rules[0].code, of: subject, field: .role(missing.role), found: .region(missing.region))
    }
}
