import AgencyModel
import Compliance
import Facts
import Foundation
import TestSupport
import Testing

/// A row of the coverage table.
enum CoverageRow {
    static func of(_ rule: String, _ result: CheckResult) -> RuleCoverage {
        result.coverage.first { $0.rule.description == rule }!
    }
}

/// The examples on each rule's page are its tests.
@Suite struct RuleExampleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let code: String
        let spans: [String]
        let breaches: Bool
        let line: Int
        var testDescription: String { "\(code).md:\(line) \(breaches ? "breaches" : "does not breach")" }
    }

    static let examples: [Example] = {
        guard let book = try? Checking.book() else { return [] }
        return RuleRegistry.shared.all.flatMap { rule -> [Example] in
            let text = book.texts[rule.code]!
            return text.breaches.map { Example(code: "\(rule.code)", spans: $0.spans, breaches: true, line: $0.line) }
                + text.doesNotBreach.map { Example(code: "\(rule.code)", spans: $0.spans, breaches: false, line: $0.line) }
        }
    }()

    @Test func everyRuleHasExamplesOfBothKinds() {
        #expect(Set(Self.examples.filter(\.breaches).map(\.code)).count == RuleRegistry.shared.all.count)
        #expect(Set(Self.examples.filter { !$0.breaches }.map(\.code)).count == RuleRegistry.shared.all.count)
    }

    @Test(arguments: examples) func example(example: Example) throws {
        let folder = try TemporaryFolder()
        var assignments: [[String: String]] = []
        var spells: [[String: String]] = []
        var record: [String: String]? = [:]
        for span in example.spans.map(Self.characters) {
            if span.hasPrefix("file: ") {
                try folder.write("return.csv", Self.raw(String(span.dropFirst(6))))
            } else if span.hasPrefix("also: ") {
                var change = Self.change(span.dropFirst(6))
                let number = assignments.count + 1
                change["assignment_id"] = change["assignment_id"] ?? "A-\(number)"
                change["swe_number"] = change["swe_number"] ?? "SW20000\(number)"
                assignments.append(change)
            } else if span.hasPrefix("history: ") {
                spells.append(Self.change(span.dropFirst(9)))
            } else if span.hasPrefix("census: ") {
                try folder.write("census.xml", Self.census(Self.change(span.dropFirst(8))))
            } else if span == "authority: none" {
                record = nil
            } else if span.hasPrefix("authority: ") {
                record = Self.change(span.dropFirst(11))
            } else {
                assignments.append(span == "-" ? [:] : Self.change(span[...]))
            }
        }
        if !assignments.isEmpty {
            try folder.write("return.csv", Checking.returnCSV(assignments))
            if !spells.isEmpty { try folder.write("history.csv", Checking.historyCSV(spells)) }
            if let record { try folder.write("record.csv", Checking.recordCSV([record])) }
        }
        let rows = Checking.rows(try Checking.run([folder.path]))
        #expect(rows.contains { $0.rule == example.code } == example.breaches, "\(example.spans) gave \(rows)")
        for row in rows { Self.look(at: row) }
    }

    /// No message contains a placeholder that was not filled, a person's number, or a word that our style avoids.
    private static func look(at row: FoundRow) {
        #expect(!row.message.contains("{") && !row.message.contains("  ") && !row.message.isEmpty, "\(row.message)")
        #expect(!row.message.contains("SW1") && !row.message.contains("SW2"), "\(row.message)")
        for word in ["invalid", "please", "sorry", "illegal"] {
            #expect(!row.message.lowercased().contains(word), "\(row.message)")
        }
        #expect(row.message.hasSuffix("."), "\(row.message)")
    }

    /// A census of authority 991 that names the plain return's worker in one post; `leaving_reason` is its code.
    private static func census(_ post: [String: String]) -> String {
        let elements = [("RoleStartDate", "start_date"), ("RoleEndDate", "end_date"), ("ReasonLeave", "leaving_reason")]
        let row = elements.compactMap { name, column in post[column].map { "<\(name)>\($0)</\(name)>" } }.joined()
        return """
            <Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>2025</Year><ReferenceDate>2025-09-30</ReferenceDate>
            </CollectionDetails><Source><LEA>991</LEA></Source></Header>
            <CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>SW100001</SWENo>\(row)</CSWWWorker></Message>
            """
    }

    private static func change(_ text: Substring) -> [String: String] {
        var change: [String: String] = [:]
        for pair in text.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func trim(_ part: Substring) -> String { part.trimmingCharacters(in: .whitespaces) }
            let name = trim(parts[0])
            precondition(Column(name: name) != nil, "\(name) is no column")
            change[name] = parts.count > 1 ? trim(parts[1]) : ""
        }
        return change
    }

    /// `<U+200B>` represents a character that a page cannot show.
    private static func characters(_ span: String) -> String {
        span.replacing(/<U\+([0-9A-F]{4})>/) { String(Unicode.Scalar(UInt32($0.1, radix: 16)!)!) }
    }

    private static func raw(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.popFirst() {
            guard first == 0x5C, let kind = rest.popFirst() else {
                bytes.append(first)
                continue
            }
            switch kind {
            case 0x6E: bytes.append(0x0A)
            case 0x74: bytes.append(0x09)
            default:
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)!)
                rest = rest.dropFirst(2)
            }
        }
        return bytes
    }
}

/// Every dated figure on the day before, on the day, and after it.
@Suite struct BoundaryTests {
    private func has(_ rule: String, _ change: [String: String], history: [[String: String]] = []) throws -> Bool {
        var files = [("r.csv", Checking.returnCSV([change]))]
        if !history.isEmpty { files.append(("h.csv", Checking.historyCSV(history))) }
        return try Checking.findings(files).contains { $0.rule == rule }
    }

    static let breach: [String: [String: String]] = [
        "CAP001": ["pay_rate": "40.00"], "EXP003": ["experience_months": "", "experience_verified": ""],
        "TEAM001": ["supply": "PACKAGED"], "TEAM002": ["supply": "PACKAGED"], "TEAM005": ["supply": "PACKAGED"],
        "NOTE001": ["notice_weeks": "1"], "NOTE002": ["notice_weeks": ""], "REF001": ["references": "1"],
    ]

    /// New assignments from 31 October 2024 (caps: 1 October 2025).
    @Test(arguments: ["EXP003", "TEAM001", "TEAM002", "TEAM005", "NOTE001", "NOTE002", "REF001"])
    func rulesApplyToNewAssignmentsFromTheirDay(rule: String) throws {
        for (start, applies) in [("2024-10-30", false), ("2024-10-31", true), ("2024-11-01", true)] {
            let change = Self.breach[rule]!.merging(["start_date": start, "end_date": "", "quarter": "2024-Q4"]) { $1 }
            #expect(try has(rule, change) == applies, "\(start)")
        }
    }

    @Test func capsApplyFromTheirDay() throws {
        for (start, quarter, applies) in [
            ("2025-09-30", "2025-Q3", false), ("2025-10-01", "2025-Q4", true), ("2025-10-02", "2025-Q4", true),
        ] {
            #expect(
                try has("CAP001", ["pay_rate": "40.00", "start_date": start, "end_date": "", "quarter": quarter]) == applies,
                "\(start)")
        }
    }

    /// Older assignments from 1 October 2025: if the quarter ends on or after it and the assignment has a day on or after it.
    @Test(arguments: ["CAP001", "EXP003", "TEAM002", "TEAM005", "NOTE001", "NOTE002"])
    func rulesApplyToOlderAssignmentsFromTheirDay(rule: String) throws {
        for (quarter, end, applies) in [
            ("2025-Q3", "", false), ("2025-Q3", "2025-12-31", false), ("2025-Q4", "2025-10-01", true),
            ("2025-Q4", "2025-10-02", true),
            ("2025-Q4", "", true),
        ] {
            let change = Self.breach[rule]!.merging(["start_date": "2024-10-30", "end_date": end, "quarter": quarter]) { $1 }
            #expect(try has(rule, change) == applies, "\(quarter) \(end)")
        }
    }

    @Test(arguments: ["TEAM001", "REF001"]) func someFamiliesNeverApplyToOlderAssignments(rule: String) throws {
        let change = Self.breach[rule]!.merging(["start_date": "2024-10-30", "end_date": ""]) { $1 }
        #expect(try !has(rule, change))
    }

    @Test func theCoolOffEndsToTheDay() throws {
        for (end, start, breaches) in [
            ("2025-11-30", "2025-12-01", true), ("2025-11-30", "2026-02-27", true), ("2025-11-30", "2026-02-28", false),
            ("2025-10-13", "2026-01-12", true), ("2025-10-12", "2026-01-12", false), ("2026-01-12", "2026-01-12", false),
            ("2026-01-11", "2026-01-12", true),
        ] {
            let change = ["last_post_authority": "991", "last_post_end": end, "start_date": start, "end_date": ""]
            #expect(try has("COOL001", change) == breaches, "\(end) \(start)")
        }
    }

    @Test func thePostThatEndedLastDecides() throws {
        let change = ["last_post_authority": "991", "last_post_end": "2025-12-31", "last_post_reason": "REDUNDANT"]
        func post(_ end: String, _ authority: String, _ reason: String) -> [String: String] {
            ["start_date": "2019-01-01", "end_date": end, "authority_code": authority, "leaving_reason": reason]
        }
        // An earlier post that would breach the rule does not count; one that ended on the same last day does.
        #expect(try !has("COOL001", change, history: [post("2025-12-30", "991", "RESIGNED")]))
        #expect(try has("COOL001", change, history: [post("2025-12-31", "992", "RESIGNED")]))
        #expect(try has("COOL001", change, history: [post("2026-01-02", "992", "")]))
        #expect(try !has("COOL001", change, history: [post("2026-01-02", "995", "RESIGNED")]))
        #expect(try !has("COOL001", change, history: [post("2026-01-12", "992", "RESIGNED")]))
        let adult = post("2026-01-02", "992", "RESIGNED").merging(["setting": "ADULT"]) { $1 }
        #expect(try !has("COOL001", change, history: [adult]))
    }

    @Test func spellsAreUnitedAndClipped() throws {
        func spell(_ start: String, _ end: String, _ more: [String: String] = [:]) -> [String: String] {
            ["start_date": start, "end_date": end].merging(more) { $1 }
        }
        let unverified = ["experience_verified": "no", "experience_months": ""]
        func days(_ history: [[String: String]]) throws -> String? {
            try Checking.findings([("r.csv", Checking.returnCSV([unverified])), ("h.csv", Checking.historyCSV(history))])
                .first { $0.rule == "EXP001" }?.found
        }
        #expect(try days([spell("2023-01-01", "2023-12-31"), spell("2023-06-01", "2024-06-30")]) == "547")
        #expect(try days([spell("2023-01-01", "2023-12-31"), spell("2024-01-01", "2024-01-01")]) == "366")
        #expect(try days([spell("2023-01-01", "2023-12-31"), spell("2023-02-01", "2023-02-02")]) == "365")
        // Cut off at the day before the start; open spells too.
        #expect(try days([spell("2026-01-10", "2026-02-10")]) == "2")
        #expect(try days([spell("2026-01-11", "")]) == "1")
        // It is still a spell, although it adds no day.
        #expect(try days([spell("2026-01-12", "")]) == "0")
        #expect(try days([spell("2020-01-02", "2020-01-01")]) == "0")
        #expect(try days([spell("2010-01-01", "2020-01-01", ["registered": "no"])]) == "0")
        #expect(try days([spell("2010-01-01", "2020-01-01", ["authority_code": "777"])]) == "0")
        #expect(try days([spell("2010-01-01", "2020-01-01", ["setting": "ADULT"])]) == "0")
        // Only agency work, so there is no history.
        #expect(try days([spell("2010-01-01", "2020-01-01", ["employment": "AGENCY"])]) == nil)
    }

    /// A cap that changes applies from its day, which is compared with the later of the start and the first day of the quarter.
    @Test func aLaterCapReplacesAnEarlierOne() throws {
        let folder = try TemporaryFolder()
        try folder.write("authorities.csv", try Places.text(Places.sampleRules + "/authorities.csv"))
        try folder.write(
            "caps.csv",
            "region,role,effective_from,cap,source\nExample Region,SW,2025-10-01,38.00,x\nExample Region,SW,2026-01-13,34.00,x\n")
        let book = try Checking.book(over: folder.path)
        for (start, breaches) in [("2025-10-06", false), ("2026-01-12", false), ("2026-01-13", true), ("2026-01-14", true)] {
            let rows = try Checking.findings([("r.csv", Checking.returnCSV([["start_date": start, "end_date": ""]]))], book: book)
            #expect(rows.contains { $0.rule == "CAP001" } == breaches, "\(start)")
        }
    }

    @Test func aRegionCanStartItsCapsEarlier() throws {
        let folder = try TemporaryFolder()
        try folder.write("authorities.csv", try Places.text(Places.sampleRules + "/authorities.csv"))
        try folder.write("caps.csv", "region,role,effective_from,cap,source\nExample Region,SW,2025-01-01,38.00,x\n")
        try folder.write("regions.csv", "region,caps_new_from,caps_legacy_from,source\nExample Region,2025-01-20,2025-04-20,x\n")
        let book = try Checking.book(over: folder.path)
        for (start, end, quarter, breaches) in [
            ("2025-01-19", "", "2025-Q1", false), ("2025-01-20", "", "2025-Q1", true),
            ("2025-01-19", "2025-04-19", "2025-Q2", false),
            ("2025-01-19", "2025-04-20", "2025-Q2", true),
        ] {
            let change = ["pay_rate": "40.00", "start_date": start, "end_date": end, "quarter": quarter]
            let rows = try Checking.findings([("r.csv", Checking.returnCSV([change]))], book: book)
            #expect(rows.contains { $0.rule == "CAP001" } == breaches, "\(start) \(end) \(quarter)")
        }
    }

    @Test func percentagesAreExactlyRounded() throws {
        // £12,300 of hours, of which one per cent is £123.
        for (cost, breaches) in [("4223.00", false), ("4223.0001", true), ("3977.00", false), ("3976.9999", true)] {
            let rows = try Checking.findings([
                ("r.csv", Checking.returnCSV([[:]])), ("a.csv", Checking.recordCSV([["cost_month_1": cost]])),
            ])
            #expect(rows.contains { $0.rule == "AUTH003" } == breaches, "\(cost)")
        }
        for (rate, breaches) in [("33.0000", false), ("33.0001", true)] {
            let rows = try Checking.findings([
                (
                    "r.csv",
                    Checking.returnCSV([
                        ["pay_rate": "30.00"], ["assignment_id": "A-2", "authority_code": "992", "pay_rate": rate],
                    ])
                )
            ])
            #expect(rows.contains { $0.rule == "REGION002" && $0.authority == "992" } == breaches, "\(rate)")
        }
    }
}

@Suite struct CoverageTests {
    @Test func everyRecordIsCountedForEveryRule() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "r.csv",
            Checking.returnCSV([
                [:], ["assignment_id": "A-2", "swe_number": "X"], ["assignment_id": "A-3", "swe_number": "SW3", "pay_rate": "?"],
                ["assignment_id": "A-4", "swe_number": "SW4", "start_date": "2024-10-30"],
                ["assignment_id": "A-5", "swe_number": "SW5", "role": "IRO"],
            ]))
        let result = try Checking.run([folder.path])
        #expect(result.coverage.map(\.rule) == RuleRegistry.shared.all.map(\.code))
        for row in result.coverage where row.rule.family != .IMP && row.rule.family != .AUTH {
            #expect(row.assessed + row.notApplicable + row.undecided == 5, "\(row.rule)")
        }
        func counts(_ rule: String) -> [Int] {
            let row = CoverageRow.of(rule, result)
            return [row.assessed, row.notApplicable, row.undecided, row.findings]
        }
        #expect(counts("CAP001") == [2, 0, 3, 0])
        #expect(counts("CAP004") == [3, 0, 2, 1])
        #expect(CoverageRow.of("REF001", result).notApplicable == 1)
        #expect(CoverageRow.of("REGION001", result).notApplicable == 5)
        #expect(CoverageRow.of("AUTH001", result).assessed == 1)
        #expect(CoverageRow.of("AUTH002", result).undecided == 1)
    }
}

/// A region's own agreement.
@Suite struct RegionalCooloffTests {
    private func rules(_ table: String, _ start: String, cap: [String: String] = [:]) throws -> Set<String> {
        let folder = try TemporaryFolder()
        for name in ["authorities.csv", "caps.csv", "job-mapping.csv"] {
            try folder.write("rules/" + name, try Places.bytes(Places.sampleRules + "/" + name))
        }
        try folder.write("rules/regions.csv", table)
        let post = [
            "start_date": start, "last_post_authority": "992", "last_post_end": "2025-09-15", "last_post_reason": "RESIGNED",
        ]
        try folder.write("in/r.csv", Checking.returnCSV([post.merging(cap) { $1 }]))
        let rows = Checking.rows(try Checking.run([folder.path + "/in"], book: Checking.book(over: folder.path + "/rules")))
        return Set(rows.map(\.rule))
    }

    @Test func aRegionsOwnMonthsApply() throws {
        let six = "region,caps_new_from,caps_legacy_from,cooloff_months,source\nExample Region,,,6,x\n"
        #expect(try rules(six, "2026-03-14").contains("COOL001"))
        #expect(try !rules(six, "2026-03-15").contains("COOL001"))
        let national = "region,caps_new_from,caps_legacy_from,cooloff_months,source\nExample Region,2025-10-01,2025-10-01,,x\n"
        #expect(try !rules(national, "2026-03-14").contains("COOL001"))
        // Of another region, and of a table made before the column was added.
        #expect(try !rules(six.replacingOccurrences(of: "Example", with: "Other"), "2026-03-14").contains("COOL001"))
        let old = "region,caps_new_from,caps_legacy_from,source\nExample Region,2026-02-01,never,x\n"
        #expect(try !rules(old, "2026-03-14").contains("COOL001"))
    }

    /// A region that gives only months has the national dates for its caps.
    @Test func emptyDatesMeanTheNationalDates() throws {
        let six = "region,caps_new_from,caps_legacy_from,cooloff_months,source\nExample Region,,never,6,x\n"
        #expect(try rules(six, "2026-03-14", cap: ["pay_rate": "41.20"]).contains("CAP001"))
        #expect(try !rules(six, "2025-09-30", cap: ["pay_rate": "41.20"]).contains("CAP001"))
    }
}
