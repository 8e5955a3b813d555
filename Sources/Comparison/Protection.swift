import AgencyModel
import ByteWriting

/// What of one quarter is withheld: counts first, then the amounts that hang on them, scope by scope from the smallest to the whole.
struct Protection: Sendable {
    let quarter: Quarter
    let figures: Figures
    let contributions: Contributions
    private let byWorker: ByWorker
    private let small: Int
    private var counts = Published<CountKind>()
    private var amounts = Published<AmountKind>()
    /// Areas whose amounts moved by few workers' against an earlier quarter.
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
            // Counts of several authorities whose amounts may stand where the count is withheld: it is of so many then.
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
                    // An authority's amounts tell about how many they are of.
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

    // MARK: What may be shown

    // Of a breakdown that is withheld whole only what a part's own output shows is there.
    func isShown(_ kind: CountKind, of area: Int) -> Bool { counts.isShown(FigureKey(kind: kind, area: area), Breakdown(kind)) }
    func shows(_ kind: AmountKind, of area: Int) -> Bool { amounts.isShown(FigureKey(kind: kind, area: area), Breakdown(kind)) }

    /// Breakdowns that are withheld whole because nothing kept one of their figures safe.
    var closed: Set<Breakdown> { counts.closed }
    /// Those of which hours and costs alone are.
    var closedAmounts: Set<Breakdown> {
        amounts.closed.subtracting(counts.closed).intersection([.totals, .roles, .supply, .agencies])
    }

    /// Whether there are parts whose own outputs show some of what is withheld whole.
    var hasParts: Bool { figures.scopes.count > 1 }

    /// What is withheld whole, in words.
    var closedInWords: [String] {
        if closed.contains(.totals) { return ["everything"] }
        if closedAmounts.contains(.totals) { return closed.sorted().map(\.inWords) + ["all hours and costs"] }
        return closed.sorted().map(\.inWords)
            + closedAmounts.sorted().map {
                "hours and costs by \($0 == .supply ? "way of supply" : $0 == .roles ? "role" : "agency")"
            }
    }

    /// Whether the area's amounts differ from an earlier quarter's by what few workers make of them.
    func isFew(_ area: Int, since quarter: Quarter) -> Bool { few[quarter]?.contains(area) ?? false }

    /// Counts withheld for their own sake, and to protect those.
    var withheldCounts: (primary: Int, secondary: Int) {
        let visible = counts.withheld.count
        return (counts.primary, visible - counts.primary)
    }
    var withheldAmounts: Int { amounts.withheld.count }

    // MARK: What must be withheld

    /// The amounts of an area, each with the count that it hangs on.
    private func cells(of area: Int) -> [(AmountKind, CountKind)] {
        var cells: [(AmountKind, CountKind)] = [
            (.total, .assignments), (.fullTime, .assignments), (.priced(RoleSlot.all), .priced(RoleSlot.all)),
        ]
        cells += Supply.allCases.indices.map { (.supply($0), .supply($0)) }
        cells += (0..<RoleSlot.count).flatMap { [(.priced($0), .priced($0)), (.role($0), .role($0))] }
        if !figures.members[area].isEmpty { cells += figures.agencyCounts[area].indices.map { (.agency($0), .agency($0)) } }
        return cells
    }

    /// Whether one authority alone makes an amount that is of several.
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
