import Foundation
import TestSupport
import Testing

/// Nothing that is kept is lost to a slip, and what was replaced can be brought back.
@Suite struct StrayRowTests {
    private static let folder = Places.data + "/faults/stray-row"
    private static let corrected = folder + "/corrected-202-with-one-row-204.csv"

    private func filled() throws -> HistoryPlace {
        let place = try HistoryPlace()
        try place.add([StrayRowTests.folder + "/202-2026-Q1.csv", StrayRowTests.folder + "/204-2026-Q1.csv"])
        return place
    }

    private func assignments(_ place: HistoryPlace, of authority: String) throws -> Int {
        try place.rows("assignments.csv").count { $0.hasPrefix(authority + ",") }
    }

    @Test func aStrayRowReplacesNothing() throws {
        let place = try filled()
        let outcome = try place.add([StrayRowTests.corrected], ["--quiet"])
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("202 2026-Q1: 54 assignments kept before, 53 now."))
        #expect(
            outcome.errors.contains(
                "204 2026-Q1: 54 assignments kept before, 1 now; the file is for the most part another authority's"))
        #expect(outcome.errors.contains("--replace"))
        #expect(try assignments(place, of: "202") == 54)
        #expect(try assignments(place, of: "204") == 54)
        #expect(try Program.check(["history", "replaced", "--store", place.store]).output == "No return was replaced.\n")
    }

    @Test func whatWasReplacedComesBack() throws {
        let place = try filled()
        let before = try place.tables()
        #expect(try place.add([StrayRowTests.corrected], ["--replace"]).code == 0)
        #expect(try assignments(place, of: "204") == 1)
        let listed = try Program.check(["history", "replaced", "--store", place.store]).output
        #expect(listed.contains("number 1\t202 2026-Q1\t54 assignments"))
        #expect(listed.contains("number 2\t204 2026-Q1\t54 assignments"))
        for version in ["1", "2"] {
            let outcome = try Program.check(["history", "restore", "--number", version, "--store", place.store])
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let after = try place.tables()
        for table in ["returns.csv", "assignments.csv", "findings.csv", "coverage.csv", "authority-records.csv"] {
            #expect(after[table] == before[table], "\(table)")
        }
        // The corrected ones are kept in their turn.
        #expect(try Program.check(["history", "replaced", "--store", place.store]).output.contains("204 2026-Q1\t1 assignment\t"))
        #expect(try Program.check(["history", "check", "--store", place.store]).code == 0)
        let purged = try Program.check(["history", "purge", "--replaced", "--store", place.store])
        #expect(purged.output.contains("2 replaced returns"))
        #expect(try place.tables()["assignments.csv"] == before["assignments.csv"])
        #expect(try Program.check(["history", "restore", "--number", "9", "--store", place.store]).code == 2)
    }

    /// More than half of a return that is alone in its file.
    @Test func aReturnDoesNotShrinkUnasked() throws {
        let place = try HistoryPlace()
        let many = try place.folder.write(
            "many.csv", Checking.returnCSV((1...5).map { ["assignment_id": "A-\($0)", "swe_number": "SW10000\($0)"] }))
        let few = try place.folder.write("few.csv", Checking.returnCSV([["assignment_id": "A-1"]]))
        try place.add([many])
        let refused = try place.add([few])
        #expect(refused.code == 3)
        #expect(refused.errors.contains("991 2026-Q1: 5 assignments kept before, 1 now; more than half of the return would go."))
        #expect(try place.add([few], ["--replace"]).code == 0)
    }

    /// A return of the same files is judged anew; nothing is set aside for it.
    @Test func theSameFilesAgainReplaceNothing() throws {
        let place = try filled()
        try place.add([StrayRowTests.folder + "/202-2026-Q1.csv", StrayRowTests.folder + "/204-2026-Q1.csv"])
        #expect(try Program.check(["history", "replaced", "--store", place.store]).output == "No return was replaced.\n")
    }

    @Test func aCorrectionWithoutItsRecordKeepsTheOldOne() throws {
        let place = try HistoryPlace()
        let record = try place.folder.write("record.csv", Checking.recordCSV([[:]]))
        let first = try place.folder.write("first.csv", Checking.returnCSV([[:]]))
        let corrected = try place.folder.write("corrected.csv", Checking.returnCSV([["hours_in_quarter": "299"]]))
        try place.add([first, record])
        let before = try place.rows("authority-records.csv")
        let outcome = try place.add([corrected])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("991 2026-Q1: 1 assignment kept before, 1 now; the authority record kept before stays."))
        #expect(try place.rows("authority-records.csv") == before)
        #expect(try place.list().contains("\tauthority record\t"))
        #expect(try Program.check(["history", "check", "--store", place.store]).code == 0)
    }

    /// A store of the version before is brought up to date, and keeps what it held.
    @Test func anOlderStoreIsTakenForward() throws {
        let place = try HistoryPlace("old.sqlite")
        for ending in ["", ".key"] {
            let copy = try place.folder.write("old.sqlite" + ending, Places.bytes(Places.data + "/stores/schema-2.sqlite" + ending))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy)
        }
        #expect(try place.list().contains("991 2026-Q1\t3 assignments"))
        let check = try Program.check(["history", "check", "--store", place.store])
        #expect(check.output.hasPrefix("Schema 3,"))
        #expect(check.code == 0)
        #expect(try place.rows("spells.csv").count == 2)
        #expect(try place.add([Places.samples + "/clean"]).code == 0)
        #expect(try place.rows("assignments.csv").count == 3)
    }

    /// An empty file is the same to every command: a store that holds nothing yet.
    @Test func anEmptyFileIsAStoreThatHoldsNothing() throws {
        let place = try HistoryPlace()
        try place.folder.write("region.sqlite", "")
        for command in [
            ["history", "list"], ["history", "check"], ["history", "replaced"], ["history", "export", "--out", place.file("out")],
            ["history", "purge", "--before", "2024-Q1"], ["history", "remove", "--authority", "991", "--quarter", "2026-Q1"],
        ] {
            let outcome = try Program.check(command + ["--store", place.store])
            #expect(outcome.code == 3)
            #expect(
                outcome.errors.contains("holds nothing yet. Add returns with agency-check history add"),
                "\(command) \(outcome.errors)")
        }
        #expect(try place.add([Places.samples + "/clean"]).output.contains("Made the store"))
    }
}
