import AgencyModel
import GRDB
import SafeFiles

/// A file with data in a store.
public struct StoredFile: Sendable {
    public let id: Int64
    public let name: String
    public let digest: String
    public let kind: String
    /// Only for a census.
    public let authority: AuthorityCode?
    public let censusYear: Int?
    public let referenceDate: CalendarDate?
    /// The first and last day that its data covers, for all its workers.
    public let firstDay: CalendarDate?
    public let lastDay: CalendarDate?
    public let spells: Int
    /// Whether the store has every leaving reason of its census. An earlier version kept moves within the authority, and reasons
    /// that may hide an exemption, as OTHER; such reasons are no longer known.
    public let hasAllReasons: Bool

    static let query = """
        SELECT id, name, sha256, kind, authority, census_year, reference_day, first_day, last_day,
            (SELECT count(*) FROM spells WHERE spells.id BETWEEN files.id << 32 AND (files.id + 1 << 32) - 1),
            reasons_whole FROM files
        """

    init(_ row: Row) throws {
        id = try row.number(0)
        name = try row.text(1)
        digest = try row.text(2)
        kind = try row.text(3)
        authority = try row.optionalAuthority(4)
        censusYear = try row.optionalNumber(5, UInt16.self).map(Int.init)
        referenceDate = try row.optionalDay(6)
        firstDay = try row.optionalDay(7)
        lastDay = try row.optionalDay(8)
        spells = try row.number(9)
        hasAllReasons = try row.truth(10)
    }
}

extension HistoryStore {
    /// What one stored file says about a worker.
    public struct Fact: Sendable {
        public let spell: EmploymentSpell
        public let file: StoredFile
    }

    /// The evidence files, sorted by authority, date and name.
    public func evidenceFiles() throws(OutputFault) -> [StoredFile] {
        try read { db in
            try Row.fetchAll(
                db, sql: StoredFile.query + " WHERE first_day IS NOT NULL ORDER BY authority, reference_day, name, sha256"
            ).map(StoredFile.init)
        }
    }

    /// The stored employment of the workers, under their own numbers.
    public func remembered(of workers: [SWENumber]) throws(OutputFault) -> RememberedEvidence {
        try read { db in
            let (kept, places) = try HistoryStore.censuses(db)
            var remembered = kept
            let statement = try db.cachedStatement(sql: HistoryStore.spellQuery)
            for worker in workers {
                let rows = try Row.fetchCursor(statement, arguments: [stored(worker).value])
                while let row = try rows.next() {
                    remembered.add(try HistoryStore.spell(row, of: worker), place: places[try row.number(0)])
                }
            }
            return remembered
        }
    }

    /// Every census without its workers, and the position of each by its file.
    static func censuses(_ db: Database) throws -> (remembered: RememberedEvidence, places: [Int64: Int]) {
        var remembered = RememberedEvidence()
        var places: [Int64: Int] = [:]
        let files = try Row.fetchCursor(
            db, sql: "SELECT id, authority, census_year, reference_day FROM files WHERE kind = 'census' ORDER BY id")
        while let row = try files.next() {
            places[try row.number(0)] = remembered.censuses.count
            remembered.censuses.append(
                Census(
                    authority: try row.authority(1), year: Int(try row.number(2, UInt16.self)), referenceDate: try row.day(3)))
        }
        return (remembered, places)
    }

    /// What each file says about a worker, unchanged.
    public func facts(of worker: SWENumber) throws(OutputFault) -> [Fact] { try facts(of: stored(worker), as: worker) }

    /// The same for a pseudonym as people see it. Nil if the store does not know it. The spells have no worker's number.
    public func facts(shownAs half: UInt64) throws(OutputFault) -> (worker: Pseudonym, facts: [Fact])? {
        let found = try read { db -> StoredWorker? in
            if identifiers == .pseudonym {
                let worker = StoredWorker(Pseudonym(shownHalf: half))
                let isKnown = try Bool.fetchOne(
                    db,
                    sql: """
                        SELECT EXISTS (SELECT 1 FROM spells WHERE worker = :worker)
                            OR EXISTS (SELECT 1 FROM assignments WHERE worker = :worker)
                        """, arguments: ["worker": worker.value])
                return isKnown == true ? worker : nil
            }
            let values = try Int64?.fetchCursor(db, sql: "SELECT worker FROM spells UNION SELECT worker FROM assignments")
            while let value = try values.next() {
                guard let worker = value.map(StoredWorker.init(value:)), pseudonym(of: worker).shownHalf == half else { continue }
                return worker
            }
            return nil
        }
        guard let found else { return nil }
        return (pseudonym(of: found), try facts(of: found, as: SWENumber(number: 0)))
    }

    private func facts(of stored: StoredWorker, as worker: SWENumber) throws(OutputFault) -> [Fact] {
        try read { db in
            var files: [Int64: StoredFile] = [:]
            var facts: [Fact] = []
            for row in try Row.fetchAll(db, sql: HistoryStore.spellQuery, arguments: [stored.value]) {
                let id: Int64 = try row.number(0)
                if files[id] == nil {
                    files[id] = try Row.fetchOne(db, sql: StoredFile.query + " WHERE id = ?", arguments: [id]).map(StoredFile.init)
                }
                guard let file = files[id] else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
                facts.append(Fact(spell: try HistoryStore.spell(row, of: worker), file: file))
            }
            return facts
        }
    }

    private static let spellQuery = """
        SELECT file, authority, start_day, end_day, employment, setting, registered, leaving_reason FROM spells WHERE worker = ?
        ORDER BY id
        """

    static func spell(_ row: Row, of worker: SWENumber) throws -> EmploymentSpell {
        try EmploymentSpell(
            worker: worker, authority: row.optionalAuthority(1),
            start: row.day(2), end: row.optionalDay(3),
            employment: row.optionalCode(4),
            setting: row.optionalCode(5), registered: row.truth(6),
            leavingReason: row.optionalCode(7))
    }
}

extension RememberedEvidence {
    /// Adds a stored spell to the census at this position, or to the spells of employment histories.
    mutating func add(_ spell: EmploymentSpell, place: Int?) {
        guard let place else {
            spells.append(spell)
            return
        }
        censuses[place].workers.append(CensusWorker(spell))
    }
}
