import AgencyModel

/// An amount of an area. Its hours, cost and so on are published together or not at all.
enum AmountKind: Hashable, Sendable {
    /// Hours and cost.
    case total
    case fullTime
    /// Hours and cost.
    case supply(Int), agency(Int)
    /// The hours at known rates, and what was paid for them. By `RoleSlot`.
    case priced(Int)
    /// What those hours would have cost at the region's median.
    case atMedian(Int)
    /// The hours and cost of a role.
    case role(Int)
}

/// Who contributes how much to one amount.
struct Contribution: Sendable {
    var workers = 0
    var sum: Int128 = 0
    var largest: Int128 = 0
    var second: Int128 = 0

    mutating func add(_ amount: Int128) {
        guard amount > 0 else { return }
        workers += 1
        sum += amount
        if amount > largest { (largest, second) = (amount, largest) } else if amount > second { second = amount }
    }

    /// Whether it reveals something about one person: few people contribute, one contributes most of it, or the second largest can
    /// work out the largest.
    func isTelling(small: Int) -> Bool {
        guard workers > 0 else { return false }
        return workers < small || largest * 100 > sum * 60 || (sum - largest - second) * 100 < largest * 15
    }
}

/// The amounts of one assignment or worker: hours (contracted hours for full-time equivalents), cost or pay.
struct Amounts: Sendable {
    var hours: Int128 = 0
    var money: Int128 = 0

    mutating func add(_ other: Amounts) {
        hours += other.hours
        money += other.money
    }
    var all: [Int128] { [hours, money] }

    /// Limited, so that sums cannot overflow.
    static func money(_ hours: Quantity, _ rate: Money) -> Int128 {
        min(Int128(hours.billionths) * Int128(rate.tenThousandths), 1_000_000_000_000_000_000_000_000_000)
    }
}

/// Where an assignment counts: by cell, as an index in a list.
struct AmountLayout: Sendable {
    /// By index of the authority: the areas that it is part of, and itself.
    let areasOf: [[Int]]
    let placeOfAuthority: [Int: Int]
    let agencyPlaces: [Int: Int]
    private let stride: Int

    init(_ figures: Figures) {
        var areasOf = figures.areas.indices.map { figures.members[$0].isEmpty ? [$0] : [] }
        for (area, members) in figures.members.enumerated() { for member in members { areasOf[member].append(area) } }
        self.areasOf = areasOf
        placeOfAuthority = Dictionary(
            uniqueKeysWithValues: figures.areas.indices.filter { figures.members[$0].isEmpty }
                .map { (figures.areas[$0].area.number, $0) })
        agencyPlaces = figures.agencyPlaces
        stride = 2 + Supply.allCases.count + 2 * RoleSlot.count + 1 + figures.agencyPlaces.count
    }

    var count: Int { areasOf.count * stride }

    func index(_ kind: AmountKind, _ area: Int) -> Int {
        let start = area * stride
        switch kind {
        case .total: return start
        case .fullTime: return start + 1
        case .supply(let slot): return start + 2 + slot
        case .priced(let slot), .atMedian(let slot): return start + 2 + Supply.allCases.count + slot
        case .role(let slot): return start + 2 + Supply.allCases.count + RoleSlot.count + 1 + slot
        case .agency(let place): return start + 2 + Supply.allCases.count + 2 * RoleSlot.count + 1 + place
        }
    }

    /// Calls `body` with each cell that the assignment counts in, and its amount there.
    func forEachCell(of assignment: ComparedAssignment, _ body: (Int, Amounts) -> Void) {
        guard let own = placeOfAuthority[Int(assignment.authority.number)] else { return }
        var worked = Amounts()
        var paid: Amounts?
        var charged = Amounts()
        assignment.forEachWork { work in
            guard let hours = work.hours else { return }
            var own = Amounts(hours: Int128(hours.billionths))
            if let charge = work.chargeRate {
                own.money = Amounts.money(hours, charge)
                charged.add(own)
            }
            worked.add(own)
            if let rate = work.cappedRate {
                let money = Amounts.money(hours, rate)
                paid = Amounts(hours: (paid?.hours ?? 0) + own.hours, money: (paid?.money ?? 0) + money)
            }
        }
        let weekly = Amounts(hours: assignment.weeklyHours.map { Int128($0.billionths) } ?? 0)
        let slot = RoleSlot.of(assignment.role)
        for area in areasOf[own] {
            body(index(.total, area), worked)
            body(index(.fullTime, area), weekly)
            body(index(.supply(Int(assignment.supply.rawValue)), area), worked)
            body(index(.role(slot), area), charged)
            if let place = agencyPlaces[assignment.agency] { body(index(.agency(place), area), worked) }
            if let paid {
                body(index(.priced(slot), area), paid)
                body(index(.priced(RoleSlot.all), area), paid)
            }
        }
    }
}

/// The assignments of one quarter, grouped by worker. Assignments whose worker is not known count as one person's.
struct ByWorker: Sendable {
    let assignments: [ComparedAssignment]

    init(_ assignments: [ComparedAssignment]) {
        self.assignments = assignments.sorted { $0.worker < $1.worker }
    }

    /// Calls `body` with each worker, in order, and the sums of the worker's assignments by cell.
    func forEachWorker(_ layout: AmountLayout, _ body: (UInt64, [Int: Amounts]) -> Void) {
        var start = 0
        while start < assignments.count {
            let worker = assignments[start].worker
            var cells: [Int: Amounts] = [:]
            while start < assignments.count, assignments[start].worker == worker {
                layout.forEachCell(of: assignments[start]) { cells[$0, default: Amounts()].add($1) }
                start += 1
            }
            body(worker, cells)
        }
    }
}

/// Who contributes what to each cell, and the number of workers in it, whatever they contribute.
struct Contributions: Sendable {
    let layout: AmountLayout
    private var shares: [[Contribution]]
    private(set) var workers: [Int]

    init(_ layout: AmountLayout, _ byWorker: ByWorker) {
        self.layout = layout
        var shares = [[Contribution]](repeating: Array(repeating: Contribution(), count: 2), count: layout.count)
        var workers = [Int](repeating: 0, count: layout.count)
        byWorker.forEachWorker(layout) { _, cells in
            for (cell, amounts) in cells {
                workers[cell] += 1
                shares[cell][0].add(amounts.hours)
                shares[cell][1].add(amounts.money)
            }
        }
        self.shares = shares
        self.workers = workers
    }

    func workers(_ kind: AmountKind, _ area: Int) -> Int { workers[layout.index(kind, area)] }
    func shares(_ kind: AmountKind, _ area: Int) -> [Contribution] { shares[layout.index(kind, area)] }
    func isTelling(_ kind: AmountKind, _ area: Int, small: Int) -> Bool {
        shares(kind, area).contains { $0.isTelling(small: small) }
    }
}

/// The workers who joined or left a cell between two quarters, and their share of its amounts.
struct Turnover: Sendable {
    private let layout: AmountLayout
    private var came: [[Contribution]]
    private var went: [[Contribution]]
    private var comers: [Int]
    private var goers: [Int]

    /// `layout` is that of the later quarter.
    init(_ layout: AmountLayout, from earlier: ByWorker, to later: ByWorker) {
        self.layout = layout
        let none = [[Contribution]](repeating: Array(repeating: Contribution(), count: 2), count: layout.count)
        (came, went) = (none, none)
        comers = Array(repeating: 0, count: layout.count)
        goers = comers
        var before: [UInt64: [Int: Amounts]] = [:]
        earlier.forEachWorker(layout) { before[$0] = $1 }
        var (came, went, comers, goers) = (came, went, comers, goers)
        func add(_ amounts: Amounts, to cell: Int, _ list: inout [[Contribution]]) {
            for (place, amount) in amounts.all.enumerated() { list[cell][place].add(amount) }
        }
        later.forEachWorker(layout) { worker, cells in
            let old = before.removeValue(forKey: worker) ?? [:]
            for (cell, amounts) in cells where old[cell] == nil {
                comers[cell] += 1
                add(amounts, to: cell, &came)
            }
            for (cell, amounts) in old where cells[cell] == nil {
                goers[cell] += 1
                add(amounts, to: cell, &went)
            }
        }
        for (_, cells) in before {
            for (cell, amounts) in cells {
                goers[cell] += 1
                add(amounts, to: cell, &went)
            }
        }
        (self.came, self.went, self.comers, self.goers) = (came, went, comers, goers)
    }

    /// Whether fewer than `small` joined or left.
    func isFew(_ kind: AmountKind, _ area: Int, small: Int) -> Bool {
        let cell = layout.index(kind, area)
        return (1..<small).contains(comers[cell]) || (1..<small).contains(goers[cell])
    }

    /// Whether the difference in one of the amounts reveals, to within 15 per cent, the amount of the few workers who joined or
    /// left.
    func isTold(_ kind: AmountKind, _ area: Int, by differences: [Int128], small: Int) -> Bool {
        let cell = layout.index(kind, area)
        return differences.enumerated().contains { place, difference in
            func tells(_ moved: Contribution, _ difference: Int128) -> Bool {
                (1..<small).contains(moved.workers) && abs(difference - moved.sum) * 100 <= moved.sum * 15
            }
            return tells(came[cell][place], difference) || tells(went[cell][place], -difference)
        }
    }
}
