import Foundation
import TestSupport
import Testing

/// What may be shared: small counts are withheld, and nobody can work them out.
@Suite struct WithholdingTests {
    private static let attack = Places.root + "/Tests/Attack/attack.py"

    /// Returns of some authorities, of two regions where the seed is even.
    private func region(_ authorities: Int, _ assignments: Int, _ seed: Int) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let sample = try Program.check([
            "sample", "--authorities", "\(authorities)", "--assignments", "\(assignments)", "--breaches", "0.35", "--seed",
            "\(seed)",
            "--out", folder.path + "/region",
        ])
        #expect(sample.code == 0)
        if seed % 2 == 0 {
            // Two regions: every second authority is of another one, which has no caps.
            let table = try Places.text(folder.path + "/region/rules/authorities.csv").components(separatedBy: "\n")
            let changed = table.enumerated().map { index, row in
                index > 1 && index % 2 == 0 ? row.replacing("Example Region", with: "Other Region") : row
            }
            try folder.write("region/rules/authorities.csv", changed.joined(separator: "\n"))
        }
        return folder
    }

    private func compare(_ folder: TemporaryFolder, _ name: String, _ options: [String]) throws -> String {
        let out = folder.path + "/" + name
        let outcome = try Program.check(
            ["compare", folder.path + "/region", "--rules", folder.path + "/region/rules", "--quiet", "--out", out] + options)
        #expect(outcome.code == 0, "\(outcome.errors)")
        return out
    }

    @Test(arguments: [(2, 12, 1), (3, 40, 2), (5, 25, 3), (8, 60, 4), (12, 30, 5), (6, 6, 6)] as [(Int, Int, Int)])
    func noWithheldCountComesOut(authorities: Int, assignments: Int, seed: Int) throws {
        let folder = try region(authorities, assignments, seed)
        let truth = try compare(folder, "truth", [])
        for (reader, small) in [("members", 5), ("public", 5), ("members", 10)] {
            let published = try compare(folder, "\(reader)-\(small)", ["--for", reader, "--small", "\(small)"])
            let outcome = try Program.run("/usr/bin/env", ["python3", Self.attack, published, truth, "\(small)"])
            #expect(outcome.code == 0, "\(reader) \(small): \(outcome.output)\(outcome.errors)")
            #expect(!outcome.output.hasPrefix("0 counts"), "nothing was withheld")
        }
    }

    /// The attack is worth something: what withholds small counts alone does not stand up to it.
    @Test func theAttackSeesThroughSmallCountsAlone() throws {
        let folder = try region(5, 40, 7)
        let truth = try compare(folder, "truth", [])
        let naive = folder.path + "/naive"
        try FileManager.default.copyItem(atPath: truth, toPath: naive)
        let script = """
            import csv, sys
            path = sys.argv[1] + "/experience.csv"
            rows = list(csv.reader(open(path, newline="")))
            rows = [rows[0]] + [r[:5] + ["c" if x in "1234" and x else x for x in r[5:10]] + r[10:] for r in rows[1:]]
            csv.writer(open(path, "w", newline="")).writerows(rows)
            """
        #expect(try Program.python(script, [naive]).code == 0)
        let outcome = try Program.run("/usr/bin/env", ["python3", Self.attack, naive, truth, "5"])
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("experience") && outcome.output.contains("comes out"), "\(outcome.output)")
    }

    @Test func thePublicGetsNoSingleRates() throws {
        let folder = try region(4, 60, 8)
        let out = try compare(folder, "public", ["--for", "public"])
        #expect(!Places.names(in: out).contains("agencies.csv"))
        let manifest = try Places.text(out + "/manifest.json")
        #expect(!manifest.contains("\"assignments\"") && !manifest.contains("\"inputs\""))
        let roles = try ComparisonTests.table(out, "roles.csv")
        #expect(roles.allSatisfy { ["c", ""].contains($0["lowest"] ?? "") && ["c", ""].contains($0["highest"] ?? "") })
        #expect(roles.contains { ($0["median"] ?? "c") != "c" })
        let page = try Places.text(out + "/comparison.html")
        #expect(page.contains("For the public: counts below 5, single rates and agencies are withheld."))
        #expect(page.contains("Counts withheld in all tables"))
        #expect(!page.contains("<circle") || !page.contains("Each dot is one rate"))
        let members = try Places.text(try compare(folder, "members", ["--for", "members"]) + "/comparison.html")
        #expect(members.contains("For members: counts below 5 are withheld.") && !members.contains("Each dot is one rate"))
        // Nobody is named, whoever reads it.
        let own = try compare(folder, "own", [])
        for name in Places.names(in: own) where name != "manifest.json" {
            let text = try Places.text(own + "/" + name)
            #expect(!text.contains("SW1") && !text.contains("SW2") && !text.contains("SW9"), "\(name)")
        }
    }
}
