import Foundation
import Glibc
import TestSupport
import Testing

/// Tests `agency-check history` and `evidence` with the built program.
@Suite struct HistoryCommandTests {
    private func mode(_ path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    @Test func addingAReturnAgainReplacesAllOfIt() throws {
        let place = try HistoryPlace()
        try place.folder.write("one.csv", Checking.returnCSV([[:], ["assignment_id": "A-2", "swe_number": "SW100002"]]))
        #expect(try place.add([place.file("one.csv")]).code == 0)
        let before = try place.tables()
        #expect(try place.add([place.file("one.csv")]).code == 0)
        #expect(try place.tables() == before)
        try place.folder.write("one.csv", Checking.returnCSV([["assignment_id": "B-1", "references": "0"]]))
        let outcome = try place.add([place.file("one.csv")])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("1 return (1 replaced)"))
        #expect(try place.rows("assignments.csv").count == 1)
        #expect(try place.rows("assignments.csv")[0].contains("B-1"))
        #expect(try place.rows("findings.csv").contains { $0.contains("REF001,error,B-1,references") })
        #expect(try place.rows("files.csv").count == 1)
        #expect(
            try Program.check(["history", "check", "--store", place.store]).output.hasSuffix(
                "The store is complete and undamaged.\n"))
    }

    @Test func anUnreadableFilePreventsAnyChange() throws {
        let place = try HistoryPlace()
        try place.folder.write("good.csv", Checking.returnCSV([[:]]))
        try place.folder.write("bad.csv", "a,b\n1,2\n")
        #expect(try place.add([place.file("good.csv"), place.file("bad.csv")]).code == 3)
        #expect(Places.names(in: place.folder.path) == ["bad.csv", "good.csv"])
        #expect(try place.add([place.file("good.csv")]).code == 0)
        let before = try place.tables()
        #expect(try place.add([place.file("good.csv"), place.file("missing.csv")]).code == 3)
        #expect(try place.tables() == before)
    }

    @Test func twoMembersCanUseTheSameReference() throws {
        let place = try HistoryPlace()
        try place.folder.write("a.csv", Checking.returnCSV([[:]]))
        try place.folder.write("b.csv", Checking.returnCSV([["authority_code": "992"]]))
        try place.add([place.file("a.csv"), place.file("b.csv")])
        let rows = try place.rows("assignments.csv")
        #expect(rows.map { String($0.prefix(15)) } == ["991,2026-Q1,A-1", "992,2026-Q1,A-1"])
        // A new return of one member does not change another member's return.
        try place.folder.write("a.csv", Checking.returnCSV([["assignment_id": "A-9"]]))
        try place.add([place.file("a.csv")])
        #expect(try place.rows("assignments.csv").map { String($0.prefix(15)) } == ["991,2026-Q1,A-9", "992,2026-Q1,A-1"])
    }

    @Test func removeAndPurgeDeleteData() throws {
        let place = try HistoryPlace()
        try place.folder.write("new.csv", Checking.returnCSV([[:]]))
        try place.folder.write(
            "old.csv",
            Checking.returnCSV([["quarter": "2025-Q1", "start_date": "2025-01-06", "end_date": "2025-03-03", "agency": "Gone Ltd"]])
        )
        try place.folder.write(
            "posts.csv",
            Checking.historyCSV([
                [:], ["swe_number": "SW100002", "start_date": "2024-01-01", "end_date": ""],
            ]))
        try place.add(["new.csv", "old.csv", "posts.csv"].map(place.file))
        #expect(try place.rows("returns.csv").count == 2)
        let purged = try Program.check(["history", "purge", "--before", "2026-Q1", "--store", place.store])
        #expect(purged.output == "Deleted: 1 return, 1 spell, 1 file.\n")
        #expect(try place.rows("returns.csv").map { String($0.prefix(11)) } == ["991,2026-Q1"])
        #expect(try place.rows("spells.csv").count == 1)
        let bytes = String(decoding: try Places.bytes(place.store), as: UTF8.self)
        #expect(!bytes.contains("Gone Ltd") && bytes.contains("Larch Locums"))
        let remove = ["history", "remove", "--authority", "991", "--quarter", "2026-Q1", "--store", place.store]
        #expect(try Program.check(remove).code == 0)
        #expect(try Program.check(remove).code == 2)
        #expect(try place.rows("returns.csv").isEmpty)
        let digest = try place.rows("files.csv")[0].prefix(8)
        #expect(try Program.check(["history", "remove", "--file", String(digest), "--store", place.store]).code == 0)
        #expect(try place.rows("spells.csv").isEmpty)
    }

    @Test func filesAreReadableOnlyByTheirOwnerAndContainNoNumbers() throws {
        let place = try HistoryPlace()
        let number = "SW7654321"
        try place.folder.write(
            "SW7654321.csv",
            Checking.returnCSV([["swe_number": "sw0007654321", "assignment_id": "ref \(number)", "agency": "Agency of \(number)"]]))
        try place.folder.write("posts.csv", Checking.historyCSV([["swe_number": number]]))
        let outcome = try place.add([place.file("SW7654321.csv"), place.file("posts.csv")])
        #expect(outcome.code == 0)
        #expect(mode(place.store) == 0o600 && mode(place.store + ".key") == 0o600)
        let key = try Places.text(place.store + ".key").prefix(64)
        var seen = outcome.output + outcome.errors
        for command in ["list", "check"] {
            let outcome = try Program.check(["history", command, "--store", place.store])
            seen += outcome.output + outcome.errors
        }
        seen += try place.tables().values.joined()
        let evidence = try Program.check(["evidence", "--store", place.store] + HistoryPlace.rules, input: number + "\n")
        #expect(evidence.output.contains("counts: 2,191 days"))
        seen += evidence.output + evidence.errors
        let digits = "7654321"
        #expect(!seen.contains(digits) && !seen.contains(key))
        let kept = Places.names(in: place.folder.path).filter { $0.hasPrefix("region.sqlite") }
        #expect(kept.contains("region.sqlite"))
        for name in kept {
            #expect(!String(decoding: try Places.bytes(place.file(name)), as: UTF8.self).contains(digits), "\(name)")
        }
        // A store of plain numbers does not show them either.
        let raw = try HistoryPlace()
        try raw.folder.write("posts.csv", Checking.historyCSV([["swe_number": number]]))
        try raw.add([raw.file("posts.csv")], ["--identifiers", "keep"])
        #expect(try !raw.tables().values.joined().contains(digits))
        #expect(try Program.check(["evidence", number, "--store", raw.store]).errors.contains(digits) == false)
        #expect(try raw.add([raw.file("posts.csv")], ["--identifiers", "pseudonym"]).code == 2)
    }

    @Test func storesWithTheSameKeyShareTheirPseudonyms() throws {
        func pseudonym(_ place: HistoryPlace, _ number: String) throws -> String {
            try place.folder.write("posts.csv", Checking.historyCSV([["swe_number": number]]))
            try place.add([place.file("posts.csv")])
            return String(try place.rows("spells.csv")[0].prefix(18))
        }
        let (one, two, other) = (try HistoryPlace(), try HistoryPlace(), try HistoryPlace())
        let first = try pseudonym(one, "SW100001")
        try FileManager.default.copyItem(atPath: one.store + ".key", toPath: two.store + ".key")
        #expect(try pseudonym(two, "sw0100001") == first)
        #expect(try pseudonym(other, "SW100001") != first)
        #expect(first.hasPrefix("w-"))
        // A key that is not the store's own, and no key at all.
        try FileManager.default.removeItem(atPath: one.store + ".key")
        #expect(try Program.check(["history", "list", "--store", one.store]).errors.contains("is not there: without its key"))
        try FileManager.default.copyItem(atPath: other.store + ".key", toPath: one.store + ".key")
        let outcome = try Program.check(["history", "list", "--store", one.store])
        #expect(outcome.code == 3 && outcome.errors.contains("is not the key"))
    }

    @Test func aStoreShowsExperienceThatTheReturnOnlyClaims() throws {
        let place = try HistoryPlace()
        try place.folder.write(
            "return.csv", Checking.returnCSV([["experience_months": "", "experience_verified": "", "start_date": "2026-02-02"]]))
        let check = ["check", place.file("return.csv")] + HistoryPlace.rules
        #expect(try Program.check(check).output.contains("EXP003"))
        for (name, workers) in [
            ("2022.xml", [("SW100001", "2019-01-01", nil, nil)]), ("2025.xml", [("SW0100001", "2019-01-01", "2025-12-31", 1)]),
        ] as [(String, [(String, String, String?, Int?)])] {
            try place.folder.write(name, HistoryPlace.census(Int(name.prefix(4))!, workers))
        }
        try place.add([place.file("2022.xml")])
        let proven = try Program.check(check + ["--history", place.store])
        #expect(!proven.output.contains("EXP0") && !proven.output.contains("COOL001"))
        try place.add([place.file("2025.xml")])
        let cooling = try Program.check(check + ["--history", place.store])
        #expect(!cooling.output.contains("EXP0") && cooling.output.contains("COOL001"))
        // What both the store and the run have is given once.
        let both = try Program.check(check + [place.file("2022.xml"), place.file("2025.xml"), "--history", place.store])
        let alone = try Program.check(check + [place.file("2022.xml"), place.file("2025.xml")])
        #expect(both.output == alone.output)
    }

    @Test func censusesOfSeveralYearsGiveOnePostWithItsSources() throws {
        let place = try HistoryPlace()
        try place.folder.write("2021.xml", HistoryPlace.census(2021, [("SW100001", "2020-01-01", nil, nil)]))
        try place.folder.write("2022.xml", HistoryPlace.census(2022, [("SW100001", "2020-01-01", "2022-06-30", 1)]))
        try place.folder.write("2023.xml", HistoryPlace.census(2023, [("SW100001", "2020-01-01", nil, nil)]))
        try place.folder.write("2024.xml", HistoryPlace.census(2024, [("SW100009", "2020-01-01", nil, nil)]))
        try place.folder.write(
            "posts.csv", Checking.historyCSV([["setting": "ADULT", "start_date": "2018-01-01", "end_date": "2018-12-31"]]))
        let names = ["2021.xml", "2022.xml", "2023.xml", "2024.xml", "posts.csv"].map(place.file)
        let files = try Program.check(["evidence", "--before", "2024-12-01"] + names + HistoryPlace.rules, input: "SW100001\n")
        #expect(files.code == 0)
        for words in [
            "2020-01-01 to 2023-09-30 (inferred: a later census does not name the post)", "counts: 1,369 days",
            "otherwise: census of 991 for 2022", "does not count: not a child and family setting",
            "1,369 days count towards the 1,095 required: enough.",
            "The files cover 1 January 2018 to 30 September 2024:",
        ] { #expect(files.output.contains(words), "\(words)\n\(files.output)") }
        #expect(!files.output.contains("100001"))
        try place.add(names)
        let ask = ["--before", "2024-12-01", "--store", place.store] + HistoryPlace.rules
        let kept = try Program.check(["evidence"] + ask, input: "SW100001\n").output
        // The store keeps the names of files without their folders, which also changes their order.
        func lines(_ text: String) -> [Substring] { text.split(separator: "\n").dropFirst().sorted() }
        #expect(lines(kept) == lines(files.output.replacing(place.folder.path + "/", with: "")))
        let named = try Program.check(
            ["evidence", String(kept.dropFirst("Worker ".count).prefix(18))] + ask)
        #expect(named.output == kept)
        // The store's own view gives the same.
        #expect(try place.rows("spells.csv").contains { $0.contains(",991,2020-01-01,2023-09-30,yes,DIRECT,") })
    }

    @Test func anAbolishedAuthorityStaysInTheStore() throws {
        let place = try HistoryPlace()
        func write(_ name: String, _ code: String, _ quarter: String, _ start: String, _ end: String) throws -> String {
            try place.folder.write(
                name,
                Checking.returnCSV([["authority_code": code, "quarter": quarter, "start_date": start, "end_date": end]]))
        }
        let files = [
            try write("a.csv", "909", "2023-Q1", "2023-01-09", "2023-03-31"),
            try write("b.csv", "942", "2023-Q2", "2023-04-03", "2023-06-30"),
            try write("c.csv", "943", "2023-Q2", "2023-04-03", "2023-06-30"),
            try write("d.csv", "909", "2023-Q2", "2023-04-03", "2023-06-30"),
        ]
        let outcome = try Program.check(["history", "add"] + files + ["--store", place.store])
        #expect(outcome.code == 0)
        let rows = try place.rows("assignments.csv")
        #expect(rows.map { String($0.prefix(11)) } == ["909,2023-Q1", "909,2023-Q2", "942,2023-Q2", "943,2023-Q2"])
        // The return sent under a code that is no longer in force is kept and reported, but not assessed.
        #expect(rows.map { $0.hasSuffix(",yes,,no") } == [true, false, true, true])
        #expect(try place.rows("findings.csv").contains { $0.hasPrefix("909,2023-Q2,DATA003") })
    }

    /// A run that was killed while it created the store left an empty key, or a database with only the migrations table.
    @Test(arguments: ["", String(repeating: "0a", count: 32) + "\n"]) func aStoreThatWasNotFinishedIsCreatedAgain(key: String)
        throws
    {
        let place = try HistoryPlace()
        try place.folder.write("a.csv", Checking.returnCSV([[:]]))
        let script = "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute(sys.argv[2]); d.commit()"
        let table = "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)"
        // The database is created once the key exists.
        try place.folder.write("region.sqlite", "")
        if !key.isEmpty { #expect(try Program.python(script, [place.store, table]).code == 0) }
        try place.folder.write("region.sqlite.key", key)
        #expect(chmod(place.store + ".key", 0o600) == 0)
        #expect(try place.add([place.file("a.csv")]).code == 0)
        #expect(try Program.check(["history", "check", "--store", place.store]).code == 0)
        // A database of another program is not changed.
        let other = place.file("other.sqlite")
        #expect(try Program.python(script, [other, "CREATE TABLE theirs (x)"]).code == 0)
        #expect(try Program.check(["history", "add", place.file("a.csv"), "--store", other] + HistoryPlace.rules).code == 3)
    }

    /// A value that did not fit its column used to crash the program, which printed the row with its worker.
    @Test(arguments: [
        "UPDATE assignments SET quarter = -19288", "UPDATE assignments SET start_day = 2000000000",
        "UPDATE assignments SET role = 'x'",
        "UPDATE assignments SET capped_rate = -9223372036854775808", "UPDATE assignments SET authority = 65535",
        "UPDATE spells SET start_day = -2147483648", "UPDATE spells SET registered = x'00'", "UPDATE spells SET employment = 999",
    ])
    func aValueOutOfRangeIsReportedAsDamage(_ change: String) throws {
        let place = try HistoryPlace()
        try place.folder.write("a.csv", Checking.returnCSV([[:]]))
        try place.folder.write("posts.csv", Checking.historyCSV([[:]]))
        #expect(try place.add([place.file("a.csv"), place.file("posts.csv")], ["--identifiers", "keep"]).code == 0)
        let script = "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute(sys.argv[2]); d.commit()"
        #expect(try Program.python(script, [place.store, change]).code == 0)
        let outcomes = try [
            Program.check(["history", "export", "--store", place.store, "--out", place.file("out")]),
            Program.check(["compare", "--history", place.store, "--out", place.file("out")] + HistoryPlace.rules),
            Program.check(["check", place.file("a.csv"), "--history", place.store] + HistoryPlace.rules),
        ]
        for outcome in outcomes { #expect([0, 1, 3].contains(outcome.code) && !outcome.errors.contains("100001"), "\(outcome)") }
        #expect(outcomes.contains { $0.code == 3 && $0.errors.contains("is damaged") })
    }

    @Test func wrongCommandLinesEndWithExitCode2() throws {
        let place = try HistoryPlace()
        try place.folder.write("a.csv", Checking.returnCSV([[:]]))
        try place.add([place.file("a.csv")])
        for arguments in [
            ["history", "add", place.file("a.csv")], ["history", "list"], ["history", "remove", "--store", place.store],
            ["history", "purge", "--before", "2024", "--store", place.store],
            ["history", "add", place.file("a.csv"), "--store", place.store, "--identifiers", "both"],
            ["evidence"], ["evidence", "w-0123456789abcdef", place.file("a.csv")],
            ["evidence", "SW100001", "--store", place.store],
            ["evidence", "w-0123456789abcdef", "--store", place.store],
        ] { #expect(try Program.check(arguments).code == 2, "\(arguments)") }
        #expect(try Program.check(["evidence", "--store", place.store], input: "100001\n").code == 2)
    }
}
