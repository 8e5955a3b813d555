import AgencyModel

/// One worker has one role in two or more authorities of one region in a quarter, and the highest capped rate is more than 10 %
/// above the lowest. The finding is on each assignment with the highest.
public enum REGION002_RatesAcrossAuthorities: RuleFile {
    public static let rules = [Rule(.REGION, 2, .notice, field: .payRate, places: ["percent"])]

    /// Assessed if role and rate are known; otherwise undecided.
    static func count(_ run: inout RunJudgement, isRegional: Bool) {
        let known = run.parts.reduce(0) { $0 + $1.ledger.comparableCount }
        let unknown = run.assignmentCount - known
        run.count(isRegional ? .clear : .notApplicable, of: Self.self, times: known)
        run.count(isRegional ? .undecided : .notApplicable, of: Self.self, times: unknown)
    }

    /// `parts` are all assessed assignments of one worker in one quarter.
    static func judge(_ parts: [WorkerLoad.Part], _ run: inout RunJudgement) {
        struct Key: Hashable {
            let role: CoreRole
            let region: Int
        }
        var groups: [Key: [WorkerLoad.Part]] = [:]
        for part in parts where part.cappedRate != nil {
            guard let role = part.facts.role,
                let region = run.book.authorities.region(of: AuthorityCode(number: part.facts.authority))
            else { continue }
            groups[Key(role: role, region: region), default: []].append(part)
        }
        let day = Quarter(index: parts[0].facts.quarter).lastDay
        guard let percent = run.book.parameters.rateSpreadPercent.value(on: day) else { return }
        for group in groups.values where Set(group.map(\.facts.authority)).count > 1 {
            let rates = group.compactMap { $0.cappedRate?.tenThousandths }
            let (highest, lowest) = (rates.max()!, rates.min()!)
            let hundred = 100 * Int128(Quantity.scale)
            guard Int128(highest) * hundred > Int128(lowest) * (hundred + Int128(percent.billionths)) else { continue }
            for part in group where part.cappedRate?.tenThousandths == highest {
                run.add(
                    rules[0].code, file: part.file, entry: part.entry, field: .payRate,
                    found: .money(Money(tenThousandths: highest)), expected: .money(Money(tenThousandths: lowest)),
                    .quantity(percent))
            }
        }
    }
}
