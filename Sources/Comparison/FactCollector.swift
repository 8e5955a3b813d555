import AgencyModel
import CheckRun
import Compliance
import Reports
import RuleBook

/// Takes the facts of a comparison from a run over returns, one assignment at a time.
public struct FactCollector {
    private let result: CheckResult
    private let book: RuleBook
    private let scope: ComparisonScope
    private var facts = ComparisonFacts()
    /// By file and entry: a bit for each family with an error.
    private var breaches: [[UInt8]]
    /// By file: the entries with DATA006.
    private var repeats: [Set<Int>]
    /// What was first said under an authority, quarter and reference that stands again.
    private var firsts: [Reference: [AssignmentFacts]] = [:]
    private var agencies: [[UInt8]: Agency] = [:]
    private var teams: [Team: Int] = [:]
    private var leftOut: [LeftOutKey: ComparisonFacts.LeftOut] = [:]

    private struct Reference: Hashable {
        let authority: UInt16
        let quarter: UInt16
        let id: [UInt8]
    }
    /// What makes two rows of one reference the same assignment.
    private struct AssignmentFacts: Hashable {
        let worker: UInt64
        let role: UInt8
        let start: Int32
        let end: Int32
        let rate: Int64
        let charge: Money?
        let hours: Quantity?
    }
    private struct Team: Hashable {
        let authority: AuthorityCode
        let reference: [UInt8]
    }
    private struct LeftOutKey: Hashable {
        let authority: AuthorityCode?
        let quarter: Quarter?
        let reason: ComparisonFacts.LeftOut.Reason
    }
    /// An agency and how often each spelling of its name stands.
    private struct Agency {
        let number: Int
        var spellings: [[UInt8]: Int] = [:]
    }

    public init(_ result: CheckResult, scope: ComparisonScope) {
        self.result = result
        self.scope = scope
        book = result.judgement.book
        let run = result.judgement
        breaches = run.parts.map { Array(repeating: 0, count: $0.ledger.entries.count) }
        repeats = run.parts.map { _ in [] }
        for (file, judge) in run.parts.enumerated() {
            for finding in judge.findings.findings where finding.subject.isAssignment {
                let entry = finding.subject.index
                if finding.rule == RuleCode(.DATA, 6) { repeats[file].insert(entry) }
                guard run.rules.severity(of: finding.rule) == .error else { continue }
                // A value that cannot be read is a fault of the data.
                let family = finding.rule.family == .IMP ? RuleFamily.DATA : finding.rule.family
                if let place = AgencyTotals.families.firstIndex(of: family) { breaches[file][entry] |= 1 << UInt8(place) }
            }
        }
        for (file, judge) in run.parts.enumerated() {
            for entry in repeats[file] { firsts[FactCollector.reference(judge.ledger, entry)] = [] }
        }
    }

    private static func reference(_ ledger: AssignmentLedger, _ entry: Int) -> Reference {
        let facts = ledger.entries[entry]
        return Reference(authority: facts.authority, quarter: facts.quarter, id: Array(ledger.id(entry)))
    }

    // MARK: One assignment

    /// Takes one assignment; to be called for each, in order.
    public mutating func take(_ assignment: Assignment, at place: RereadPlace) {
        let ledger = result.judgement.parts[place.file].ledger
        let entry = ledger.entries[place.entry]
        guard let code = assignment.authority, let quarter = assignment.quarter else {
            return leaveOut(assignment, .noAuthorityOrQuarter)
        }
        if !scope.holds(quarter) { return leaveOut(assignment, .outsideQuarters) }
        guard let authority = book.authorities[code], authority.isValid(on: quarter.lastDay) else {
            return leaveOut(assignment, .notAnAuthority)
        }
        if !scope.holds(authority) { return leaveOut(assignment, .outsidePartnership) }
        if !firsts.isEmpty, isRepeated(assignment, entry, FactCollector.reference(ledger, place.entry)) {
            return leaveOut(assignment, .repeated)
        }
        var compared = ComparedAssignment(authority: code, quarter: quarter)
        compared.worker = entry.worker
        compared.role = assignment.role
        compared.supply = assignment.supply ?? .individual
        compared.agency = agency(Array(ledger.agency(place.entry)))
        if assignment.isTeam, let reference = assignment.teamReference {
            compared.team = team(Team(authority: code, reference: RunDetails.normalForm(Array(reference))))
        }
        (compared.start, compared.end) = (assignment.startDate, assignment.endDate)
        compared.cappedRate = assignment.cappedRate
        compared.cap = cap(for: assignment, entry, region: authority.region)
        compared.isSignedOff = assignment.capDCSDate != nil && assignment.capCEDate != nil
        (compared.agencyFee, compared.chargeRate) = (assignment.agencyFee, assignment.chargeRate)
        (compared.weeklyHours, compared.hoursInQuarter) = (assignment.weeklyHours, assignment.hoursInQuarter)
        compared.breaches = breaches[place.file][place.entry]
        readHistory(of: assignment, into: &compared)
        facts.assignments.append(compared)
    }

    private mutating func leaveOut(_ assignment: Assignment, _ reason: ComparisonFacts.LeftOut.Reason) {
        let key = LeftOutKey(authority: assignment.authority, quarter: assignment.quarter, reason: reason)
        var rest =
            leftOut[key] ?? ComparisonFacts.LeftOut(authority: assignment.authority, quarter: assignment.quarter, reason: reason)
        rest.assignments += 1
        if let hours = assignment.hoursInQuarter, let rate = assignment.chargeRate { rest.cost.add(hours: hours, rate: rate) }
        leftOut[key] = rest
    }

    /// The same reference with the same facts is the same assignment; with other facts it is another one under a wrong reference.
    private mutating func isRepeated(_ assignment: Assignment, _ entry: AssignmentLedger.Entry, _ reference: Reference) -> Bool {
        guard let known = firsts[reference] else { return false }
        let now = AssignmentFacts(
            worker: entry.worker, role: entry.role, start: entry.start, end: entry.end,
            rate: assignment.cappedRate?.tenThousandths ?? -1,
            charge: assignment.chargeRate, hours: assignment.hoursInQuarter)
        if known.contains(now) { return true }
        firsts[reference] = known + [now]
        return false
    }

    private func cap(for assignment: Assignment, _ entry: AssignmentLedger.Entry, region: Int) -> Money? {
        guard entry.isAssessed, let role = assignment.role, let start = assignment.startDate, let quarter = assignment.quarter,
            book.commencement(.caps, region: region).applies(start: start, end: assignment.endDate, quarterEnd: quarter.lastDay)
        else { return nil }
        return book.cap(region: region, role: role, on: max(start, quarter.firstDay))?.value
    }

    private func readHistory(of assignment: Assignment, into compared: inout ComparedAssignment) {
        let day = max(compared.start ?? compared.quarter.firstDay, compared.quarter.firstDay)
        let parameters = book.parameters
        // Before the rule's first day its first figures serve: the comparison asks how it would stand, not whether it is kept.
        let requiredDays = parameters.experienceDays.value(on: day) ?? parameters.experienceDays.entries.first?.value ?? .max
        let requiredMonths = parameters.declaredMonths.value(on: day) ?? parameters.declaredMonths.entries.first?.value ?? .max
        if (assignment.experienceMonths ?? 0) >= requiredMonths {
            compared.experience = assignment.experienceVerified == true ? .verified : .declared
        }
        var post: (authority: AuthorityCode, end: CalendarDate)?
        func consider(_ authority: AuthorityCode, _ end: CalendarDate) {
            guard let start = compared.start, end < start else { return }
            if post == nil || end > post!.end || (end == post!.end && authority < post!.authority) { post = (authority, end) }
        }
        if let authority = assignment.lastPostAuthority, let end = assignment.lastPostEnd { consider(authority, end) }
        if let worker = assignment.sweNumber {
            let spells = result.history[worker]
            if let start = compared.start,
                EXP001_ThreeYearsExperience.qualifyingDays(spells, before: start, authorities: book.authorities) >= requiredDays
            {
                compared.experience = .proven
            }
            for spell in spells where spell.employment == .direct && spell.setting == .childFamily {
                if let authority = spell.authority, let end = spell.end { consider(authority, end) }
            }
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

    /// All that was taken. To be called once, after the last assignment.
    public mutating func finish() -> ComparisonFacts {
        facts.agencies = Array(repeating: "", count: agencies.count + 1)
        for agency in agencies.values {
            // The spelling that stands most often; of those that stand equally often the first in byte order.
            let name = agency.spellings.min { left, right in
                left.value != right.value ? left.value > right.value : left.key.lexicographicallyPrecedes(right.key)
            }!.key
            facts.agencies[agency.number] = String(decoding: name, as: UTF8.self)
        }
        for census in result.censuses {
            for worker in census.workers where worker.isAgency == false {
                guard let role = worker.orgRole, let salary = worker.baseSalary, salary > .zero else { continue }
                facts.salaries.append(
                    PermanentSalary(authority: census.authority, year: census.year, orgRole: role, salary: salary))
            }
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
    /// Nil: all authorities that have a return.
    public let partnership: Partnership?
    /// Nil: all quarters that have a return.
    public let quarters: ClosedRange<Quarter>?

    public init(partnership: Partnership? = nil, quarters: ClosedRange<Quarter>? = nil) {
        self.partnership = partnership
        self.quarters = quarters
    }

    func holds(_ quarter: Quarter) -> Bool { quarters?.contains(quarter) ?? true }
    func holds(_ authority: AuthorityTable.Authority) -> Bool { partnership?.holds(authority) ?? true }
}
