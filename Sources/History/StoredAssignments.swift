import AgencyModel
import GRDB
import SafeFiles

/// A row of an assignment as stored: what its return said, and the parts of it that the rules looked at.
public struct StoredAssignment: Sendable {
    /// The id of its row in the store, to which its findings refer.
    public let id: Int64
    public let authority: AuthorityCode
    public let quarter: Quarter
    /// The authority's own reference, without any worker's number.
    public let reference: String
    /// The worker under the store's key (`HistoryStore.key(of:)`); nil if the return gave none.
    public let worker: UInt64?
    public let role: CoreRole?
    public let supply: Supply
    /// As in the return, without any worker's number; nil if there is none.
    public let agency: String?
    /// The number of its project team in the return; nil if there is none.
    public let team: Int?
    public let start: CalendarDate?
    public let end: CalendarDate?
    public let cappedRate: Money?
    public let chargeRate: Money?
    public let agencyFee: Money?
    public let weeklyHours: Quantity?
    public let hoursInQuarter: Quantity?
    public let experienceMonths: Int?
    public let experienceVerified: Bool?
    public let lastPostAuthority: AuthorityCode?
    public let lastPostEnd: CalendarDate?
    /// Whether both sign-off dates of a rate above the cap are given.
    public let isSignedOff: Bool
    public let isAssessed: Bool
    /// The day from which its rate applies, if it changed during the assignment.
    public let rateFrom: CalendarDate?
    /// Whether the capped rate is only a PAYE pay rate.
    public let lacksOnCosts: Bool

    static let query = """
        SELECT id, authority, quarter, assignment_id, worker, role, supply, (SELECT name FROM agencies WHERE agencies.id = agency),
            team, start_day, end_day, capped_rate, charge_rate, agency_fee, weekly_hours, hours_in_quarter, experience_months,
            experience_verified, last_post_authority, last_post_end, cap_dcs_day NOTNULL AND cap_ce_day NOTNULL, assessed,
            rate_from, lacks_on_costs
        FROM assignments ORDER BY id
        """

    init(_ row: Row) throws {
        id = try row.number(0)
        authority = try row.authority(1)
        quarter = try row.quarter(2)
        reference = try row.optionalText(3) ?? ""
        worker = try row.optionalNumber(4, Int64.self).map { UInt64(bitPattern: $0) }
        role = try row.optionalCode(5)
        supply = try row.optionalCode(6) ?? .individual
        agency = try row.optionalText(7)
        team = try row.optionalNumber(8)
        start = try row.optionalDay(9)
        end = try row.optionalDay(10)
        cappedRate = try row.optionalMoney(11)
        chargeRate = try row.optionalMoney(12)
        agencyFee = try row.optionalMoney(13)
        weeklyHours = try row.optionalQuantity(14)
        hoursInQuarter = try row.optionalQuantity(15)
        experienceMonths = try row.optionalNumber(16, Int32.self).map(Int.init)
        experienceVerified = try row.optionalBool(17)
        lastPostAuthority = try row.optionalAuthority(18)
        lastPostEnd = try row.optionalDay(19)
        isSignedOff = try row.truth(20)
        isAssessed = try row.truth(21)
        rateFrom = try row.optionalDay(22)
        lacksOnCosts = try row.optionalBool(23) ?? false
    }
}

/// The salary of a permanent worker in a census. The store does not know whose it is.
public struct StoredSalary: Sendable {
    public let authority: AuthorityCode
    public let year: Int
    public let orgRole: Int
    /// Pounds a year.
    public let salary: Money
}

extension HistoryStore {
    /// A number that represents the worker in all data for a comparison, the same for the same worker. If the store keeps
    /// pseudonyms, it is one.
    public func key(of worker: SWENumber) -> UInt64 { UInt64(bitPattern: stored(worker).value) }

    /// Calls `take` with every row of an assignment, sorted by authority, quarter and position in the return.
    public func forEachAssignment(_ take: (StoredAssignment) throws -> Void) throws(OutputFault) {
        try read { db in
            let rows = try Row.fetchCursor(db, sql: StoredAssignment.query)
            while let row = try rows.next() { try take(try StoredAssignment(row)) }
        }
    }

    /// The findings about assignments when their returns were added, by the id of the assignment's row. Rules are codes such as
    /// `CAP001`.
    public func findingsOfAssignments() throws(OutputFault) -> [Int64: [(rule: String, severity: Severity)]] {
        try read { db in
            var findings: [Int64: [(rule: String, severity: Severity)]] = [:]
            let rows = try Row.fetchCursor(
                db, sql: "SELECT assignment, rule, severity FROM findings WHERE assignment IS NOT NULL ORDER BY id")
            while let row = try rows.next() {
                guard let severity: Severity = try row.optionalCode(2) else { continue }
                findings[try row.number(0), default: []].append((try row.text(1), severity))
            }
            return findings
        }
    }

    /// The stored employment of all workers with an assignment in the store, and of `others` (given by their keys). Workers are
    /// identified by their keys.
    public func evidenceOfAssignments(and others: Set<UInt64>) throws(OutputFault) -> RememberedEvidence {
        try read { db in
            let (kept, places) = try HistoryStore.censuses(db)
            var remembered = kept
            let keys = "[" + others.map { String(Int64(bitPattern: $0)) }.joined(separator: ",") + "]"
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT file, authority, start_day, end_day, employment, setting, registered, leaving_reason, worker FROM spells
                    WHERE worker IN (SELECT worker FROM assignments UNION SELECT value FROM json_each(?)) ORDER BY id
                    """, arguments: [keys])
            while let row = try rows.next() {
                let worker = SWENumber(number: UInt64(bitPattern: try row.number(8, Int64.self)))
                remembered.add(try HistoryStore.spell(row, of: worker), place: places[try row.number(0)])
            }
            return remembered
        }
    }

    /// The salaries in the censuses, except in the files with these SHA-256 digests.
    public func salaries(without digests: Set<String>) throws(OutputFault) -> [StoredSalary] {
        try read { db in
            var salaries: [StoredSalary] = []
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT sha256, authority, census_year, org_role, salary FROM salaries JOIN files ON files.id = file
                    WHERE kind = 'census' ORDER BY salaries.id
                    """)
            while let row = try rows.next() {
                if digests.contains(try row.text(0)) { continue }
                salaries.append(
                    StoredSalary(
                        authority: try row.authority(1), year: Int(try row.number(2, UInt16.self)), orgRole: try row.number(3),
                        salary: try row.optionalMoney(4) ?? .zero))
            }
            return salaries
        }
    }
}
