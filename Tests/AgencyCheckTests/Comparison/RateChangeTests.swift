import AgencyModel
import Foundation
import TestSupport
import Testing

/// An assignment whose rate changed has a row for each rate and is one assignment. A PAYE rate without on-costs is not known to be
/// within a cap.
@Suite struct RateChangeTests {
    /// Five rows, four assignments: the rate of A-1 went above the cap of £38.00 in February. have no on-costs.
    private static let rows: [[String: String]] = [
        ["swe_number": "SW1", "hours_in_quarter": "100", "weekly_hours": "30"],
        ["swe_number": "SW2", "assignment_id": "A-2", "pay_rate": "37.00"],
        [
            "swe_number": "SW3", "assignment_id": "A-3", "engagement": "PAYE", "pay_rate": "30.00", "charge_rate": "45.00",
            "hours_in_quarter": "50",
        ],
        [
            "swe_number": "SW4", "assignment_id": "A-4", "engagement": "PAYE", "pay_rate": "39.00", "charge_rate": "45.00",
            "hours_in_quarter": "100",
        ],
        ["swe_number": "SW1", "rate_from": "2026-02-16", "pay_rate": "41.20", "charge_rate": "46.20", "hours_in_quarter": "200"],
    ]

    private func row(_ folder: String, _ table: String, _ wanted: [String: String]) throws -> [String: String] {
        let rows = try ComparisonTests.table(folder, table)
        return try #require(rows.first { row in wanted.allSatisfy { row[$0.key] == $0.value } })
    }

    private func expect(_ row: [String: String], _ figures: [String: String], _ place: String) {
        for (column, figure) in figures { #expect(row[column] == figure, "\(place) \(column)") }
    }

    private func expectFigures(_ out: String) throws {
        let own = ["authority_code": "991"]
        expect(
            try row(out, "totals.csv", own),
            [
                "assignments": "4", "workers": "4", "full_time_equivalents": "4.00", "hours": "750",
                // 100 x 41 + 200 x 46.20 + 300 x 41 + 50 x 45 + 100 x 45.
                "cost": "32390.00",
            ], "totals")
        for role in ["SW", "all"] {
            expect(
                try row(out, "roles.csv", own.merging(["role": role]) { $1 }),
                [
                    "assignments": "4", "with_cap": "3", "above_cap": "2", "above_cap_percent": "66.7", "signed_off": "0",
                    "cap_undecided": "1",
                ], "roles \(role)")
        }
        // Of 30, 37, 39 and the latest rate, 41.20.
        expect(
            try row(out, "roles.csv", own.merging(["role": "SW"]) { $1 }),
            ["lowest": "30.00", "median": "38.00", "highest": "41.20", "median_distance_to_cap": "1.00"], "roles")
        // 100 x 36 + 200 x 41.20 + 300 x 37 + 50 x 30 + 100 x 39, and 750 x 38.
        expect(
            try row(out, "at-median.csv", own.merging(["role": "SW"]) { $1 }),
            ["assignments": "4", "hours": "750", "paid": "28340.00", "at_region_median": "28500.00"], "at-median")
        expect(
            try row(out, "supply.csv", own.merging(["supply": "INDIVIDUAL"]) { $1 }),
            ["assignments": "4", "share_percent": "100.0", "hours": "750", "median_rate": "38.00"], "supply")
        expect(
            try row(out, "experience.csv", own), ["assignments": "4", "verified": "4", "verified_percent": "100.0"], "experience")
        expect(try row(out, "lengths.csv", own), ["assignments": "4", "median_days": "68", "lower_quartile_days": "68"], "lengths")
        expect(
            try row(out, "breaches.csv", own), ["assignments": "4", "in_breach_caps": "2", "per_100_caps": "50.00"], "breaches")
        expect(
            try row(out, "agencies.csv", [:]), ["assignments": "4", "workers": "4", "hours": "750", "fees_known": "4"], "agencies")
        expect(try row(out, "changes.csv", own.merging(["measure": "assignments"]) { $1 }), ["value": "4"], "changes")
        #expect(try ComparisonTests.table(out, "left-out.csv").isEmpty)
        #expect(try Places.text(out + "/manifest.json").contains("\"assignments\": 4"))
    }

    @Test func theRowsOfAnAssignmentCountOnce() throws {
        let result = try ComparisonTests.compare([("a.csv", Checking.returnCSV(Self.rows))])
        #expect(result.outcome.code == 0, "\(result.outcome.errors)")
        #expect(result.outcome.errors.contains("4 assignments compared."))
        try expectFigures(result.out)
        let page = try Places.text(result.out + "/comparison.html")
        #expect(page.contains("<h1>Agency social workers compared: Example Region, 2026-Q1 (January to March 2026)</h1>"))
        #expect(page.contains("Not decided"))
    }

    @Test(arguments: ["pseudonym", "keep"]) func aStoreCountsARateChangeAsOneAssignment(identifiers: String) throws {
        let place = try HistoryPlace()
        try place.folder.write("a.csv", Checking.returnCSV(Self.rows))
        let added = try place.add([place.file("a.csv")], ["--identifiers", identifiers])
        #expect(added.output.contains("991 2026-Q1: 4 assignments,"))
        #expect(added.output.contains("Kept: 1 return, 4 assignments,"))
        #expect(try place.list().contains("2026-Q1 (January to March 2026)\n991 2026-Q1\t4 assignments\t"))
        #expect(try place.rows("returns.csv").first?.hasPrefix("991,2026-Q1,4,32390.00,") == true)
        #expect(try place.rows("returns.csv").first?.hasSuffix(",5") == true)
        let rows = try place.rows("assignments.csv")
        #expect(rows.map { $0.hasSuffix(",2026-02-16,no") } == [false, false, false, false, true])
        #expect(rows.map { $0.hasSuffix(",yes") } == [false, false, true, true, false])
        #expect(
            try Program.check(["history", "check", "--store", place.store]).output.hasSuffix(
                "The store is complete and undamaged.\n"))
        let out = place.file("compared")
        let outcome = try Program.check(["compare", "--history", place.store, "--out", out] + HistoryPlace.rules)
        #expect(outcome.code == 0, "\(outcome.errors)")
        try expectFigures(out)
        // The message about a return that is replaced counts assignments too.
        try place.folder.write("a.csv", Checking.returnCSV(Array(Self.rows.dropLast())))
        #expect(try place.add([place.file("a.csv")]).output.contains("991 2026-Q1: 4 assignments kept before, 4 now."))
        #expect(try Program.check(["history", "replaced", "--store", place.store]).output.contains("\t4 assignments\t"))
    }

    /// The same rows again are the same assignment; a rate given twice with other values begins another one.
    @Test func aRepeatedAssignmentIsLeftOut() throws {
        let later = ["rate_from": "2026-02-16", "pay_rate": "37.00", "hours_in_quarter": "100"]
        let twice = try ComparisonTests.compare([("a.csv", Checking.returnCSV([[:], later, [:], later]))])
        expect(
            try row(twice.out, "totals.csv", ["authority_code": "991"]), ["assignments": "1", "hours": "400", "cost": "16400.00"],
            "totals")
        expect(try row(twice.out, "left-out.csv", [:]), ["assignments": "1", "cost": "16400.00"], "left-out")
        let other = try ComparisonTests.compare([
            ("a.csv", Checking.returnCSV([[:], later, ["swe_number": "SW2"], later.merging(["swe_number": "SW2"]) { $1 }]))
        ])
        expect(
            try row(other.out, "totals.csv", ["authority_code": "991"]), ["assignments": "2", "workers": "2", "hours": "800"],
            "totals")
        // The later rates can be in a file of their own.
        let apart = try ComparisonTests.compare([("a.csv", Checking.returnCSV([[:]])), ("b.csv", Checking.returnCSV([later]))])
        expect(
            try row(apart.out, "totals.csv", ["authority_code": "991"]), ["assignments": "1", "hours": "400", "cost": "16400.00"],
            "totals")
        // A rate that is not known equals no other.
        let unknown = ["engagement": "", "hours_in_quarter": "", "charge_rate": ""]
        let neither = try ComparisonTests.compare([
            ("a.csv", Checking.returnCSV([unknown, unknown.merging(["pay_rate": "55.00"]) { $1 }]))
        ])
        expect(try row(neither.out, "totals.csv", ["authority_code": "991"]), ["assignments": "2"], "totals")
    }

    @Test func aPartWithoutHeaderOrEndIsRead() throws {
        let result = try ComparisonTests.compare([
            (
                "a.csv",
                Checking.returnCSV([
                    // The row of the first rate ends when the second begins, and the assignment continues.
                    ["end_date": "2026-02-15", "pay_rate": "41.00", "cap_dcs_date": "2026-01-02", "cap_ce_date": "2026-01-02"],
                    ["end_date": "", "rate_from": "2026-02-16", "pay_rate": "37.00", "role": "SSW", "agency": "Hazel Staff"],
                ])
            )
        ])
        // 12 January to 31 March, both included.
        expect(try row(result.out, "lengths.csv", ["authority_code": "991"]), ["median_days": "79"], "lengths")
        // It counts under its last role, and was above the cap of its first.
        expect(
            try row(result.out, "roles.csv", ["authority_code": "991", "role": "SSW"]),
            ["assignments": "1", "median": "37.00", "with_cap": "1", "above_cap": "1", "signed_off": "1"], "roles")
        expect(try row(result.out, "roles.csv", ["authority_code": "991", "role": "SW"]), ["assignments": "0"], "roles")
        #expect(try ComparisonTests.table(result.out, "agencies.csv").map { $0["agency"] } == ["Hazel Staff"])
    }

    /// The outputs of check distinguish rows and assignments.
    @Test func theCheckCountsARateChangeAsOneAssignment() throws {
        let folder = try TemporaryFolder()
        try folder.write("in/a.csv", Checking.returnCSV(Self.rows))
        try folder.write("in/record.csv", Checking.recordCSV([[:]]))
        let out = folder.path + "/out"
        let outcome = try Program.check(["check", folder.path + "/in", "--out", out] + HistoryPlace.rules)
        #expect(outcome.errors.contains("Returns for 2026-Q1 (January to March 2026)\nAuthority"))
        #expect(outcome.errors.contains("Quarter  Assignments  Errors"))
        #expect(outcome.errors.contains("  2026-Q1            4  "))
        #expect(
            outcome.errors.contains(
                "The rate changed during some assignments, and each rate has a row. 991 2026-Q1: 5 rows, 4 assignments.\n"))
        #expect(try Places.text(out + "/manifest.json").contains("\"rows\": 5, \"assignments\": 4"))
        let submission = out + "/submission/991-2026-Q1/"
        #expect(try Places.text(submission + "manifest.json").contains("\"rows\": 5, \"assignments\": 4"))
        #expect(try Places.text(submission + "assignments.csv").split(separator: "\r\n").count == 6)
        let agency = try row(out, "agencies.csv", [:])
        #expect(agency["assignments"] == "4" && agency["hours"] == "750")
        let page = try Places.text(out + "/report.html")
        #expect(page.contains("<h1>Agency worker return: Northmoor (fictional), 2026-Q1 (January to March 2026)</h1>"))
        #expect(page.contains("<b>4</b>assignments read"))
        #expect(page.contains("5 rows, 4 assignments"))
        #expect(page.contains("Each rate against its cap, by role"))
    }
}
