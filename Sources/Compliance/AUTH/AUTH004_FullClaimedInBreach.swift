import AgencyModel

/// A family claims FULL although its rules gave at least one error in the return (one finding for each family).
public enum AUTH004_FullClaimedInBreach: AuthorityRule {
    public static let rules = [Rule(.AUTH, 4, .error, places: ["family", "errors"])]

    static func judge(_ return_: AuthorityReturn, of subject: Subject, _ findings: inout [Finding]) -> Verdict {
        guard let record = return_.record, record.hasClaim else { return .undecided }
        for family in ReturnFamily.allCases {
            let errors = return_.errors[family]
            guard record.claims[family] == .full, errors > 0 else { continue }
            findings.append(
                Finding(
                    rules[0].code, of: subject, field: .column(family.complianceColumn), found: .claim(.full),
                    .family(family.family), .number(errors)))
        }
        return findings.isEmpty ? .clear : .breach
    }
}
