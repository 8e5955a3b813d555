import AgencyModel

/// The amounts of everything that is published together, and the sums among them: hours, cost, contracted hours, the amount paid,
/// and the amount at the region's median. The amounts of one cell are published together or not at all.
struct AmountSheet {
    typealias Key = FigureKey<AmountKind>

    /// How far off any estimate of a withheld amount must be able to be; slightly more than the 15 per cent that we promise.
    private static let share = 0.16

    private let figures: Figures
    private let scope: Scope
    /// Indexed by scope.
    private let medians: [Int: RegionMedians]
    private let small: Int
    private let hasSalaries: (Int, Int) -> Bool
    private var disclosure = Disclosure(.amounts(share: AmountSheet.share))
    private var keys: [Key?] = []
    /// Indexed by cell.
    private var breakdowns: [Breakdown] = []
    private var closed: Set<Breakdown> = []
    private var cells: [Name: Disclosure.Cell] = [:]
    private var sensitive: Set<Key> = []
    private var locked: Set<Key> = []
    private var withheldBefore: Set<Key> = []
    private var groups: [Key: Int] = [:]

    private enum Unit { case hours, money, weekly, atMedian }
    private struct Name: Hashable {
        let key: Key
        let unit: Unit
    }

    /// `closed` are breakdowns whose counts are all withheld. `sensitive` are amounts that must be withheld themselves.
    /// `hasSalaries` says whether the area's role has a row in permanent-pay.csv.
    static func protect(
        _ figures: Figures, _ scope: Scope, after parts: [Published<AmountKind>], closed: Set<Breakdown>, sensitive: Set<Key>,
        medians: [Int: RegionMedians], small: Int, hasSalaries: @escaping (Int, Int) -> Bool
    ) -> Published<AmountKind> {
        var closed = parts.reduce(into: closed) { $0.formUnion($1.closed) }
        while true {
            var sheet = AmountSheet(figures, scope, medians, small, hasSalaries)
            sheet.closed = closed
            sheet.sensitive = sensitive
            for part in parts {
                sheet.locked.formUnion(part.shown)
                sheet.withheldBefore.formUnion(part.withheld)
            }
            sheet.lay()
            sheet.disclosure.protect()
            let more = closed.union(Breakdown.closing(sheet.disclosure.exposed.map { sheet.breakdowns[$0] }))
            if more == closed { return sheet.result }
            closed = more
        }
    }

    private init(
        _ figures: Figures, _ scope: Scope, _ medians: [Int: RegionMedians], _ small: Int,
        _ hasSalaries: @escaping (Int, Int) -> Bool
    ) {
        self.figures = figures
        self.scope = scope
        self.medians = medians
        self.small = small
        self.hasSalaries = hasSalaries
    }

    private var result: Published<AmountKind> {
        var result = Published<AmountKind>()
        for (cell, key) in keys.enumerated() {
            guard let key, disclosure.figures[cell].isPublished else { continue }
            if disclosure.isShown[cell] { result.shown.insert(key) } else { result.withheld.insert(key) }
        }
        result.shown.subtract(result.withheld)
        result.primary = result.withheld.intersection(sensitive).count
        result.closed = closed
        return result
    }

    // MARK: Setting up

    private mutating func add(_ kind: AmountKind, _ unit: Unit, of area: Int, _ value: Double, isPublished: Bool = true) {
        let key = Key(kind: kind, area: area)
        let group = groups[key] ?? groups.count
        groups[key] = group
        // If another region's median is used, the amount at the median is a different figure.
        let isScoped = if case .atMedian = kind { true } else { false }
        let isLocked = isPublished && !isScoped && locked.contains(key)
        // But if the hours are published, it can be computed from them.
        var isKnown = isLocked
        if case .atMedian(let slot) = kind, slot != RoleSlot.all {
            isKnown = locked.contains(Key(kind: .priced(slot), area: area))
        }
        cells[Name(key: key, unit: unit)] = disclosure.add(
            .init(
                value: value, weight: weight(kind, area) * (1 + 2 * share(value, unit, area)), isPublished: isPublished,
                isSensitive: sensitive.contains(key) && !isKnown, isLocked: isLocked,
                isWithheldBefore: !isLocked && !isScoped && withheldBefore.contains(key),
                isClosed: isPublished && !isKnown && closed.contains(Breakdown(kind)), group: isPublished ? group : nil))
        keys.append(key)
        breakdowns.append(Breakdown(kind))
    }

    /// The figures that members read first cost most: totals, then an authority's large roles; a region's breakdowns cost less.
    private func weight(_ kind: AmountKind, _ area: Int) -> Double {
        let isGroup = figures.areas[area].area.kind != .authority
        switch kind {
        case .total, .fullTime: return isGroup ? 600 : 60
        case .priced(RoleSlot.all), .atMedian(RoleSlot.all): return isGroup ? 60 : 16
        case .priced(let slot), .atMedian(let slot):
            return isGroup ? 5 : figures.areas[area].roles[slot].priced >= 2 * small ? 8 : 3
        case .supply, .agency, .role: return isGroup ? 4 : 2
        }
    }

    /// The share of an amount in all hours or costs of a group of authorities. If a large amount is withheld to protect a small
    /// one, a reader of a larger area knows it too well again.
    private func share(_ value: Double, _ unit: Unit, _ area: Int) -> Double {
        let own = figures.areas[area]
        if own.area.kind == .authority { return 0 }
        switch unit {
        case .hours: return value / max(1, own.hours.inHours)
        case .money: return value / max(1, own.cost.inPounds)
        case .weekly, .atMedian: return 0
        }
    }

    private func cell(_ kind: AmountKind, _ unit: Unit, _ area: Int) -> Disclosure.Cell {
        cells[Name(key: Key(kind: kind, area: area), unit: unit)]!
    }

    private mutating func equate(_ unit: Unit, _ total: AmountKind, _ parts: [AmountKind], of area: Int) {
        disclosure.equate(cell(total, unit, area), parts.map { cell($0, unit, area) })
    }

    private mutating func lay() {
        let groups = scope.parts + [scope.area]
        for area in scope.members + groups { lay(area) }
        for area in groups {
            let addends = scope.addends(of: area, figures)
            for (name, total) in cells.sorted(by: { $0.value < $1.value }) where name.key.area == area {
                let addends = addends.parts + addends.others
                disclosure.equate(
                    total, addends.compactMap { cells[Name(key: Key(kind: name.key.kind, area: $0), unit: name.unit)] })
            }
            layAgencies(of: area)
        }
        for area in groups {
            let addends = scope.addends(of: area, figures)
            if area != scope.area || addends.parts.count > 1 { layAgencies(over: addends, of: area) }
        }
        for part in scope.parts {
            // The part of an agency's amounts that is outside one part of the scope.
            layAgencies(over: ([part], [scope.area]), of: scope.area)
            layMedians(of: part)
        }
    }

    private mutating func lay(_ area: Int) {
        let own = figures.areas[area]
        add(.total, .hours, of: area, own.hours.inHours)
        add(.total, .money, of: area, own.cost.inPounds)
        add(.fullTime, .weekly, of: area, own.weeklyHours.inHours)
        let supplies = own.supply.indices.map { AmountKind.supply($0) }
        for (slot, supply) in own.supply.enumerated() {
            add(.supply(slot), .hours, of: area, supply.hours.inHours)
            add(.supply(slot), .money, of: area, supply.cost.inPounds)
        }
        equate(.hours, .total, supplies, of: area)
        equate(.money, .total, supplies, of: area)
        let slots = Array(own.roles.indices)
        for (slot, role) in own.roles.enumerated() {
            let isPublished = own.area.kind == .authority && hasSalaries(area, slot)
            add(.role(slot), .hours, of: area, role.hours.inHours, isPublished: isPublished)
            add(.role(slot), .money, of: area, role.cost.inPounds, isPublished: isPublished)
            lay(role.pricedHours.inHours, role.paid.inPounds, slot, of: area)
            tie(.role(slot), .priced(slot), role.assignments - role.priced, of: area)
            guard let median = median(of: area, slot) else { continue }
            add(.atMedian(slot), .atMedian, of: area, median * role.pricedHours.inHours)
            if own.area.kind == .authority {
                disclosure.relate([
                    (cell(.atMedian(slot), .atMedian, area), 1), (cell(.priced(slot), .hours, area), -median),
                ])
            }
        }
        // Hours without a charge rate are in no role's cost.
        let uncharged = max(0, own.hours.inHours - own.roles.reduce(0) { $0 + $1.hours.inHours })
        let between = disclosure.add(.init(value: uncharged < 1e-9 ? 0 : uncharged, isPublished: false, isSensitive: true))
        keys.append(nil)
        breakdowns.append(.roles)
        disclosure.equate(cell(.total, .hours, area), slots.map { cell(.role($0), .hours, area) } + [between])
        equate(.money, .total, slots.map { .role($0) }, of: area)
        lay(
            own.roles.reduce(0) { $0 + $1.pricedHours.inHours }, own.roles.reduce(0) { $0 + $1.paid.inPounds }, RoleSlot.all,
            of: area)
        equate(.hours, .priced(RoleSlot.all), slots.map { .priced($0) }, of: area)
        equate(.money, .priced(RoleSlot.all), slots.map { .priced($0) }, of: area)
        tie(.total, .priced(RoleSlot.all), own.roles.reduce(0) { $0 + $1.assignments - $1.priced }, of: area)
        let filled = slots.filter { own.roles[$0].priced > 0 }
        if filled.allSatisfy({ median(of: area, $0) != nil }) {
            let sum = filled.reduce(0) { $0 + median(of: area, $1)! * own.roles[$1].pricedHours.inHours }
            add(.atMedian(RoleSlot.all), .atMedian, of: area, sum)
            disclosure.equate(
                cell(.atMedian(RoleSlot.all), .atMedian, area), filled.map { cell(.atMedian($0), .atMedian, area) })
        }
    }

    private mutating func lay(_ hours: Double, _ paid: Double, _ slot: Int, of area: Int) {
        add(.priced(slot), .hours, of: area, hours)
        add(.priced(slot), .money, of: area, paid)
    }

    /// Hours that are in two tables are equal if every assignment has its rate; otherwise the difference belongs to few people.
    private mutating func tie(_ kind: AmountKind, _ priced: AmountKind, _ unpriced: Int, of area: Int) {
        let (whole, part) = (cell(kind, .hours, area), cell(priced, .hours, area))
        let rest = disclosure.figures[whole].value - disclosure.figures[part].value
        if abs(rest) < 1e-9 { return disclosure.equate(whole, [part]) }
        let isFew = unpriced < small || rest < 0
        let between = disclosure.add(.init(value: abs(rest), isPublished: false, isSensitive: isFew))
        keys.append(nil)
        breakdowns.append(.roles)
        disclosure.equate(rest > 0 ? whole : part, [rest > 0 ? part : whole, between])
    }

    private mutating func layAgencies(of area: Int) {
        let agencies = figures.agencyHours[area].indices.map { AmountKind.agency($0) }
        for (place, worked) in figures.agencyHours[area].enumerated() {
            add(.agency(place), .hours, of: area, worked.hours.inHours)
            add(.agency(place), .money, of: area, worked.cost.inPounds)
        }
        equate(.hours, .total, agencies, of: area)
        equate(.money, .total, agencies, of: area)
    }

    private func median(of area: Int, _ slot: Int) -> Double? { medians[scope.area]!.median(of: area, slot, figures) }

    /// A part that is published on its own compares its hours with its own medians.
    private mutating func layMedians(of part: Int) {
        guard let medians = medians[part] else { return }
        for area in figures.members[part] + [part] where locked.contains(Key(kind: .atMedian(RoleSlot.all), area: area)) {
            let filled = figures.areas[area].roles.indices.filter { figures.areas[area].roles[$0].priced > 0 }
            let factors = filled.map { medians.median(of: area, $0, figures) }
            if factors.contains(nil) { continue }
            disclosure.relate(zip(filled, factors).map { (cell(.priced($0), .hours, area), $1!) })
        }
    }

    /// The agencies of an area are those of its parts, and those of its other authorities, for which no table has amounts.
    private mutating func layAgencies(over addends: (parts: [Int], others: [Int]), of area: Int) {
        if addends.parts.isEmpty { return }
        for place in figures.agencyHours[area].indices {
            let kind = AmountKind.agency(place)
            let few = addends.parts.reduce(figures.agencyCounts[area][place]) { $0 - figures.agencyCounts[$1][place] }
            for unit in [Unit.hours, .money] {
                let (parts, whole) = (addends.parts.map { cell(kind, unit, $0) }, cell(kind, unit, area))
                if addends.others.isEmpty {
                    disclosure.equate(whole, parts)
                    continue
                }
                let rest = parts.reduce(disclosure.figures[whole].value) { $0 - disclosure.figures[$1].value }
                let others = disclosure.add(.init(value: max(0, rest), isPublished: false, isSensitive: (1..<small).contains(few)))
                keys.append(nil)
                breakdowns.append(.agencies)
                disclosure.equate(whole, parts + [others])
            }
        }
    }
}

/// The median rates of the regions of a scope that can be known: those based on enough values.
struct RegionMedians: Sendable {
    /// By area of the region and role.
    private var medians: [Int: [Double?]] = [:]

    init(_ figures: Figures, _ scope: Scope, small: Int) {
        let parents = Dictionary(grouping: scope.members) { figures.areas[$0].parent ?? -1 }
        for (parent, members) in parents {
            medians[parent] = figures.areas[members[0]].roles.indices.map { slot in
                let rates = members.flatMap { figures.areas[$0].roles[slot].rates }.sorted()
                return rates.count >= 2 * small ? Quartiles(rates).map { Double($0.median) / 10_000 } : nil
            }
        }
    }

    /// The median that the area's hours in the role are compared with: for an authority, its region's; for several regions, the
    /// mean of theirs, weighted by hours, if each is known. Otherwise nil.
    func median(of area: Int, _ slot: Int, _ figures: Figures) -> Double? {
        let members = figures.members[area].isEmpty ? [area] : figures.members[area]
        var (hours, sum) = (0.0, 0.0)
        var only: Double?
        for member in members where figures.areas[member].roles[slot].priced > 0 {
            guard let parent = figures.areas[member].parent, let median = medians[parent]?[slot] else { return nil }
            let own = figures.areas[member].roles[slot].pricedHours.inHours
            hours += own
            sum += own * median
            only = only ?? median
        }
        return hours > 0 ? sum / hours : only
    }
}

extension HoursSum {
    var inHours: Double { Double(billionths) / 1e9 }
}

extension Cost {
    var inPounds: Double { Double(units) / 1e13 }
}
