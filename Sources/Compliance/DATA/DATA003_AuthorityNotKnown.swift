import AgencyModel

/// The authority is not in the authorities table, or did not exist on the last day of the quarter. Without a quarter, only the
/// table decides.
public enum DATA003_AuthorityNotKnown: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 3, .error, field: .authorityCode, places: ["reason"])
    ]
    public static var stopsAssessment: Bool { true }

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard let code = assignment.authority else { return .undecided }
        let reason: Phrase
        if let authority = circumstances.authority {
            if assignment.quarter == nil || authority.isValid(on: circumstances.quarterEnd) { return .clear }
            reason = .notInExistence
        } else {
            reason = .notInTable
        }
        return findings.breach(rules[0].code, field: .column(.authorityCode), found: .authority(code), .phrase(reason))
    }
}
