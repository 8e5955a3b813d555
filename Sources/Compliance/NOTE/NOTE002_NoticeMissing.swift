import AgencyModel
import RuleBook

/// The return does not give the worker's notice period.
public enum NOTE002_NoticeMissing: AssessedRule {
    public static let rules = [
        Rule(.NOTE, 2, .warning, field: .noticeWeeks)
    ]
    public static var commencement: CommencementFamily? { .notice }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard circumstances.applies(commencement, to: assignment) else { return .notApplicable }
        if assignment.row.noticeWeeks != nil { return .clear }
        guard let required = NOTE001_NoticeTooShort.requirement(assignment, circumstances) else { return .undecided }
        return findings.breach(rules[0].code, field: .column(.noticeWeeks), expected: .quantity(required.weeks))
    }
}
