import Foundation
import TestSupport
import Testing

/// Comparing a history store gives the same as comparing the returns themselves.
@Suite struct HistoryComparisonTests {
    /// Two quarters of a fictional region, each with its evidence, including one census with salaries.
    private struct Region {
        let folder: TemporaryFolder
        let rules: [String]
        let first: [String]
        let second: [String]

        init() throws {
            folder = try TemporaryFolder()
            let path = folder.path
            for (quarter, seed) in [("2025-Q4", "3"), ("2026-Q1", "4")] {
                let outcome = try Program.check([
                    "sample", "--authorities", "4", "--assignments", "60", "--breaches", "0.4", "--seed", seed, "--quarter",
                    quarter,
                    "--out", path + "/" + quarter,
                ])
                #expect(outcome.code == 0)
            }
            let salaries = ["40000", "42000", "45000.50"].enumerated().map { number, salary in
                "<CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>SW77\(number)</SWENo><FTE>1</FTE><OrgRole>5</OrgRole><RoleStartDate>2019-04-01</RoleStartDate><BaseSalary>\(salary)</BaseSalary></CSWWWorker>"
            }
            let code = "501"
            try folder.write(
                "census.xml",
                "<Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>2025</Year><ReferenceDate>2025-09-30</ReferenceDate></CollectionDetails><Source><LEA>\(code)</LEA></Source></Header>"
                    + salaries.joined() + "</Message>")
            // A project team that two assignments name, the second with other letters, and one assignment that appears twice.
            try folder.write(
                "more.csv",
                Checking.returnCSV([
                    ["authority_code": code, "assignment_id": "T-1", "supply": "PROJECT_TEAM", "team_reference": "Blue team"],
                    ["authority_code": code, "assignment_id": "T-2", "supply": "PROJECT_TEAM", "team_reference": "blue  TEAM"],
                    ["authority_code": code, "assignment_id": "T-3", "supply": "PROJECT_TEAM", "team_reference": "Red team"],
                    ["authority_code": code, "assignment_id": "R-1"], ["authority_code": code, "assignment_id": "R-1"],
                ]))
            try folder.write(
                "laid/parameters.csv",
                "parameter,effective_from,value,source\npermanent.on_cost_percent,2025-04-01,30,x\npermanent.paid_hours,2025-04-01,1600,x\n"
            )
            for name in Places.names(in: path + "/2026-Q1/rules") where name != "parameters.csv" {
                try folder.write("laid/" + name, try Places.bytes(path + "/2026-Q1/rules/" + name))
            }
            rules = ["--rules", path + "/laid"]
            first = [path + "/2025-Q4/returns", path + "/2025-Q4/employment.csv"]
            second = ["/2026-Q1/returns", "/2026-Q1/employment.csv", "/census.xml", "/more.csv"].map { path + $0 }
        }

        func compare(_ arguments: [String], _ name: String) throws -> [String: String] {
            let out = folder.path + "/" + name
            let outcome = try Program.check(["compare"] + arguments + rules + ["--out", out])
            #expect(outcome.code == 0, "\(outcome.errors)")
            var tables: [String: String] = [:]
            for file in Places.names(in: out) where file.hasSuffix(".csv") { tables[file] = try Places.text(out + "/" + file) }
            return tables
        }

        func expectEqual(_ left: [String: String], _ right: [String: String]) {
            #expect(Set(left.keys) == Set(right.keys))
            for (name, text) in left { #expect(text == right[name], "\(name)") }
        }
    }

    @Test func aStoreGivesTheSameComparisonAsItsReturns() throws {
        let region = try Region()
        let files = try region.compare(region.first + region.second, "files")
        #expect(files["permanent-pay.csv"]?.contains(",3,42000.00,") == true)
        #expect(files["left-out.csv"]?.contains("is already in the return") == true)
        for identifiers in ["pseudonym", "keep"] {
            let store = region.folder.path + "/" + identifiers
            let added = try Program.check(
                ["history", "add"] + region.first + region.second + ["--store", store, "--identifiers", identifiers] + region.rules)
            #expect(added.code == 0, "\(added.errors)")
            region.expectEqual(try region.compare(["--history", store], "of-" + identifiers), files)
            // For members and the public, the same figures are withheld.
            let shown = ["--for", "public", "--quarters", "2026-Q1"]
            region.expectEqual(
                try region.compare(["--history", store] + shown, "public-" + identifiers),
                try region.compare(region.first + region.second + shown, "public-files-" + identifiers))
        }
        let page = try Places.text(region.folder.path + "/of-pseudonym/comparison.html")
        #expect(page.contains("8 returns come from a history store."))
    }

    @Test func aStoreAndFilesShareWorkersAndEvidence() throws {
        let region = try Region()
        let files = try region.compare(region.first + region.second, "files")
        let store = region.folder.path + "/store"
        // Breaches are those found when a return was added, so evidence that files add later is given from the start.
        let evidence = region.second.filter { $0.hasSuffix("employment.csv") || $0.hasSuffix("census.xml") }
        #expect(try Program.check(["history", "add"] + region.first + evidence + ["--store", store] + region.rules).code == 0)
        region.expectEqual(try region.compare(region.second + ["--history", store], "both"), files)
        // A return given as a file replaces the store's; evidence in both is used once.
        #expect(try Program.check(["history", "add"] + region.second + ["--store", store] + region.rules).code == 0)
        region.expectEqual(try region.compare(region.second + ["--history", store], "again"), files)
    }

    @Test func compareNeedsAStoreOrReturns() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.check(["compare", "--out", folder.path + "/out"]).code == 2)
        #expect(try Program.check(["check"]).code == 2)
        let missing = try Program.check(["compare", "--history", folder.path + "/none", "--out", folder.path + "/out"])
        #expect(missing.code == 3 && missing.errors.contains("is not there"), "\(missing.errors)")
    }
}
