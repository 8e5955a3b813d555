import AgencyModel
import RuleBook

/// An agency worker's notice must be four weeks, or that of the authority's own staff if it is shorter.
public enum NOTE001_NoticeTooShort: AssessedRule {
    public static let rules = [
        Rule(.NOTE, 1, .error, field: .noticeWeeks, places: ["basis"])
    ]
    public static var commencement: CommencementFamily? { .notice }

    /// The weeks required: the national figure, or the authority's own notice for the role if it is shorter. Without a role, the
    /// shortest in the record.
    static func requirement(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances
    ) -> (weeks: Quantity, basis: Phrase)? {
        let day = circumstances.ongoingDay(start: assignment.start)
        guard let national = circumstances.book.parameters.noticeWeeks.value(on: day) else { return nil }
        let own: Quantity?
        if let role = assignment.row.role {
            // The record has only the five core job types.
            own = role == .other ? nil : circumstances.record?.noticeWeeks[Int(role.rawValue)]
        } else {
            own = circumstances.record?.noticeWeeks.compactMap { $0 }.min()
        }
        if let own, own < national { return (own, .ownNotice) }
        return (national, .nationalNotice)
    }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard circumstances.applies(commencement, to: assignment) else { return .notApplicable }
        guard let weeks = assignment.row.noticeWeeks, let required = requirement(assignment, circumstances) else {
            return .undecided
        }
        if weeks >= required.weeks { return .clear }
        return findings.breach(
            rules[0].code, field: .column(.noticeWeeks), found: .quantity(weeks), expected: .quantity(required.weeks),
            .phrase(required.basis))
    }
}
