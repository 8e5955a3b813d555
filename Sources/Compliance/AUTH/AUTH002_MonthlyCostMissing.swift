import AgencyModel

/// A monthly cost is missing (one finding for each month).
public enum AUTH002_MonthlyCostMissing: AuthorityRule {
    public static let rules = [Rule(.AUTH, 2, .error)]

    static func judge(_ return_: AuthorityReturn, of subject: Subject, _ findings: inout [Finding]) -> Verdict {
        guard let record = return_.record else { return .undecided }
        let months: [Column] = [.costMonth1, .costMonth2, .costMonth3]
        for (month, cost) in zip(months, record.monthlyCosts) where cost == nil {
            findings.append(Finding(rules[0].code, of: subject, field: .column(month)))
        }
        return findings.isEmpty ? .clear : .breach
    }
}
