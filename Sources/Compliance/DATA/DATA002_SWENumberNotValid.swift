import AgencyModel

/// The Social Work England number is not SW and 1 to 10 digits, not all zero.
public enum DATA002_SWENumberNotValid: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 2, .error, field: .sweNumber)
    ]
    public static var stopsAssessment: Bool { true }

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        if let written = assignment.sweNumberAsWritten {
            return findings.breach(rules[0].code, field: .column(.sweNumber), found: .text(findings.texts.keep(written)))
        }
        return assignment.sweNumber == nil ? .undecided : .clear
    }
}
