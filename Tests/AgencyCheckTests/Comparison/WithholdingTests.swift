import Foundation
import TestSupport
import Testing

/// What can be shared: nobody can work out what is withheld from everything that is published together. The attacker is
/// Tests/Attack.
@Suite struct WithholdingTests {
    private static let attack = Places.root + "/Tests/Attack"

    /// A made-up region, compared for analysts, for members and for the public.
    private func outputs(_ folder: TemporaryFolder, seed: Int, shape: String) throws -> (region: String, out: String) {
        let region = folder.path + "/region"
        let made = try Program.run("/usr/bin/env", ["python3", Self.attack + "/regions.py", region, "\(seed)", shape])
        #expect(made.code == 0, "\(made.errors)")
        for (name, options) in [("truth", []), ("members", ["--for", "members"]), ("public", ["--for", "public"])] {
            let outcome = try Program.check(
                ["compare", region, "--rules", region + "/rules", "--quiet", "--out", folder.path + "/" + name] + options)
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        return (region, folder.path)
    }

    /// Small regions of the most difficult shapes, with their partnerships and the quarter before. `make attack` uses 300.
    @Test func nothingWithheldCanBeWorkedOut() throws {
        let shapes = "one-worker,two-of-one,twins,less-one,joiner,one-manager,dominance,everybody,small"
        let outcome = try Program.run(
            "/usr/bin/env", ["python3", Self.attack + "/run.py", Program.agencyCheck, "--shapes", shapes])
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        #expect(!outcome.output.contains("; 0 counts and 0 amounts withheld"), "nothing was withheld")
    }

    /// The files for which the program of November 2026 revealed individual workers.
    @Test func theLeaksOfNovember2026AreClosed() throws {
        let outcome = try Program.run(
            "/usr/bin/env",
            ["python3", Self.attack + "/run.py", Program.agencyCheck, "--regions", "0", "--faults", Places.data + "/faults"])
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("3 regions, 0 with a problem"))
    }

    /// The attack works: it finds each error that a program could have.
    @Test func theAttackFindsDamagedOutputs() throws {
        let folder = try TemporaryFolder()
        let (region, out) = try outputs(folder, seed: 21, shape: "joiner")
        let spoilt = [
            ("small", "small"), ("naive", "exact"), ("amount", "dominance"), ("rows", "rows"), ("share", "share"),
            ("lowest", "order"),
            ("median", "order"), ("false", "false"), ("change", "change"), ("dot", "page"), ("words", "page"),
        ]
        for (mutation, kind) in spoilt {
            let copy = folder.path + "/spoilt-" + mutation
            let made = try Program.run(
                "/usr/bin/env", ["python3", Self.attack + "/mutate.py", mutation, out + "/members", out + "/truth", copy])
            #expect(made.code == 0, "\(made.errors)")
            let outcome = try Program.run(
                "/usr/bin/env",
                [
                    "python3", Self.attack + "/attack.py", copy, out + "/public", "--truth", out + "/truth", "--returns", region,
                    "--all",
                ])
            #expect(outcome.code == 1, "\(mutation)")
            #expect(outcome.output.contains("\n\(kind): "), "\(mutation): \(outcome.output)\(outcome.errors)")
        }
    }

    /// A total of two regions that their own outputs tell roughly is no problem of the output of both. Without those outputs it is one, and so
    /// is what comes out if the total is shown, and a total that is withheld though the regions tell it exactly.
    @Test func theAttackSeesWhatThePartsTell() throws {
        let folder = try TemporaryFolder()
        let (returns, out) = (folder.path + "/returns", folder.path + "/")
        var number = 0
        for (code, individual, team) in [("991", 60, 10), ("992", 40, 9), ("995", 12, 3)] {
            let rows = (0..<individual + team).map { place -> [String: String] in
                number += 1
                let row = ["authority_code": code, "assignment_id": "A-\(number)", "swe_number": "SW\(7000 + number)"]
                return place < individual ? row : row.merging(["supply": "PROJECT_TEAM", "team_reference": "T-\(code)"]) { $1 }
            }
            try folder.write("returns/\(code).csv", Checking.returnCSV(rows))
        }
        for (scope, words) in [
            ("both", []), ("one", ["--partnership", "Example Region"]), ("other", ["--partnership", "Other Region"]),
        ] {
            for (reader, options) in [("truth", []), ("public", ["--for", "public"])] {
                let outcome = try Program.check(
                    ["compare", returns, "--rules", Places.sampleRules, "--quiet", "--out", out + scope + "-" + reader] + words
                        + options)
                #expect(outcome.code == 0, "\(outcome.errors)")
            }
        }
        for mutation in ["total shown", "total hidden"] {
            let made = try Program.run(
                "/usr/bin/env",
                ["python3", Self.attack + "/mutate.py", mutation, out + "both-public", out + "both-truth", out + mutation])
            #expect(made.code == 0, "\(made.errors)")
        }
        func attacked(_ outputs: String...) throws -> (code: Int32, lines: [Substring]) {
            let outcome = try Program.run(
                "/usr/bin/env",
                ["python3", Self.attack + "/attack.py"] + outputs.map { out + $0 }
                    + ["--truth", out + "both-truth", out + "one-truth", out + "other-truth", "--returns", returns, "--all"])
            return (outcome.code, outcome.output.split(separator: "\n"))
        }
        let total = "2026-Q1 hours supply INDIVIDUAL of 991+992+995 lies in"
        let together = try attacked("both-public", "one-public", "other-public")
        #expect(together.code == 0, "\(together.lines)")
        #expect(together.lines.contains { $0.hasPrefix("known from the parts' own outputs: " + total) }, "\(together.lines)")
        let alone = try attacked("both-public", "one-public")
        #expect(alone.code == 1 && alone.lines.contains { $0.hasPrefix("within: " + total) }, "\(alone.lines)")
        let shown = try attacked("total shown", "one-public", "other-public")
        #expect(
            shown.code == 1 && shown.lines.contains { $0.hasPrefix("within: 2026-Q1 hours supply INDIVIDUAL of 995 ") },
            "\(shown.lines)")
        let hidden = try attacked("total hidden", "one-public", "other-public")
        #expect(
            hidden.code == 1 && hidden.lines.contains { $0.hasPrefix("within: 2026-Q1 paid all of 991+992+995 ") },
            "\(hidden.lines)")
    }

    @Test func thePublicGetsNoIndividualRates() throws {
        let folder = try TemporaryFolder()
        let (_, out) = try outputs(folder, seed: 6, shape: "real")
        #expect(!Places.names(in: out + "/public").contains("agencies.csv"))
        let manifest = try Places.text(out + "/public/manifest.json")
        #expect(!manifest.contains("\"assignments\"") && !manifest.contains("\"inputs\""))
        for audience in ["members", "public"] {
            let roles = try ComparisonTests.table(out + "/" + audience, "roles.csv")
            #expect(roles.allSatisfy { ["c", ""].contains($0["lowest"] ?? "") && ["c", ""].contains($0["highest"] ?? "") })
            #expect(roles.contains { !["c", ""].contains($0["median"] ?? "c") })
            let page = try Places.text(out + "/" + audience + "/comparison.html")
            #expect(!page.contains("<circle") && !page.contains("Each dot is one rate"))
        }
        // No output identifies anybody, for any audience.
        for name in Places.names(in: out + "/truth") where name != "manifest.json" {
            #expect(!(try Places.text(out + "/truth/" + name)).contains("SW1000"), "\(name)")
        }
    }
}
