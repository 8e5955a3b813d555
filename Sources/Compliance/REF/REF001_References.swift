import AgencyModel
import RuleBook

/// At least two detailed practice-based references are needed for each worker whose assignment was offered on or after the
/// commencement. If the day of the offer is missing, the start date is used.
public enum REF001_References: AssessedRule {
    public static let rules = [
        Rule(.REF, 1, .error, field: .references)
    ]
    public static var commencement: CommencementFamily? { .references }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard isAsked(of: assignment, circumstances) else { return .notApplicable }
        guard let required = circumstances.book.parameters.references.value(on: offerDay(assignment)) else { return .undecided }
        if let references = assignment.row.references, references >= required { return .clear }
        let found: FindingValue = assignment.row.references.map { .number($0) } ?? .none
        return findings.breach(rules[0].code, field: .column(.references), found: found, expected: .number(required))
    }

    /// The day of the offer; where that is missing, the start.
    private static func offerDay(_ assignment: borrowing AssessedAssignment) -> CalendarDate {
        assignment.row.offerDate ?? assignment.start
    }

    /// Whether references are asked for: the day of the offer decides.
    @inline(__always)
    static func isAsked(of assignment: borrowing AssessedAssignment, _ circumstances: Circumstances) -> Bool {
        circumstances.applies(commencement, start: offerDay(assignment), end: assignment.row.endDate)
    }
}
