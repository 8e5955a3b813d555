import AgencyModel
import Compliance
import Intake
import RuleBook
import TestSupport
import Testing

/// For every rule of the rule book: what a message tells the user to do is done, and the finding is gone.
@Suite struct AdviceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        typealias Files = [String: String]
        let rule: String
        /// The files that break the rule, by name.
        let wrong: Files
        /// The files that change when the advice is followed.
        let advice: Files
        /// Rows that are added to tables of the rules, as the message says.
        var tables: Files = [:]
        /// The authority given on the command line, before and after.
        var authority: (before: UInt16?, after: UInt16?) = (nil, nil)
        /// The words of the message that give the advice.
        var words = ""
        var testDescription: String { "\(rule) \(wrong) \(advice)" }

        /// A plain assignment with changes.
        init(_ rule: String, _ wrong: [String: String], _ advice: [String: String], words: String = "") {
            self.init(
                rule, files: ["r.csv": Checking.returnCSV([wrong]), "a.csv": Checking.recordCSV([[:]])],
                ["r.csv": Checking.returnCSV([wrong.merging(advice) { $1 }])], words: words)
        }

        init(_ rule: String, files wrong: Files, _ advice: Files, tables: Files = [:], words: String = "") {
            self.rule = rule
            self.wrong = wrong
            self.advice = advice
            self.tables = tables
            self.words = words
        }

        /// A plain assignment with changes and a history, a census or an authority record.
        init(
            _ rule: String, _ change: [String: String] = [:], with wrong: Files, _ advice: Files, words: String = ""
        ) {
            let row = ["r.csv": Checking.returnCSV([change])]
            self.init(rule, files: row.merging(wrong) { $1 }, advice, words: words)
        }

        func findings(followed: Bool) throws -> [FoundRow] {
            var book: RuleBook?
            if followed, !tables.isEmpty {
                let folder = try TemporaryFolder()
                for name in Places.names(in: Places.sampleRules) {
                    try folder.write(name, try Places.text(Places.sampleRules + "/" + name) + (tables[name] ?? ""))
                }
                for (name, text) in tables where !Places.names(in: Places.sampleRules).contains(name) {
                    try folder.write(name, text)
                }
                book = try Checking.book(over: folder.path)
            }
            let files = followed ? wrong.merging(advice) { $1 } : wrong
            let code = (followed ? authority.after : authority.before).map { AuthorityCode(number: $0) }
            let folder = try TemporaryFolder()
            for (name, text) in files {
                // U+FFFD represents a byte that is not UTF-8.
                let pieces = text.split(separator: "\u{FFFD}", omittingEmptySubsequences: false).map { Array($0.utf8) }
                try folder.write(name, Array(pieces.joined(separator: [0xE9])))
            }
            return Checking.rows(
                try Checking.run([folder.path], book: book, defaults: RecordDefaults(authority: code, quarter: nil)))
        }
    }

    /// One worker in a census of 991, of 30 September 2025.
    private static func census(_ start: String, _ end: String, _ reason: String) -> String {
        let left = reason.isEmpty ? "" : "<ReasonLeave>\(reason)</ReasonLeave>"
        return """
            <Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>2025</Year>\
            <ReferenceDate>2025-09-30</ReferenceDate></CollectionDetails><Source><LEA>991</LEA></Source></Header>
            <CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>SW100001</SWENo><RoleStartDate>\(start)</RoleStartDate>\
            <RoleEndDate>\(end)</RoleEndDate>\(left)</CSWWWorker></Message>
            """
    }

    private static let short = ["start_date": "2022-01-01", "end_date": "2023-12-31"]
    private static let header =
        "authority_code,quarter,assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate"
    private static let row = "991,2026-Q1,A-1,SW100001,SW,2026-01-12,UMBRELLA,36.00,41.00"
    private static let other = ["assignment_id": "A-2", "weekly_hours": "20"]
    private static let elsewhere = ["assignment_id": "B-1", "authority_code": "992", "weekly_hours": "20"]

    private static func second(_ change: [String: String]) -> [String: String] {
        ["swe_number": "SW300001"].merging(change) { $1 }
    }

    /// Findings that remain although their advice was followed, because it is followed outside the files.
    static let standing = [
        "CAP003": "a notice of a breach that was signed off in time: it asks to report it, and the output is the report"
    ]

    private static let late = ["pay_rate": "40.00", "cap_dcs_date": "2026-01-05", "cap_ce_date": "2026-01-13"]
    /// A name that ends with a byte of Windows-1252; `Case.findings` writes that byte.
    private static let windows1252 = "\(header),agency\n\(row),Caf\u{FFFD}\n"

    static let cases: [Case] = [
        Case("IMP004", ["start_date": "12 Jan"], ["start_date": "2026-01-12"]),
        Case("IMP007", ["pay_rate": "36\u{200B}.00"], ["pay_rate": "36.00"]),
        Case("DATA001", ["charge_rate": ""], ["charge_rate": "41.00"]),
        Case("DATA002", ["swe_number": "HC12345"], ["swe_number": "SW100001"]),
        Case("DATA003", ["authority_code": "000"], ["authority_code": "991"]),
        Case("DATA004", ["end_date": "2026-01-11"], ["end_date": "2026-03-11"]),
        Case("DATA005", ["start_date": "2026-04-01", "end_date": ""], ["quarter": "2026-Q2"]),
        Case("DATA007", ["charge_rate": "45.00"], ["charge_rate": "41.00"]),
        Case("DATA008", ["pay_rate": "250.00"], ["pay_rate": "36.00"]),
        Case("DATA009", ["employer_ni": "3.00"], ["employer_ni": ""]),
        Case("DATA011", ["hours_in_quarter": "500"], ["hours_in_quarter": "300"]),
        Case("DATA012", ["agency": "=1+1"], ["agency": "A =1+1"]),
        Case("DATA013", ["end_date": "9999-12-31"], ["end_date": ""]),
        Case("DATA013", ["cap_dcs_date": "0026-01-02"], ["cap_dcs_date": "2026-01-02"]),
        Case("DATA014", ["job_title": "Social Worker,SW\n991,2026-Q1,A-2"], ["job_title": "Social Worker"]),
        Case("DATA018", ["hours_in_quarter": ""], ["hours_in_quarter": "300"]),
        Case("DATA018", ["hours_in_quarter": "0"], ["hours_in_quarter": "300"]),
        Case("DATA019", ["hours_in_quarter": "50"], ["hours_in_quarter": "300"]),
        Case("DATA019", ["hours_in_quarter": "50"], ["weekly_hours": "7"]),
        Case("DATA020", ["charge_rate": "36.00"], ["charge_rate": "41.00"]),
        Case("DATA020", ["pay_rate": "41.00", "charge_rate": "36.00"], ["pay_rate": "36.00", "charge_rate": "41.00"]),
        Case("DATA021", ["engagement": "PAYE"], ["employer_ni": "0", "holiday_pay": "0", "apprenticeship_levy": "0"]),
        Case("CAP001", ["pay_rate": "40.00"], ["cap_dcs_date": "2026-01-05", "cap_ce_date": "2026-01-05"]),
        Case("CAP001", ["pay_rate": "40.00"], ["pay_rate": "38.00"]),
        Case("EXP002", ["experience_months": "35"], ["experience_months": "36"]),
        Case("EXP003", ["experience_months": ""], ["experience_months": "48"]),
        Case("EXP004", ["experience_verified": "no"], ["experience_verified": "yes"]),
        Case("TEAM001", ["supply": "PACKAGED"], ["approved_date": "2026-01-12"]),
        Case("TEAM002", ["supply": "PACKAGED"], ["cost_disaggregated": "yes"]),
        Case("TEAM003", ["supply": "PACKAGED", "practice_managed_by": ""], ["practice_managed_by": "AUTHORITY"]),
        Case("TEAM004", ["practice_managed_by": "SUPPLIER"], ["practice_managed_by": "AUTHORITY"]),
        Case("TEAM004", ["practice_managed_by": "SUPPLIER"], ["supply": "PACKAGED"]),
        Case("TEAM005", ["supply": "PACKAGED"], ["team_reference": "PT-1"]),
        Case(
            "COOL001", ["last_post_authority": "991", "last_post_end": "2025-12-31", "last_post_reason": "RESIGNED"],
            ["last_post_reason": "REDUNDANT"]),
        Case("NOTE001", ["notice_weeks": "3"], ["notice_weeks": "4"]),
        Case("NOTE002", ["notice_weeks": ""], ["notice_weeks": "4"]),
        Case("REF001", ["references": "1"], ["references": "2"]),
        // Several rows, other files, or the command.
        Case(
            "DATA010", files: ["r.csv": Checking.returnCSV([[:], other])],
            ["r.csv": Checking.returnCSV([[:], other.merging(["weekly_hours": "11"]) { $1 }])], words: "correct weekly_hours"),
        Case(
            "DATA010",
            files: ["r.csv": Checking.returnCSV([["end_date": ""], other.merging(["start_date": "2026-03-01"]) { $1 }])],
            [
                "r.csv": Checking.returnCSV([["end_date": "2026-02-28"], other.merging(["start_date": "2026-03-01"]) { $1 }])
            ], words: "enter end_date"),
        Case(
            "DATA006", files: ["r.csv": Checking.returnCSV([[:], [:]])],
            ["r.csv": Checking.returnCSV([["rate_from": "2026-01-12"], ["rate_from": "2026-02-01"]])], words: "enter rate_from"),
        Case(
            "DATA006", files: ["r.csv": Checking.returnCSV([[:], second(["assignment_id": "A-1"])])],
            ["r.csv": Checking.returnCSV([[:], second(["assignment_id": "A-2"])])], words: "or give each a reference of its own"),
        Case(
            "DATA006", files: ["r.csv": Checking.returnCSV([[:], [:]])], ["r.csv": Checking.returnCSV([[:]])],
            words: "delete one of the two"),
        Case(
            "DATA015", files: ["r.csv": Checking.returnCSV([[:], second(["assignment_id": "a-1"])])],
            ["r.csv": Checking.returnCSV([[:]])], words: "delete one row"),
        Case(
            "DATA015", files: ["r.csv": Checking.returnCSV([[:], second(["assignment_id": "A\u{2011}1"])])],
            ["r.csv": Checking.returnCSV([[:], second(["assignment_id": "A-2"])])], words: "give each a reference of its own"),
        Case("CAP002", late, ["cap_ce_date": "2026-01-12"], words: "correct a wrong one"),
        Case(
            "CAP004", ["role": "IRO"], with: [:], [:],
            words: "Enter the region's cap in caps.csv"
        ).laying(["caps.csv": "Example Region,IRO,2025-10-01,60.00,illustrative\n"]),
        Case(
            "EXP001", ["experience_months": ""], with: ["h.csv": Checking.historyCSV([short])],
            ["r.csv": Checking.returnCSV([["experience_months": "36", "experience_verified": "yes"]])],
            words: "enter experience_months and experience_verified"),
        Case(
            "EXP005", ["experience_months": "120"], with: ["h.csv": Checking.historyCSV([[:]])],
            ["r.csv": Checking.returnCSV([["experience_months": "71"]])], words: "correct experience_months"),
        Case(
            "EXP005", ["experience_months": "120"], with: ["h.csv": Checking.historyCSV([[:]])],
            ["h.csv": Checking.historyCSV([[:], ["start_date": "2014-01-01", "end_date": "2017-12-31"]])],
            words: "add the posts that the history lacks"),
        Case(
            "EXP006", with: ["h.csv": Checking.historyCSV([short])],
            ["h.csv": Checking.historyCSV([short, ["start_date": "2020-01-01", "end_date": "2021-12-31"]])],
            words: "add the posts that it shows to the employment history"),
        Case(
            "EXP007", ["experience_verified": "no"], with: ["h.csv": Checking.historyCSV([short])],
            ["r.csv": Checking.returnCSV([["experience_verified": "yes"]])], words: "enter experience_verified"),
        Case(
            "COOL001", with: ["h.csv": Checking.historyCSV([["end_date": "2025-12-31"]])],
            ["h.csv": Checking.historyCSV([["end_date": "2025-12-31", "leaving_reason": "REDUNDANT"]])],
            words: "leaving_reason in the employment history"),
        Case(
            "COOL001", with: ["c.xml": census("2020-01-01", "2025-12-31", "1")],
            ["c.xml": census("2020-01-01", "2025-12-31", "3")], words: "ReasonLeave in the census"),
        Case(
            "COOL002", with: ["c.xml": census("2020-01-01", "2025-12-31", "9")],
            ["c.xml": census("2020-01-01", "2025-12-31", "2")], words: "correct ReasonLeave in the census (2 or 3)"),
        Case(
            "REF002", ["reference_given_date": "2026-03-21"], ["reference_given_date": "2026-03-20"],
            words: "correct reference_given_date"),
        Case("AUTH001", with: [:], ["a.csv": Checking.recordCSV([[:]])], words: "Add a record"),
        Case(
            "AUTH002", with: ["a.csv": Checking.recordCSV([["cost_month_2": ""]])], ["a.csv": Checking.recordCSV([[:]])],
            words: "Enter the month's cost"),
        Case(
            "AUTH003", with: ["a.csv": Checking.recordCSV([["cost_month_2": "9000.00"]])], ["a.csv": Checking.recordCSV([[:]])],
            words: "correct the monthly costs"),
        Case(
            "AUTH003", ["hours_in_quarter": "200"], with: ["a.csv": Checking.recordCSV([[:]])],
            ["r.csv": Checking.returnCSV([[:]])], words: "the hours and charge rates of the assignments"),
        Case(
            "AUTH004", ["references": "1"], with: ["a.csv": Checking.recordCSV([["references_compliance": "FULL"]])],
            ["a.csv": Checking.recordCSV([[:]])], words: "change the claim"),
        Case(
            "AUTH004", ["references": "1"], with: ["a.csv": Checking.recordCSV([["references_compliance": "FULL"]])],
            ["r.csv": Checking.returnCSV([[:]])], words: "Correct the errors"),
        Case(
            "AUTH005", with: ["a.csv": Checking.recordCSV([["notice_explanation": ""]])], ["a.csv": Checking.recordCSV([[:]])],
            words: "Say why"),
        Case(
            "REGION001", files: ["r.csv": Checking.returnCSV([[:]]), "s.csv": Checking.returnCSV([elsewhere])],
            ["s.csv": Checking.returnCSV([elsewhere.merging(["weekly_hours": "11"]) { $1 }])], words: "correct weekly_hours"),
        Case(
            "REGION001", files: ["r.csv": Checking.returnCSV([[:]]), "s.csv": Checking.returnCSV([elsewhere])],
            ["s.csv": Checking.returnCSV([elsewhere.merging(["start_date": "2026-03-21", "end_date": ""]) { $1 }])],
            words: "or the dates"),
        Case(
            "REGION002",
            files: [
                "r.csv": Checking.returnCSV([[:]]), "s.csv": Checking.returnCSV([elsewhere.merging(["pay_rate": "30.00"]) { $1 }]),
            ],
            ["s.csv": Checking.returnCSV([elsewhere])], words: "correct pay_rate"),
        Case("IMP001", files: ["r.csv": "name,amount\nx,1\n"], ["r.csv": "\(header)\n\(row)\n"]),
        Case(
            "IMP002", files: ["r.csv": "\(header),Agency fees\n\(row),5\n"], ["r.csv": "\(header),agency_fee\n\(row),5\n"],
            words: "Did you mean agency_fee?"),
        Case(
            "IMP002", files: ["r.csv": "\(header),Hourly uplift,Agency name\n\(row),5,Larch\n"], [:],
            tables: ["header-aliases.csv": "alias,column\nHourly uplift,agency_fee\n"], words: "add its name to header-aliases.csv"),
        Case(
            "IMP003", files: ["r.csv": "\(header)\n\(row),1\n"], ["r.csv": "\(header)\n\(row)\n"],
            words: "Look for a stray separator"),
        Case(
            "IMP003", files: ["r.csv": "\(header)\n\(row.dropLast(6))\n"], ["r.csv": "\(header)\n\(row)\n"],
            words: "Look for a missing separator"),
        Case(
            "IMP003", files: ["r.csv": "\(header),agency\n\(row),La\"rch\n"], ["r.csv": "\(header),agency\n\(row),\"La\"\"rch\"\n"],
            words: "Write a quote inside a cell twice"),
        Case(
            "IMP003", files: ["r.csv": "\(header),agency\n\(row),\"\(String(repeating: "x", count: 1 << 20))\n"],
            ["r.csv": "\(header),agency\n\(row),x\n"], words: "Look for a quote that is not closed"),
        Case(
            "IMP003", with: ["a.csv": Checking.recordCSV([[:], [:]])], ["a.csv": Checking.recordCSV([[:]])],
            words: "Delete one"),
        Case(
            "IMP003", with: ["a.csv": Checking.recordCSV([["quarter": ""]])], ["a.csv": Checking.recordCSV([[:]])],
            words: "Fill in authority_code and quarter"),
        Case(
            "IMP005", files: ["r.csv": windows1252], ["r.csv": "\(header),agency\n\(row),Caf\u{E9}\n"],
            words: "save it as CSV UTF-8"),
        Case("IMP008", with: [:], ["r.csv": Checking.returnCSV([["authority_code": "992"]])], words: "Correct the rows")
            .giving(992, then: 992),
        Case("IMP008", with: [:], [:], words: "give the authority and quarter that they name").giving(992, then: 991),
    ]

    @Test(arguments: cases) func followingTheAdviceIsEnough(example: Case) throws {
        let before = try example.findings(followed: false).filter { $0.rule == example.rule }
        #expect(before.contains { $0.message.contains(example.words) || example.words.isEmpty }, "\(before.map(\.message))")
        let after = try example.findings(followed: true)
        #expect(after.allSatisfy { $0.rule != example.rule }, "\(after.map(\.message))")
    }

    /// No rule is left out: its advice is followed above, or its finding remains for a reason.
    @Test func theAdviceOfEveryRuleIsFollowed() {
        let followed = Set(Self.cases.map(\.rule))
        let all = Set(RuleRegistry.shared.all.map(\.code.description))
        #expect(all.subtracting(followed) == Set(Self.standing.keys))
        #expect(followed.isSubset(of: all))
    }

    /// A late sign-off stays late, and its reason goes into the report of breaches.
    @Test func theReasonOfALateSignOffIsKept() throws {
        let folder = try TemporaryFolder()
        try folder.write("r.csv", Checking.returnCSV([Self.late.merging(["cap_reason": "Minute 7"]) { $1 }]))
        let run = try Program.check(["check", folder.path, "--rules", Places.sampleRules, "--out", folder.path + "/out", "--quiet"])
        #expect(run.code == 1)
        #expect(try Places.text(folder.path + "/out/cap-breaches.csv").contains("Minute 7,CAP002"))
    }
}

extension AdviceTests.Case {
    func laying(_ tables: Files) -> Self {
        var copy = self
        copy.tables = tables
        return copy
    }

    func giving(_ before: UInt16, then after: UInt16) -> Self {
        var copy = self
        copy.authority = (before, after)
        return copy
    }
}
