import AgencyModel
import RuleBook

/// Who a comparison is for, which decides what it can show.
public enum Audience: String, CaseIterable, Sendable {
    /// The partnership's own analysts: nothing is withheld.
    case analysts
    /// The members: small counts are withheld, and figures that would reveal them.
    case members
    /// Everybody: the same figures, without the agencies.
    case `public`
}

/// All figures of one quarter, and which of them can be shown.
struct QuarterFigures: Sendable {
    let quarter: Quarter
    /// Authorities by code, then regions, then everything if there are several regions.
    private(set) var areas: [AreaFigures] = []
    /// By number of the agency, in order of their names.
    private(set) var agencies: [AgencyFigures] = []
    /// Moves in the region whose post was in an authority without a return in this quarter, by the index of the region's area.
    private(set) var leftElsewhere: [Int: Int] = [:]
    private let isWithholding: Bool
    let small: Int
    /// What is withheld in the quarter; nil if nothing is.
    private(set) var protection: Protection?

    /// The area of everything, or the only region.
    var top: Int { areas.count - 1 }
    var authorities: Range<Int> { 0..<(areas.firstIndex { $0.area.kind != .authority } ?? areas.count) }
    func place(of area: Area) -> Int? { areas.firstIndex { $0.area == area } }

    init(
        _ quarter: Quarter, _ assignments: [ComparedAssignment], moves: [Move], book: RuleBook, scope: ComparisonScope,
        agencyOrder: [Int], audience: Audience, small: Int, earlier: [QuarterFigures], beside: Beside?, isBarred: Bool,
        hasSalaries: (AuthorityCode, CoreRole) -> Bool
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
        if isWithholding, let beside {
            protection = protect(assignments, placeOfAuthority, book, scope, earlier, beside, isBarred, hasSalaries)
        }
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

    /// Computes what the assignments would have cost at the median rate of their region for the role.
    private mutating func priceAtMedian(_ assignments: [ComparedAssignment], _ placeOfAuthority: [Int: Int]) {
        let medians = areas.map { area in area.roles.map { $0.quartiles?.medianMoney } }
        for assignment in assignments {
            let slot = RoleSlot.of(assignment.role)
            guard let own = placeOfAuthority[Int(assignment.authority.number)], let region = areas[own].parent,
                let median = medians[region][slot]
            else { continue }
            assignment.forEachWork { work in
                guard let hours = work.hours, work.cappedRate != nil else { return }
                var place: Int? = own
                while let at = place {
                    areas[at].roles[slot].atMedian.add(hours: hours, rate: median)
                    place = areas[at].parent
                }
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

    // MARK: What can be shown

    /// Whether the count can be published; zero always can.
    func isShown(_ kind: CountKind, of area: Int) -> Bool { protection?.isShown(kind, of: area) ?? true }

    /// Whether the breakdown is withheld.
    func isClosed(_ breakdown: Breakdown) -> Bool { protection?.closed.contains(breakdown) ?? false }

    /// The breakdowns that are withheld, in words.
    var closedInWords: [String] { protection?.closedInWords ?? [] }

    /// Whether figures of parts of the comparison, which have an output of their own, are shown all the same.
    var showsParts: Bool { protection?.hasParts ?? false }

    /// Whether the amounts can be published.
    func showsAmount(_ kind: AmountKind, of area: Int) -> Bool { protection?.shows(kind, of: area) ?? true }

    /// Whether there are enough values to be described by a median.
    func isOfMany(_ kind: AmountKind, of area: Int) -> Bool {
        protection.map { $0.contributions.workers(kind, area) >= small } ?? true
    }

    private func protect(
        _ assignments: [ComparedAssignment], _ placeOfAuthority: [Int: Int], _ book: RuleBook, _ scope: ComparisonScope,
        _ earlier: [QuarterFigures], _ beside: Beside, _ isBarred: Bool,
        _ hasSalaries: (AuthorityCode, CoreRole) -> Bool
    ) -> Protection {
        let partnerships = Figures.partnerships(within: areas, scope, book, beside)
        var hidden = partnerships.enumerated().map { number, partnership in
            AreaFigures(Area(kind: .region, number: -1 - number, name: partnership.name, region: partnership.name))
        }
        var partnershipsOf = [[Int]](repeating: [], count: authorities.count)
        for (number, partnership) in partnerships.enumerated() {
            for member in partnership.members { partnershipsOf[member].append(number) }
        }
        for assignment in assignments {
            guard let own = placeOfAuthority[Int(assignment.authority.number)] else { continue }
            for number in partnershipsOf[own] { hidden[number].add(assignment) }
        }
        for number in hidden.indices {
            hidden[number].joined = partnerships[number].members.reduce(0) { $0 + areas[$1].joined }
        }
        func code(_ place: Int) -> AuthorityCode { AuthorityCode(number: UInt16(areas[place].area.number)) }
        let members = areas.indices.map { area in authorities.filter { Figures.isPart($0, of: area, areas) } }
        let figures = Figures(areas, hidden, members: members + partnerships.map(\.members), agencies: agencies) { place in
            place >= areas.count || !beside.crosses(Set(members[place].map(code)))
        }
        var salaried: Set<FigureKey<AmountKind>> = []
        for place in authorities {
            for role in CoreRole.allCases where hasSalaries(AuthorityCode(number: UInt16(areas[place].area.number)), role) {
                salaried.insert(FigureKey(kind: .role(RoleSlot.of(role)), area: place))
            }
        }
        return Protection(
            quarter, figures, ByWorker(assignments), earlier.compactMap(\.protection), salaried, isBarred: isBarred,
            small: small)
    }
}

/// A worker who left a substantive post and took up agency work in the same region.
struct Move: Hashable, Sendable {
    let worker: UInt64
    let from: AuthorityCode
    let to: AuthorityCode
    /// The last day of the post, and the first day of the assignment.
    let left: CalendarDate
    let began: CalendarDate
}
