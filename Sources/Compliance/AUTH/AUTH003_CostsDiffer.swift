import AgencyModel

/// All three monthly costs are there, and their total differs from the sum of hours times charge rate of the return's assignments
/// by more than 1 % of that sum.
public enum AUTH003_CostsDiffer: AuthorityRule {
    public static let rules = [Rule(.AUTH, 3, .warning, places: ["difference"])]

    static func judge(_ return_: AuthorityReturn, of subject: Subject, _ findings: inout [Finding]) -> Verdict {
        let costs = return_.record?.monthlyCosts.compactMap { $0 } ?? []
        guard costs.count == 3,
            let percent = return_.book.parameters.costDifferencePercent.value(on: return_.key.quarter.lastDay)
        else { return .undecided }
        let scale = Int128(Quantity.scale)
        let total = costs.reduce(Money.zero, +)
        let sum = return_.tally.cost
        let difference = (Int128(total.tenThousandths) * scale - sum).magnitude
        if Int128(difference) * 100 * scale <= sum * Int128(percent.billionths) { return .clear }
        let nearest = Money(tenThousandths: Int64(clamping: (sum + 50 * scale) / (100 * scale) * 100))
        findings.append(
            Finding(
                rules[0].code, of: subject, found: .money(total), expected: .money(nearest),
                .money((total - nearest).magnitude)))
        return .breach
    }
}
