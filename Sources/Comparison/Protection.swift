import AgencyModel
import ByteWriting

/// What is withheld in one quarter: counts first, then the amounts that depend on them, from the smallest scope to the largest.
struct Protection: Sendable {
    let quarter: Quarter
    let figures: Figures
    let contributions: Contributions
    private let byWorker: ByWorker
    private let small: Int
    private var counts = Published<CountKind>()
    private var amounts = Published<AmountKind>()
    /// Areas whose amounts differ from an earlier quarter's by those of few workers.
    private var few: [Quarter: Set<Int>] = [:]

    init(
        _ quarter: Quarter, _ figures: Figures, _ byWorker: ByWorker, _ earlier: [Protection],
        _ salaried: Set<FigureKey<AmountKind>>, isBarred: Bool, small: Int
    ) {
        self.quarter = quarter
        self.figures = figures
        self.byWorker = byWorker
        self.small = small
        let layout = AmountLayout(figures)
        contributions = Contributions(layout, byWorker)
        let turnovers = earlier.filter { [1, 4].contains(quarter.index - $0.quarter.index) }
            .map { ($0, Turnover(layout, from: $0.byWorker, to: byWorker)) }
        var countsBefore: [Int: Published<CountKind>] = [:]
        var amountsBefore: [Int: Published<AmountKind>] = [:]
        if isBarred {
            counts.closed = Set(Breakdown.allCases)
            amounts.closed = counts.closed
            return
        }
        let contributions = contributions
        var medians: [Int: RegionMedians] = [:]
        for scope in figures.scopes {
            let areas = scope.members + scope.parts + [scope.area]
            var sensitive: Set<FigureKey<AmountKind>> = []
            // Counts of several authorities whose amounts can be shown although the count is withheld. The count is then known not
            // to be small.
            var many: Set<FigureKey<CountKind>> = []
            for area in areas {
                for (kind, count) in cells(of: area) {
                    let key = FigureKey(kind: kind, area: area)
                    if contributions.isTelling(kind, area, small: small) || isOfOneMember(kind, area)
                        || turnovers.contains(where: { isTold(key, since: $0.0, $0.1) })
                    {
                        sensitive.insert(key)
                    } else if !figures.members[area].isEmpty {
                        many.insert(FigureKey(kind: count, area: area))
                    }
                }
            }
            let counts = CountSheet.protect(
                figures, scope, after: scope.parts.compactMap { part in countsBefore[part].map { (part, $0) } }, many: many,
                small: small)
            for area in areas {
                for (kind, count) in cells(of: area) where counts.withheld.contains(FigureKey(kind: count, area: area)) {
                    // An authority's amounts show roughly how many assignments they cover.
                    if figures.members[area].isEmpty { sensitive.insert(FigureKey(kind: kind, area: area)) }
                }
            }
            for key in sensitive {
                if case .priced(let slot) = key.kind { sensitive.insert(FigureKey(kind: .atMedian(slot), area: key.area)) }
            }
            countsBefore[scope.area] = counts
            medians[scope.area] = RegionMedians(figures, scope, small: small)
            amountsBefore[scope.area] = AmountSheet.protect(
                figures, scope, after: scope.parts.compactMap { amountsBefore[$0] }, closed: counts.closed, sensitive: sensitive,
                medians: medians, small: small
            ) { salaried.contains(FigureKey(kind: .role($1), area: $0)) }
        }
        let top = figures.scopes[figures.scopes.count - 1].area
        (counts, amounts) = (countsBefore[top]!, amountsBefore[top]!)
        for (before, turnover) in turnovers {
            few[before.quarter] = Set(figures.areas.indices.filter { turnover.isFew(.total, $0, small: small) })
        }
    }

    // MARK: What can be shown

    // Of a breakdown that is withheld, only the figures in a part's own output are shown.
    func isShown(_ kind: CountKind, of area: Int) -> Bool { counts.isShown(FigureKey(kind: kind, area: area), Breakdown(kind)) }
    func shows(_ kind: AmountKind, of area: Int) -> Bool { amounts.isShown(FigureKey(kind: kind, area: area), Breakdown(kind)) }

    /// The breakdowns that are withheld because one of their figures could not be protected.
    var closed: Set<Breakdown> { counts.closed }
    /// The breakdowns of which only hours and costs are withheld.
    var closedAmounts: Set<Breakdown> {
        amounts.closed.subtracting(counts.closed).intersection([.totals, .roles, .supply, .agencies])
    }

    /// Whether there are parts whose own outputs show some figures of closed breakdowns.
    var hasParts: Bool { figures.scopes.count > 1 }

    /// The breakdowns that are withheld, in words.
    var closedInWords: [String] {
        if closed.contains(.totals) { return ["everything"] }
        if closedAmounts.contains(.totals) { return closed.sorted().map(\.inWords) + ["all hours and costs"] }
        return closed.sorted().map(\.inWords)
            + closedAmounts.sorted().map {
                "hours and costs by \($0 == .supply ? "way of supply" : $0 == .roles ? "role" : "agency")"
            }
    }

    /// Whether the area's amounts differ from an earlier quarter's by the amounts of few workers.
    func isFew(_ area: Int, since quarter: Quarter) -> Bool { few[quarter]?.contains(area) ?? false }

    /// The number of counts withheld themselves, and to protect others.
    var withheldCounts: (primary: Int, secondary: Int) {
        let visible = counts.withheld.count
        return (counts.primary, visible - counts.primary)
    }
    var withheldAmounts: Int { amounts.withheld.count }

    // MARK: What must be withheld

    /// The amounts of an area, each with the count that it depends on.
    private func cells(of area: Int) -> [(AmountKind, CountKind)] {
        var cells: [(AmountKind, CountKind)] = [
            (.total, .assignments), (.fullTime, .assignments), (.priced(RoleSlot.all), .priced(RoleSlot.all)),
        ]
        cells += Supply.allCases.indices.map { (.supply($0), .supply($0)) }
        cells += (0..<RoleSlot.count).flatMap { [(.priced($0), .priced($0)), (.role($0), .role($0))] }
        if !figures.members[area].isEmpty { cells += figures.agencyCounts[area].indices.map { (.agency($0), .agency($0)) } }
        return cells
    }

    /// Whether only one authority contributes to an amount of several.
    private func isOfOneMember(_ kind: AmountKind, _ area: Int) -> Bool {
        let members = figures.members[area]
        guard members.count > 1, contributions.workers(kind, area) > 0 else { return false }
        return members.count { contributions.workers(kind, $0) > 0 } < 2
    }

    private func isTold(_ key: FigureKey<AmountKind>, since before: Protection, _ turnover: Turnover) -> Bool {
        let area = figures.areas[key.area].area
        guard let place = before.figures.areas.firstIndex(where: { $0.area == area }) else { return false }
        var kind = key.kind
        if case .agency(let number) = kind {
            guard let agency = figures.agencyPlaces.first(where: { $0.value == number })?.key,
                let old = before.figures.agencyPlaces[agency]
            else { return false }
            kind = .agency(old)
        }
        guard before.shows(kind, of: place) else { return false }
        let (now, then) = (contributions.shares(key.kind, key.area), before.contributions.shares(kind, place))
        return turnover.isTold(key.kind, key.area, by: zip(now, then).map { $0.sum - $1.sum }, small: small)
    }
}
