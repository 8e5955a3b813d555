import AgencyModel

/// The assignment starts after the end of the quarter, or ends before its start, so it does not belong in this return. One known
/// date is enough. If DATA004 gives a finding, this rule does not.
public enum DATA005_NoDayInQuarter: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 5, .error, field: .startDate, places: ["how"])
    ]
    public static var stopsAssessment: Bool { true }

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        let (start, end) = (assignment.startDate, assignment.endDate)
        if let start, let end, end < start { return .notApplicable }
        guard let quarter = assignment.quarter else { return .undecided }
        if let start, start > circumstances.quarterEnd {
            return findings.breach(
                rules[0].code, field: .column(.startDate), found: .date(start), expected: .quarter(quarter), .phrase(.startsOn))
        }
        if let end, end < circumstances.quarterStart {
            return findings.breach(
                rules[0].code, field: .column(.startDate), found: .date(end), expected: .quarter(quarter), .phrase(.endedOn))
        }
        return start == nil ? .undecided : .clear
    }
}
