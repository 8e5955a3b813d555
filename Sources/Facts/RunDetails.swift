import AgencyModel
import Compliance
import RuleBook

/// A rate above the cap (CAP001 to CAP003), with everything that the region and the Department for Education ask about it.
public struct CapBreach: Sendable {
    public let key: ReturnKey
    public let assignmentID: [UInt8]
    public let role: CoreRole
    public let region: String
    public let rate: Money
    public let cap: Money
    public let hours: Quantity?
    public let directorDate: CalendarDate?
    public let chiefExecutiveDate: CalendarDate?
    public let dueDate: CalendarDate
    public let reason: [UInt8]
    public let rule: RuleCode
    /// The place of the assignment, which orders those that are otherwise equal.
    public let place: RereadPlace

    public var excess: Money { rate - cap }
    /// For the hours of the quarter, to the penny; nil if those are not known.
    public var excessInQuarter: Money? {
        guard let hours else { return nil }
        var cost = Cost()
        cost.add(hours: hours, rate: excess)
        return cost.toThePenny
    }
}

/// What one agency supplied to one authority in a quarter, and the findings about it.
public struct AgencyTotals: Sendable {
    /// The families of `agencies.csv`, in its order.
    public static let families = RuleFamily.allCases.filter { $0.column != nil }
    public static let familyNames = families.compactMap(\.column)

    /// Nil if the assignments do not say which authority or quarter.
    public let authority: AuthorityCode?
    public let quarter: Quarter?
    /// As first written; empty for assignments without an agency.
    public let name: [UInt8]
    public internal(set) var assignments = 0
    public internal(set) var workers = 0
    public internal(set) var hours = HoursTotal()
    public internal(set) var cost = Cost()
    /// Indexed by `families`.
    public internal(set) var errors = [Int](repeating: 0, count: families.count)
    public internal(set) var warnings = [Int](repeating: 0, count: families.count)

    /// Adds the totals from another file. The agency's workers are counted separately.
    fileprivate mutating func add(_ more: AgencyTotals) {
        assignments += more.assignments
        hours.add(more.hours)
        cost.add(more.cost)
        for family in errors.indices {
            errors[family] += more.errors[family]
            warnings[family] += more.warnings[family]
        }
    }
}

/// The exact sum of the hours of many assignments.
public struct HoursTotal: Sendable {
    private var billionths: Int128 = 0

    mutating func add(_ hours: Quantity) { billionths += Int128(hours.billionths) }
    mutating func add(_ other: HoursTotal) { billionths += other.billionths }

    public var quantity: Quantity { Quantity(billionths: Int64(clamping: billionths)) }
}

/// The rates paid for one role in one region.
public struct RoleRates: Sendable {
    public let region: Int
    public let role: CoreRole
    /// Pounds an hour, ascending.
    public internal(set) var rates: [Money] = []
    /// For rates that are known to be above or within a cap: rate minus cap, ascending.
    public internal(set) var distances: [Money] = []
    /// PAYE rates without on-costs whose pay rate is not above the cap.
    public internal(set) var undecided = 0
    public internal(set) var cost = Cost()
    /// The latest cap that applied to any of them, and the day from which it applies.
    public internal(set) var cap: Dated<Money>.Entry?

    /// Adds the rates from another file.
    fileprivate mutating func add(_ more: RoleRates) {
        rates += more.rates
        distances += more.distances
        undecided += more.undecided
        cost.add(more.cost)
        if let later = more.cap { note(later) }
    }

    fileprivate mutating func note(_ held: Dated<Money>.Entry) {
        if cap == nil || cap!.from < held.from { cap = held }
    }
}

/// What is known only when the assignments of a file are read again: texts, hours and costs of individual assignments.
public struct FileDetails: Sendable {
    fileprivate var capBreaches: [CapBreach] = []
    /// In the order in which they are first named.
    fileprivate var agencies: [(key: AgencyKey, totals: AgencyTotals)] = []
    fileprivate var roles: [RoleRates] = []
    /// The index of the agency in front of the worker's number. Without repeats once the file is finished.
    fileprivate var workersOfAgencies: [UInt64] = []
    /// Without repeats once the file is finished.
    fileprivate var workersOfReturns: [(key: ReturnKey, workers: [UInt64])] = []

    private let run: RunJudgement
    /// Of the return that was met last: for its caps.
    private var circumstances: Circumstances
    private let parts: Range<Int>
    /// By part: the findings of CAP001 to CAP003 in the order of the assignments, and how many have been used.
    private var breachFindings: [[Int]]
    private var nextBreach: [Int]
    private var agencyPlaces: [AgencyKey: Int] = [:]
    private var returns: [PartOfReturn] = []
    private var placesOfReturns: [PartOfReturn.Key: Int] = [:]
    private var recent: Int?
    /// The index in `roles` of each role of a region.
    private var rolePlaces: [Int?]

    fileprivate struct AgencyKey: Hashable {
        let authority: UInt16
        let quarter: UInt16
        let name: [UInt8]
    }

    /// The assignments of one return, or of no return, in one part of the file.
    private struct PartOfReturn {
        struct Key: Hashable {
            let part: Int
            /// As in the ledger.
            let authority: UInt16
            let quarter: UInt16
        }
        let key: Key
        /// Nil for assignments of no return.
        let returnKey: ReturnKey?
        /// The index in `agencies` of each agency, by its index in the part's ledger, so that no name is compared twice.
        var agencies: [UInt32: Int] = [:]
        var workers: [UInt64] = []
    }

    /// `file` is the index of the file in the run.
    public init(_ run: RunJudgement, file: Int) {
        self.run = run
        circumstances = Circumstances(book: run.book)
        parts = run.parts(of: file)
        breachFindings = run.parts[parts].map { part in
            let found = part.findings.findings
            return found.indices.filter { CAP001_RateAboveCap.has(found[$0].rule) }
                .sorted { found[$0].subject.index < found[$1].subject.index }
        }
        nextBreach = Array(repeating: 0, count: parts.count)
        rolePlaces = Array(repeating: nil, count: run.book.authorities.regions.count * CoreRole.allCases.count)
    }

    /// Adds one assignment. Call it for all assignments of the file, in order.
    public mutating func take(_ assignment: borrowing Assignment, at place: RereadPlace) {
        let entry = run.parts[place.part].ledger.entries[place.entry]
        let return_ = placeOfReturn(entry, in: place.part)
        let agency = returns[return_].agencies[entry.agency] ?? newAgency(of: entry, at: place, in: return_)
        if !run.isFurtherPart(place.part, place.entry) { agencies[agency].totals.assignments += 1 }
        if let hours = assignment.hoursInQuarter {
            agencies[agency].totals.hours.add(hours)
            if let rate = assignment.chargeRate { agencies[agency].totals.cost.add(hours: hours, rate: rate) }
        }
        if entry.worker > 0 {
            workersOfAgencies.append(UInt64(agency) << 34 | entry.worker)
            returns[return_].workers.append(entry.worker)
        }
        takeRate(assignment, entry)
        takeBreach(assignment, at: place)
    }

    private mutating func takeRate(_ assignment: borrowing Assignment, _ entry: AssignmentLedger.Entry) {
        guard let authority = assignment.authority, let region = run.book.authorities.region(of: authority),
            let role = assignment.role, let rate = assignment.cappedRate
        else { return }
        let slot = region * CoreRole.allCases.count + Int(role.rawValue)
        if rolePlaces[slot] == nil {
            rolePlaces[slot] = roles.count
            roles.append(RoleRates(region: region, role: role))
        }
        let place = rolePlaces[slot]!
        roles[place].rates.append(rate)
        if let hours = assignment.hoursInQuarter, let charge = assignment.chargeRate {
            roles[place].cost.add(hours: hours, rate: charge)
        }
        guard entry.isAssessed, let start = assignment.startDate else { return }
        circumstances = circumstances.settled(for: authority, assignment.quarter)
        guard let cap = circumstances.capAsked(role: role, start: start, end: assignment.endDate) else { return }
        switch RateAndCap(rate: rate, cap: cap.value, lacksOnCosts: assignment.lacksOnCosts) {
        case .within, .above: roles[place].distances.append(rate - cap.value)
        case .undecided: roles[place].undecided += 1
        }
        roles[place].note(cap)
    }

    private mutating func takeBreach(_ assignment: borrowing Assignment, at place: RereadPlace) {
        let part = place.part - parts.lowerBound
        guard nextBreach[part] < breachFindings[part].count else { return }
        let finding = run.parts[place.part].findings.findings[breachFindings[part][nextBreach[part]]]
        guard finding.subject.index == place.entry else { return }
        nextBreach[part] += 1
        circumstances = circumstances.settled(for: assignment.authority, assignment.quarter)
        let breach = assignment.assessed { assessed -> CapBreach? in
            guard case .money(let rate) = finding.found, case .money(let cap) = finding.expected, let role = assessed.row.role,
                let region = circumstances.authority?.region
            else { return nil }
            return CapBreach(
                key: ReturnKey(authority: assessed.authority, quarter: assessed.quarter),
                assignmentID: assessed.row.assignmentID.map(Array.init) ?? [], role: role,
                region: run.book.authorities.regions[region], rate: rate, cap: cap, hours: assessed.row.hoursInQuarter,
                directorDate: assessed.row.capDCSDate, chiefExecutiveDate: assessed.row.capCEDate,
                dueDate: CAP001_RateAboveCap.dueDay(assessed, circumstances),
                reason: assessed.row.capReason.map(Array.init) ?? [], rule: finding.rule, place: place)
        }
        guard case .some(.some(let breach)) = breach else { preconditionFailure("a breach of the cap names its rate and cap") }
        capBreaches.append(breach)
    }

    private mutating func placeOfReturn(_ entry: AssignmentLedger.Entry, in part: Int) -> Int {
        let key = PartOfReturn.Key(part: part, authority: entry.authority, quarter: entry.quarter)
        if let recent, returns[recent].key == key { return recent }
        let place = placesOfReturns[key] ?? returns.count
        if place == returns.count {
            placesOfReturns[key] = place
            returns.append(PartOfReturn(key: key, returnKey: entry.returnKey))
        }
        recent = place
        return place
    }

    private mutating func newAgency(of entry: AssignmentLedger.Entry, at place: RereadPlace, in return_: Int) -> Int {
        let name = Array(run.parts[place.part].ledger.agency(place.entry))
        let key = AgencyKey(authority: entry.authority, quarter: entry.quarter, name: RunDetails.normalForm(name))
        let found = agencyPlaces[key] ?? agencies.count
        returns[return_].agencies[entry.agency] = found
        guard found == agencies.count else { return found }
        agencyPlaces[key] = found
        agencies.append(
            (
                key,
                AgencyTotals(
                    authority: entry.authorityCode, quarter: entry.returnQuarter, name: name)
            ))
        return found
    }

    /// Call it once, after the file's last assignment.
    public mutating func finish() {
        for part in parts {
            for finding in run.parts[part].findings.findings where finding.subject.isAssignment {
                guard let family = AgencyTotals.families.firstIndex(of: finding.rule.family) else { continue }
                let entry = run.parts[part].ledger.entries[finding.subject.index]
                guard let place = returns[placeOfReturn(entry, in: part)].agencies[entry.agency] else { continue }
                switch run.rules.severity(of: finding.rule) {
                case .error: agencies[place].totals.errors[family] += 1
                case .warning: agencies[place].totals.warnings[family] += 1
                case .notice: break
                }
            }
        }
        for place in roles.indices {
            roles[place].rates.sort()
            roles[place].distances.sort()
        }
        workersOfAgencies.sortOnce()
        for var part in returns {
            guard let key = part.returnKey else { continue }
            part.workers.sortOnce()
            workersOfReturns.append((key, part.workers))
        }
        (returns, placesOfReturns, agencyPlaces, breachFindings) = ([], [:], [:], [])
    }
}

/// What is known only when the assignments of a run are read again.
public struct RunDetails: Sendable {
    public private(set) var capBreaches: [CapBreach] = []
    public private(set) var agencies: [AgencyTotals] = []
    public private(set) var roles: [RoleRates] = []
    /// Different workers with a valid number.
    public private(set) var workers: [ReturnKey: Int] = [:]

    /// The details of the run's files, in the order of the files.
    public init(_ files: [FileDetails]) {
        var agencyPlaces: [FileDetails.AgencyKey: Int] = [:]
        var workersOfAgencies: [UInt64] = []
        var workersOfReturns: [ReturnKey: [UInt64]] = [:]
        for file in files {
            capBreaches += file.capBreaches
            let places = file.agencies.map { agency in
                if let known = agencyPlaces[agency.key] {
                    agencies[known].add(agency.totals)
                    return known
                }
                agencyPlaces[agency.key] = agencies.count
                agencies.append(agency.totals)
                return agencies.count - 1
            }
            let number: UInt64 = 1 << 34 - 1
            for worker in file.workersOfAgencies {
                workersOfAgencies.append(UInt64(places[Int(worker >> 34)]) << 34 | worker & number)
            }
            for (key, numbers) in file.workersOfReturns { workersOfReturns[key, default: []] += numbers }
            for more in file.roles {
                if let place = roles.firstIndex(where: { $0.region == more.region && $0.role == more.role }) {
                    roles[place].add(more)
                } else {
                    roles.append(more)
                }
            }
        }
        workersOfAgencies.sortOnce()
        for worker in workersOfAgencies { agencies[Int(worker >> 34)].workers += 1 }
        for (key, var numbers) in workersOfReturns {
            numbers.sortOnce()
            workers[key] = numbers.count
        }
        agencies.sort { left, right in
            let (a, b) = (left.authority?.number ?? 0, right.authority?.number ?? 0)
            if a != b { return a < b }
            let (first, second) = (left.quarter?.index ?? 0, right.quarter?.index ?? 0)
            return first != second ? first < second : left.name.lexicographicallyPrecedes(right.name)
        }
        capBreaches.sort { left, right in
            if left.key != right.key { return left.key < right.key }
            if left.assignmentID != right.assignmentID { return left.assignmentID.lexicographicallyPrecedes(right.assignmentID) }
            return (left.place.part, left.place.entry) < (right.place.part, right.place.entry)
        }
        roles.sort { ($0.region, $0.role.rawValue) < ($1.region, $1.role.rawValue) }
        // The rates of each file are sorted already, so this merges them.
        for place in roles.indices {
            roles[place].rates.sort()
            roles[place].distances.sort()
        }
    }

    /// Names that differ only in case and spaces are one agency.
    public static func normalForm(_ name: [UInt8]) -> [UInt8] {
        var form = ""
        for scalar in String(decoding: name, as: UTF8.self).unicodeScalars where !scalar.properties.isWhitespace {
            form += scalar.properties.lowercaseMapping
        }
        return Array(form.utf8)
    }
}

extension [UInt64] {
    /// Sorts the numbers and removes repeats.
    fileprivate mutating func sortOnce() {
        sort()
        var kept = 0
        for place in indices where place == 0 || self[place] != self[kept - 1] {
            self[kept] = self[place]
            kept += 1
        }
        removeSubrange(kept...)
    }
}
