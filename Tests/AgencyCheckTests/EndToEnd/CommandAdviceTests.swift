import Foundation
import TestSupport
import Testing

/// For mistakes on the command line or in the rules (exit code 2): what the message tells the user to do is done, and the command
/// is accepted.
@Suite struct CommandAdviceTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let wrong: String
        let words: String
        let mended: String
        var testDescription: String { wrong }

        init(_ wrong: String, _ words: String, _ mended: String) {
            (self.wrong, self.words, self.mended) = (wrong, words, mended)
        }
    }

    static let mistakes = [
        Mistake("check", "Name the files or folders to read", "check in"),
        Mistake("check in --authority 99", "takes a code of three digits, such as 301", "check in --authority 991"),
        Mistake("check in --quarter 2026Q1", "takes a quarter such as 2026-Q1", "check in --quarter 2026-Q1"),
        Mistake("check in --threads 0", "takes a number from 1", "check in --threads 1"),
        Mistake("check in --only coverage", "name that folder too", "check in --only coverage --out o"),
        Mistake("check in --out o --only covrage", "with commas between", "check in --out o --only coverage,exceptions"),
        Mistake("check in --quarter 2026-Q1 --quarter 2026-Q2", "Give it once", "check in --quarter 2026-Q1"),
        Mistake("check -x.csv", "no file of that name", "check -dash.csv"),
        Mistake("check in --rules broken", "expected the cap", "check in --rules sound"),
        Mistake("check in --rules slip", "is not a table of the rule book", "check in --rules sound"),
        Mistake("submit in --quarter 2026-Q2 --out o", "2026-Q1", "submit in --quarter 2026-Q1 --out o"),
        Mistake(
            "submit --nil --out o", "--nil needs --authority and --quarter too",
            "submit --nil --authority 991 --quarter 2026-Q1 --out o"),
        Mistake("submit in --nil --authority 991 --quarter 2026-Q1 --out o", "had no agency workers in", "submit in --out o"),
        Mistake("compare --out o", "Name returns, or a history store with --history", "compare in --out o"),
        Mistake("compare in --quarters 2026 --out o", "such as 2025-Q1..2026-Q1", "compare in --quarters 2025-Q1..2026-Q1 --out o"),
        Mistake("compare in --small 1 --out o", "from 2 to 1000", "compare in --small 2 --out o"),
        Mistake("evidence", "Name files, or a history store with --store", "evidence posts.csv"),
        Mistake("evidence SW100001 posts.csv", "Enter it on standard input", "evidence posts.csv"),
        Mistake("evidence w-0000000000000001 posts.csv", "name the store with --store", "evidence --store s.sqlite"),
        Mistake("explain CAP009", "See agency-check rules list", "explain CAP001"),
        Mistake("verify", "Name a folder to verify, or a log with --log", "verify kept"),
        Mistake("template --authority 99 --out o", "such as 301", "template --authority 991 --out o"),
        Mistake("template --quarter x --out o", "such as 2026-Q1", "template --quarter 2026-Q1 --out o"),
        Mistake("sample --authorities 0 --out o", "takes a number from 1 to", "sample --authorities 1 --assignments 1 --out o"),
        Mistake("sample --assignments 10000001 --out o", "from 0 to 10,000,000", "sample --assignments 1 --out o"),
        Mistake("sample --breaches 2 --out o", "a share from 0 to 1", "sample --assignments 1 --breaches 1 --out o"),
        Mistake("sample --quarter x --out o", "such as 2026-Q1", "sample --assignments 1 --quarter 2026-Q1 --out o"),
        Mistake("sample --share CAP001=2 --out o", "such as CAP001=0.1", "sample --assignments 1 --share CAP001=0.1 --out o"),
        Mistake(
            "history purge --store s.sqlite", "Give --before QUARTER, such as 2024-Q1",
            "history purge --store s.sqlite --before 2024-Q1"),
        Mistake("history purge --store s.sqlite --before x", "such as 2024-Q1", "history purge --store s.sqlite --before 2024-Q1"),
        Mistake(
            "history remove --store s.sqlite", "Give --authority CODE and --quarter QUARTER",
            "history remove --store s.sqlite --authority 991 --quarter 2026-Q1"),
        Mistake(
            "history remove --store s.sqlite --authority 991 --quarter 2026-Q2", "See agency-check history list",
            "history remove --store s.sqlite --authority 991 --quarter 2026-Q1"),
        Mistake(
            "history add in --store t.sqlite --identifiers none", "takes pseudonym or keep",
            "history add in --store t.sqlite --identifiers keep"),
        Mistake("history add in --store s.sqlite --identifiers keep", "Leave the option out", "history add in --store s.sqlite"),
    ]

    @Test(arguments: mistakes) func theCorrectedCommandIsAccepted(mistake: Mistake) throws {
        let folder = try TemporaryFolder()
        try folder.write("in/r.csv", Checking.returnCSV([[:]]))
        try folder.write("in/a.csv", Checking.recordCSV([[:]]))
        try folder.write("-dash.csv", Checking.returnCSV([[:]]))
        try folder.write("posts.csv", Checking.historyCSV([[:]]))
        let caps = "region,role,effective_from,cap,source\nLondon,SW,2025-10-01,"
        try folder.write("broken/caps.csv", caps + "abc,x\n")
        try folder.write("slip/cap.csv", caps + "38,x\n")
        try folder.write("sound/caps.csv", caps + "38.00,x\n")
        // The samples' rules have the made-up authority; the rules above are used over the shipped ones only.
        func run(_ line: String) throws -> Program.Outcome {
            var words = line.split(separator: " ").map(String.init)
            let takesRules =
                ["check", "submit", "compare", "evidence"].contains(words[0]) || words.starts(with: ["history", "add"])
            if takesRules, !words.contains("--rules") { words += ["--rules", Places.sampleRules] }
            return try Program.check(words, in: folder.path, input: "SW100001\n")
        }
        if mistake.wrong.contains("s.sqlite") || mistake.mended.contains("s.sqlite") {
            #expect(try run("history add in --store s.sqlite").code == 0)
        }
        if mistake.mended.contains("kept") { _ = try run("check in --out kept") }
        let before = try run(mistake.wrong)
        #expect(before.code == 2, "\(before.output)\(before.errors)")
        #expect(before.errors.contains(mistake.words), "\(before.errors)")
        let after = try run(mistake.mended)
        #expect(after.code == 0 || after.code == 1, "\(after.output)\(after.errors)")
    }
}
