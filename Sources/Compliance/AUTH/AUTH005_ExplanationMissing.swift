import AgencyModel

/// A family claims PARTIAL or NONE without an explanation (one finding for each family).
public enum AUTH005_ExplanationMissing: AuthorityRule {
    public static let rules = [Rule(.AUTH, 5, .error, places: ["family"])]

    static func judge(_ return_: AuthorityReturn, of subject: Subject, _ findings: inout [Finding]) -> Verdict {
        guard let record = return_.record, record.claims.contains(where: { $0 != nil }) else { return .undecided }
        for family in ReturnFamily.allCases {
            guard let claim = record.claims[Int(family.rawValue)], claim != .full,
                record.explanations[Int(family.rawValue)] == nil
            else { continue }
            findings.append(
                Finding(
                    rules[0].code, of: subject, field: .column(family.complianceColumn), found: .claim(claim),
                    .phrase(family.phrase)))
        }
        return findings.isEmpty ? .clear : .breach
    }
}
