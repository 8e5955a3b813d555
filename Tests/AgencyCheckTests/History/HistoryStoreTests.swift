import AgencyModel
import Foundation
import SafeFiles
import TestSupport
import Testing

@testable import History

/// The store itself: what can go wrong with a file.
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
        let store = try HistoryStore(place.store, making: (.pseudonym, "test"), patience: 1, mostPages: 60)
        try fill(store, 10)
        let fault = #expect(throws: OutputFault.self) { try fill(store, 50_000, digest: "b") }
        #expect(fault?.description.contains("the disk is full, so nothing was changed") == true)
        #expect(try store.evidenceFiles().map(\.spells) == [10])
        #expect(try store.health().problems.isEmpty)
    }

    @Test func aStoreInUseIsSaid() throws {
        let place = try HistoryPlace()
        let store = try HistoryStore.openOrMake(place.store, identifiers: .keep, madeBy: "test")
        let other = try HistoryStore.open(place.store, patience: 0.1)
        let fault = try store.change { _ in
            #expect(throws: OutputFault.self) { try fill(other, 1) }
        }
        #expect(fault?.description.contains("is in use by another program") == true)
        try fill(other, 1)
    }

    @Test func aNewerStoreIsLeftAlone() throws {
        let place = try HistoryPlace()
        try HistoryStore.openOrMake(place.store, identifiers: .keep, madeBy: "test").change { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')")
        }
        let before = try Places.bytes(place.store)
        let fault = #expect(throws: OutputFault.self) { try HistoryStore.open(place.store) }
        #expect(fault?.description.contains("newer version of agency-check") == true)
        #expect(try Places.bytes(place.store) == before)
    }

    @Test func aDamagedStoreIsSaid() throws {
        let place = try HistoryPlace()
        do {
            let store = try HistoryStore.openOrMake(place.store, identifiers: .keep, madeBy: "test")
            try fill(store, 5_000)
        }
        var bytes = try Places.bytes(place.store)
        for index in 8_192..<(bytes.count - 4_096) { bytes[index] = 0xA5 }
        try Data(bytes).write(to: URL(fileURLWithPath: place.store))
        let outcome = try Program.check(["history", "check", "--store", place.store])
        #expect(outcome.code == 3 && outcome.errors.contains("damaged"), "\(outcome.output)\(outcome.errors)")
        try place.folder.write("region.sqlite", "This is no database, but a text that is long enough to be read as one.")
        let text = try Program.check(["history", "list", "--store", place.store])
        #expect(text.code == 3 && text.errors.contains("does not begin as one"))
        try FileManager.default.removeItem(atPath: place.store)
        _ = try Program.python("import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE t (a)')", [place.store])
        let other = try Program.check(["history", "list", "--store", place.store])
        #expect(other.code == 3 && other.errors.contains("another program"), "\(other.errors)")
    }

    @Test func whatTheWriterTakesTheReaderGives() throws {
        let place = try HistoryPlace()
        for identifiers in Identifiers.allCases {
            let store = try HistoryStore.openOrMake(place.store + identifiers.name, identifiers: identifiers, madeBy: "test")
            let listed = spells(3)
            try fill(store, 3)
            #expect(try store.remembered(of: [listed[1].worker]).spells == [listed[1]])
            #expect(try store.remembered(of: [SWENumber(number: 77)]).isEmpty)
            let shown = store.pseudonym(of: listed[2].worker)
            #expect(Pseudonym.shownHalf(shown.text) == shown.shownHalf)
            #expect(try store.facts(shownAs: shown.shownHalf)?.facts.count == 1)
            // The same file again, and a copy of it, say nothing twice.
            try fill(store, 3)
            #expect(try store.evidenceFiles().map(\.spells) == [3])
        }
    }

    /// A run that is killed leaves the old return or the new one, whole.
    @Test func aKilledRunLeavesTheOldOrTheNew() throws {
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
