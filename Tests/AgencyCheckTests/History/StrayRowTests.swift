import Foundation
import TestSupport
import Testing

/// Mistakes do not lose anything in a store, and replaced returns can be brought back.
@Suite struct StrayRowTests {
    private static let folder = Places.data + "/faults/stray-row"
    private static let corrected = folder + "/corrected-202-with-one-row-204.csv"

    private func filled() throws -> HistoryPlace {
        let place = try HistoryPlace()
        try place.add([StrayRowTests.folder + "/202-2026-Q1.csv", StrayRowTests.folder + "/204-2026-Q1.csv"])
        return place
    }

    /// The rate of one assignment changed, so 54 rows are 53 assignments.
    private func rows(_ place: HistoryPlace, of authority: String) throws -> Int {
        try place.rows("assignments.csv").count { $0.hasPrefix(authority + ",") }
    }

    @Test func aStrayRowReplacesNothing() throws {
        let place = try filled()
        let outcome = try place.add([StrayRowTests.corrected], ["--quiet"])
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("202 2026-Q1: 53 assignments kept before, 52 now."))
        #expect(
            outcome.errors.contains(
                "204 2026-Q1: 53 assignments kept before, 1 now; most of the file is another authority's"))
        #expect(outcome.errors.contains("--replace"))
        #expect(try rows(place, of: "202") == 54)
        #expect(try rows(place, of: "204") == 54)
        #expect(try Program.check(["history", "replaced", "--store", place.store]).output == "No return was replaced.\n")
    }

    /// Errors that were found: a return that lacked a row, and an option that the rows contradict, were kept and compared in
    /// silence.
    @Test func missingRowsAndContradictedOptionsAreReported() throws {
        let place = try HistoryPlace()
        let text = Checking.returnCSV([[:], ["assignment_id": "A-2"]]) + "991,2026-Q1\r\n"
        try place.folder.write("in/r.csv", text)
        let added = try place.add([place.file("in")], ["--quarter", "2025-Q4", "--quiet"])
        #expect(added.code == 1)
        let out = ["--out", place.file("out"), "--quarter", "2025-Q4", "--quiet"]
        let compared = try Program.check(["compare", place.file("in")] + out + HistoryPlace.rules)
        for outcome in [added, compared] {
            #expect(outcome.errors.contains("1 row could not be read and is missing here"), "\(outcome.errors)")
            #expect(
                outcome.errors.contains("IMP008 2 rows name another quarter than the one given for all rows"), "\(outcome.errors)")
        }
        try place.folder.write("whole/r.csv", Checking.returnCSV([[:]]))
        let whole = try place.add([place.file("whole")], ["--replace"])
        #expect(whole.code == 0 && !whole.errors.contains("missing here"))
    }

    @Test func aReplacedReturnCanBeRestored() throws {
        let place = try filled()
        let before = try place.tables()
        #expect(try place.add([StrayRowTests.corrected], ["--replace"]).code == 0)
        #expect(try rows(place, of: "204") == 1)
        let listed = try Program.check(["history", "replaced", "--store", place.store]).output
        #expect(listed.contains("number 1\t202 2026-Q1\t53 assignments"))
        #expect(listed.contains("number 2\t204 2026-Q1\t53 assignments"))
        for version in ["1", "2"] {
            let outcome = try Program.check(["history", "restore", "--number", version, "--store", place.store])
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let after = try place.tables()
        for table in ["returns.csv", "assignments.csv", "findings.csv", "coverage.csv", "authority-records.csv"] {
            #expect(after[table] == before[table], "\(table)")
        }
        // The corrected returns are kept in turn.
        #expect(try Program.check(["history", "replaced", "--store", place.store]).output.contains("204 2026-Q1\t1 assignment\t"))
        #expect(try Program.check(["history", "check", "--store", place.store]).code == 0)
        let purged = try Program.check(["history", "purge", "--replaced", "--store", place.store])
        #expect(purged.output.contains("2 replaced returns"))
        #expect(try place.tables()["assignments.csv"] == before["assignments.csv"])
        #expect(try Program.check(["history", "restore", "--number", "9", "--store", place.store]).code == 2)
    }

    /// More than half of a return that is alone in its file.
    @Test func aReturnDoesNotShrinkWithoutReplaceOption() throws {
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

    /// A return from the same files is judged again, and no copy of it is kept.
    @Test func theSameFilesAgainReplaceNothing() throws {
        let place = try filled()
        try place.add([StrayRowTests.folder + "/202-2026-Q1.csv", StrayRowTests.folder + "/204-2026-Q1.csv"])
        #expect(try Program.check(["history", "replaced", "--store", place.store]).output == "No return was replaced.\n")
    }

    @Test func aCorrectionWithoutARecordKeepsTheOldRecord() throws {
        let place = try HistoryPlace()
        let record = try place.folder.write("record.csv", Checking.recordCSV([[:]]))
        let first = try place.folder.write("first.csv", Checking.returnCSV([[:]]))
        let corrected = try place.folder.write("corrected.csv", Checking.returnCSV([["hours_in_quarter": "299"]]))
        try place.add([first, record])
        let before = try place.rows("authority-records.csv")
        let outcome = try place.add([corrected])
        #expect(outcome.code == 0)
        #expect(
            outcome.output.contains("991 2026-Q1: 1 assignment kept before, 1 now; the authority record kept before is still kept.")
        )
        #expect(try place.rows("authority-records.csv") == before)
        #expect(try place.list().contains("\tauthority record\t"))
        #expect(try Program.check(["history", "check", "--store", place.store]).code == 0)
    }

    /// A store of the version before is updated and keeps its content.
    @Test func aStoreOfTheVersionBeforeIsMigrated() throws {
        let place = try HistoryPlace("old.sqlite")
        for ending in ["", ".key"] {
            let copy = try place.folder.write("old.sqlite" + ending, Places.bytes(Places.data + "/stores/schema-2.sqlite" + ending))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy)
        }
        #expect(try place.list().contains("991 2026-Q1\t3 assignments"))
        let check = try Program.check(["history", "check", "--store", place.store])
        #expect(check.output.hasPrefix("Schema 4,"))
        #expect(check.code == 0)
        #expect(try place.rows("spells.csv").count == 2)
        #expect(try place.add([Places.samples + "/clean"]).code == 0)
        #expect(try place.rows("assignments.csv").count == 3)
    }

    /// Data that a store of the version before no longer has is not guessed: `list` says what to add again, and nothing counts
    /// against a worker.
    @Test func dataMissingFromAnOlderStoreIsReported() throws {
        let place = try HistoryPlace()
        try place.folder.write(
            "census.xml",
            HistoryPlace.census(
                2025,
                [
                    ("SW7", "2019-01-07", "2025-09-12", 7), ("SW8", "2019-01-07", "2025-09-12", 8),
                    ("SW1", "2019-01-07", "2025-09-12", 1),
                ]))
        try place.folder.write(
            "untouched.xml", HistoryPlace.census(2025, authority: "992", [("SW5", "2019-01-07", "2025-09-12", 1)]))
        let later = ["rate_from": "2026-02-16", "pay_rate": "37.00"]
        let paye = ["assignment_id": "A-2", "engagement": "PAYE", "employer_ni": "", "swe_number": "SW2"]
        try place.folder.write("return.csv", Checking.returnCSV([[:], later, paye]))
        try place.folder.write("other.csv", Checking.returnCSV([["authority_code": "992"]]))
        let files = ["census.xml", "untouched.xml", "return.csv", "other.csv"].map(place.file)
        #expect(try place.add(files).code == 0)
        #expect(!(try place.list().contains("TO BE ADDED AGAIN")))
        let before = try place.tables()
        // As the version before kept it.
        let script = """
            import sqlite3, sys
            d = sqlite3.connect(sys.argv[1])
            for old in ("", "old_"):
                d.execute(f"ALTER TABLE {old}returns DROP COLUMN further_rows")
                d.execute(f"ALTER TABLE {old}assignments DROP COLUMN rate_from")
                d.execute(f"ALTER TABLE {old}assignments DROP COLUMN lacks_on_costs")
            d.execute("ALTER TABLE files DROP COLUMN reasons_whole")
            d.execute("UPDATE spells SET leaving_reason = 5 WHERE leaving_reason > 5")
            d.execute("DELETE FROM grdb_migrations WHERE identifier = '4'")
            d.commit()
            """
        let made = try Program.python(script, [place.store])
        #expect(made.code == 0, "\(made.errors)")
        let listed = try place.list()
        let again = try #require(listed.split(separator: "TO BE ADDED AGAIN, KEPT BY AN EARLIER VERSION\n").last)
        #expect(again.split(separator: "\n").count == 2)
        #expect(again.contains("991 2026-Q1: references appear in several rows, and each row is counted"))
        #expect(again.contains("census of 991 for 2025, census.xml: some reasons for leaving were kept as OTHER"))
        #expect(listed.contains("991 2026-Q1\t3 assignments"))
        #expect(try place.rows("spells.csv").count { $0.contains(",RESIGNED,") } == 2)
        #expect(!(try place.rows("spells.csv").contains { $0.contains(",OTHER,") }))
        #expect(try place.rows("assignments.csv").count { $0.hasSuffix(",yes") } == 1)
        // If the reason is not known, the cool-off finding is a question.
        let soon = ["SW7", "SW8", "SW1"].map {
            ["assignment_id": $0, "swe_number": $0, "start_date": "2025-10-06", "quarter": "2025-Q4", "end_date": ""]
        }
        try place.folder.write(
            "soon/soon.csv",
            Checking.returnCSV(soon.map { $0.merging(["assignment_id": "B-" + $0["swe_number"]!.suffix(1)]) { $1 } }))
        func cooloffs() throws -> [String] {
            let outcome = try Program.check(["check", place.file("soon"), "--history", place.store] + HistoryPlace.rules)
            return outcome.output.split(separator: "\n").filter { $0.contains(" COOL00") }.map { line in
                String(line.split(separator: " ")[2]) + " " + String(line.suffix(4).prefix(3))
            }
        }
        #expect(try cooloffs() == ["COOL001 B-1", "COOL002 B-7", "COOL002 B-8"])
        // After the files are added again, nothing is missing.
        #expect(try place.add(files).code == 0)
        #expect(!(try place.list().contains("TO BE ADDED AGAIN")))
        #expect(try place.tables() == before)
        #expect(try cooloffs() == ["COOL001 B-1", "COOL002 B-8"])
        #expect(try Program.check(["history", "check", "--store", place.store]).code == 0)
    }

    /// Every command treats an empty file as an empty store.
    @Test func anEmptyFileIsAnEmptyStore() throws {
        let place = try HistoryPlace()
        try place.folder.write("region.sqlite", "")
        for command in [
            ["history", "list"], ["history", "check"], ["history", "replaced"], ["history", "export", "--out", place.file("out")],
            ["history", "purge", "--before", "2024-Q1"], ["history", "remove", "--authority", "991", "--quarter", "2026-Q1"],
        ] {
            let outcome = try Program.check(command + ["--store", place.store])
            #expect(outcome.code == 3)
            #expect(
                outcome.errors.contains("has nothing in it yet. Add returns with agency-check history add"),
                "\(command) \(outcome.errors)")
        }
        #expect(try place.add([Places.samples + "/clean"]).output.contains("Made the store"))
    }
}
