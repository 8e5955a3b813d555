import AgencyModel

/// A family claims PARTIAL or NONE without an explanation (one finding for each family).
public enum AUTH005_ExplanationMissing: AuthorityRule {
    public static let rules = [Rule(.AUTH, 5, .error, places: ["family"])]

    static func judge(_ return_: AuthorityReturn, of subject: Subject, _ findings: inout [Finding]) -> Verdict {
        guard let record = return_.record, record.hasClaim else { return .undecided }
        for family in ReturnFamily.allCases {
            guard let claim = record.claims[family], claim != .full,
                record.explanations[family] == nil
            else { continue }
            findings.append(
                Finding(
                    rules[0].code, of: subject, field: .column(family.complianceColumn), found: .claim(claim),
                    .family(family.family)))
        }
        return findings.isEmpty ? .clear : .breach
    }
}
