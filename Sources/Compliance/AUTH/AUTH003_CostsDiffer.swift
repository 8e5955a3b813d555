import AgencyModel

/// All three monthly costs are given, and their total differs from the sum of hours multiplied by charge rate of the return's
/// assignments by more than 1 % of that sum.
public enum AUTH003_CostsDiffer: AuthorityRule {
    public static let rules = [Rule(.AUTH, 3, .warning, places: ["difference"])]

    static func judge(_ return_: AuthorityReturn, of subject: Subject, _ findings: inout [Finding]) -> Verdict {
        let costs = return_.record?.monthlyCosts.compactMap { $0 } ?? []
        guard costs.count == 3,
            let percent = return_.book.parameters.costDifferencePercent.value(on: return_.key.quarter.lastDay)
        else { return .undecided }
        let total = costs.reduce(Money.zero, +)
        let sum = return_.tally.cost
        let difference = (Cost(total).units - sum.units).magnitude
        let hundred = Quantity(whole: 100)
        if Int128(difference) * Int128(hundred.billionths) <= sum.units * Int128(min(percent, hundred).billionths) { return .clear }
        let nearest = sum.toThePenny
        findings.append(
            Finding(
                rules[0].code, of: subject, found: .money(total), expected: .money(nearest),
                .money((total - nearest).magnitude)))
        return .breach
    }
}
