import AgencyModel
import Facts

/// An authority, a region, or all that is compared.
public struct Area: Hashable, Sendable {
    public enum Kind: String, Sendable { case authority, region, all }

    public let kind: Kind
    /// The authority's code or the region's place; 0 for all.
    public let number: Int
    public let name: String
    /// The region's name; empty for all.
    public let region: String

    /// Three digits; empty for a region and for all.
    public var code: String {
        kind == .authority ? AuthorityCode(number: UInt16(number)).description : ""
    }
}

/// Hours of many assignments, exact.
struct HoursSum: Sendable {
    var billionths: Int128 = 0

    mutating func add(_ hours: Quantity) { billionths += Int128(hours.billionths) }
    var quantity: Quantity { Quantity(billionths: Int64(clamping: billionths)) }
}

/// The core roles and, last, assignments whose role is not known.
enum RoleSlot {
    static let count = CoreRole.allCases.count + 1
    /// Where counts of all roles together stand.
    static let all = count
    static let roles = CoreRole.core.map { Int($0.rawValue) }
    /// As it stands in a table.
    static func name(_ slot: Int) -> String {
        slot < CoreRole.allCases.count ? CoreRole.allCases[slot].text : slot == all ? "all" : "not known"
    }
    static func of(_ role: CoreRole?) -> Int { role.map { Int($0.rawValue) } ?? CoreRole.allCases.count }
}

/// What one area comes to in one role.
struct RoleFigures: Sendable {
    var assignments = 0
    /// Ten-thousandths of a pound an hour, in ascending order when finished.
    var rates: [Int64] = []
    /// Rate less cap of those of which it is known whether they are above it, likewise.
    var distances: [Int64] = []
    /// Those with a cap of which it is not.
    var undecided = 0
    var above = 0
    var signedOff = 0
    /// The caps that hold for its assignments.
    var caps: Set<Money> = []
    var cost = Cost()
    var hours = HoursSum()
    /// Assignments whose hours and capped rate are both known, what they were paid at that rate, and at the region's median.
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
            // Where one of its rates is above the cap, the highest of those that are known is too.
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

/// What one way of supply comes to.
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

/// What one area comes to in one quarter.
struct AreaFigures: Sendable {
    let area: Area
    /// The place of the area that this one is part of, among the quarter's areas.
    var parent: Int?
    /// Authorities with assignments.
    var authorities: Set<UInt16> = []
    var assignments = 0
    var workers: Set<UInt64> = []
    var hours = HoursSum()
    var weeklyHours = HoursSum()
    var cost = Cost()
    var roles = [RoleFigures](repeating: RoleFigures(), count: RoleSlot.count)
    var supply = [SupplyFigures](repeating: SupplyFigures(), count: Supply.allCases.count)
    var experience = [Int](repeating: 0, count: ExperienceProof.allCases.count)
    /// Assignments with an error, by `AgencyTotals.families`.
    var breaches = [Int](repeating: 0, count: AgencyTotals.families.count)
    var days: [Int64] = []
    /// Hours and cost by agency.
    var agencyHours: [Int: WorkedSum] = [:]
    /// Workers of the area who are active in another authority of the comparison as well; for all: in two or more.
    var sharedWorkers = 0
    /// Moves from a substantive post in the region into agency work here, and out of one here.
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

    /// Whole-time equivalents in hundredths, half a hundredth up; nil where the hours of a full-time week are not known.
    func fullTimeEquivalents(_ fullTime: Quantity?) -> Int64? {
        guard let fullTime, fullTime > .zero else { return nil }
        let divisor = Int128(fullTime.billionths)
        return Int64(clamping: Quartiles.floor(weeklyHours.billionths * 200 + divisor, 2 * divisor))
    }
}

/// What one agency supplied to all that is compared, in one quarter.
struct AgencyFigures: Sendable {
    let agency: Int
    var assignments = 0
    var workers: Set<UInt64> = []
    var authorities: Set<UInt16> = []
    var hours = HoursSum()
    var cost = Cost()
    /// Ten-thousandths of a pound an hour, in ascending order when finished.
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
