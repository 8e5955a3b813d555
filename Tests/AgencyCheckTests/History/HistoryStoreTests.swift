import AgencyModel
import Compliance
import Foundation
import GRDB
@testable import History
import SafeFiles
import TestSupport
import Testing

/// Tests the store itself: what can go wrong with its file.
@Suite struct HistoryStoreTests {
    private func spells(_ count: Int) -> [EmploymentSpell] {
        (1...count).map { number in
            EmploymentSpell(
                worker: SWENumber(number: UInt64(number)), authority: AuthorityCode(number: 301),
                start: CalendarDate(dayNumber: 100),
                end: nil, employment: .direct, setting: .childFamily)
        }
    }

    private func fill(_ store: HistoryStore, _ count: Int, digest: String = "a") throws {
        let file = KeptFile(name: "posts.csv", digest: digest, kind: KeptFile.employmentHistory, byteCount: 1)
        try store.add(expecting: count) { try $0.add(file, of: [], spells: spells(count)) }
    }

    @Test func aFullDiskChangesNothing() throws {
        let place = try HistoryPlace()
        defer { withExtendedLifetime(place) {} }
        let store = try HistoryStore(place.store, making: (.pseudonym, "test"), patience: 1, mostPages: 60)
        try fill(store, 10)
        let fault = #expect(throws: OutputFault.self) { try fill(store, 50_000, digest: "b") }
        #expect(fault?.description.contains("the disk is full, so nothing was changed") == true)
        #expect(try store.evidenceFiles().map(\.spells) == [10])
        #expect(try store.health().problems.isEmpty)
    }

    @Test func aStoreInUseIsReported() throws {
        let place = try HistoryPlace()
        let store = try HistoryStore.openOrCreate(place.store, identifiers: .keep, madeBy: "test")
        let other = try HistoryStore.open(place.store, patience: 0.1)
        let fault = try store.change { _ in
            #expect(throws: OutputFault.self) { try fill(other, 1) }
        }
        #expect(fault?.description.contains("is in use by another program") == true)
        try fill(other, 1)
    }

    @Test func aStoreOfANewerVersionIsNotChanged() throws {
        let place = try HistoryPlace()
        try HistoryStore.openOrCreate(place.store, identifiers: .keep, madeBy: "test").change { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')")
        }
        let before = try Places.bytes(place.store)
        let fault = #expect(throws: OutputFault.self) { try HistoryStore.open(place.store) }
        #expect(fault?.description.contains("newer version of agency-check") == true)
        #expect(try Places.bytes(place.store) == before)
    }

    @Test func aDamagedStoreIsReported() throws {
        let place = try HistoryPlace()
        do {
            let store = try HistoryStore.openOrCreate(place.store, identifiers: .keep, madeBy: "test")
            try fill(store, 5_000)
        }
        var bytes = try Places.bytes(place.store)
        for index in 8_192..<(bytes.count - 4_096) { bytes[index] = 0xA5 }
        try Data(bytes).write(to: URL(fileURLWithPath: place.store))
        let outcome = try Program.check(["history", "check", "--store", place.store])
        #expect(outcome.code == 3 && outcome.errors.contains("damaged"), "\(outcome.output)\(outcome.errors)")
        try place.folder.write("region.sqlite", "This is no database, but a text that is long enough to be read as one.")
        let text = try Program.check(["history", "list", "--store", place.store])
        #expect(text.code == 3 && text.errors.contains("is not a history store"))
        try FileManager.default.removeItem(atPath: place.store)
        _ = try Program.python("import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE t (a)')", [place.store])
        let other = try Program.check(["history", "list", "--store", place.store])
        #expect(other.code == 3 && other.errors.contains("another program"), "\(other.errors)")
    }

    @Test func storedValuesAreReadBackUnchanged() throws {
        let place = try HistoryPlace()
        for identifiers in Identifiers.allCases {
            let store = try HistoryStore.openOrCreate(place.store + identifiers.name, identifiers: identifiers, madeBy: "test")
            let listed = spells(3)
            try fill(store, 3)
            #expect(try store.remembered(of: [listed[1].worker]).spells == [listed[1]])
            #expect(try store.remembered(of: [SWENumber(number: 77)]).isEmpty)
            let shown = store.pseudonym(of: listed[2].worker)
            #expect(Pseudonym.shownHalf(shown.text) == shown.shownHalf)
            #expect(try store.facts(shownAs: shown.shownHalf)?.facts.count == 1)
            // The same file again, and a copy of it, add nothing.
            try fill(store, 3)
            #expect(try store.evidenceFiles().map(\.spells) == [3])
        }
    }

    /// In a store of the first schema, pseudonyms had 16 bytes. It gives the same workers afterwards.
    @Test func aStoreOfTheFirstSchemaIsMigrated() throws {
        let place = try HistoryPlace()
        let listed = spells(3)
        do {
            let store = try HistoryStore.openOrCreate(place.store, identifiers: .pseudonym, madeBy: "test")
            try fill(store, 3)
            try store.change { db in
                try db.execute(
                    sql: """
                        DROP TABLE salaries; ALTER TABLE assignments DROP COLUMN team;
                        DELETE FROM grdb_migrations WHERE identifier = '2';
                        CREATE INDEX assignments_by_worker ON assignments (worker);
                        """)
                for spell in listed {
                    let half = store.pseudonym(of: spell.worker).shownHalf
                    let bytes = withUnsafeBytes(of: (half.bigEndian, UInt64(7))) { Data($0) }
                    try db.execute(
                        sql: "UPDATE spells SET worker = ? WHERE worker = ?",
                        arguments: [bytes, store.stored(spell.worker).value])
                }
                #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM spells WHERE typeof(worker) = 'blob'") == 3)
            }
        }
        let store = try HistoryStore.open(place.store)
        for spell in listed { #expect(try store.remembered(of: [spell.worker]).spells == [spell]) }
        #expect(try store.health().problems.isEmpty)
        #expect(try store.health().schemaVersion == 4)
    }

    /// Pseudonyms made in advance of a large load equal those made one by one, wherever rows are missing.
    @Test func pseudonymsMadeInAdvanceAreTheSame() throws {
        let place = try HistoryPlace()
        defer { withExtendedLifetime(place) {} }
        let store = try HistoryStore.openOrCreate(place.store, identifiers: .pseudonym, madeBy: "test")
        let workers = (0..<20_000).map { SWENumber(number: UInt64(1 + $0 * 7_919 % 9_973)) }
        let stock = PseudonymStock(store, workers: workers)
        for (number, worker) in workers.enumerated() where number % 5 != 0 && !(8_000..<8_300).contains(number) {
            #expect(stock[worker] == store.stored(worker))
        }
        #expect(stock[SWENumber(number: 123_456)] == store.stored(SWENumber(number: 123_456)))
    }

    /// The view for queries combines censuses as a run does.
    @Test func theViewOfUnitedSpellsAgreesWithARun() throws {
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let place = try HistoryPlace()
        defer { withExtendedLifetime(place) {} }
        let store = try HistoryStore.openOrCreate(place.store, identifiers: .keep, madeBy: "test")
        var censuses: [Census] = []
        for number in 0..<24 {
            let day = CalendarDate(year: 2021 + number % 4, month: 9, day: 30)!
            var census = Census(authority: AuthorityCode(number: UInt16(301 + random(3))), year: day.parts.year, referenceDate: day)
            for _ in 0..<8 {
                var worker = CensusWorker()
                worker.worker = SWENumber(number: UInt64(1 + random(6)))
                worker.isAgency = random(3) == 0
                worker.roleStart = CalendarDate(dayNumber: Int32(18_000 + random(2) * 100))
                worker.roleEnd = random(2) == 0 ? nil : CalendarDate(dayNumber: Int32(18_500 + random(3) * 100))
                worker.leavingReason = random(2) == 0 ? nil : LeavingReason.allCases[random(3)]
                census.workers.append(worker)
            }
            censuses.append(census)
        }
        try store.add(expecting: 200) { writer in
            for (number, census) in censuses.enumerated() {
                let file = KeptFile(name: "\(number).xml", digest: "\(number)", kind: KeptFile.census, byteCount: 1)
                try writer.add(file, of: [], census: census)
            }
        }
        let authorities = try Checking.book().authorities
        let history = EmploymentHistory(spells: [], censuses: censuses, authorities: authorities)
        var expected: Set<[Int]> = []
        for number in 1...6 as ClosedRange<UInt64> {
            for spell in history[SWENumber(number: number)] {
                let end: Int = spell.end.map { Int($0.dayNumber) } ?? -1
                let reason: Int = spell.leavingReason.map { Int($0.rawValue) } ?? -1
                let post: [Int] = [
                    Int(number), Int(spell.authority!.number), Int(spell.start.dayNumber), end, spell.endIsInferred ? 1 : 0,
                ]
                expected.insert(post + [Int(spell.employment!.rawValue), reason])
            }
        }
        let found = try store.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT worker, authority, start_day, coalesce(end_day, -1), inferred, employment, coalesce(leaving_reason, -1)
                    FROM united_spells
                    """
            ).map { row in (0..<7).map { row[$0] as Int } }
        }
        #expect(found.count == expected.count && Set(found) == expected)
        // What the store gives for its workers produces the same history again.
        let remembered = try store.remembered(of: (1...6).map { SWENumber(number: $0) })
        let again = EmploymentHistory(
            spells: remembered.spells, censuses: remembered.censuses, authorities: authorities)
        for number in 1...6 as ClosedRange<UInt64> {
            #expect(Array(again[SWENumber(number: number)]) == Array(history[SWENumber(number: number)]))
        }
    }

    /// A run that is killed leaves the complete old return or the complete new one.
    @Test func aKilledRunLeavesTheOldOrTheNewReturn() throws {
        let place = try HistoryPlace()
        func write(_ name: String, _ count: Int) throws -> String {
            try place.folder.write(name, Checking.returnCSV((0..<count).map { ["assignment_id": "\(name)-\($0)"] }))
        }
        let (small, large) = (try write("small.csv", 300), try write("large.csv", 1_500))
        try place.add([small])
        var outcomes: Set<Int> = []
        for round in 0..<8 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Program.agencyCheck)
            process.arguments =
                ["history", "add", round % 2 == 0 ? large : small, "--store", place.store] + HistoryPlace.rules
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            usleep(UInt32(40_000 + round * 45_000))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let store = try HistoryStore.open(place.store)
            #expect(try store.health().problems.isEmpty)
            let returns = try store.returns()
            #expect(returns.count == 1)
            #expect([300, 1_500].contains(returns[0].assignments))
            outcomes.insert(returns[0].assignments)
        }
        #expect(outcomes.contains(300))
    }
}
