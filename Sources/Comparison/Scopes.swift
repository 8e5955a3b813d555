import AgencyModel
import RuleBook

/// What is published together: a partnership's figures, a region's, or everything that is compared.
struct Scope: Sendable {
    /// The area of its total.
    let area: Int
    /// Its authorities.
    let members: [Int]
    /// The areas inside it: those of other scopes, then those without an output of their own.
    var parts: [Int] = []

    /// What an area is the sum of: its largest parts that have no authority in common, then its authorities that are in none of them.
    func addends(of area: Int, _ figures: Figures) -> (parts: [Int], others: [Int]) {
        let own = figures.members[area]
        var left = Set(own)
        var found: [Int] = []
        for part in parts.sorted(by: { (-figures.members[$0].count, $0) < (-figures.members[$1].count, $1) }) {
            let members = figures.members[part]
            guard part != area, !members.isEmpty, members.count < own.count, left.isSuperset(of: members) else { continue }
            found.append(part)
            left.subtract(members)
        }
        return (found, own.filter(left.contains))
    }
}

/// Hours and their cost.
struct WorkedSum: Sendable {
    var hours = HoursSum()
    var cost = Cost()
}

/// The figures of one quarter with those of the partnerships and regions inside it. Each of these may be published on its own, so a
/// reader of the whole is assumed to have read them.
struct Figures: Sendable {
    /// The areas of the tables, then partnerships that are in no table.
    let areas: [AreaFigures]
    /// By area: its authorities; empty for an authority.
    let members: [[Int]]
    /// By area: the assignments of each agency, in the order of the table.
    let agencyCounts: [[Int]]
    /// The same for their hours and cost.
    let agencyHours: [[WorkedSum]]
    let agencyPlaces: [Int: Int]
    /// From the smallest to the largest; the last is that of the tables.
    let scopes: [Scope]

    /// `isScope` says whether an area can be published on its own.
    init(
        _ visible: [AreaFigures], _ hidden: [AreaFigures], members: [[Int]], agencies: [AgencyFigures], isScope: (Int) -> Bool
    ) {
        areas = visible + hidden
        self.members = members
        let places = Dictionary(uniqueKeysWithValues: agencies.enumerated().map { ($1.agency, $0) })
        agencyPlaces = places
        agencyCounts = areas.map { area in
            var counts = [Int](repeating: 0, count: agencies.count)
            for role in area.roles { for (agency, count) in role.agencies { counts[places[agency]!] += count } }
            return counts
        }
        agencyHours = areas.map { area in
            var sums = [WorkedSum](repeating: WorkedSum(), count: agencies.count)
            for (agency, worked) in area.agencyHours { sums[places[agency]!] = worked }
            return sums
        }
        let top = visible.count - 1
        let within = members.indices.filter { !members[$0].isEmpty && $0 != top }
        var scopes = within.filter(isScope).map { Scope(area: $0, members: members[$0]) }
        let others = within.filter { !isScope($0) }
        scopes.sort { ($0.members.count, $0.area) < ($1.members.count, $1.area) }
        scopes.append(Scope(area: top, members: members[top]))
        for place in scopes.indices {
            let own = Set(scopes[place].members)
            scopes[place].parts =
                scopes[..<place].filter { own.isSuperset(of: $0.members) }.map(\.area)
                + others.filter { own.isSuperset(of: members[$0]) }
        }
        self.scopes = scopes
    }

    /// By area of the scope: how many of its workers are also active in another authority of the scope.
    func shared(_ scope: Scope) -> [Int: Int] {
        var authoritiesOf: [UInt64: Int] = [:]
        for place in scope.members { for worker in areas[place].workers { authoritiesOf[worker, default: 0] += 1 } }
        var shared: [Int: Int] = [:]
        for place in scope.members + [scope.area] {
            shared[place] = areas[place].workers.count { authoritiesOf[$0, default: 0] > 1 }
        }
        return shared
    }

    /// The partnerships of the rules inside what is compared that are not one of its areas, with their authorities as indexes.
    static func partnerships(within visible: [AreaFigures], _ scope: ComparisonScope, _ book: RuleBook, _ beside: Beside) -> [(
        name: String, members: [Int]
    )] {
        let authorities = visible.indices.filter { visible[$0].area.kind == .authority }
        func known(_ place: Int) -> AuthorityTable.Authority? {
            book.authorities[AuthorityCode(number: UInt16(visible[place].area.number))]
        }
        let regions = Set(authorities.compactMap { known($0)?.region })
        var taken = Set(visible.indices.map { area in authorities.filter { Figures.isPart($0, of: area, visible) } })
        var found: [(name: String, members: [Int])] = []
        for partnership in beside.kept {
            // A partnership that extends beyond what is compared is not part of it.
            let codes = partnership.authorities.compactMap { book.authorities[$0] }
            if !partnership.regions.allSatisfy(regions.contains) || !codes.allSatisfy({ regions.contains($0.region) }) { continue }
            if let own = scope.partnership, !codes.allSatisfy(own.holds) || !partnership.regions.allSatisfy(own.regions.contains) {
                continue
            }
            let members = authorities.filter { known($0).map(partnership.holds) ?? false }
            if members.isEmpty || !taken.insert(members).inserted { continue }
            found.append((partnership.name, members))
            // Its own output has a row for its part of each region.
            let byRegion = Dictionary(grouping: members) { known($0)!.region }
            for (_, part) in byRegion.sorted(by: { $0.key < $1.key }) where byRegion.count > 1 && taken.insert(part).inserted {
                found.append((partnership.name, part))
            }
        }
        return found
    }

    static func isPart(_ place: Int, of area: Int, _ areas: [AreaFigures]) -> Bool {
        var at = areas[place].parent
        while let parent = at {
            if parent == area { return true }
            at = areas[parent].parent
        }
        return false
    }
}
