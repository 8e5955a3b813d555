import AgencyModel
import CheckRun
import Compliance
import RuleBook

/// A rate above the cap (CAP001 to CAP003), with all that the region and the Department for Education ask about it.
public struct CapBreach: Sendable {
    public let key: FileJudge.ReturnKey
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
    /// Where the assignment stands, for the order of those that are otherwise alike.
    let place: RereadPlace

    public var excess: Money { rate - cap }
    /// Over the hours of the quarter, to the penny; nil where those are not known.
    public var excessInQuarter: Money? {
        guard let hours else { return nil }
        var cost = Cost()
        cost.add(hours: hours, rate: excess)
        return cost.toThePenny
    }
}

/// What one agency supplied to one authority in a quarter, and what was found about it.
public struct AgencyTotals: Sendable {
    /// The families of `agencies.csv`, in its order.
    public static let families: [RuleFamily] = [.DATA, .CAP, .EXP, .TEAM, .COOL, .NOTE, .REF]
    public static let familyNames = ["data"] + ReturnFamily.allCases.map(\.name)

    /// Nil where the assignments do not say which authority or quarter.
    public let authority: AuthorityCode?
    public let quarter: Quarter?
    /// As first written; empty for assignments without an agency.
    public let name: [UInt8]
    public internal(set) var assignments = 0
    public internal(set) var workers = 0
    public internal(set) var hours = HoursTotal()
    public internal(set) var cost = Cost()
    /// By `families`.
    public internal(set) var errors = [Int](repeating: 0, count: families.count)
    public internal(set) var warnings = [Int](repeating: 0, count: families.count)
}

/// Hours of many assignments, exact.
public struct HoursTotal: Sendable {
    private var billionths: Int128 = 0

    mutating func add(_ hours: Quantity) { billionths += Int128(hours.billionths) }

    public var quantity: Quantity { Quantity(billionths: Int64(clamping: billionths)) }
}

/// The rates paid for one role in one region.
public struct RoleRates: Sendable {
    public let region: Int
    public let role: CoreRole
    /// Pounds an hour, from low to high.
    public internal(set) var rates: [Money] = []
    /// Of those assignments that have a cap: rate less cap, from low to high.
    public internal(set) var distances: [Money] = []
    public internal(set) var cost = Cost()
    /// The last cap that held for any of them, and from when.
    public internal(set) var cap: Dated<Money>.Entry?
}

/// What only shows when the assignments are read once more: texts, hours and costs of single ones.
public struct RunDetails: Sendable {
    public private(set) var capBreaches: [CapBreach] = []
    public private(set) var agencies: [AgencyTotals] = []
    public private(set) var roles: [RoleRates] = []
    /// Different workers with a valid number.
    public private(set) var workers: [FileJudge.ReturnKey: Int] = [:]

    private let run: RunJudgement
    /// By file: the findings of CAP001 to CAP003 in the order of the assignments, and how many were met.
    private var breachFindings: [[Int]]
    private var nextBreach: [Int]
    private var agencyPlaces: [AgencyKey: Int] = [:]
    private var placesByNumber: [NumberKey: Int] = [:]
    private var workersOfAgencies: [UInt64] = []
    private var workersOfReturns: [FileJudge.ReturnKey: [UInt64]] = [:]
    private var rolePlaces: [Int: Int] = [:]

    private struct AgencyKey: Hashable {
        let authority: UInt16
        let quarter: UInt16
        let name: [UInt8]
    }
    private var recent: (number: NumberKey, place: Int)?
    /// An agency by its number in a file's ledger: no text is compared twice.
    private struct NumberKey: Hashable {
        let file: Int
        let agency: UInt32
        let authority: UInt16
        let quarter: UInt16
    }

    public init(_ result: CheckResult) {
        run = result.judgement
        breachFindings = run.parts.map { file in
            let found = file.findings.findings
            return found.indices.filter { found[$0].rule.family == .CAP && found[$0].rule.number <= 3 }
                .sorted { found[$0].subject.index < found[$1].subject.index }
        }
        nextBreach = Array(repeating: 0, count: run.parts.count)
    }

    /// Takes one assignment; to be called for each, in order.
    public mutating func take(_ assignment: borrowing Assignment, at place: RereadPlace) {
        let entry = run.parts[place.file].ledger.entries[place.entry]
        let agency = agencyPlace(of: entry, at: place)
        agencies[agency].assignments += 1
        if let hours = assignment.hoursInQuarter {
            agencies[agency].hours.add(hours)
            if let rate = assignment.chargeRate { agencies[agency].cost.add(hours: hours, rate: rate) }
        }
        if entry.worker > 0 {
            workersOfAgencies.append(UInt64(agency) << 34 | entry.worker)
            if let authority = assignment.authority, let quarter = assignment.quarter {
                workersOfReturns[FileJudge.ReturnKey(authority: authority, quarter: quarter), default: []].append(entry.worker)
            }
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
        guard entry.isAssessed, let start = assignment.startDate, let quarter = assignment.quarter,
            run.book.commencement(.caps, region: region).applies(
                start: start, end: assignment.endDate, quarterEnd: quarter.lastDay),
            let cap = run.book.cap(region: region, role: role, on: max(start, quarter.firstDay))
        else { return }
        roles[place].distances.append(rate - cap.value)
        if roles[place].cap == nil || roles[place].cap!.from < cap.from { roles[place].cap = cap }
    }

    private mutating func takeBreach(_ assignment: borrowing Assignment, at place: RereadPlace) {
        let next = nextBreach[place.file]
        guard next < breachFindings[place.file].count else { return }
        let finding = run.parts[place.file].findings.findings[breachFindings[place.file][next]]
        guard finding.subject.index == place.entry else { return }
        nextBreach[place.file] += 1
        guard case .money(let rate) = finding.found, case .money(let cap) = finding.expected,
            let authority = assignment.authority, let quarter = assignment.quarter, let role = assignment.role,
            let start = assignment.startDate, let region = run.book.authorities.region(of: authority)
        else { preconditionFailure("a breach of the cap names its rate and cap") }
        capBreaches.append(
            CapBreach(
                key: FileJudge.ReturnKey(authority: authority, quarter: quarter),
                assignmentID: assignment.assignmentID.map(Array.init) ?? [], role: role,
                region: run.book.authorities.regions[region], rate: rate, cap: cap, hours: assignment.hoursInQuarter,
                directorDate: assignment.capDCSDate, chiefExecutiveDate: assignment.capCEDate,
                dueDate: run.book.commencement(.caps, region: region).dueDay(start: start),
                reason: assignment.capReason.map(Array.init) ?? [], rule: finding.rule, place: place))
    }

    private mutating func agencyPlace(of entry: AssignmentLedger.Entry, at place: RereadPlace) -> Int {
        let number = NumberKey(file: place.file, agency: entry.agency, authority: entry.authority, quarter: entry.quarter)
        if let recent, recent.number == number { return recent.place }
        if let known = placesByNumber[number] {
            recent = (number, known)
            return known
        }
        let name = Array(run.parts[place.file].ledger.agency(place.entry))
        let key = AgencyKey(authority: entry.authority, quarter: entry.quarter, name: RunDetails.normalForm(name))
        let found =
            agencyPlaces[key]
            ?? {
                agencies.append(
                    AgencyTotals(
                        authority: entry.authority == 0xFFFF ? nil : AuthorityCode(number: entry.authority),
                        quarter: entry.quarter == 0xFFFF ? nil : Quarter(index: entry.quarter), name: name))
                return agencies.count - 1
            }()
        agencyPlaces[key] = found
        placesByNumber[number] = found
        return found
    }

    /// Names that differ in case and spaces only are one agency.
    public static func normalForm(_ name: [UInt8]) -> [UInt8] {
        var form = ""
        for scalar in String(decoding: name, as: UTF8.self).unicodeScalars where !scalar.properties.isWhitespace {
            form += scalar.properties.lowercaseMapping
        }
        return Array(form.utf8)
    }

    /// To be called once, after the last assignment.
    public mutating func finish() {
        for (index, file) in run.parts.enumerated() {
            for finding in file.findings.findings where finding.subject.isAssignment {
                guard let family = AgencyTotals.families.firstIndex(of: finding.rule.family) else { continue }
                let entry = file.ledger.entries[finding.subject.index]
                let number = NumberKey(file: index, agency: entry.agency, authority: entry.authority, quarter: entry.quarter)
                guard let place = placesByNumber[number] else { continue }
                switch run.rules.severity(of: finding.rule) {
                case .error: agencies[place].errors[family] += 1
                case .warning: agencies[place].warnings[family] += 1
                case .notice: break
                }
            }
        }
        workersOfAgencies.sort()
        for (index, worker) in workersOfAgencies.enumerated() where index == 0 || worker != workersOfAgencies[index - 1] {
            agencies[Int(worker >> 34)].workers += 1
        }
        for (key, numbers) in workersOfReturns { workers[key] = Set(numbers).count }
        agencies.sort { left, right in
            let (a, b) = (left.authority?.number ?? 0, right.authority?.number ?? 0)
            if a != b { return a < b }
            let (first, second) = (left.quarter?.index ?? 0, right.quarter?.index ?? 0)
            return first != second ? first < second : left.name.lexicographicallyPrecedes(right.name)
        }
        capBreaches.sort { left, right in
            if left.key != right.key { return left.key < right.key }
            if left.assignmentID != right.assignmentID { return left.assignmentID.lexicographicallyPrecedes(right.assignmentID) }
            return (left.place.file, left.place.entry) < (right.place.file, right.place.entry)
        }
        roles.sort { ($0.region, $0.role.rawValue) < ($1.region, $1.role.rawValue) }
        for place in roles.indices {
            roles[place].rates.sort()
            roles[place].distances.sort()
        }
        (workersOfAgencies, workersOfReturns) = ([], [:])
    }
}
