import AgencyModel
import Reports
import RuleBook

/// A count that may be published of an area.
enum CountKind: Hashable, Sendable {
    case assignments, workers
    /// Workers counted in more than one authority, less one for each worker: what the authorities' workers exceed the area's by.
    case workersCountedAgain
    case sharedWorkers
    case role(Int), capped(Int), above(Int), within(Int), signedOff(Int), notSignedOff(Int)
    case supply(Int), experience(Int), breach(Int), kept(Int)
    case agency(Int)
    case joined, left, leftElsewhere
    case priced(Int), pricedInAll
}

/// Who a comparison is for, and so what it may say.
public enum Audience: String, CaseIterable, Sendable {
    /// The partnership's own analysts: nothing is withheld.
    case analysts
    /// The members: small counts are withheld.
    case members
    /// Everybody: small counts, single rates and agencies are withheld.
    case `public`
}

/// All figures of one quarter, and which of them may be shown.
struct QuarterFigures: Sendable {
    let quarter: Quarter
    /// Authorities by code, then regions, then, where there are several regions, all.
    private(set) var areas: [AreaFigures] = []
    /// By number of the agency's name in order.
    private(set) var agencies: [AgencyFigures] = []
    /// Moves of the region whose post was in an authority without a return in this quarter, by the region's place among the areas.
    private(set) var leftElsewhere: [Int: Int] = [:]
    private var cells: [Key: Bool] = [:]
    private let isWithholding: Bool
    let small: Int
    /// How many counts were withheld for their own size, and how many so that no sum gives those away.
    private(set) var withheld = (primary: 0, secondary: 0)

    private struct Key: Hashable {
        let area: Int
        let kind: CountKind
    }

    /// The area of everything: all, or the only region.
    var top: Int { areas.count - 1 }
    var authorities: Range<Int> { 0..<(areas.firstIndex { $0.area.kind != .authority } ?? areas.count) }
    func place(of area: Area) -> Int? { areas.firstIndex { $0.area == area } }

    init(
        _ quarter: Quarter, _ assignments: [ComparedAssignment], moves: [Move], book: RuleBook, agencyOrder: [Int],
        audience: Audience, small: Int
    ) {
        self.quarter = quarter
        self.small = small
        isWithholding = audience != .analysts
        makeAreas(assignments, book)
        let placeOfAuthority = Dictionary(uniqueKeysWithValues: authorities.map { (areas[$0].area.number, $0) })
        for assignment in assignments {
            var place = placeOfAuthority[Int(assignment.authority.number)]
            while let at = place {
                areas[at].add(assignment)
                place = areas[at].parent
            }
        }
        for place in areas.indices { areas[place].finish() }
        priceAtMedian(assignments, placeOfAuthority)
        countShared()
        count(moves, placeOfAuthority)
        countAgencies(assignments, agencyOrder)
        if isWithholding { withholdSmallCounts() }
    }

    private mutating func makeAreas(_ assignments: [ComparedAssignment], _ book: RuleBook) {
        let codes = Set(assignments.map(\.authority)).sorted()
        let regions = Set(codes.compactMap { book.authorities.region(of: $0) }).sorted()
        for code in codes {
            guard let authority = book.authorities[code] else { continue }
            areas.append(
                AreaFigures(
                    Area(
                        kind: .authority, number: Int(code.number), name: authority.name,
                        region: book.authorities.regions[authority.region])))
            areas[areas.count - 1].parent = codes.count + regions.firstIndex(of: authority.region)!
        }
        for region in regions {
            let name = book.authorities.regions[region]
            areas.append(AreaFigures(Area(kind: .region, number: region, name: name, region: name)))
            if regions.count > 1 { areas[areas.count - 1].parent = codes.count + regions.count }
        }
        if regions.count > 1 {
            areas.append(AreaFigures(Area(kind: .all, number: 0, name: "All that is compared", region: "")))
        }
    }

    /// What the assignments would have cost at the median rate of their region for the role.
    private mutating func priceAtMedian(_ assignments: [ComparedAssignment], _ placeOfAuthority: [Int: Int]) {
        let medians = areas.map { area in area.roles.map { $0.quartiles?.medianMoney } }
        for assignment in assignments {
            let slot = RoleSlot.of(assignment.role)
            guard let own = placeOfAuthority[Int(assignment.authority.number)], let region = areas[own].parent,
                let median = medians[region][slot], let hours = assignment.hoursInQuarter, assignment.cappedRate != nil
            else { continue }
            var place: Int? = own
            while let at = place {
                areas[at].roles[slot].atMedian.add(hours: hours, rate: median)
                place = areas[at].parent
            }
        }
    }

    private mutating func countShared() {
        var authoritiesOf: [UInt64: Int] = [:]
        for place in authorities { for worker in areas[place].workers { authoritiesOf[worker, default: 0] += 1 } }
        for place in areas.indices {
            areas[place].sharedWorkers = areas[place].workers.count { authoritiesOf[$0, default: 0] > 1 }
        }
    }

    private mutating func count(_ moves: [Move], _ placeOfAuthority: [Int: Int]) {
        for move in moves {
            guard let to = placeOfAuthority[Int(move.to.number)], let region = areas[to].parent else { continue }
            var place: Int? = to
            while let at = place {
                areas[at].joined += 1
                place = areas[at].parent
            }
            if let from = placeOfAuthority[Int(move.from.number)] {
                areas[from].left += 1
            } else {
                leftElsewhere[region, default: 0] += 1
            }
        }
    }

    private mutating func countAgencies(_ assignments: [ComparedAssignment], _ order: [Int]) {
        var figures = order.map { AgencyFigures(agency: $0) }
        var places = [Int](repeating: 0, count: order.count)
        for (place, agency) in order.enumerated() { places[agency] = place }
        for assignment in assignments { figures[places[assignment.agency]].add(assignment) }
        for place in figures.indices { figures[place].fees.sort() }
        agencies = figures.filter { $0.assignments > 0 }
    }

    // MARK: What may be shown

    /// Whether the count may be published; a count of nought always may.
    func isShown(_ kind: CountKind, of area: Int) -> Bool { !isWithholding || (cells[Key(area: area, kind: kind)] ?? true) }

    private mutating func withholdSmallCounts() {
        var sheet = CountSheet()
        for (area, figures) in areas.enumerated() { lay(area, figures, on: &sheet) }
        for (place, agency) in agencies.enumerated() { sheet.add(.agency(place), of: top, agency.assignments) }
        sheet.equate([(.assignments, top)], agencies.indices.map { (.agency($0), top) })

        // Areas and the areas that they are part of.
        for (kind, area) in sheet.keys where areas[area].area.kind != .authority {
            switch kind {
            case .workers, .workersCountedAgain, .sharedWorkers, .left, .leftElsewhere, .agency: continue
            default: sheet.equate([(kind, area)], areas.indices.filter { areas[$0].parent == area }.map { (kind, $0) })
            }
        }
        // A worker of two authorities stands in both; those who do can be worked out from the totals.
        for (area, figures) in areas.enumerated() where figures.area.kind != .authority {
            let members = authorities.filter { isPart($0, of: area) }
            let workers = members.reduce(0) { $0 + areas[$1].workers.count }
            sheet.add(.workersCountedAgain, of: area, workers - figures.workers.count, isPublished: false)
            sheet.equate(members.map { (.workers, $0) }, [(.workers, area), (.workersCountedAgain, area)])
            if area == top {
                sheet.equate(members.map { (.sharedWorkers, $0) }, [(.sharedWorkers, area), (.workersCountedAgain, area)])
            }
            if figures.area.kind == .region {
                sheet.add(.leftElsewhere, of: area, leftElsewhere[area] ?? 0)
                sheet.equate([(.joined, area)], members.map { (.left, $0) } + [(.leftElsewhere, area)])
            }
        }
        sheet.disclosure.protect(small: small)
        for (place, key) in sheet.keys.enumerated() where !sheet.disclosure.isShown[place] {
            cells[Key(area: key.area, kind: key.kind)] = false
            if sheet.disclosure.isPrimary[place] { withheld.primary += 1 } else { withheld.secondary += 1 }
        }
    }

    private func isPart(_ place: Int, of area: Int) -> Bool {
        var at = areas[place].parent
        while let parent = at {
            if parent == area { return true }
            at = areas[parent].parent
        }
        return false
    }

    /// The counts of one area and the sums among them.
    private func lay(_ area: Int, _ figures: AreaFigures, on sheet: inout CountSheet) {
        func lay(_ kind: CountKind, _ count: Int) { sheet.add(kind, of: area, count) }
        func equate(_ total: CountKind, _ parts: [CountKind]) { sheet.equate([(total, area)], parts.map { ($0, area) }) }
        func withhold(_ follower: CountKind, with leader: CountKind) { sheet.withhold(follower, with: leader, of: area) }
        lay(.assignments, figures.assignments)
        lay(.workers, figures.workers.count)
        lay(.sharedWorkers, figures.sharedWorkers)
        withhold(.workers, with: .assignments)
        withhold(.sharedWorkers, with: .workers)
        for (slot, role) in figures.roles.enumerated() {
            lay(.role(slot), role.assignments)
            lay(.capped(slot), role.distances.count)
            lay(.above(slot), role.above)
            lay(.within(slot), role.distances.count - role.above)
            lay(.signedOff(slot), role.signedOff)
            lay(.notSignedOff(slot), role.above - role.signedOff)
            lay(.priced(slot), role.priced)
            equate(.capped(slot), [.above(slot), .within(slot)])
            equate(.above(slot), [.signedOff(slot), .notSignedOff(slot)])
            // What a role has beyond these are rates that are not known or have no cap: gaps in the data, nobody's secret.
            withhold(.capped(slot), with: .role(slot))
            withhold(.priced(slot), with: .role(slot))
        }
        // All roles together stand as one more slot.
        let (all, slots) = (RoleSlot.all, figures.roles.indices)
        lay(.capped(all), figures.roles.reduce(0) { $0 + $1.distances.count })
        lay(.above(all), figures.roles.reduce(0) { $0 + $1.above })
        lay(.within(all), figures.roles.reduce(0) { $0 + $1.distances.count - $1.above })
        lay(.signedOff(all), figures.roles.reduce(0) { $0 + $1.signedOff })
        lay(.notSignedOff(all), figures.roles.reduce(0) { $0 + $1.above - $1.signedOff })
        equate(.capped(all), [.above(all), .within(all)])
        equate(.above(all), [.signedOff(all), .notSignedOff(all)])
        equate(.capped(all), slots.map { .capped($0) })
        equate(.above(all), slots.map { .above($0) })
        equate(.signedOff(all), slots.map { .signedOff($0) })
        withhold(.capped(all), with: .assignments)
        lay(.pricedInAll, figures.roles.reduce(0) { $0 + $1.priced })
        withhold(.pricedInAll, with: .assignments)
        equate(.pricedInAll, figures.roles.indices.map { .priced($0) })
        equate(.assignments, figures.roles.indices.map { .role($0) })
        for (slot, supply) in figures.supply.enumerated() { lay(.supply(slot), supply.assignments) }
        equate(.assignments, figures.supply.indices.map { .supply($0) })
        for (slot, count) in figures.experience.enumerated() { lay(.experience(slot), count) }
        equate(.assignments, figures.experience.indices.map { .experience($0) })
        for (slot, count) in figures.breaches.enumerated() {
            lay(.breach(slot), count)
            lay(.kept(slot), figures.assignments - count)
            equate(.assignments, [.breach(slot), .kept(slot)])
        }
        lay(.joined, figures.joined)
        if figures.area.kind == .authority { lay(.left, figures.left) }
    }
}

/// The counts of all areas and the sums among them, each under its name.
private struct CountSheet {
    typealias Key = (kind: CountKind, area: Int)

    var disclosure = Disclosure()
    /// By the count's cell.
    private(set) var keys: [Key] = []
    private var cells: [Name: Disclosure.Cell] = [:]

    private struct Name: Hashable {
        let kind: CountKind
        let area: Int
    }

    mutating func add(_ kind: CountKind, of area: Int, _ count: Int, isPublished: Bool = true) {
        cells[Name(kind: kind, area: area)] = disclosure.add(count, isPublished: isPublished)
        keys.append((kind, area))
    }

    private func cell(_ key: Key) -> Disclosure.Cell { cells[Name(kind: key.kind, area: key.area)]! }

    mutating func equate(_ left: [Key], _ right: [Key]) { disclosure.equate(left.map(cell), right.map(cell)) }

    mutating func withhold(_ follower: CountKind, with leader: CountKind, of area: Int) {
        disclosure.withhold(cell((follower, area)), with: cell((leader, area)))
    }
}

/// A worker who left a substantive post and took up agency work in the same region.
struct Move: Hashable, Sendable {
    let worker: UInt64
    let from: AuthorityCode
    let to: AuthorityCode
    /// The last day of the post, and the first of the assignment.
    let left: CalendarDate
    let began: CalendarDate
}
