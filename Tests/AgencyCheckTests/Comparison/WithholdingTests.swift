import Foundation
import TestSupport
import Testing

/// What may be shared: nobody can work out what is withheld, from all that is published together. The attacker is Tests/Attack.
@Suite struct WithholdingTests {
    private static let attack = Places.root + "/Tests/Attack"

    /// A made-up region, compared for the analysts, for members and for the public.
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

    /// Small regions of the hardest shapes, with their partnerships and the quarter before. `make attack` tries 300.
    @Test func nothingWithheldComesOut() throws {
        let shapes = "one-worker,two-of-one,twins,less-one,joiner,one-manager,dominance,everybody,small"
        let outcome = try Program.run(
            "/usr/bin/env", ["python3", Self.attack + "/run.py", Program.agencyCheck, "--shapes", shapes])
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        #expect(!outcome.output.contains("; 0 counts and 0 amounts withheld"), "nothing was withheld")
    }

    /// The files with which the program of November 2026 gave single workers away.
    @Test func theLeaksOfNovemberAreClosed() throws {
        let outcome = try Program.run(
            "/usr/bin/env",
            ["python3", Self.attack + "/run.py", Program.agencyCheck, "--regions", "0", "--faults", Places.data + "/faults"])
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("3 regions, 0 with a problem"))
    }

    /// The attack is worth something: it sees each fault that a program could have.
    @Test func theAttackSeesWhatIsSpoilt() throws {
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

    @Test func thePublicGetsNoSingleRates() throws {
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
        // Nobody is named, whoever reads it.
        for name in Places.names(in: out + "/truth") where name != "manifest.json" {
            #expect(!(try Places.text(out + "/truth/" + name)).contains("SW1000"), "\(name)")
        }
    }
}
