import AgencyModel
import GRDB
import SafeFiles

/// One row of an assignment as a store keeps it: what its return said, and what of that the rules looked at.
public struct StoredAssignment: Sendable {
    /// Its row in the store, by which its findings name it.
    public let id: Int64
    public let authority: AuthorityCode
    public let quarter: Quarter
    /// The authority's own reference, without any worker's number.
    public let reference: String
    /// The worker under the store's key (`HistoryStore.key(of:)`); nil where the return gave none.
    public let worker: UInt64?
    public let role: CoreRole?
    public let supply: Supply
    /// As the return wrote it, without any worker's number; nil where there is none.
    public let agency: String?
    /// The number of its project team among the return's; nil where there is none.
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
    /// Whether both dates of the sign-off of a rate above the cap are there.
    public let isSignedOff: Bool
    public let isAssessed: Bool
    /// From when its rate holds, where that changed during the assignment.
    public let rateFrom: CalendarDate?
    /// Whether the capped rate is a PAYE pay rate alone.
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
        reference = try row.textIfAny(3) ?? ""
        worker = try row.numberIfAny(4, Int64.self).map { UInt64(bitPattern: $0) }
        role = try row.codeIfAny(5)
        supply = try row.codeIfAny(6) ?? .individual
        agency = try row.textIfAny(7)
        team = try row.numberIfAny(8)
        start = try row.dayIfAny(9)
        end = try row.dayIfAny(10)
        cappedRate = try row.moneyIfAny(11)
        chargeRate = try row.moneyIfAny(12)
        agencyFee = try row.moneyIfAny(13)
        weeklyHours = try row.quantityIfAny(14)
        hoursInQuarter = try row.quantityIfAny(15)
        experienceMonths = try row.numberIfAny(16, Int32.self).map(Int.init)
        experienceVerified = try row.truthIfAny(17)
        lastPostAuthority = try row.authorityIfAny(18)
        lastPostEnd = try row.dayIfAny(19)
        isSignedOff = try row.truth(20)
        isAssessed = try row.truth(21)
        rateFrom = try row.dayIfAny(22)
        lacksOnCosts = try row.truthIfAny(23) ?? false
    }
}

/// What a census in a store says that a permanent worker earns; whose it is, the store does not know.
public struct StoredSalary: Sendable {
    public let authority: AuthorityCode
    public let year: Int
    public let orgRole: Int
    /// Pounds a year.
    public let salary: Money
}

extension HistoryStore {
    /// A number that stands for the worker in all that the store gives out for a comparison: the same for the same worker. Where the
    /// store keeps pseudonyms, it is one.
    public func key(of worker: SWENumber) -> UInt64 { UInt64(bitPattern: stored(worker).value) }

    /// Every row of an assignment, by authority, quarter and place in its return.
    public func forEachAssignment(_ take: (StoredAssignment) throws -> Void) throws(OutputFault) {
        try read { db in
            let rows = try Row.fetchCursor(db, sql: StoredAssignment.query)
            while let row = try rows.next() { try take(try StoredAssignment(row)) }
        }
    }

    /// What the rules found in assignments when their returns were added, by the assignment's row: codes such as `CAP001`.
    public func findingsOfAssignments() throws(OutputFault) -> [Int64: [(rule: String, severity: Severity)]] {
        try read { db in
            var findings: [Int64: [(rule: String, severity: Severity)]] = [:]
            let rows = try Row.fetchCursor(
                db, sql: "SELECT assignment, rule, severity FROM findings WHERE assignment IS NOT NULL ORDER BY id")
            while let row = try rows.next() {
                guard let severity: Severity = try row.codeIfAny(2) else { continue }
                findings[try row.number(0), default: []].append((try row.text(1), severity))
            }
            return findings
        }
    }

    /// What the store keeps of the employment of everybody who has an assignment in it, and of `others` (by their keys). Workers
    /// stand under their keys.
    public func rememberedOfAssignments(and others: Set<UInt64>) throws(OutputFault) -> RememberedEvidence {
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

    /// The salaries of the censuses, but of those files whose SHA-256 is given.
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
                        salary: try row.moneyIfAny(4) ?? .zero))
            }
            return salaries
        }
    }
}
