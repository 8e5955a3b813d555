import AgencyModel

/// A count of an area, or one that follows from those that are published.
enum CountKind: Hashable, Sendable {
    case assignments, workers, sharedWorkers
    /// The shared workers of a part of the scope, by the part's area, as in its own output.
    case sharedWithin(Int)
    /// By `RoleSlot`; `RoleSlot.all` means all roles together.
    case role(Int), capped(Int), undecided(Int), above(Int), signedOff(Int), priced(Int)
    case supply(Int), teams(Int), experience(Int), breach(Int)
    case agency(Int)
    case joined, left

    // In no table.
    case within(Int), notSignedOff(Int), kept(Int)
    case uncapped(Int), unpriced(Int), notInTeams(Int)
    /// Assignments beyond the first of each worker, workers who are not shared, and assignments that did not begin with a move.
    case further, unshared, notJoined
    case unsharedWithin(Int)
    /// The number by which the authorities' workers together exceed the area's: workers counted in more than one authority, minus
    /// one for each.
    case workersCountedAgain
    /// Moves whose post was in an authority without a return.
    case leftElsewhere

    /// Whether an area's count is the sum of its authorities' counts.
    var isAdditive: Bool {
        switch self {
        case .workers, .sharedWorkers, .sharedWithin, .agency, .left, .further, .unshared, .unsharedWithin, .workersCountedAgain,
            .leftElsewhere:
            false
        default: true
        }
    }

    /// Whether the count is different if fewer authorities are compared.
    var dependsOnScope: Bool {
        switch self {
        case .sharedWorkers, .unshared, .left, .leftElsewhere: true
        default: false
        }
    }

    fileprivate var isPublished: Bool {
        switch self {
        case .within, .notSignedOff, .kept, .uncapped, .unpriced, .notInTeams, .further, .unshared, .unsharedWithin, .notJoined,
            .workersCountedAgain, .leftElsewhere:
            false
        default: true
        }
    }

    /// Gaps in the data, and figures limited only by an inequality, identify nobody and are not protected.
    fileprivate var isGuarded: Bool {
        switch self {
        case .uncapped, .unpriced, .notInTeams, .further, .unshared, .unsharedWithin, .notJoined: false
        default: true
        }
    }

    fileprivate var weight: Double {
        switch self {
        case .assignments, .workers: 8
        default: 1
        }
    }
}

/// The name of a count or an amount.
struct FigureKey<Kind: Hashable & Sendable>: Hashable, Sendable {
    let kind: Kind
    let area: Int
}

/// What is published of a part on its own, as a region's or a partnership's own output.
struct Published<Kind: Hashable & Sendable>: Sendable {
    var shown: Set<FigureKey<Kind>> = []
    var withheld: Set<FigureKey<Kind>> = []
    var primary = 0
    var witnesses: [[(key: FigureKey<Kind>, difference: Double)]] = []
    /// Breakdowns that are withheld.
    var closed: Set<Breakdown> = []

    func isShown(_ key: FigureKey<Kind>, _ breakdown: Breakdown) -> Bool {
        closed.contains(breakdown) ? shown.contains(key) : !withheld.contains(key)
    }
}

/// The counts of everything that is published together, and the sums among them.
struct CountSheet {
    typealias Key = FigureKey<CountKind>

    private let figures: Figures
    private let scope: Scope
    private let small: Int
    private var disclosure: Disclosure
    private var keys: [Key?] = []
    /// Indexed by cell.
    private var breakdowns: [Breakdown] = []
    private var closed: Set<Breakdown> = []
    private var many: Set<Key> = []
    private var cells: [Key: Disclosure.Cell] = [:]
    private var locked: Set<Key> = []
    private var withheldBefore: Set<Key> = []

    /// What is published of the scope, given what its parts have published on their own. `many` are counts that are known not to be
    /// small, from amounts that may be shown beside them.
    static func protect(
        _ figures: Figures, _ scope: Scope, after parts: [(area: Int, published: Published<CountKind>)], many: Set<Key>, small: Int
    ) -> Published<CountKind> {
        var closed = parts.reduce(into: Set<Breakdown>()) { $0.formUnion($1.published.closed) }
        while true {
            var sheet = CountSheet(figures, scope, small)
            sheet.closed = closed
            sheet.many = many
            for (area, part) in parts {
                sheet.locked.formUnion(part.shown.map { $0.seen(from: area) })
                sheet.withheldBefore.formUnion(part.withheld.map { $0.seen(from: area) })
            }
            sheet.lay()
            sheet.disclosure.withholdSensitive()
            for (_, part) in parts { sheet.take(part.witnesses) }
            sheet.disclosure.protect()
            let more = closed.union(Breakdown.closing(sheet.disclosure.exposed.map { sheet.breakdowns[$0] }))
            if more == closed { return sheet.result }
            closed = more
        }
    }

    private init(_ figures: Figures, _ scope: Scope, _ small: Int) {
        self.figures = figures
        self.scope = scope
        self.small = small
        disclosure = Disclosure(.counts(width: small - 1))
    }

    private mutating func take(_ witnesses: [[(key: Key, difference: Double)]]) {
        for witness in witnesses where !witness.contains(where: { $0.key.kind.dependsOnScope }) {
            let known = witness.compactMap { term in cells[term.key].map { (cell: $0, difference: term.difference) } }
            if known.count == witness.count { _ = disclosure.adopt(known) }
        }
    }

    private var result: Published<CountKind> {
        var result = Published<CountKind>()
        for (cell, key) in keys.enumerated() {
            guard let key, key.kind.isPublished else { continue }
            let figure = disclosure.figures[cell]
            if disclosure.isShown[cell] {
                result.shown.insert(key)
            } else {
                result.withheld.insert(key)
                if figure.isSensitive { result.primary += 1 }
            }
        }
        result.witnesses = disclosure.witnesses.compactMap { witness in
            let known = witness.compactMap { term in keys[term.cell].map { (key: $0, difference: term.difference) } }
            return known.count == witness.count ? known : nil
        }
        result.closed = closed
        return result
    }

    // MARK: Setting up

    private mutating func add(_ kind: CountKind, of area: Int, _ count: Int, isEverybody: Bool = false) {
        let key = Key(kind: kind, area: area)
        let isClosed = kind.isPublished && closed.contains(Breakdown(kind))
        let isSmall = kind.isGuarded && (1..<small).contains(count)
        let isGroup = figures.areas[area].area.kind != .authority
        let isLocked = kind.isPublished && !kind.dependsOnScope && locked.contains(key)
        cells[key] = disclosure.add(
            .init(
                value: Double(count),
                weight: kind.weight * (isGroup ? 30 : 1) * (1 + Double(min(count, 200)) / 100),
                floor: !kind.isPublished || isClosed ? 0 : many.contains(key) && count >= small ? Double(small) : 1,
                isPublished: kind.isPublished,
                isSensitive: isSmall || (isEverybody && count > 0 && count < 2 * small), isLocked: isLocked,
                isWithheldBefore: !isLocked && !kind.dependsOnScope && withheldBefore.contains(key), isClosed: isClosed && !isLocked
            ))
        keys.append(key)
        breakdowns.append(Breakdown(kind))
    }

    private func cell(_ kind: CountKind, _ area: Int) -> Disclosure.Cell { cells[Key(kind: kind, area: area)]! }

    private mutating func equate(_ total: CountKind, _ parts: [CountKind], of area: Int) {
        disclosure.equate(cell(total, area), parts.map { cell($0, area) })
    }

    /// The first is not larger than the second, so the difference is at least zero.
    private mutating func atMost(_ less: Disclosure.Cell, _ more: Disclosure.Cell) {
        let between = disclosure.figures[more].value - disclosure.figures[less].value
        if between < 0 { return }
        let rest = disclosure.add(.init(value: between, isPublished: false))
        keys.append(nil)
        breakdowns.append(.totals)
        disclosure.equate(more, [less, rest])
    }

    private mutating func lay() {
        let groups = scope.parts + [scope.area]
        for area in scope.members + groups { lay(area) }
        for area in groups {
            let members = figures.members[area]
            for key in keys.compactMap({ $0 }) where key.area == area && key.kind.isAdditive {
                disclosure.equate(cells[key]!, members.map { cell(key.kind, $0) })
            }
            add(
                .workersCountedAgain, of: area,
                members.reduce(0) { $0 + figures.areas[$1].workers.count } - figures.areas[area].workers.count)
            disclosure.relate(
                members.map { (cell(.workers, $0), 1) } + [(cell(.workers, area), -1), (cell(.workersCountedAgain, area), -1)])
            // No member has more workers than all members together.
            for member in members {
                atMost(cell(.workers, member), cell(.workers, area))
            }
            layAgencies(of: area)
        }
        layShared()
        for part in scope.parts { layShared(within: part) }
        layMoves()
        layRests()
    }

    /// Adds the counts of one area and the sums among them.
    private mutating func lay(_ area: Int) {
        let own = figures.areas[area]
        add(.assignments, of: area, own.assignments)
        add(.workers, of: area, own.workers.count)
        add(.further, of: area, max(0, own.assignments - own.workers.count))
        equate(.assignments, [.workers, .further], of: area)
        let slots = Array(own.roles.indices)
        for (slot, role) in own.roles.enumerated() {
            add(.role(slot), of: area, role.assignments)
            lay(RoleCounts(role), slot, of: area)
        }
        // All roles together are one more slot.
        let all = RoleSlot.all
        lay(own.roles.reduce(into: RoleCounts()) { $0.add(RoleCounts($1)) }, all, of: area)
        for kind in [CountKind.capped, CountKind.undecided, CountKind.above, CountKind.signedOff, CountKind.priced] {
            equate(kind(all), slots.map { kind($0) }, of: area)
        }
        equate(.assignments, slots.map { .role($0) }, of: area)
        for (slot, supply) in own.supply.enumerated() {
            add(.supply(slot), of: area, supply.assignments)
            guard slot != Int(Supply.individual.rawValue) else { continue }
            add(.teams(slot), of: area, supply.teams.count)
            add(.notInTeams(slot), of: area, supply.assignments - supply.teams.count)
            equate(.supply(slot), [.teams(slot), .notInTeams(slot)], of: area)
        }
        equate(.assignments, own.supply.indices.map { .supply($0) }, of: area)
        for (slot, count) in own.experience.enumerated() { add(.experience(slot), of: area, count) }
        equate(.assignments, own.experience.indices.map { .experience($0) }, of: area)
        for (slot, count) in own.breaches.enumerated() {
            add(.breach(slot), of: area, count, isEverybody: count == own.assignments)
            add(.kept(slot), of: area, own.assignments - count)
            equate(.assignments, [.breach(slot), .kept(slot)], of: area)
        }
        add(.joined, of: area, own.joined)
        add(.notJoined, of: area, max(0, own.assignments - own.joined))
        if own.joined <= own.assignments { equate(.assignments, [.joined, .notJoined], of: area) }
    }

    private mutating func lay(_ role: RoleCounts, _ slot: Int, of area: Int) {
        add(.capped(slot), of: area, role.capped)
        add(.undecided(slot), of: area, role.undecided)
        add(.uncapped(slot), of: area, role.assignments - role.capped - role.undecided)
        add(.above(slot), of: area, role.above, isEverybody: role.above == role.capped)
        add(.within(slot), of: area, role.capped - role.above)
        add(.signedOff(slot), of: area, role.signedOff, isEverybody: role.signedOff == role.above)
        add(.notSignedOff(slot), of: area, role.above - role.signedOff)
        add(.priced(slot), of: area, role.priced)
        add(.unpriced(slot), of: area, role.assignments - role.priced)
        let whole = slot == RoleSlot.all ? CountKind.assignments : .role(slot)
        equate(whole, [.capped(slot), .undecided(slot), .uncapped(slot)], of: area)
        equate(.capped(slot), [.above(slot), .within(slot)], of: area)
        equate(.above(slot), [.signedOff(slot), .notSignedOff(slot)], of: area)
        equate(whole, [.priced(slot), .unpriced(slot)], of: area)
    }

    private mutating func layAgencies(of area: Int) {
        let counts = figures.agencyCounts[area]
        for (agency, count) in counts.enumerated() { add(.agency(agency), of: area, count) }
        equate(.assignments, counts.indices.map { .agency($0) }, of: area)
    }

    /// Adds the shared workers, which are of everything that is compared.
    private mutating func layShared() {
        let (top, members) = (scope.area, scope.members)
        let shared = figures.shared(scope)
        for area in members + [top] {
            add(.sharedWorkers, of: area, shared[area]!, isEverybody: shared[area]! == figures.areas[area].workers.count)
            add(.unshared, of: area, figures.areas[area].workers.count - shared[area]!)
            equate(.workers, [.sharedWorkers, .unshared], of: area)
        }
        disclosure.relate(
            members.map { (cell(.sharedWorkers, $0), 1) }
                + [(cell(.sharedWorkers, top), -1), (cell(.workersCountedAgain, top), -1)])
        // Each shared worker is counted again at least once.
        atMost(cell(.sharedWorkers, top), cell(.workersCountedAgain, top))
    }

    /// Adds the workers who are shared within a part of the scope: not more than in the whole scope.
    private mutating func layShared(within part: Int) {
        guard let own = figures.scopes.first(where: { $0.area == part }) else { return }
        let shared = figures.shared(own)
        for area in own.members + [part] {
            let all = figures.areas[area].workers.count
            add(.sharedWithin(part), of: area, shared[area]!, isEverybody: shared[area]! == all)
            add(.unsharedWithin(part), of: area, all - shared[area]!)
            equate(.workers, [.sharedWithin(part), .unsharedWithin(part)], of: area)
            if area != part { atMost(cell(.sharedWithin(part), area), cell(.sharedWorkers, area)) }
        }
        disclosure.relate(
            own.members.map { (cell(.sharedWithin(part), $0), 1) }
                + [(cell(.sharedWithin(part), part), -1), (cell(.workersCountedAgain, part), -1)])
        atMost(cell(.sharedWithin(part), part), cell(.workersCountedAgain, part))
    }

    /// Adds moves out of posts, which are of everything that is compared.
    private mutating func layMoves() {
        let (top, members) = (scope.area, scope.members)
        for area in members { add(.left, of: area, figures.areas[area].left) }
        let left = members.reduce(0) { $0 + figures.areas[$1].left }
        let joined = figures.areas[top].joined
        if left <= joined {
            add(.leftElsewhere, of: top, joined - left)
            disclosure.relate([(cell(.joined, top), 1), (cell(.leftElsewhere, top), -1)] + members.map { (cell(.left, $0), -1) })
        }
    }

    /// Adds what remains of the scope without one of its parts, if that is few.
    private mutating func layRests() {
        let top = scope.area
        for part in scope.parts where part != top {
            for key in keys.compactMap({ $0 }) where key.area == top && (key.kind.isAdditive || key.kind.isAgency) {
                guard key.kind.isGuarded, let own = cells[Key(kind: key.kind, area: part)] else { continue }
                let rest = disclosure.figures[cells[key]!].value - disclosure.figures[own].value
                guard rest > 0 && rest < Double(small) || key.kind.isAgency && disclosure.figures[cells[key]!].value > 0 else {
                    continue
                }
                let cell = disclosure.add(
                    .init(value: rest, isPublished: false, isSensitive: rest > 0 && rest < Double(small)))
                keys.append(nil)
                breakdowns.append(Breakdown(key.kind))
                disclosure.equate(cells[key]!, [own, cell])
            }
        }
    }
}

extension CountKind {
    fileprivate var isAgency: Bool { if case .agency = self { true } else { false } }
}

extension FigureKey where Kind == CountKind {
    /// A figure of a part's own output, as a reader of the whole scope sees it.
    fileprivate func seen(from part: Int) -> FigureKey {
        kind == .sharedWorkers ? FigureKey(kind: .sharedWithin(part), area: area) : self
    }
}

/// The counts of a role, or of all roles together.
private struct RoleCounts {
    var assignments = 0, capped = 0, undecided = 0, above = 0, signedOff = 0, priced = 0

    init() {}
    init(_ role: RoleFigures) {
        (assignments, capped, above) = (role.assignments, role.distances.count, role.above)
        (undecided, signedOff, priced) = (role.undecided, role.signedOff, role.priced)
    }
    mutating func add(_ other: RoleCounts) {
        assignments += other.assignments
        capped += other.capped
        undecided += other.undecided
        above += other.above
        signedOff += other.signedOff
        priced += other.priced
    }
}
