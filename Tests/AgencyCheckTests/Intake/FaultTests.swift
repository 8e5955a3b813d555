import AgencyModel
import CheckRun
import Facts
import Intake
import TestSupport
import Testing

/// Files that once went wrong (Tests/Data/faults), and others of the same kind.
@Suite struct FaultTests {
    private func rows(_ fault: String, defaults: RecordDefaults = RecordDefaults()) throws -> [FoundRow] {
        Checking.rows(try Checking.run([Places.data + "/faults/" + fault], defaults: defaults))
    }

    private func checked(_ files: [(String, String)]) throws -> CheckResult {
        let folder = try TemporaryFolder()
        for (name, text) in files { try folder.write(name, text) }
        return try Checking.run([folder.path])
    }

    private func places(_ rows: [FoundRow], _ rule: String) -> [String] {
        rows.filter { $0.rule == rule }.map { "\($0.field) \($0.line)" }.sorted()
    }

    // MARK: Dates

    @Test func aTwoDigitYearIsNotAccepted() throws {
        let rows = try rows("dates.csv")
        #expect(places(rows, "DATA013") == ["start_date 15", "start_date 16"])
        #expect(rows.first { $0.rule == "DATA013" }?.message.contains("before 1 January 2000") ?? false)
    }

    @Test func thePlausibleDaysEndToTheDay() throws {
        for column in ["start_date", "end_date", "approved_date", "last_post_end", "cap_dcs_date", "cap_ce_date"] {
            for (day, isSaid) in [
                ("1999-12-31", true), ("2000-01-01", false), ("2031-03-31", false), ("2031-04-01", true), ("9999-12-31", true),
            ] {
                let rows = try Checking.findings([("r.csv", Checking.returnCSV([[column: day]]))])
                #expect(places(rows, "DATA013") == (isSaid ? ["\(column) 2"] : []), "\(column) \(day)")
            }
        }
        let late = try Checking.findings([("r.csv", Checking.returnCSV([["end_date": "2031-04-01"]]))])
        #expect(
            late.first { $0.rule == "DATA013" }?.message
                == "The end_date 1 April 2031 is unlikely to be right: it is more than 5 years after the quarter's end, later than 31 March 2031. Correct the date."
        )
    }

    @Test func aYearBelow1000IsWrittenWithFourDigits() throws {
        let rows = try rows("dates.csv")
        #expect(rows.first { $0.rule == "DATA013" }?.message.hasPrefix("The start_date 12 January 0026 is unlikely") == true)
    }

    /// For an employment history and a census too: a post of the year 26 would prove two thousand years.
    @Test(arguments: ["0026-01-12", "12/01/0026", "1900-01-01", "1939-12-31"]) func postsBefore1940CannotBeRead(day: String) throws
    {
        let worker = ["swe_number": "SW900001", "experience_months": "", "experience_verified": ""]
        let history = Checking.historyCSV([["swe_number": "SW900001", "start_date": day, "end_date": "2020-06-30"]])
        let rows = try Checking.findings([("r.csv", Checking.returnCSV([worker])), ("h.csv", history)])
        #expect(rows.contains { $0.rule == "IMP004" && $0.field == "start_date" && $0.line == 2 })
        #expect(rows.contains { $0.rule == "EXP003" }, "the row proves nothing")
        let edge = Checking.historyCSV([["swe_number": "SW900001", "start_date": "1940-01-01", "end_date": "2020-06-30"]])
        #expect(try Checking.findings([("h.csv", edge)]).allSatisfy { $0.rule != "IMP004" })
    }

    // MARK: Singular and plural

    /// One week, one month, one day, one reference.
    @Test func oneIsNotWrittenAsAPlural() throws {
        let row = [
            "references": "1", "notice_weeks": "1", "experience_months": "1", "hours_in_quarter": "50", "weekly_hours": "1",
            "start_date": "2026-03-31", "end_date": "2026-03-31", "swe_number": "SW900001",
        ]
        let history = Checking.historyCSV([["swe_number": "SW900001", "start_date": "2020-06-30", "end_date": "2020-06-30"]])
        let long = Checking.historyCSV([["swe_number": "SW900001", "start_date": "2020-01-01", "end_date": "2020-12-31"]])
        let whole = Checking.historyCSV([["swe_number": "SW900001"]])
        let rows = try [history, long, whole].flatMap {
            try Checking.findings([("r.csv", Checking.returnCSV([row])), ("h.csv", $0)])
        }
        let rules = Set(rows.map(\.rule))
        #expect(rules.isSuperset(of: ["REF001", "NOTE001", "DATA011", "EXP001", "EXP005"]), "\(rules)")
        for row in rows {
            let plural = /(^|[^0-9.,-])1 (qualifying |detailed )?[a-z]*(weeks|months|days|hours|references)\b/
            #expect(row.message.firstMatch(of: plural) == nil, "\(row.message)")
        }
    }

    // MARK: A stray quotation mark

    /// In any column, known or not, of any kind of CSV file: a row that ended up in a cell is not lost in silence.
    @Test(arguments: [",", ";", "\t"], ["\n", "\r\n", "\r"]) func aRowInsideAnyCellIsReported(separator: String, end: String) throws
    {
        func file(_ lines: [[String]]) -> String { lines.map { $0.joined(separator: separator) + end }.joined() }
        func record(_ n: Int, _ note: String) -> [String] {
            ["991", "2026-Q1", "A-\(n)", "SW90000\(n)", "SW", "2026-01-12", "UMBRELLA", "36.00", "41.00", note]
        }
        for column in ["cap_reason", "Notes"] {
            let header = [
                "authority_code", "quarter", "assignment_id", "swe_number", "role", "start_date", "engagement", "pay_rate",
                "charge_rate", column,
            ]
            let text = file([header, record(1, "\"court"), record(2, "x\""), record(3, "y")])
            let result = try checked([("r.csv", text)])
            #expect(result.counts.read == 2 && result.counts.rejected == 1, "\(column)")
            let found = Checking.rows(result).first { $0.rule == "IMP003" }
            #expect(found?.line == 2)
            #expect(found?.message.contains("its cell in column 10 (J, \(column)) has taken in the rows after it") == true)
            // Text that somebody typed over several lines is kept, however many commas it contains.
            let words = (1...20).map { "word \($0), word; word" }.joined(separator: " ")
            let typed = "\"court deadline, late; then\(end)more lines: \(words)\""
            let whole = try checked([("r.csv", file([header, record(1, typed), record(3, "y")]))])
            #expect(whole.counts.read == 2 && whole.counts.rejected == 0)
        }
        let posts = [
            ["swe_number", "authority_code", "start_date", "end_date", "employment", "setting", "registered", "comment"],
            ["SW900001", "991", "2016-01-12", "2025-06-30", "DIRECT", "CHILD_FAMILY", "yes", "\"x"],
            ["SW900002", "991", "2016-01-12", "2025-06-30", "DIRECT", "CHILD_FAMILY", "yes", "y\""],
        ]
        let result = try checked([("h.csv", file(posts))])
        #expect(Checking.rows(result).map(\.rule).contains("IMP003"))
    }

    @Test func aRowSwallowedByAStrayQuoteIsReported() throws {
        let result = try Checking.run([Places.data + "/faults/stray-quote-swallows-row.csv"])
        #expect(result.counts.read == 3 && result.counts.rejected == 0)
        #expect(places(Checking.rows(result), "DATA014") == ["job_title 3"])
    }

    @Test func aLineBreakIsFoundInCSVAndXML() throws {
        for mark in ["\n", "\r\n", "\r"] {
            for column in ["assignment_id", "job_title", "agency", "team_reference"] {
                let text = "A" + mark + "long enough to be looked at"
                let rows = try Checking.findings([("r.csv", Checking.returnCSV([[column: text]]))])
                #expect(places(rows, "DATA014") == ["\(column) 2"], "\(column)")
            }
        }
        let element =
            "<Assignment><AssignmentID>A-1</AssignmentID><JobTitle>Social\nWorker</JobTitle><Agency>\nLarch\n</Agency></Assignment>"
        let rows = try Checking.findings([
            ("r.xml", "<AgencyReturn version=\"1\"><Assignments>\(element)</Assignments></AgencyReturn>")
        ])
        #expect(places(rows, "DATA014").map { $0.prefix(9) } == ["job_title"])
    }

    @Test func aLineBreakIsFoundAnywhere() throws {
        var texts: [String] = []
        for count in 3...40 {
            for place in 1..<(count - 1) {
                var letters = Array(repeating: "a", count: count)
                letters[place] = place % 2 == 0 ? "\n" : "\r"
                texts.append(letters.joined())
            }
        }
        func found(_ texts: [String]) throws -> Int {
            let rows = texts.map { ["agency": $0] }
            return try Checking.findings([("r.csv", Checking.returnCSV(rows))]).count { $0.rule == "DATA014" }
        }
        #expect(try found(texts) == texts.count)
        #expect(try found(texts.map { $0.replacing("\n", with: "\u{B}").replacing("\r", with: "\u{C}") }) == 0)
    }

    /// Hours whose product with days and share exceeds 64 bits.
    @Test func theLargestHoursAreComparedExactly() throws {
        func rules(_ weekly: String, _ worked: String) throws -> [String] {
            let row = ["weekly_hours": weekly, "hours_in_quarter": worked, "start_date": "2025-01-06", "end_date": ""]
            return try Checking.findings([("r.csv", Checking.returnCSV([row]))]).map(\.rule)
                .filter { $0 == "DATA011" || $0 == "DATA019" }
        }
        // 90 days in the first quarter: 12.857 weeks, and a quarter more.
        #expect(try rules("62222222.2", "999999999.6") == [])
        #expect(try rules("62222222.2", "999999999.65") == ["DATA011"])
        #expect(try rules("999999999", "999999999") == ["DATA019"])
    }

    // MARK: References

    @Test func lookAlikeReferencesAreReportedOnEach() throws {
        let rows = try rows("references-that-look-alike.csv")
        #expect(rows.filter { $0.rule == "DATA015" }.map(\.line).sorted() == Array(2...14))
        // The same text once the white space around it is removed.
        #expect(rows.filter { $0.rule == "DATA006" }.map(\.line).sorted() == [4, 6, 14])
    }

    @Test func theOrderOfTheRowsDoesNotMatter() throws {
        let ids = ["B-1", "b-1", "B-1", "B\u{2011}1", "C-1", "c-2"]
        func alike(_ ids: [String]) throws -> [String] {
            let changes = ids.enumerated().map { ["assignment_id": $1, "swe_number": "SW30000\($0)"] }
            return try Checking.findings([("r.csv", Checking.returnCSV(changes))]).filter { $0.rule == "DATA015" }.map(\.assignment)
                .sorted()
        }
        #expect(try alike(ids) == ["B-1", "B-1", "b-1", "B\u{2011}1"].sorted())
        #expect(try alike(ids.reversed()) == alike(ids))
    }

    // MARK: Contradictions

    @Test func aQuarterThatContradictsTheOptionIsReported() throws {
        let defaults = RecordDefaults(authority: nil, quarter: Quarter(year: 2026, number: 1))
        let rows = try rows("quarter-contradicts-option.csv", defaults: defaults)
        let said = rows.filter { $0.rule == "IMP008" }
        #expect(said.count == 1 && said[0].field == "quarter" && said[0].found == "2025-Q4" && said[0].expected == "2026-Q1")
        #expect(said.first?.message.hasPrefix("2 rows name another quarter than the one given for all rows") ?? false)
        // The row's own value is used.
        #expect(rows.contains { $0.rule == "AUTH001" && $0.quarter == "2025-Q4" })
        #expect(try self.rows("quarter-contradicts-option.csv").allSatisfy { $0.rule != "IMP008" })
    }

    @Test func aHeaderThatContradictsTheCommandIsReported() throws {
        let text =
            "<AgencyReturn version=\"1\"><Header><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter></Header><Assignments><Assignment><AssignmentID>A-1</AssignmentID></Assignment></Assignments></AgencyReturn>"
        for (authority, isSaid) in [(991, false), (992, true)] {
            let defaults = RecordDefaults(authority: AuthorityCode(number: UInt16(authority)), quarter: nil)
            let rows = try Checking.findings([("r.xml", text)], defaults: defaults)
            #expect(rows.filter { $0.rule == "IMP008" }.map(\.field) == (isSaid ? ["authority_code"] : []))
        }
    }

    // MARK: Characters

    @Test(arguments: ["header-zero-width-optional.csv", "header-zero-width-required.csv"])
    func aHeaderWithAZeroWidthSpaceCanBeRead(file: String) throws {
        let rows = try rows(file)
        let isOptional = file.contains("optional")
        #expect(places(rows, "IMP007") == (isOptional ? ["cap_ce_date 1", "cap_dcs_date 1"] : ["pay_rate 1"]))
        #expect(rows.allSatisfy { !["IMP001", "IMP002", "CAP001"].contains($0.rule) })
        #expect(rows.contains { $0.rule == "CAP003" } == isOptional)
    }

    /// Full-width digits in a reference do not change how the row is read.
    @Test func aFullWidthReferenceIsKeptAsWritten() throws {
        let rows = try rows("full-width-number.csv")
        #expect(rows.allSatisfy { !["IMP003", "IMP004", "IMP007", "DATA001", "DATA002"].contains($0.rule) })
        #expect(rows.contains { $0.assignment == "SW７７８８９９" })
    }

    static let characters = [
        "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{FEFF}", "\u{00AD}", "\u{200E}",
    ]

    @Test(arguments: characters) func invisibleCharactersDoNotCount(character: String) throws {
        let values = [
            "authority_code": "99\(character)1", "quarter": "2026\(character)-Q1", "swe_number": "SW\(character)100001",
            "role": "S\(character)W", "start_date": "2026-01\(character)-12", "engagement": "UMB\(character)RELLA",
            "pay_rate": "36\(character).00", "weekly_hours": "3\(character)7", "references": "\(character)2",
            "experience_verified": "yes\(character)", "supply": "INDIVIDUAL\(character)", "end_date": character,
        ]
        let plain = try Checking.findings([("r.csv", Checking.returnCSV([["end_date": ""]]))])
        let rows = try Checking.findings([("r.csv", Checking.returnCSV([values]))])
        #expect(rows.filter { $0.rule != "IMP007" }.map(\.rule) == plain.map(\.rule))
        #expect(Set(rows.filter { $0.rule == "IMP007" }.map(\.field)) == Set(values.keys))
        #expect(rows.allSatisfy { !$0.message.contains("100001") && !$0.expected.contains("100001") })
        let title = ["role": "", "job_title": "Locum Social\(character) Worker"]
        let mapped = try Checking.findings([("r.csv", Checking.returnCSV([title]))])
        #expect(places(mapped, "IMP007") == ["job_title 2"] && places(mapped, "DATA001").isEmpty)
    }

    @Test func lookAlikeCharactersAreReadAsPlainOnes() throws {
        for (column, text, isRead) in [
            ("start_date", "2026\u{2011}01\u{2011}12", true), ("pay_rate", "\u{FF13}\u{FF16}.\u{FF10}\u{FF10}", true),
            ("swe_number", "\u{FF33}\u{FF37}100001", true), ("swe_number", "SW\u{00A0}100001", true),
            ("swe_number", "SW\u{2011}100001", true), ("notice_weeks", "4\u{2011}5", false), ("pay_rate", "36\u{0663}", false),
        ] {
            let rows = try Checking.findings([("r.csv", Checking.returnCSV([[column: text]]))])
            #expect(rows.contains { $0.rule == "IMP007" && $0.field == column } == isRead, "\(column) \(text)")
            #expect(rows.contains { ["IMP004", "DATA002"].contains($0.rule) } != isRead, "\(column) \(text)")
        }
    }

    /// Invisible characters do not count towards the length of a reference.
    @Test func onlyVisibleCharactersCountInAReference() throws {
        let whole = "A-" + String(repeating: "x", count: 34)
        let rows = try Checking.findings([
            ("r.csv", Checking.returnCSV([["assignment_id": whole + "\u{200B}", "references": "1"], ["assignment_id": "A-2"]]))
        ])
        #expect(rows.first { $0.rule == "REF001" }?.assignment == whole)
        #expect(places(rows, "IMP007") == ["assignment_id 2"] && places(rows, "IMP004").isEmpty)
        let long = try Checking.findings([("r.csv", Checking.returnCSV([["assignment_id": whole + "x\u{200B}"]]))])
        #expect(places(long, "IMP004") == ["assignment_id 2"] && places(long, "IMP007").isEmpty)
    }

    /// One for each file and column, whatever the parts in which it is read.
    @Test func aLargeFileIsReportedOnce() throws {
        let changes = (0..<400).map {
            ["assignment_id": "A-\($0)", "swe_number": "SW\(400_000 + $0)", "supply": "\u{200B}INDIVIDUAL"]
        }
        let folder = try TemporaryFolder()
        try folder.write("r.csv", Checking.returnCSV(changes))
        let found = try [(1, 1 << 24), (4, 20_000)].map { threads, bytes in
            let run = CheckRun(book: try Checking.book(), threads: threads, partBytes: bytes)
            return Checking.rows(run.run(InputList([folder.path]))).filter { $0.rule == "IMP007" }
        }
        #expect(found[0].count == 1 && found[0][0].found == "400" && found[0][0].line == 2)
        #expect(found[0] == found[1])
    }
}
