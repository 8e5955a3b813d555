import AgencyModel
import Foundation
import Glibc
import TestSupport
import Testing

/// The built program, in a folder of its own.
@Suite struct EndToEndTests {
    private let rules = ["--rules", Places.sampleRules]

    @Test(arguments: [("clean", 0), ("xml", 0), ("census", 0), ("every-rule", 3)] as [(String, Int32)])
    func samplesEndWithTheirCode(sample: String, code: Int32) throws {
        #expect(try Program.check(["check", Places.samples + "/" + sample] + rules).code == code)
    }

    /// A snapshot of the complete exception list. A new or changed one is written, and the test fails.
    @Test(arguments: ["clean", "xml", "census", "every-rule"]) func exceptionsAgreeWithTheSnapshots(sample: String) throws {
        let folder = try TemporaryFolder()
        _ = try Program.check(["check", Places.samples + "/" + sample, "--out", folder.path + "/out"] + rules)
        for name in ["exceptions", "coverage", "rejected"] {
            let now = try Places.text(folder.path + "/out/\(name).csv")
            let path = Places.data + "/snapshots/\(sample)-\(name).csv"
            if (try? Places.text(path)) != now {
                try now.write(toFile: path, atomically: true, encoding: .utf8)
                Issue.record("\(path) was new or has changed; it is written: look at it and run again")
            }
        }
    }

    @Test func everyRuleIsBrokenInTheSamples() throws {
        let outcome = try Program.check(["check", Places.samples + "/every-rule", "--format", "json"] + rules)
        let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        let found = Set((json?["findings"] as? [[String: Any]] ?? []).compactMap { $0["rule"] as? String })
        let listed = try Program.check(["rules", "list"]).output.split(separator: "\n").dropFirst().prefix {
            $0 != "VALUES" && !$0.isEmpty
        }
        let all = Set(listed.map { String($0.split(separator: "\t")[0]) })
        #expect(all == Set(try ReferencePageTests.rules().map { $0[0] }))
        #expect(found == all)
    }

    @Test func exitCodesAreAsDocumented() throws {
        let folder = try TemporaryFolder()
        try folder.write("good/r.csv", Checking.returnCSV([[:]]))
        try folder.write("warned/r.csv", Checking.returnCSV([["charge_rate": "45.00"]]))
        for name in ["good", "warned"] { try folder.write(name + "/record.csv", Checking.recordCSV([[:]])) }
        let (good, warned) = (folder.path + "/good", folder.path + "/warned")
        let wrong = try folder.write("wrong.csv", Checking.returnCSV([["references": "0"]]))
        let refused = try folder.write("refused.csv", "a,b\n1,2\n")
        let badRules = folder.path + "/badrules"
        try folder.write("badrules/caps.csv", "region\n")
        for (arguments, code) in [
            (["check", good] + rules, 0), (["check", warned] + rules, 0), (["check", warned, "--fail-on", "warning"] + rules, 1),
            (["check", wrong] + rules, 1), (["check", wrong, "--fail-on", "never"] + rules, 0),
            (["check", refused, wrong] + rules, 3),
            (["check", refused, "--fail-on", "never"] + rules, 3), (["check", folder.path + "/missing.csv"] + rules, 3),
            (["check"], 2),
            (["check", good, "--nonsense"], 2), (["check", good, "--quarter", "Q1"], 2), (["check", good, "--authority", "30"], 2),
            (["check", good, "--only", "everything", "--out", "x"], 2), (["check", good, "--rules", badRules], 2),
            (["check", good, "--rules", folder.path + "/norules"], 2), (["rules", "check"], 0),
            (["rules", "check", "--rules", badRules], 2),
            (["explain", "CAP001"], 0), (["explain", "CAP999"], 2), (["--version"], 0), (["--help"], 0), ([], 0),
            (["check", good, "--out", "/proc/nowhere"] + rules, 3), (["check", good, "--out", good] + rules, 3),
        ] as [([String], Int32)] {
            let outcome = try Program.check(arguments)
            #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
        }
    }

    @Test func outputsHaveTheSameBytesHoweverTheyAreMade() throws {
        let folder = try TemporaryFolder()
        #expect(
            try Program.check([
                "sample", "--authorities", "6", "--assignments", "200", "--breaches", "0.3", "--out", folder.path + "/in",
            ]).code == 0)
        let base = ["--rules", folder.path + "/in/rules", "--only", "exceptions,coverage,rejected"]
        func bytes(
            _ name: String, _ inputs: [String], _ more: [String], _ environment: [String: String] = [:], in place: String? = nil
        ) throws -> [[UInt8]] {
            let out = folder.path + "/" + name
            let outcome = try Program.check(["check"] + inputs + base + ["--out", out] + more, environment: environment, in: place)
            #expect(outcome.code == 1)
            return try ["exceptions.csv", "coverage.csv", "rejected.csv"].map { try Places.bytes(out + "/" + $0) } + [
                Array(outcome.output.utf8)
            ]
        }
        let whole = [folder.path + "/in"]
        let first = try bytes("a", whole, ["--threads", "1"])
        #expect(first[0].count > 10_000)
        #expect(try bytes("b", whole, ["--threads", "2"]) == first)
        #expect(
            try bytes("c", whole, ["--threads", "7"], ["TZ": "Asia/Kolkata", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"])
                == first)
        #expect(try bytes("d", whole, [], ["TZ": "America/New_York"], in: "/") == first)
        let single = try bytes(
            "e", [folder.path + "/in/returns", folder.path + "/in/employment.csv", folder.path + "/in/authority.csv"], [])
        #expect(
            try bytes(
                "f", [folder.path + "/in/authority.csv", folder.path + "/in/employment.csv", folder.path + "/in/returns"], [])
                == single)
    }

    /// A refused file is named with the line and column of the error, however far down it is and whatever the encoding.
    @Test(arguments: [2, 50, 3_000, 9_000]) func unreadableFilesAreNamedWithTheirPlace(_ line: Int) throws {
        let folder = try TemporaryFolder()
        func wide(_ text: String, _ unit: UInt16) -> [UInt8] {
            ([0xFEFF] + Array(text.utf16) + [unit, 0x41]).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        }
        let rows = (2...line).map { ["assignment_id": "é-\($0)", "job_title": "\u{1F642}"] }
        // The file has exactly this number of lines: the last one is written here.
        let text = Checking.returnCSV(rows.dropLast()) + "é,\u{1F642}"
        let xml = "<AgencyReturn version=\"1\">" + (1..<line).map { "<!-- é \($0) -->\n" }.joined() + "<!--é"
        let files: [(name: String, bytes: [UInt8], column: Int)] = [
            ("nul.csv", Array(text.utf8) + [0, 0x41], 4), ("wide-nul.csv", wide(text, 0), 4),
            ("wide-half.csv", wide(text, 0xD800), 4),
            ("nul.xml", Array(xml.utf8) + [0], 6), ("latin.xml", Array(xml.utf8) + [0xE9, 0x20], 6),
        ]
        for file in files {
            let path = try folder.write(file.name, file.bytes)
            let outcome = try Program.check(["check", path] + rules)
            #expect(outcome.code == 3)
            #expect(outcome.output.contains("(line \(line), column \(file.column))"), "\(file.name): \(outcome.output)")
        }
    }

    @Test func outputsAreReadableOnlyByTheirOwner() throws {
        let folder = try TemporaryFolder()
        let out = folder.path + "/out"
        #expect(try Program.check(["check", Places.samples + "/clean", "--out", out] + rules).code == 0)
        var status = stat()
        #expect(stat(out, &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(
            Places.names(in: out) == [
                "agencies.csv", "cap-breaches.csv", "coverage.csv", "exceptions.csv", "exceptions.xlsx", "manifest.json",
                "rejected.csv", "report.html", "submission",
            ])
        for name in FileManager.default.enumerator(atPath: out)!.compactMap({ $0 as? String }) {
            #expect(stat(out + "/" + name, &status) == 0)
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            #expect(status.st_mode & 0o777 == (isFolder ? 0o700 : 0o600), "\(name)")
        }
        #expect(Places.names(in: folder.path) == ["out"])
    }

    @Test func anOutputReplacesAnEarlierOneAndNothingElse() throws {
        let folder = try TemporaryFolder()
        let out = folder.path + "/out"
        let run = ["check", Places.samples + "/clean", "--out", out] + rules
        #expect(try Program.check(run).code == 0)
        #expect(try Program.check(run + ["--only", "coverage"]).code == 0)
        #expect(Places.names(in: out) == ["coverage.csv", "manifest.json"])
        // A file of the user's own does not change.
        let own = try folder.write("own/letter.txt", "mine")
        let refused = try Program.check(["check", Places.samples + "/clean", "--out", folder.path + "/own"] + rules)
        #expect(refused.code == 3)
        #expect(refused.errors.contains("contains files that are not part"))
        #expect(try Places.text(own) == "mine")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: out)
        #expect(try Program.check(["check", Places.samples + "/clean", "--out", folder.path + "/link"] + rules).code == 3)
        #expect(Places.names(in: out) == ["coverage.csv", "manifest.json"])
        // An empty folder is accepted; what a killed run left is removed.
        try FileManager.default.createDirectory(
            atPath: folder.path + "/empty/.empty.agency-check-1", withIntermediateDirectories: true)
        try FileManager.default.removeItem(atPath: folder.path + "/empty/.empty.agency-check-1")
        try folder.write(".empty.agency-check-1/left.csv", "x")
        try folder.write(".empty.agency-check-1.mark", "")
        try folder.write(".empty.agency-check-2/theirs.txt", "x")
        #expect(try Program.check(["check", Places.samples + "/clean", "--out", folder.path + "/empty"] + rules).code == 0)
        #expect(!Places.names(in: folder.path).contains { $0.hasPrefix(".empty.agency-check-1") })
        #expect(try Places.text(folder.path + "/.empty.agency-check-2/theirs.txt") == "x", "what is not ours stays")
    }

    @Test func filesOfOthersAreNotReplaced() throws {
        let folder = try TemporaryFolder()
        let out = folder.path + "/out"
        let run = ["check", Places.samples + "/clean", "--out", out] + rules
        #expect(try Program.check(run).code == 0)
        // An input in the output folder, a file of the user's in it, and a copy into itself.
        let inside = try folder.write("out/mine.csv", "x")
        let refused = try Program.check(["check", inside, "--out", out] + rules)
        #expect(refused.code == 3 && refused.errors.contains("would be replaced"), "\(refused.errors)")
        let notes = try Program.check(run)
        #expect(notes.code == 3 && notes.errors.contains("did not write: mine.csv"), "\(notes.errors)")
        try FileManager.default.removeItem(atPath: inside)
        #expect(try Program.check(["redact", out, "--out", out]).code == 3)
        #expect(FileManager.default.fileExists(atPath: out + "/report.html"))
        #expect(try Program.check(run).code == 0)
    }

    /// A name that is not text is not skipped in silence.
    @Test func aNameThatIsNotUTF8IsReported() throws {
        let folder = try TemporaryFolder()
        _ = try Program.run(
            "/usr/bin/env",
            ["python3", "-c", "import sys; open(sys.argv[1].encode() + b'/bad\\xff.csv', 'w').write('x')", folder.path])
        let outcome = try Program.check(["check", folder.path] + rules)
        #expect(outcome.code == 3 && outcome.output.contains("not UTF-8"), "\(outcome.output) \(outcome.errors)")
    }

    @Test func aMissingInputStopsTheSubmission() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.check(
            ["submit", Places.samples + "/clean", folder.path + "/nowhere.csv", "--out", folder.path + "/out"] + rules)
        #expect(outcome.code == 3 && outcome.output.contains("991 2026-Q1: not ready to send"), "\(outcome.output)")
    }

    /// Our own output is in the folder that is checked: it is skipped and named.
    @Test func ourOutputIsNeverAnInput() throws {
        let folder = try TemporaryFolder()
        try folder.write("r.csv", Checking.returnCSV([[:]]))
        try folder.write("record.csv", Checking.recordCSV([[:]]))
        try folder.write("notes.txt", "call the agency")
        try folder.write(".hidden.csv", "a,b\n")
        let run = ["check", folder.path, "--out", folder.path + "/out"] + rules
        #expect(try Program.check(run).code == 0)
        let again = try Program.check(run)
        #expect(again.code == 0)
        #expect(again.errors.contains("out: not read, it is an output of agency-check"))
        #expect(again.errors.contains("notes.txt: not read, it is not a return"))
        #expect(!again.errors.contains("hidden"))
    }

    @Test func noPersonIsPrinted() throws {
        let folder = try TemporaryFolder()
        let number = "SW7654321"
        let path = try folder.write(
            "return of \(number).csv",
            Checking.returnCSV([
                ["swe_number": number, "assignment_id": number, "references": "0"],
                ["swe_number": "sw 7654321", "assignment_id": "A-2"],
                ["swe_number": "HC7654321", "assignment_id": "A-3", "agency": "=Jo Bloggs"],
                ["assignment_id": "A-4", "job_title": "Jo Bloggs", "role": "Jo Bloggs", "cap_reason": "+Jo Bloggs"],
            ]))
        let history = try folder.write(
            "h.csv", Checking.historyCSV([["swe_number": number, "start_date": number, "end_date": "Jo Bloggs"]]))
        for format in ["text", "json"] {
            let outcome = try Program.check(["check", path, history, "--format", format, "--verbose"] + rules)
            #expect(outcome.output.contains("DATA002"))
            for text in [outcome.output, outcome.errors.replacing(path, with: "")] {
                #expect(!text.contains("7654321"), "\(text)")
                #expect(!text.contains("Bloggs"), "\(text)")
            }
        }
    }

    @Test func noCellRunsAsAFormula() throws {
        let folder = try TemporaryFolder()
        let texts = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "-12.50"]
        let path = try folder.write(
            "r.csv", Checking.returnCSV(texts.enumerated().map { ["assignment_id": "A-\($0)", "agency": $1, "references": "0"] }))
        _ = try Program.check(["check", path, "--out", folder.path + "/out"] + rules)
        let rows = try readCSV(try Places.bytes(folder.path + "/out/exceptions.csv"))
        #expect(rows.count { $0[0] == "REF001" } == texts.count)
        #expect(rows.contains { $0.contains("'=1+1") } && rows.contains { $0.contains("'@SUM(1)") })
        for row in rows {
            for cell in row {
                if let first = cell.utf8.first, [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains(first) {
                    #expect(Double(cell) != nil, "\(cell)")
                }
            }
        }
    }

    @Test func awkwardStringsAreReadAndWritten() throws {
        let folder = try TemporaryFolder()
        let strings = try Places.bytes(Places.data + "/awkward-strings.txt").split(separator: 0x0A).filter { $0.first != 0x23 }
            .map { String(decoding: $0, as: UTF8.self) }
        #expect(strings.count > 90)
        let path = try folder.write(
            "r.csv",
            Checking.returnCSV(
                strings.enumerated().map {
                    ["assignment_id": "A-\($0)", "agency": $1, "cap_reason": $1, "weekly_hours": $1, "references": "0"]
                }))
        let outcome = try Program.check(["check", path, "--out", folder.path + "/out"] + rules)
        #expect(outcome.code == 1)
        let script =
            "import csv,sys; r=list(csv.DictReader(open(sys.argv[1],newline='',encoding='utf-8'))); print(len({x['assignment_id'] for x in r if x['rule']=='REF001'}))"
        #expect(try Program.python(script, [folder.path + "/out/exceptions.csv"]).output == "\(strings.count)\n")
        #expect(!outcome.output.utf8.contains { $0 < 0x20 && $0 != 0x0A })
    }

    @Test func rejectedRowsAreCopiedUnchanged() throws {
        let folder = try TemporaryFolder()
        let header = "assignment_id;swe_number;role;start_date;engagement;pay_rate;charge_rate"
        let bad = ["A-1;\"x\"y;;;;;", "A-2;=1;é", "\"A-3\nmore\";1"]
        let body = "\(header)\r\n\(bad[0])\r\n\(bad[1])\r\n\(bad[2])\r\n"
        for (name, bytes) in [
            ("utf8", Array(body.utf8)), ("cp1252", body.unicodeScalars.map { UInt8($0.value) }),
            ("utf16", [0xFF, 0xFE] + body.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }),
        ] as [(String, [UInt8])] {
            let path = try folder.write("\(name).csv", bytes)
            _ = try Program.check(["check", path, "--out", folder.path + "/\(name)"] + rules)
            let rows = try readCSV(try Places.bytes(folder.path + "/\(name)/rejected.csv")).dropFirst()
            #expect(rows.map { $0[3] } == bad, "\(name)")
            #expect(rows.map { $0[1] } == ["2", "3", "4"], "\(name)")
        }
    }

    @Test func badInputGivesAFindingAndNoCrash() throws {
        let folder = try TemporaryFolder()
        var inputs = [folder.path + "/missing.csv", "/dev/null", "/dev/zero"]
        let good = Array(Checking.returnCSV([[:]]).utf8)
        for (name, bytes) in [
            ("empty.csv", []), ("half.csv", Array(good.prefix(100))),
            ("binary.csv", (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 37) }),
            ("gzip.csv", [0x1F, 0x8B, 8, 0, 0]), ("quote.csv", Array("\"".utf8)),
            ("commas.csv", [UInt8](repeating: 0x2C, count: 3 << 20)),
            ("line.csv", [UInt8](repeating: 0x61, count: 3 << 20)), ("nul.csv", [UInt8](repeating: 0, count: 100)),
            ("xml.csv", Array("<AgencyReturn>".utf8)),
            ("utf16.csv", [0xFF, 0xFE]),
        ] as [(String, [UInt8])] { inputs.append(try folder.write(name, bytes)) }
        let outcome = try Program.check(["check"] + inputs + [try folder.write("good.csv", good)] + rules)
        #expect(outcome.code == 3)
        // Each has its finding, including the missing one, and the good one was checked.
        #expect(outcome.output.split(separator: "\n").filter { $0.contains(" IMP001 ") }.count == inputs.count)
        #expect(outcome.errors.contains("1 row read = 1 checked"))
    }

    @Test func generatedReturnsAreTheSameForTheSameSeed() throws {
        let folder = try TemporaryFolder()
        for (name, format) in [("a", "csv"), ("b", "csv"), ("x", "xml")] {
            #expect(
                try Program.check([
                    "sample", "--authorities", "2", "--assignments", "50", "--seed", "7", "--format", format, "--out",
                    folder.path + "/" + name,
                ]).code == 0)
        }
        let file = "returns/return-501-2026-Q1.csv"
        #expect(try Places.bytes(folder.path + "/a/" + file) == Places.bytes(folder.path + "/b/" + file))
        // CSV and XML with the same assignments give the same findings, except for files and lines.
        func findings(_ name: String) throws -> [String] {
            let base = folder.path + "/" + name
            _ = try Program.check(["check", base, "--rules", base + "/rules", "--out", base + "-out"])
            return try readCSV(try Places.bytes(base + "-out/exceptions.csv")).map { $0[0...9].joined(separator: "|") }
        }
        #expect(try findings("a") == findings("x"))
    }

    /// Each kind of breach that the generator can add is found by that rule, and without breaches there are no findings.
    @Test func theGeneratorsBreachesAreFound() throws {
        let folder = try TemporaryFolder()
        let clean = folder.path + "/clean"
        _ = try Program.check(["sample", "--authorities", "2", "--assignments", "200", "--breaches", "0", "--out", clean])
        let outcome = try Program.check(["check", clean, "--rules", clean + "/rules", "--fail-on", "notice"])
        #expect(outcome.code == 0, "\(outcome.output)")
        for kind in [
            "DATA002", "DATA006", "DATA010", "CAP001", "CAP002", "CAP003", "EXP001", "EXP006", "EXP007", "TEAM003", "COOL001",
            "NOTE001",
            "AUTH003",
        ] {
            let out = folder.path + "/" + kind
            _ = try Program.check([
                "sample", "--authorities", "1", "--assignments", "60", "--breaches", "0", "--share", "\(kind)=1", "--out", out,
            ])
            #expect(try Program.check(["check", out, "--rules", out + "/rules"]).output.contains(" \(kind) "), "\(kind)")
        }
    }

    /// The shipped schema accepts our XML sample, and refuses what the reader warns about.
    @Test func theSchemaAcceptsOurReturns() throws {
        let folder = try TemporaryFolder()
        _ = try Program.check([
            "sample", "--authorities", "1", "--assignments", "40", "--breaches", "0", "--format", "xml", "--out",
            folder.path + "/x",
        ])
        for path in [Places.samples + "/xml/return-991-2025-Q4.xml", folder.path + "/x/returns/return-501-2026-Q1.xml"] {
            let outcome = try Program.run(
                "/usr/bin/env", ["xmllint", "--noout", "--schema", Places.rules + "/agency-return.xsd", path])
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let wrong = try folder.write(
            "wrong.xml",
            "<AgencyReturn version=\"1\"><Header/><Assignments><Assignment><CostCentre/></Assignment></Assignments></AgencyReturn>")
        #expect(
            try Program.run("/usr/bin/env", ["xmllint", "--noout", "--schema", Places.rules + "/agency-return.xsd", wrong]).code
                != 0)
    }

    /// Every agency-check command in README and the guides is run, in a folder with the samples, the rules and the files that the
    /// page shows, and prints what the page shows.
    @Test(arguments: Manual.pages) func commandsInThePagesPrintWhatIsShown(page: String) throws {
        let folder = try TemporaryFolder()
        for name in ["samples", "rules"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/" + name, withDestinationPath: Places.root + "/" + name)
        }
        let manual = Manual(try Places.text(Places.root + "/" + page))
        for step in manual.steps {
            switch step {
            case .file(let name, let text): try folder.write(name, text)
            case .command(let command):
                let input = try command.input.map { try Places.text(folder.path + "/" + $0) }
                let outcome = try Program.check(command.arguments, in: folder.path, input: input)
                if command.shown.isEmpty { #expect(outcome.code == 0, "\(page): \(command.line): \(outcome.errors)") }
                if let line = command.difference(from: outcome.output + outcome.errors) {
                    Issue.record(
                        "\(page): \(command.line): the page shows “\(line)”, the program \(outcome.output)\(outcome.errors)")
                }
            }
        }
        if page == "README.md" { #expect(manual.steps.count >= 4) }
    }

    /// The pages that the tests above and below read exist.
    @Test func noPageIsMissing() throws {
        #expect(Manual.allPages.count > 100 && Manual.pages.count > 5)
        let steps = try Manual.pages.map { Manual(try Places.text(Places.root + "/" + $0)).steps.count }
        #expect(steps.reduce(0, +) > 50)
    }

    /// A page's links within the repository lead to existing files.
    @Test(arguments: Manual.allPages) func linksLeadToFiles(page: String) throws {
        let folder = (Places.root + "/" + page as NSString).deletingLastPathComponent
        for match in try Places.text(Places.root + "/" + page).matches(of: /\]\(([^)#\s]+)(#[^)]*)?\)/) {
            let target = String(match.1)
            if target.contains("://") { continue }
            #expect(FileManager.default.fileExists(atPath: folder + "/" + target), "\(page) links to \(target)")
        }
    }
}

/// A page of the manual as the steps of a reader: files to write
/// (```` ```csv our-rules/caps.csv ````), and commands with their output (`$ agency-check
/// …` in a fenced block). A line with only `…` represents lines that are not shown.
struct Manual {
    /// Every page of the repository, including those of the tests.
    static let allPages: [String] = {
        let roots = ["docs", "rules", "samples", "Tests"]
        let below = roots.flatMap { root in
            (FileManager.default.enumerator(atPath: Places.root + "/" + root)?.compactMap { $0 as? String } ?? [])
                .filter { $0.hasSuffix(".md") && !$0.hasPrefix("Data/") }.map { root + "/" + $0 }
        }
        return (Places.names(in: Places.root).filter { $0.hasSuffix(".md") } + below).sorted()
    }()

    static let pages =
        ["README.md"]
        + Places.names(in: Places.root + "/docs/guide").filter { $0.hasSuffix(".md") }.map { "docs/guide/" + $0 }

    enum Step {
        case file(String, String)
        case command(Command)
    }

    struct Command {
        let line: String
        var arguments: [String] = []
        /// The file after `<`.
        var input: String?
        var shown: [String] = []

        init(_ line: String) {
            self.line = line
            let words = line.dropFirst("$ agency-check ".count).matches(of: /"([^"]*)"|[^\s"]+/).map { String($0.1 ?? $0.0) }
            let redirection = words.firstIndex(of: "<") ?? words.endIndex
            arguments = Array(words[..<redirection])
            input = redirection < words.endIndex ? words.last : nil
        }

        /// The first line shown that is not printed there; nil if all are.
        func difference(from output: String) -> String? {
            var printed = output.components(separatedBy: "\n")[...]
            if printed.last == "" { printed.removeLast() }
            var mayLeaveOut = shown.isEmpty
            for line in shown {
                if line == "…" {
                    mayLeaveOut = true
                    continue
                }
                if mayLeaveOut { printed = printed.drop { $0 != line } }
                guard printed.popFirst() == line else { return line }
                mayLeaveOut = false
            }
            return printed.isEmpty || mayLeaveOut ? nil : "nothing more"
        }
    }

    private(set) var steps: [Step] = []

    init(_ text: String) {
        var file: (name: String, lines: [String])?
        var command: Command?
        var isFenced = false
        for line in text.components(separatedBy: "\n") {
            let isFence = line.hasPrefix("```")
            if let shown = command, isFence || line.hasPrefix("$ ") {
                steps.append(.command(shown))
                command = nil
            }
            if isFence {
                if let written = file { steps.append(.file(written.name, written.lines.map { $0 + "\n" }.joined())) }
                let words = line.split(separator: " ")
                isFenced.toggle()
                file = isFenced && words.count == 2 ? (String(words[1]), []) : nil
            } else if isFenced, line.hasPrefix("$ agency-check ") {
                command = Command(line)
            } else if file != nil {
                file!.lines.append(line)
            } else {
                command?.shown.append(line)
            }
        }
    }
}
