import AgencyModel
import Facts

/// An authority, a region, or everything that is compared.
public struct Area: Hashable, Sendable {
    public enum Kind: String, Sendable { case authority, region, all }

    public let kind: Kind
    /// The authority's code or the index of the region; 0 for everything.
    public let number: Int
    public let name: String
    /// The name of the region; empty for everything.
    public let region: String

    /// Three digits; empty for a region and for everything.
    public var code: String {
        kind == .authority ? AuthorityCode(number: UInt16(number)).description : ""
    }
}

/// The exact sum of the hours of many assignments.
struct HoursSum: Sendable {
    var billionths: Int128 = 0

    mutating func add(_ hours: Quantity) { billionths += Int128(hours.billionths) }
    var quantity: Quantity { Quantity(billionths: Int64(clamping: billionths)) }
}

/// The core roles and, last, assignments whose role is not known.
enum RoleSlot {
    static let count = CoreRole.allCases.count + 1
    /// The slot for the counts of all roles together.
    static let all = count
    static let roles = CoreRole.core.map { Int($0.rawValue) }
    /// The name in a table.
    static func name(_ slot: Int) -> String {
        slot < CoreRole.allCases.count ? CoreRole.allCases[slot].text : slot == all ? "all" : "not known"
    }
    static func of(_ role: CoreRole?) -> Int { role.map { Int($0.rawValue) } ?? CoreRole.allCases.count }
}

/// The figures of one area for one role.
struct RoleFigures: Sendable {
    var assignments = 0
    /// In ten-thousandths of a pound an hour; ascending once finished.
    var rates: [Int64] = []
    /// Rate minus cap, if it is known whether the rate is above the cap; likewise.
    var distances: [Int64] = []
    /// Assignments with a cap for which that is not known.
    var undecided = 0
    var above = 0
    var signedOff = 0
    /// The caps that apply to its assignments.
    var caps: Set<Money> = []
    var cost = Cost()
    var hours = HoursSum()
    /// The assignments whose hours and capped rate are both known, what was paid for them at that rate, and what it would have been
    /// at the region's median.
    var priced = 0
    var pricedHours = HoursSum()
    var paid = Cost()
    var atMedian = Cost()

    /// Assignments by agency, and those through a project team or package.
    var agencies: [Int: Int] = [:]
    var inTeams = 0

    var quartiles: Quartiles? { Quartiles(rates) }
    var distanceQuartiles: Quartiles? { Quartiles(distances) }

    mutating func add(_ assignment: ComparedAssignment) {
        assignments += 1
        agencies[assignment.agency, default: 0] += 1
        if assignment.supply != .individual { inTeams += 1 }
        if let rate = assignment.cappedRate { rates.append(rate.tenThousandths) }
        if let cap = assignment.cap { caps.insert(cap) }
        switch assignment.capStanding {
        case .none: break
        case .undecided: undecided += 1
        case .within, .above:
            // If one of its rates is above the cap, so is the highest of those that are known.
            distances.append(assignment.distance!.tenThousandths)
            guard case .above(let isSignedOff) = assignment.capStanding else { break }
            above += 1
            if isSignedOff { signedOff += 1 }
        }
        var isPriced = false
        assignment.forEachWork { work in
            guard let hours = work.hours else { return }
            if let charge = work.chargeRate {
                cost.add(hours: hours, rate: charge)
                self.hours.add(hours)
            }
            if let rate = work.cappedRate {
                isPriced = true
                pricedHours.add(hours)
                paid.add(hours: hours, rate: rate)
            }
        }
        if isPriced { priced += 1 }
    }

    mutating func finish() {
        rates.sort()
        distances.sort()
    }
}

/// The figures of one kind of supply.
struct SupplyFigures: Sendable {
    var assignments = 0
    var workers: Set<UInt64> = []
    var teams: Set<Int> = []
    var hours = HoursSum()
    var cost = Cost()
    var rates: [Int64] = []

    mutating func add(_ assignment: ComparedAssignment) {
        assignments += 1
        if assignment.worker > 0 { workers.insert(assignment.worker) }
        if assignment.team > 0 { teams.insert(assignment.team) }
        assignment.addWork(to: &hours, &cost)
        if let rate = assignment.cappedRate { rates.append(rate.tenThousandths) }
    }
}

/// The figures of one area in one quarter.
struct AreaFigures: Sendable {
    let area: Area
    /// The index of the area that contains this one, among the quarter's areas.
    var parent: Int?
    /// The authorities with assignments.
    var authorities: Set<UInt16> = []
    var assignments = 0
    var workers: Set<UInt64> = []
    var hours = HoursSum()
    var weeklyHours = HoursSum()
    var cost = Cost()
    var roles = [RoleFigures](repeating: RoleFigures(), count: RoleSlot.count)
    var supply = [SupplyFigures](repeating: SupplyFigures(), count: Supply.allCases.count)
    var experience = [Int](repeating: 0, count: ExperienceProof.allCases.count)
    /// The assignments with an error, indexed by `AgencyTotals.families`.
    var breaches = [Int](repeating: 0, count: AgencyTotals.families.count)
    var days: [Int64] = []
    /// Hours and cost by agency.
    var agencyHours: [Int: WorkedSum] = [:]
    /// The area's workers who are also active in another authority of the comparison; for everything, workers active in two or
    /// more.
    var sharedWorkers = 0
    /// Moves from a substantive post in the region into agency work here, and from a post here.
    var joined = 0
    var left = 0

    init(_ area: Area) { self.area = area }

    mutating func add(_ assignment: ComparedAssignment) {
        authorities.insert(assignment.authority.number)
        assignments += 1
        if assignment.worker > 0 { workers.insert(assignment.worker) }
        if let weekly = assignment.weeklyHours { weeklyHours.add(weekly) }
        assignment.addWork(to: &hours, &cost)
        var ofAgency = agencyHours[assignment.agency] ?? WorkedSum()
        assignment.addWork(to: &ofAgency.hours, &ofAgency.cost)
        agencyHours[assignment.agency] = ofAgency
        roles[RoleSlot.of(assignment.role)].add(assignment)
        supply[Int(assignment.supply.rawValue)].add(assignment)
        experience[Int(assignment.experience.rawValue)] += 1
        for (place, family) in AgencyTotals.families.enumerated() where assignment.breaches.contains(family) {
            breaches[place] += 1
        }
        if let days = assignment.days { self.days.append(days) }
    }

    mutating func finish() {
        for slot in roles.indices { roles[slot].finish() }
        for slot in supply.indices { supply[slot].rates.sort() }
        days.sort()
    }

    /// Full-time equivalents in hundredths, half a hundredth up; nil if the hours of a full-time week are not known.
    func fullTimeEquivalents(_ fullTime: Quantity?) -> Int64? {
        guard let fullTime, fullTime > .zero else { return nil }
        let divisor = Int128(fullTime.billionths)
        return Int64(clamping: Quartiles.floor(weeklyHours.billionths * 200 + divisor, 2 * divisor))
    }
}

/// What one agency supplied to everything that is compared, in one quarter.
struct AgencyFigures: Sendable {
    let agency: Int
    var assignments = 0
    var workers: Set<UInt64> = []
    var authorities: Set<UInt16> = []
    var hours = HoursSum()
    var cost = Cost()
    /// In ten-thousandths of a pound an hour; ascending once finished.
    var fees: [Int64] = []

    init(agency: Int) { self.agency = agency }

    mutating func add(_ assignment: ComparedAssignment) {
        assignments += 1
        authorities.insert(assignment.authority.number)
        if assignment.worker > 0 { workers.insert(assignment.worker) }
        assignment.addWork(to: &hours, &cost)
        if let fee = assignment.agencyFee { fees.append(fee.tenThousandths) }
    }
}
