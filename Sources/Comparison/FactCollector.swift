import AgencyModel
import Compliance
import Facts
import RuleBook

/// One row of an assignment from a return or the history, before it is known whether and how it is compared.
public struct KnownAssignment: Sendable {
    public var authority: AuthorityCode?
    public var quarter: Quarter?
    /// A number that is the same for the same worker in the whole comparison, and under which the collector's history has the
    /// worker; 0 if the worker is not known.
    public var worker: UInt64 = 0
    /// The authority's own reference. It can be empty if `FactCollector.needsReferences` is false.
    public var reference: [UInt8] = []
    public var role: CoreRole?
    public var supply = Supply.individual
    /// As in the return; empty if there is none.
    public var agency: [UInt8] = []
    /// What distinguishes the team from the authority's other teams of the quarter; nil if there is none.
    public var team: [UInt8]?
    public var start: CalendarDate?
    public var end: CalendarDate?
    /// The day from which its rate applies, if it changed during the assignment. Rows with one reference that differ in this day
    /// are one assignment.
    public var rateFrom: CalendarDate?
    public var cappedRate: Money?
    /// Whether the capped rate is only a PAYE pay rate, so that only its lowest possible value is known.
    public var lacksOnCosts = false
    public var chargeRate: Money?
    public var agencyFee: Money?
    public var weeklyHours: Quantity?
    public var hoursInQuarter: Quantity?
    public var experienceMonths: Int?
    public var experienceVerified: Bool?
    public var lastPostAuthority: AuthorityCode?
    public var lastPostEnd: CalendarDate?
    public var isSignedOff = false
    /// Whether rules other than IMP and DATA apply to it.
    public var isAssessed = false
    /// The families in which it has an error, as they are counted (`ReturnFacts.counted`).
    public var breaches = FamilySet()

    public init() {}
}

/// Collects the facts of a comparison, one assignment at a time, wherever they come from.
public struct FactCollector {
    private let book: RuleBook
    private let scope: ComparisonScope
    private let history: EmploymentHistory
    /// Of the return that was met last: for its caps.
    private var circumstances: Circumstances
    private var facts = ComparisonFacts()
    /// The rows so far of an authority, quarter and reference with several rows.
    private var several: [Reference: RowsOfReference] = [:]
    private var agencies: [[UInt8]: Agency] = [:]
    private var teams: [Team: Int] = [:]
    private var leftOut: [LeftOutKey: ComparisonFacts.LeftOut] = [:]

    private struct Reference: Hashable {
        let authority: AuthorityCode
        let quarter: Quarter
        let id: [UInt8]
    }
    /// The facts that make two rows of one reference the same row.
    private struct RowFacts: Hashable {
        let worker: UInt64
        let role: CoreRole?
        let start: CalendarDate?
        let end: CalendarDate?
        let rateFrom: CalendarDate?
        let rate: Money?
        let charge: Money?
        let hours: Quantity?

        init(_ row: KnownAssignment) {
            (worker, role, start, end, rateFrom) = (row.worker, row.role, row.start, row.end, row.rateFrom)
            (rate, charge, hours) = (row.cappedRate, row.chargeRate, row.hoursInQuarter)
        }
    }
    private struct RowsOfReference {
        var rows: Set<RowFacts> = []
        /// How often each day from which a rate applies was found; nil counts as a day.
        var times: [CalendarDate?: Int] = [:]
        /// By assignment of the reference: its index in the facts; nil while all of its rows are left out.
        var places: [Int?] = []
    }
    private struct Team: Hashable {
        let authority: AuthorityCode
        let name: [UInt8]
    }
    private struct LeftOutKey: Hashable {
        let authority: AuthorityCode?
        let quarter: Quarter?
        let reason: ComparisonFacts.LeftOut.Reason
    }
    /// An agency, and how often each spelling of its name occurs.
    private struct Agency {
        let number: Int
        var spellings: [[UInt8]: Int] = [:]
    }

    /// `history` has the workers under the same numbers as the assignments.
    public init(book: RuleBook, scope: ComparisonScope, history: EmploymentHistory) {
        self.book = book
        self.scope = scope
        self.history = history
        circumstances = Circumstances(book: book)
    }

    /// Announces a reference that is in more than one row of its return, as parts of one assignment whose rate changed or as a
    /// repeat. Call it before the first assignment is added.
    public mutating func expectSeveral(of id: [UInt8], _ authority: AuthorityCode, _ quarter: Quarter) {
        several[Reference(authority: authority, quarter: quarter, id: id)] = RowsOfReference()
    }

    /// Whether assignments must be given with their references.
    public var needsReferences: Bool { !several.isEmpty }

    /// Adds the salary of a permanent worker in a census.
    public mutating func take(_ salary: PermanentSalary) { facts.salaries.append(salary) }

    // MARK: One assignment

    /// Adds one row of an assignment. Call it for every row, those of one return in order.
    public mutating func take(_ known: KnownAssignment) {
        guard let code = known.authority, let quarter = known.quarter else { return leaveOut(known, .noAuthorityOrQuarter) }
        let reference = Reference(authority: code, quarter: quarter, id: known.reference)
        let row = needsReferences ? rowOfSeveral(known, reference) : nil
        let isFurther = row?.isFurther ?? false
        if !scope.holds(quarter) { return leaveOut(known, .outsideQuarters, isFurther: isFurther) }
        guard let authority = book.authorities[code], authority.isValid(on: quarter.lastDay) else {
            return leaveOut(known, .notAnAuthority, isFurther: isFurther)
        }
        if !scope.holds(authority) { return leaveOut(known, .outsidePartnership, isFurther: isFurther) }
        if let row, row.isRepeated { return leaveOut(known, .repeated, isFurther: isFurther) }
        var compared = ComparedAssignment(authority: code, quarter: quarter)
        compared.worker = known.worker
        compared.role = known.role
        compared.supply = known.supply
        compared.agency = agency(known.agency)
        if let name = known.team { compared.team = team(Team(authority: code, name: name)) }
        (compared.start, compared.end, compared.rateFrom) = (known.start, known.end, known.rateFrom)
        compared.cappedRate = known.cappedRate
        compared.cap = cap(for: known, code, quarter)
        compared.capStanding = CapStanding(
            rate: known.cappedRate, cap: compared.cap, lacksOnCosts: known.lacksOnCosts, isSignedOff: known.isSignedOff)
        if ![.none, .undecided].contains(compared.capStanding), let rate = known.cappedRate, let cap = compared.cap {
            compared.distance = rate - cap
        }
        (compared.agencyFee, compared.weeklyHours) = (known.agencyFee, known.weeklyHours)
        compared.work = WorkedHours(hours: known.hoursInQuarter, chargeRate: known.chargeRate, cappedRate: known.cappedRate)
        compared.breaches = known.breaches
        readHistory(of: known, into: &compared)
        if let row, let place = several[reference]!.places[row.assignment] {
            facts.assignments[place].join(compared)
        } else {
            if let row { several[reference]!.places[row.assignment] = facts.assignments.count }
            facts.assignments.append(compared)
        }
    }

    private mutating func leaveOut(
        _ known: KnownAssignment, _ reason: ComparisonFacts.LeftOut.Reason, isFurther: Bool = false
    ) {
        let key = LeftOutKey(authority: known.authority, quarter: known.quarter, reason: reason)
        var rest = leftOut[key] ?? ComparisonFacts.LeftOut(authority: known.authority, quarter: known.quarter, reason: reason)
        if !isFurther { rest.assignments += 1 }
        if let hours = known.hoursInQuarter, let rate = known.chargeRate { rest.cost.add(hours: hours, rate: rate) }
        leftOut[key] = rest
    }

    /// What a row of a reference with several rows is; nil for any other row. `assignment` is the number of its assignment under
    /// the reference.
    ///
    /// Rows that differ in the day from which their rate applies are one assignment; the same day again begins another. With the
    /// same facts, that is the same assignment; with other facts, it is another assignment under a wrong reference.
    private mutating func rowOfSeveral(
        _ row: KnownAssignment, _ reference: Reference
    ) -> (assignment: Int, isFurther: Bool, isRepeated: Bool)? {
        guard several[reference] != nil else { return nil }
        let assignment = several[reference]!.times[row.rateFrom, default: 0]
        several[reference]!.times[row.rateFrom] = assignment + 1
        let isFurther = assignment < several[reference]!.places.count
        if !isFurther { several[reference]!.places.append(nil) }
        // A rate that is not known equals no other.
        let isRepeated = row.cappedRate != nil && !several[reference]!.rows.insert(RowFacts(row)).inserted
        return (assignment, isFurther, isRepeated)
    }

    /// By today's caps, wherever the assignment comes from.
    private mutating func cap(for known: KnownAssignment, _ authority: AuthorityCode, _ quarter: Quarter) -> Money? {
        guard known.isAssessed, let start = known.start else { return nil }
        circumstances = circumstances.settled(for: authority, quarter)
        return circumstances.capAsked(role: known.role, start: start, end: known.end)?.value
    }

    private func readHistory(of known: KnownAssignment, into compared: inout ComparedAssignment) {
        let day = max(compared.start ?? compared.quarter.firstDay, compared.quarter.firstDay)
        let worker = known.worker > 0 ? SWENumber(number: known.worker) : nil
        compared.experience = ExperienceAsked(book.parameters, onOrBefore: day).proof(
            shown: worker.flatMap { worker in compared.start.flatMap { history.daysShown(of: worker, before: $0) } },
            declared: known.experienceMonths, isVerified: known.experienceVerified)
        var post: (authority: AuthorityCode, end: CalendarDate)?
        func consider(_ authority: AuthorityCode, _ end: CalendarDate) {
            guard let start = compared.start, end < start else { return }
            if post == nil || end > post!.end || (end == post!.end && authority < post!.authority) { post = (authority, end) }
        }
        if let authority = known.lastPostAuthority, let end = known.lastPostEnd { consider(authority, end) }
        for spell in worker.map({ history[$0] }) ?? [] {
            if let authority = spell.authority, let end = COOL001_CoolOffPeriod.endOfPost(spell) { consider(authority, end) }
        }
        compared.post = post
    }

    private mutating func agency(_ name: [UInt8]) -> Int {
        if name.isEmpty { return 0 }
        let form = RunDetails.normalForm(name)
        var known = agencies[form] ?? Agency(number: agencies.count + 1)
        known.spellings[name, default: 0] += 1
        agencies[form] = known
        return known.number
    }

    private mutating func team(_ team: Team) -> Int {
        if let known = teams[team] { return known }
        teams[team] = teams.count + 1
        return teams.count
    }

    // MARK: The end

    /// Everything that was added. Call it once, after the last assignment.
    public mutating func finish() -> ComparisonFacts {
        facts.agencies = Array(repeating: "", count: agencies.count + 1)
        for agency in agencies.values {
            // The most frequent spelling; of equally frequent ones, the first by bytes.
            let name = agency.spellings.min { left, right in
                left.value != right.value ? left.value > right.value : left.key.lexicographicallyPrecedes(right.key)
            }!.key
            facts.agencies[agency.number] = String(decoding: name, as: UTF8.self)
        }
        facts.leftOut = leftOut.values.sorted { left, right in
            func key(_ rest: ComparisonFacts.LeftOut) -> (UInt16, UInt16, UInt8) {
                (rest.authority?.number ?? 0, rest.quarter?.index ?? 0, rest.reason.rawValue)
            }
            return key(left) < key(right)
        }
        return facts
    }
}

/// Which authorities and quarters are compared.
public struct ComparisonScope: Sendable {
    /// Nil means all authorities with a return.
    public let partnership: Partnership?
    /// Nil means all quarters with a return.
    public let quarters: ClosedRange<Quarter>?

    public init(partnership: Partnership? = nil, quarters: ClosedRange<Quarter>? = nil) {
        self.partnership = partnership
        self.quarters = quarters
    }

    func holds(_ quarter: Quarter) -> Bool { quarters?.contains(quarter) ?? true }
    func holds(_ authority: AuthorityTable.Authority) -> Bool { partnership?.holds(authority) ?? true }
}
