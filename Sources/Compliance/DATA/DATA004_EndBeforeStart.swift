import AgencyModel

/// The assignment ends before it starts.
public enum DATA004_EndBeforeStart: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 4, .error, field: .endDate)
    ]
    public static var stopsAssessment: Bool { true }

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard let start = assignment.startDate else { return .undecided }
        // A missing end, or one that cannot be read, means still running.
        guard let end = assignment.endDate, end < start else { return .clear }
        return findings.breach(rules[0].code, field: .column(.endDate), found: .date(end), expected: .date(start))
    }
}
