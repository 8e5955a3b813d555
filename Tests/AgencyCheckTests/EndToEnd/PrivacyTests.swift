import AgencyModel
import Compliance
import Foundation
import TestSupport
import Testing

/// Nothing that is printed or passed on identifies anybody, however a number is written.
@Suite struct PrivacyTests {
    private static let rules = ["--rules", Places.sampleRules]
    private static let number = "765432"
    /// The worker's number as people use it for references, files, agencies, titles and teams.
    private static let forms = [
        "765432", "765-432", "SW765432", "S.W.765432", "SW\u{2060}765432",
        "\u{FF33}\u{FF37}\u{FF17}\u{FF16}\u{FF15}\u{FF14}\u{FF13}\u{FF12}",
        "S W 765432", "SW(765432)", "SW No. 765432", "SW number 765432", "SW\u{2009}765\u{2009}432", "SW\u{A0}765432", "SW_765_432",
        "SW\u{667}\u{666}\u{665}\u{664}\u{663}\u{662}", "REF-765432-1",
    ]
    private static let others = ["jane.doe@council.gov.uk", "AB 12 34 56 C", "ab123456c"]

    /// In digits of any script and with anything between them. Our own dates, counts and amounts never give these digits.
    private static func names(_ text: String) -> String? {
        let plain = text.removingPercentEncoding ?? text
        let figures = plain.unicodeScalars.compactMap { scalar -> String? in
            if let value = scalar.properties.numericValue, value >= 0, value <= 9, value == value.rounded() {
                return "\(Int(value))"
            }
            return scalar.properties.isAlphabetic ? String(scalar).lowercased() : nil
        }.joined()
        for sought in [number, "123456c", "janedoe", "councilgovuk"] where figures.contains(sought) {
            return plain.split(separator: "\n").first { line in
                line.unicodeScalars.compactMap { $0.properties.numericValue }.map { "\(Int($0))" }.joined().contains(sought)
                    || line.contains("jane") || line.contains("3456")
            }.map(String.init) ?? sought
        }
        return nil
    }

    private static func row(_ index: Int, _ value: String) -> [String: String] {
        [
            "assignment_id": value, "swe_number": "SW\(number)", "agency": "Agency \(value)", "job_title": value,
            "team_reference": value,
            "supply": "PROJECT_TEAM", "references": "0", "pay_rate": "90.00", "charge_rate": "\(95 + index).00",
            "cap_reason": value,
        ]
    }

    private func inputs(in folder: TemporaryFolder) throws -> String {
        for (index, form) in (Self.forms + Self.others).enumerated() {
            let name = form.replacing("/", with: "-")
            let csv = Checking.returnCSV([Self.row(index, form), Self.row(index, form + "/2").merging(["role": form]) { $1 }])
            try folder.write("in/\(name)/of \(name).csv", csv)
        }
        try folder.write("in/\(Self.forms[1]) refused.csv", "a,b\n\(Self.forms[3]),2\n")
        try folder.write("in/SW(765432) broken.xml", "<AgencyReturn><\(Self.forms[0])")
        for heading in ["S W 765432", "765.432", "765,432"] {
            let text = Checking.returnCSV([[:]])
            try folder.write(
                "in/heading \(heading.count)\(heading.contains(",")).csv", text.replacing("job_title", with: "\"\(heading)\""))
            try folder.write(
                "in/twice \(heading.count)\(heading.contains(",")).csv",
                text.replacing("job_title", with: "\"\(heading)\"").replacing("agency,", with: "\"\(heading)\","))
        }
        try folder.write(
            "in/posts of 765 432.csv", Checking.historyCSV([["swe_number": "SW\(Self.number)"], ["swe_number": "S.W. 765432"]]))
        return folder.path + "/in"
    }

    @Test func noCommandPrintsPersonalData() throws {
        let folder = try TemporaryFolder()
        let source = try inputs(in: folder)
        let (log, store) = (folder.path + "/log", folder.path + "/S.W.765432.sqlite")
        func out(_ name: String) -> [String] { ["--out", folder.path + "/SW(765432) " + name] }
        let checked = folder.path + "/SW(765432) checked"
        let tries: [[String]] = [
            ["check", source, "--verbose"], ["check", source, "--format", "json"], ["check", source, "--format", "sarif"],
            ["check", source, "--log", log, "--also", "json,sarif"] + out("checked"),
            ["check", source + "/S W 765432 nowhere.csv"],
            ["check", source, "--accept", source + "/SW(765432) broken.xml"], ["check", source, "--only", "SW 765432"],
            ["check", source, "--SW-765432"],
            ["submit", source, "--log", log, "--verbose"] + out("sent"), ["compare", source, "--log", log] + out("compared"),
            ["compare", source, "--partnership", "S.W.765432"] + out("none"),
            ["compare", source, "--for", "SW765432"] + out("none"),
            ["health", source] + out("health"), ["history", "add", source, "--store", store, "--log", log],
            ["history", "add", source + "/765432", "--store", store, "--verbose"], ["history", "list", "--store", store],
            ["history", "check", "--store", store], ["history", "export", "--store", store] + out("export"),
            ["history", "list", "--store", folder.path + "/SW 765432 none"], ["evidence", source],
            ["evidence", source, "--store", store],
            ["evidence", "S W 765432", "--store", store], ["verify", checked, "--log", log],
            ["verify", folder.path + "/SW\u{2009}765432"],
            ["redact", checked] + out("redacted"), ["redact", checked, "--agency", "Agency 765432"] + out("one"),
            ["redact", source] + out("refused"), ["template"] + out("template"), ["sample", "--assignments", "3"] + out("sample"),
            ["rules", "check", "--rules", source + "/S.W.765432"], ["explain", "SW765432"], ["explain", "S.W.765432"],
            ["S W 765432"],
            ["check", source, "--rules", source + "/SW 765432"], ["check", source, "--quarter", "765432"],
        ]
        for arguments in tries {
            let takesRules =
                ["check", "submit", "compare", "health", "evidence"].contains(arguments[0])
                || arguments.prefix(2) == ["history", "add"]
            let more = takesRules && !arguments.contains("--rules") ? Self.rules : []
            let outcome = try Program.check(arguments + more, input: "SW\(Self.number)\n")
            for text in [outcome.output, outcome.errors] {
                let line = Self.names(text)
                #expect(line == nil, "\(arguments.prefix(2)) printed \(line ?? "")")
            }
        }
        let written = [log, checked + "/findings.json", checked + "/findings.sarif"]
        for path in written { #expect(try Self.names(Places.text(path)) == nil, "\(path)") }
        let copies = folder.path + "/SW(765432) redacted"
        #expect(Places.names(in: copies).count == 5)
        for copy in [copies, folder.path + "/SW(765432) one"] {
            for name in Places.names(in: copy) where name != "manifest.json" {
                let line = try Self.names(Places.text(copy + "/" + name))
                #expect(line == nil, "\(name): \(line ?? "")")
            }
        }
    }

    private func tables(_ file: String, _ text: String) throws -> [String: [[String: String]]] {
        let folder = try TemporaryFolder()
        try folder.write("in/" + file, text)
        _ = try Program.check(["check", folder.path + "/in", "--out", folder.path + "/out"] + Self.rules)
        #expect(try Program.check(["redact", folder.path + "/out", "--out", folder.path + "/copy"]).code == 0)
        #expect(try Program.check(["redact", folder.path + "/out", "--out", folder.path + "/again"]).code == 0)
        var tables: [String: [[String: String]]] = [:]
        for name in ["exceptions.csv", "cap-breaches.csv", "agencies.csv"] {
            let text = try Places.text(folder.path + "/copy/" + name)
            #expect(text == (try Places.text(folder.path + "/again/" + name)), "the same output gives the same copy")
            #expect(Self.names(text) == nil && !text.contains("778899"))
            // No cell of these tables contains a comma or a line end.
            let lines = text.split(separator: "\r\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
            tables[name] = lines.dropFirst().map { Dictionary(zip(lines[0], $0)) { first, _ in first } }
        }
        return tables
    }

    /// Errors that were found: a reference was emptied in exceptions.csv but was in cap-breaches.csv; full-width digits were not
    /// masked.
    @Test(arguments: ["redact-reference.csv", "full-width-number.csv"]) func aReferenceIsTheSamePseudonymInEveryTable(
        _ name: String
    ) throws {
        let text = try Places.text(Places.data + "/faults/" + name)
        let tables = try tables(name, text)
        let references = Set(["exceptions.csv", "cap-breaches.csv"].flatMap { tables[$0]!.map { $0["assignment_id"]! } })
        #expect(references.subtracting([""]) == ["withheld-1"], "\(references)")
        let folder = try TemporaryFolder()
        try folder.write(name, text)
        for format in ["text", "json", "sarif"] {
            let outcome = try Program.check(["check", folder.path + "/" + name, "--format", format] + Self.rules)
            let digits = outcome.output.unicodeScalars.compactMap { $0.properties.numericValue }.map { "\(Int($0))" }.joined()
            #expect(!digits.contains("778899"), "\(format): \(outcome.output)")
        }
    }

    /// For any rule, including future ones, the column and the value decide what happens to text that somebody wrote.
    @Test func aFindingOfAnyRuleIsMasked() throws {
        let folder = try TemporaryFolder()
        let row = Self.row(0, "765-432").merging(["cap_reason": "Jane Doe is ill"]) { $1 }
        try folder.write("in/return.csv", Checking.returnCSV([row]))
        let out = folder.path + "/out"
        _ = try Program.check(["check", folder.path + "/in", "--out", out] + Self.rules)
        // No pattern recognises a name, a telephone number, a birthday that is not a date, or rows that a stray quotation mark
        // swallowed.
        let unknown = ["Jane Doe", "0770090012388", "31/31/1985", "x\nA-7,Jane Doe,1985"]
        let values = Self.forms + Self.others + unknown
        let fields = Column.allCases.map(\.name) + ["", "Cost Centre"]
        var lines = [
            "rule,severity,authority_code,quarter,assignment_id,swe_number,agency,field,found,expected,message,file,line,note"
        ]
        for (index, rule) in (RuleRegistry.shared.all.map(\.code.description) + ["NEW001"]).enumerated() {
            for (place, value) in values.enumerated() {
                let field = fields[(index + place) % fields.count]
                for column in 0..<6 {
                    var cells = [
                        rule, "error", "991", "2026-Q1", "A-1", "SW765432", "Larch", field, "", "", "Look at it.", "return.csv",
                        "2", "",
                    ]
                    cells[[8, 9, 10, 4, 6, 13][column]] = value
                    // Our sentences contain text that somebody wrote only if it is the value found.
                    if column == 2, unknown.contains(value) { cells[8] = value }
                    if column == 2 { cells[10] = "The value \(value) is not known. Correct it." }
                    // A telephone number or a birthday is not a reference or the name of an agency.
                    if column == 3 || column == 4, unknown.prefix(3).contains(value) { continue }
                    lines.append(cells.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ","))
                }
            }
        }
        try Data((lines.joined(separator: "\r\n") + "\r\n").utf8).write(to: URL(filePath: out + "/exceptions.csv"))
        let copy = folder.path + "/copy"
        let outcome = try Program.check(["redact", out, "--out", copy])
        #expect(outcome.code == 0, "\(outcome.errors)")
        for name in Places.names(in: copy) where name != "manifest.json" {
            for line in try Places.text(copy + "/" + name).split(separator: "\r\n") {
                // Only between the quotation marks of one cell can a line end or one of our dates join two numbers.
                #expect(!line.contains("Jane") && !line.contains("07700") && !line.contains("31/31"), "\(name): \(line)")
                for cell in line.split(separator: ",") { #expect(Self.names(String(cell)) == nil, "\(name): \(line)") }
            }
        }
        // One reference is one pseudonym, the same in every table.
        let text = try Places.text(copy + "/exceptions.csv")
        let breach = try Places.text(copy + "/cap-breaches.csv").split(separator: "\r\n")[1].split(separator: ",")[2]
        #expect(breach.hasPrefix("withheld-") && text.contains(",\(breach),,"))
        #expect(text.split(separator: "\r\n").count == lines.count, "every finding is still there")
    }

    /// What our rules find and expect is kept: amounts, dates, codes, counts, regions.
    @Test func valuesThatIdentifyNobodyStayInTheCopy() throws {
        let folder = try TemporaryFolder()
        let (out, copy) = (folder.path + "/out", folder.path + "/copy")
        _ = try Program.check(["check", Places.samples + "/every-rule", "--out", out] + Self.rules)
        #expect(try Program.check(["redact", out, "--out", copy]).code == 0)
        let text = try Places.text(copy + "/exceptions.csv")
        for kept in [
            "CAP004,warning,,,,,,IRO,Example Region,,", ",pay_rate,41.20,38.00,", ",approved_date,2026-01-13,2026-01-12,",
            ",start_date,2026-04-01,2026-Q1,", ",notice_weeks,3.5,4,", ",experience_months,1094,1095,",
            ",cost_disaggregated,no,yes,",
            ",practice_managed_by,SUPPLIER,AUTHORITY,", ",caps_compliance,FULL,,", ",authority_code,999,,",
            ",,23000.00,21350.00,",
        ] { #expect(text.contains(kept), "\(kept)") }
    }

    /// Two references of one worker stay two, what identifies nobody is kept, and the position of a row does not reveal its
    /// reference.
    @Test func withheldValuesAreNotRevealedByPosition() throws {
        let rows = ["Z-9", "765-432", "A-1", "SW 765432/2", "M-5"].enumerated().map { Self.row($0.offset, $0.element) }
            .map { $0.merging(["cap_reason": "none", "agency": "Larch", "job_title": "Social Worker"]) { $1 } }
        let tables = try tables("in.csv", Checking.returnCSV(rows))
        for name in ["exceptions.csv", "cap-breaches.csv"] {
            var order: [String] = []
            for row in tables[name]! where !row["assignment_id"]!.isEmpty && order.last != row["assignment_id"] {
                order.append(row["assignment_id"]!)
            }
            #expect(order == ["A-1", "M-5", "Z-9", "withheld-1", "withheld-2"], "\(name): \(order)")
        }
    }

    /// Errors that were found: `evidence` and `rules check` printed the name of a file unmasked.
    @Test func nothingPrintedControlsATerminal() throws {
        let folder = try TemporaryFolder()
        let steering = "\u{1B}[31m\u{7}\u{85}\u{9B}2J\u{202E}\u{2066}\u{2028}\u{200F}\u{61C}\u{E0041}"
        let name = "x\(steering)\nready.csv"
        try folder.write("in/" + name, Checking.returnCSV([["assignment_id": steering, "references": "0", "role": steering]]))
        try folder.write("in/posts\(steering).csv", Checking.historyCSV([["swe_number": "SW100001"]]))
        try folder.write("rules/" + name, "x\n")
        let (source, store) = (folder.path + "/in", folder.path + "/s\(steering).sqlite")
        for arguments in [
            ["check", source, "--verbose"], ["check", source, "--format", "json"], ["check", source, "--format", "sarif"],
            ["check", source, "--out", folder.path + "/\(steering)out"], ["check", source + "/no\(steering)\nready"],
            ["check", source, "--\(steering)\nready"],
            ["submit", source, "--out", folder.path + "/\(steering)sent"],
            ["compare", source, "--out", folder.path + "/\(steering)compared"],
            ["health", source, "--out", folder.path + "/\(steering)health"], ["evidence", source],
            ["rules", "check", "--rules", folder.path + "/rules"],
            ["history", "add", source, "--store", store], ["history", "list", "--store", store],
            ["verify", folder.path + "/\(steering)out"],
            ["redact", folder.path + "/\(steering)out", "--out", folder.path + "/\(steering)copy"], ["explain", steering],
            ["explain", "a\nready"],
        ] {
            let takesRules =
                !["verify", "redact", "explain", "rules"].contains(arguments[0]) && arguments.prefix(2) != ["history", "list"]
            let outcome = try Program.check(arguments + (takesRules ? Self.rules : []), input: "SW100001\n")
            let text = outcome.output + outcome.errors
            #expect(!text.isEmpty)
            let bad = text.unicodeScalars.first {
                $0 != "\n" && $0 != "\t" && steering.unicodeScalars.contains($0) && !$0.isASCII
                    || $0.value < 32 && $0 != "\n" && $0 != "\t"
            }
            #expect(bad == nil, "\(arguments.prefix(2)) printed \(bad!.value): \(text)")
            #expect(
                !text.split(separator: "\n").contains { $0.hasPrefix("ready") }, "\(arguments.prefix(2)): a line is forged: \(text)"
            )
            if arguments.contains("json") || arguments.contains("sarif") {
                #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) }
            }
        }
    }

    /// The rules' own examples have made-up numbers, which stay readable.
    @Test func theRulesOwnWordsAreNotMasked() throws {
        #expect(try Program.check(["explain", "DATA002"]).output.contains("swe_number = SW"))
        #expect(try Program.check(["--help"]).output.contains("USAGE"))
    }

    @Test func helpThatCannotBePrintedIsReported() throws {
        for arguments in [["--help"], ["--version"], ["rules", "list"], ["explain", "all"]] {
            let script = "\"$0\" \"$@\" > /dev/full"
            #expect(try Program.run("/bin/bash", ["-c", script, Program.agencyCheck] + arguments).code == 3, "\(arguments)")
        }
    }
}
