import AgencyModel
import Compliance
import Foundation
import RuleBook
import TestSupport
import Testing
import TextSource

/// A page of docs/reference, as its headings and tables.
struct ReferencePage {
    struct Section {
        /// The second-level heading above it, and its own.
        let part: String
        let title: String
        var tables: [[[String]]] = []

        /// The rows of each table whose first header is `header`.
        func rows(under header: String) -> [[String]] { tables.filter { $0[0][0] == header }.flatMap { $0.dropFirst() } }
    }
    private(set) var sections: [Section] = []

    init(_ name: String) throws {
        var part = ""
        var isInTable = false
        for line in try Places.text(Places.root + "/docs/reference/" + name).components(separatedBy: "\n") {
            if line.hasPrefix("## ") || line.hasPrefix("### ") {
                let title = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).replacing("`", with: "")
                if line.hasPrefix("## ") { part = title }
                sections.append(Section(part: part, title: title))
            }
            guard line.hasPrefix("|"), !sections.isEmpty else {
                isInTable = false
                continue
            }
            let cells = line.dropFirst().dropLast().components(separatedBy: " | ").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells[0].hasPrefix("---") { continue }
            if isInTable {
                sections[sections.count - 1].tables[sections.last!.tables.count - 1].append(cells)
            } else {
                sections[sections.count - 1].tables.append([cells])
            }
            isInTable = true
        }
    }

    func section(_ title: String) -> Section { sections.first { $0.title == title } ?? Section(part: "", title: title) }

    /// The words in backticks, in order.
    static func names(in cell: String) -> [String] {
        cell.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    }
}

/// The tables in docs/reference agree with the program.
@Suite struct ReferencePageTests {
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]

    // MARK: The rules

    /// The code, severity and field of each rule on the page.
    static func rules() throws -> [[String]] {
        try ReferencePage("rules.md").sections.flatMap { $0.rows(under: "code") }.map { Array($0.prefix(3)) }
    }

    @Test func rulesSeveritiesAndFieldsAgreeWithThePage() throws {
        let rows = try Self.rules()
        let rules = RuleRegistry.shared.all
        #expect(rows.map { $0[0] } == rules.map { "\($0.code)" })
        for (row, rule) in zip(rows, rules) {
            #expect(row[1] == rule.severity.name, "\(rule.code)")
            if let field = rule.field { #expect(row[2] == "`\(field.name)`", "\(rule.code)") }
        }
    }

    @Test func commencementsAgreeWithThePage() throws {
        let shipped = try readCSV(try Places.bytes(Places.rules + "/commencement.csv")).dropFirst()
        let page = try ReferencePage("rules.md").section("Commencement").rows(under: "family")
        func day(_ text: String) -> String {
            let words = text.replacing("*", with: "").split(separator: " ").map(String.init)
            guard words.count == 3, let month = Self.months.firstIndex(of: words[1]) else { return text }
            return "\(words[2])-\(month < 9 ? "0" : "")\(month + 1)-\(words[0].count == 1 ? "0" : "")\(words[0])"
        }
        #expect(page.map { [$0[0].replacing("`", with: ""), day($0[2]), day($0[3])] } == shipped.map { Array($0[0...2]) })
    }

    @Test func figuresAgreeWithThePage() throws {
        let shipped = try readCSV(try Places.bytes(Places.rules + "/parameters.csv")).dropFirst()
        let page = try ReferencePage("rules.md").section("Figures").rows(under: "parameter")
        #expect(page.map { [$0[0].replacing("`", with: ""), $0[1]] } == shipped.map { [$0[0], $0[2]] })
    }

    // MARK: The return

    @Test(arguments: [
        ("Assignments", Column.ofAssignment), ("Employment history", Column.ofSpell),
        ("Authority record", Column.ofAuthorityRecord),
    ])
    func columnsOfTheReturnAgreeWithThePage(_ section: String, _ columns: [Column]) throws {
        let rows = try ReferencePage("return-format.md").section(section).rows(under: "column")
        #expect(rows.flatMap { ReferencePage.names(in: $0[0]) } == columns.map(\.name))
        // The codes of a column, if the page lists them and the submission's own table does too.
        if section == "Assignments" {
            #expect(rows.first { $0[0] == "`role`" }?[1] == CoreRole.allCases.map(\.text).joined(separator: ", "))
            #expect(rows.first { $0[0] == "`supply`" }?[1] == Supply.allCases.map(\.text).joined(separator: ", "))
            #expect(rows.first { $0[0] == "`engagement`" }?[1] == Engagement.allCases.map(\.text).joined(separator: ", "))
            // A census distinguishes more reasons than a return.
            let reasons = LeavingReason.allCases.map(\.text).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            #expect(rows.first { $0[0] == "`last_post_reason`" }?[1] == reasons.joined(separator: ", "))
        }
    }

    @Test func limitsAgreeWithThePage() throws {
        let rows = try ReferencePage("return-format.md").section("What happens to a bad file").rows(under: "limit")
        let limits = Mirror(reflecting: Limits()).children.map { ["`\($0.label ?? "")`", "\($0.value)"] }
        #expect(rows.map { Array($0.prefix(2)) } == limits)
    }

    // MARK: The outputs

    /// Runs the program so that there is every kind of output.
    private static func makeOutputs(in folder: TemporaryFolder) throws {
        for name in ["samples", "rules"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/" + name, withDestinationPath: Places.root + "/" + name)
        }
        let rules = ["--rules", "samples/rules"]
        func run(_ arguments: [String]) throws {
            let outcome = try Program.check(arguments, in: folder.path)
            #expect(![2, 3].contains(outcome.code) || arguments[0] == "check", "\(arguments): \(outcome.errors)")
        }
        try run(["check", "samples/every-rule", "--out", "first", "--only", "exceptions"] + rules)
        let findings = try readCSV(try Places.bytes(folder.path + "/first/exceptions.csv"))
        let wanted = ["rule", "authority_code", "quarter", "assignment_id", "field", "found"]
        let finding = try #require(findings.first { $0[0] == "CAP001" })
        let entry = wanted.map { finding[findings[0].firstIndex(of: $0)!] } + ["Agreed", "A manager", "2026-04-01"]
        try folder.write(
            "accepted.csv",
            (wanted + ["reason", "accepted_by", "accepted_on"]).joined(separator: ",") + "\n" + entry.joined(separator: ",") + "\n")
        try run(
            [
                "check", "samples/every-rule", "samples/clean", "--also", "json,sarif", "--accept", "accepted.csv", "--stamp",
                "--log",
                "run.log", "--out", "check",
            ] + rules)
        try run(["submit", "--nil", "--authority", "991", "--quarter", "2026-Q1", "--stamp", "--out", "nil"] + rules)
        try run(["history", "add", "samples/census", "samples/clean", "--store", "r.sqlite"] + rules)
        try run(["history", "export", "--store", "r.sqlite", "--out", "export"])
        try run(["compare", "--history", "r.sqlite", "--stamp", "--out", "compare"] + rules)
        try run(["compare", "samples/clean", "--for", "members", "--out", "members"] + rules)
        try run(["compare", "samples/clean", "--for", "public", "--out", "public"] + rules)
        try run(["health", "samples/health", "--out", "health"] + rules)
        try run(["redact", "check", "--out", "redacted"])
        try run(["template", "--authority", "991", "--quarter", "2026-Q1", "--out", "template"])
    }

    /// The parts of the page, and the folders that they describe.
    private static let parts = [
        ("The output of check", "check"), ("The submission", "check/submission/992-2026-Q1"), ("The output of compare", "compare"),
        ("The output of compare", "members"), ("The output of compare", "public"), ("The output of health", "health"),
        ("The output of history export", "export"), ("The output of check", "redacted"),
    ]

    @Test func filesColumnsAndManifestsAgreeWithThePage() throws {
        let folder = try TemporaryFolder()
        try Self.makeOutputs(in: folder)
        let page = try ReferencePage("outputs.md")
        func tables(of part: String) -> [ReferencePage.Section] {
            page.sections.filter { $0.part == part && $0.title.hasSuffix(".csv") }
        }
        for (part, name) in Self.parts {
            let files = Places.names(in: folder.path + "/" + name).filter { $0 != "submission" }
            #expect(!files.isEmpty, "\(name)")
            // Each table has the page's columns, in the page's order.
            for file in files where file.hasSuffix(".csv") {
                let section = tables(of: part).first { $0.title == file }
                let columns = section?.rows(under: "column").flatMap { ReferencePage.names(in: $0[0]) }
                #expect(try readCSV(try Places.bytes("\(folder.path)/\(name)/\(file)"))[0] == columns, "\(name)/\(file)")
            }
            // No file is written that the page does not name.
            let named =
                page.section(part).rows(under: "file").map { $0[0].replacing("`", with: "") } + tables(of: part).map(\.title)
            for file in files {
                #expect(named.contains(file) || ["manifest.json", "health.html"].contains(file), "\(name)/\(file)")
            }
            // Every file that the page names is written, except those that an audience does not get or a redacted copy leaves out.
            for file in named where !["members", "public", "redacted"].contains(name) && file != "submission/" {
                #expect(files.contains(file), "\(name): \(file)")
            }
        }
        let redacted = Set(Places.names(in: folder.path + "/redacted"))
        #expect(redacted == ["exceptions.csv", "cap-breaches.csv", "agencies.csv", "coverage.csv", "manifest.json"])
        #expect(!Places.names(in: folder.path + "/public").contains("agencies.csv"))
        try holdManifests(page, folder.path)
        try holdJSON(page, folder.path)
        for (file, columns) in [
            ("return.csv", Column.ofAssignment), ("authority-record.csv", Column.ofAuthorityRecord),
            ("employment-history.csv", Column.ofSpell),
        ] {
            #expect(try readCSV(try Places.bytes("\(folder.path)/template/\(file)"))[0] == columns.map(\.name), "\(file)")
        }
    }

    /// Each manifest has members that the page names for its kind, and each member on the page is in one.
    private func holdManifests(_ page: ReferencePage, _ path: String) throws {
        let rows = page.section("manifest.json").rows(under: "member")
        var seen: [String: Set<String>] = [:]
        for name in [
            "check", "check/submission/991-2026-Q1", "nil/submission/991-2026-Q1", "compare", "members", "public", "health",
            "redacted", "export",
        ] {
            let members = try Self.members(path + "/\(name)/manifest.json")
            let kind = try #require(members["output"] as? String)
            seen[kind, default: []].formUnion(members.keys)
        }
        #expect(seen.keys.sorted() == ["check", "compare", "health", "history export", "redacted", "submission"])
        for (kind, members) in seen {
            let named = Set(
                rows.filter { $0[1] == "all" || $0[1].components(separatedBy: ", ").contains(kind) }.map {
                    $0[0].replacing("`", with: "")
                })
            #expect(members == named, "\(kind)")
        }
    }

    private func holdJSON(_ page: ReferencePage, _ path: String) throws {
        let members = try Self.members(path + "/check/findings.json")
        let section = page.section("findings.json")
        #expect(Set(members.keys) == Set(section.rows(under: "member").map { $0[0].replacing("`", with: "") }))
        let schema = try Self.members(Places.root + "/docs/formats/findings.schema.json")
        #expect((schema["properties"] as? [String: Any]).map { Set($0.keys) } == Set(members.keys))
        let findings = try #require(members["findings"] as? [[String: Any]])
        let text = try Places.text(Places.root + "/docs/reference/outputs.md")
        for name in findings[0].keys { #expect(text.contains("`\(name)`"), "\(name)") }
        let line = try #require(try Places.text(path + "/run.log").components(separatedBy: "\n").first)
        let entry = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let logged = page.section("The run log").rows(under: "member").flatMap { ReferencePage.names(in: $0[0]) }
        #expect(Set(entry.keys) == Set(logged))
    }

    private static func members(_ path: String) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(try Places.bytes(path))) as? [String: Any] ?? [:]
    }

    @Test func exitCodesAgreeWithThePage() throws {
        let rows = try ReferencePage("outputs.md").section("Exit codes").rows(under: "code")
        let folder = try TemporaryFolder()
        let rules = ["--rules", Places.sampleRules]
        let returned = try folder.write("r.csv", Checking.returnCSV([["references": "0"]]))
        let record = try folder.write(
            "record.csv", Checking.recordCSV([["cost_month_1": "4100", "cost_month_2": "4100", "cost_month_3": "4100"]]))
        let found = try [
            ["check", Places.samples + "/clean"] + rules, ["check", returned, record] + rules,
            ["check", returned, "--rules", folder.path + "/none"], ["check", returned, folder.path + "/none.csv"] + rules,
        ].map { String(try Program.check($0).code) }
        #expect(found == rows.map { $0[0] })
        #expect(found == ["0", "1", "2", "3"])
    }
}
