import AgencyModel
import ByteWriting
import Foundation
import Intake
import Reports
import TestSupport
import Testing
import TextSource

/// The rules of the return format, through a complete check.
@Suite struct IntakeTests {
    private let header = "authority_code,quarter,assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate"
    private let row = "991,2026-Q1,A-1,SW100001,SW,2026-01-12,UMBRELLA,36.00,41.00"

    private func codes(_ bytes: [UInt8], name: String = "return.csv", defaults: RecordDefaults = RecordDefaults()) throws
        -> [String]
    {
        let folder = try TemporaryFolder()
        try folder.write(name, bytes)
        return Checking.rows(try Checking.run([folder.path], defaults: defaults)).map { "\($0.rule) \($0.field)" }.filter {
            $0.hasPrefix("IMP") || $0.hasPrefix("DATA001")
        }
    }

    private func codes(_ text: String, name: String = "return.csv", defaults: RecordDefaults = RecordDefaults()) throws -> [String]
    {
        try codes(Array(text.utf8), name: name, defaults: defaults)
    }

    @Test func aPlainReturnIsRead() throws {
        #expect(try codes("\(header)\n\(row)\n") == [])
    }

    @Test(arguments: [",", ";", "\t"]) func separatorsAreFound(separator: String) throws {
        let text = "\(header)\r\n\(row)\r\n".replacing(",", with: separator)
        #expect(try codes(text) == [])
    }

    @Test func theSepLineSetsTheSeparator() throws {
        #expect(try codes("sep=;\n" + "\(header)\n\(row)\n".replacing(",", with: ";")) == [])
        #expect(try codes("SEP=,\r\n\(header)\r\n\(row)\r\n") == [])
        #expect(try codes("sep=|\n" + "\(header)\n\(row)\n".replacing(",", with: "|")) == ["IMP001 "])
        #expect(try codes("sep=\n\(header)\n\(row)\n") == ["IMP001 "])
    }

    @Test func separatorsInsideQuotesAreIgnored() throws {
        #expect(try codes("\"a;b;c;d;e;f;g;h;i;j\",\(header)\n1,\(row)\n") == ["IMP002 a;b;c;d;e;f;g;h;i;j"])
    }

    @Test func headersCanBeWrittenInManyWays() throws {
        let names = "Authority-Code,QUARTER,assignment id,Swe_Number,ROLE, Start Date ,engagement,Hourly Pay Rate (£),charge-rate"
        #expect(try codes("\(names)\n\(row)\n") == [])
        let broken = "\"Authority\nCode\",quarter,assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate"
        #expect(try codes("\(broken)\n\(row)\n") == [])
    }

    @Test func unknownColumnsAreReportedOnce() throws {
        #expect(
            try codes("\(header),Cost Centre,Colour\n\(row),1,2\n\(row),1,2\n").filter { $0.hasPrefix("IMP") } == [
                "IMP002 Colour", "IMP002 Cost Centre",
            ])
    }

    @Test func anEmptyHeaderNameLeavesItsColumnOut() throws {
        #expect(try codes("\(header),,\n\(row),1,2\n") == ["IMP002 "])
    }

    @Test func aRepeatedHeaderNameRefusesTheFile() throws {
        #expect(try codes("\(header),Role\n\(row),SW\n") == ["IMP001 "])
        #expect(try codes("\(header),notes,Notes\n\(row),1,2\n") == ["IMP001 "])
        #expect(try codes("\(header),Hourly Pay Rate\n\(row),1\n") == ["IMP001 "])
    }

    @Test(arguments: ["assignment_id", "swe_number", "start_date", "engagement", "pay_rate", "charge_rate", "role"])
    func aMissingRequiredColumnRefusesTheFile(column: String) throws {
        let names = header.split(separator: ",").map(String.init)
        let keep = names.indices.filter { names[$0] != column }
        let cells = row.split(separator: ",").map(String.init)
        let text = keep.map { names[$0] }.joined(separator: ",") + "\n" + keep.map { cells[$0] }.joined(separator: ",") + "\n"
        #expect(try codes(text) == ["IMP001 "])
    }

    @Test func roleOrJobTitleIsEnough() throws {
        let names = header.replacing("role", with: "job_title")
        #expect(try codes("\(names)\n\(row.replacing(",SW,", with: ",locum  SOCIAL worker,"))\n") == [])
        #expect(try codes("\(names)\n\(row.replacing(",SW,", with: ",Gardener,"))\n") == ["DATA001 role"])
        // An authority's own row wins, and applies only to that authority.
        #expect(try codes("\(names)\n\(row.replacing(",SW,", with: ",Practice Lead,"))\n") == [])
        #expect(
            try codes("\(names)\n\(row.replacing(",SW,", with: ",Practice Lead,").replacing("991", with: "992"))\n") == [
                "DATA001 role"
            ])
    }

    @Test func emptyRowsAreNotCounted() throws {
        let folder = try TemporaryFolder()
        try folder.write("r.csv", "\n\(header)\n\n,,,,,,,,\n , ,\t,,,,,,\n\(row)\n\"\",,,,,,,,\n,,\n   \n")
        let result = try Checking.run([folder.path])
        #expect(result.counts.read == 1)
        #expect(Checking.rows(result).filter { $0.rule.hasPrefix("IMP") }.isEmpty)
    }

    @Test func rowsOfAnotherLengthAreRejected() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "r.csv", "\(header)\n\(row)\n991,2026-Q1\n\(row),x\n\"broken\"x,\(row)\n\(row.replacing("A-1", with: "A-2"))\n")
        let result = try Checking.run([folder.path])
        #expect(result.counts.read == 5)
        #expect(result.counts.rejected == 3)
        #expect(result.counts.checked == 2)
        #expect(Checking.rows(result).filter { $0.rule == "IMP003" }.map(\.line) == [3, 4, 5])
    }

    @Test func textThatIsNotUTF8IsReadAsWindows1252() throws {
        let latin = Array("\(header),agency\n\(row),Caf".utf8) + [0xE9, 0x0A]
        #expect(try codes(latin) == ["IMP005 "])
        #expect(try codes([0xEF, 0xBB, 0xBF] + Array("\(header)\n\(row)\n".utf8)) == [])
        var utf16: [UInt8] = [0xFF, 0xFE]
        for unit in "\(header),agency\r\n\(row),Café €\r\n".utf16 { utf16 += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        #expect(try codes(utf16) == [])
        #expect(try codes(Array(utf16.dropLast())) == ["IMP001 "])
    }

    @Test func valuesOfTheWrongTypeAreReportedAndCountAsMissing() throws {
        #expect(try codes("\(header)\n\(row.replacing("36.00", with: "thirty"))\n") == ["IMP004 pay_rate"])
        #expect(
            try codes(
                "\(header)\n\(row.replacing("991", with: "91"))\n", defaults: RecordDefaults(authority: AuthorityCode(number: 991)))
                == ["IMP004 authority_code"])
        #expect(try codes("\(header)\n\(row.replacing("2026-Q1", with: "Q1 2026"))\n") == ["IMP004 quarter"])
        let long = String(repeating: "é", count: 36)
        #expect(try codes("\(header)\n\(row.replacing("A-1", with: long))\n") == [])
        #expect(try codes("\(header)\n\(row.replacing("A-1", with: long + "x"))\n") == ["IMP004 assignment_id"])
    }

    @Test func theCommandGivesMissingValues() throws {
        let names = "assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate"
        let text = "\(names)\n" + row.split(separator: ",").dropFirst(2).joined(separator: ",") + "\n"
        #expect(try codes(text) == ["DATA001 authority_code", "DATA001 quarter"])
        let defaults = RecordDefaults(authority: AuthorityCode(number: 991), quarter: Quarter(year: 2026, number: 1))
        #expect(try codes(text, defaults: defaults) == [])
    }

    @Test func surroundingWhiteSpaceIsRemoved() throws {
        #expect(
            try codes("\(header)\n\(row.split(separator: ",").map { "\u{A0} \t\($0)\u{2003} " }.joined(separator: ","))\n") == [])
    }

    /// What the return format says about each of the awkward files. They are not returns, so the test checks how they are read.
    @Test(
        arguments: [
            ("utf8_lf.csv", 3, []), ("utf8_bom_crlf.csv", 3, []), ("utf16be_bom_comma.csv", 3, []), ("sep_line_excel.csv", 4, []),
            ("mixed_eol.csv", 3, []), ("comma_plus_combining_accent.csv", 2, []), ("blank_lines_and_totals.csv", 4, []),
            ("ragged_short_long.csv", 3, []), ("trailing_sub_1a.csv", 4, []), ("scientific_mangled.csv", 2, []),
            ("date_serials.csv", 2, []),
            ("formula_payloads.csv", 15, []), ("empty.csv", 0, []),
        ] as [(String, Int, [Int])])
    func awkwardFilesAreSplitIntoRows(name: String, rows: Int, broken: [Int]) throws {
        let separator: UInt8 = name == "sep_line_excel.csv" ? 0x3B : 0x2C
        let read = try readCSV(try Places.bytes(Places.data + "/csv-encodings/" + name), separator: separator)
        #expect(read.count == rows)
        #expect(!read.contains { $0.first?.hasPrefix("<broken") == true })
    }

    @Test func unreadableAwkwardFilesAreFaults() throws {
        let folder = Places.data + "/csv-encodings/"
        #expect(throws: TextFault.self) { try readCSV(try Places.bytes(folder + "nul_byte.csv")) }
        let cut = #expect(throws: TextFault.self) {
            try readCSV(try Places.bytes(folder + "utf8_truncated_multibyte.csv"), encoding: .utf8)
        }
        #expect(cut?.isNotUTF8 == true)
        let whole = try readCSV(try Places.bytes(folder + "utf8_truncated_multibyte.csv"), encoding: .windows1252)
        #expect(whole.last == ["A1", "MÃ"])
    }

    /// None of them is a return: each is refused, and the run continues and ends with exit code 3.
    @Test func awkwardFilesAreRefused() throws {
        let result = try Checking.run([Places.data + "/csv-encodings"])
        #expect(result.files.count == 15)
        #expect(result.files.allSatisfy { $0.isRefused })
        #expect(Checking.rows(result).map(\.rule) == Array(repeating: "IMP001", count: 15))
    }

    // MARK: XML

    private func xml(_ inside: String, header: String = "<AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter>") -> String {
        "<AgencyReturn version=\"1\"><Header>\(header)</Header>\(inside)</AgencyReturn>"
    }

    private func assignment(_ more: String = "") -> String {
        "<Assignments><Assignment><AssignmentID>A-1</AssignmentID><SWENumber>SW1</SWENumber><Role>sw</Role><StartDate>12/1/2026</StartDate><Engagement>UMBRELLA</Engagement><PayRate>36.00</PayRate><ChargeRate>41.00</ChargeRate>\(more)</Assignment></Assignments>"
    }

    @Test func xmlGivesTheSameRecords() throws {
        #expect(try codes(xml(assignment()), name: "x.xml") == [])
        #expect(
            try codes(xml(assignment("<Agency>A<![CDATA[&]]>B &#233;</Agency><EndDate></EndDate><NoticeWeeks/>")), name: "x.xml")
                == [])
        // Its content decides what it is.
        #expect(try codes(xml(assignment()), name: "x.csv") == [])
    }

    @Test func unknownElementsAreReportedOnce() throws {
        let text = xml(assignment("<CostCentre><PayRate>99</PayRate></CostCentre><CostCentre/>") + "<Extra><Deep/></Extra>")
        #expect(try codes(text, name: "x.xml") == ["IMP002 CostCentre", "IMP002 Extra"])
    }

    @Test func aRepeatedElementCannotBeRead() throws {
        #expect(
            try codes(xml(assignment("<WeeklyHours>37</WeeklyHours><WeeklyHours>20</WeeklyHours>")), name: "x.xml") == [
                "IMP004 weekly_hours"
            ])
    }

    @Test func theHeaderGivesMissingValues() throws {
        #expect(try codes(xml(assignment(), header: ""), name: "x.xml") == ["DATA001 authority_code", "DATA001 quarter"])
        #expect(
            try codes(xml(assignment(), header: "<AuthorityCode>91</AuthorityCode><Quarter>2026-Q1</Quarter>"), name: "x.xml") == [
                "IMP004 authority_code"
            ])
        #expect(try codes(xml(assignment("<Quarter>2026-Q9</Quarter>")), name: "x.xml") == ["IMP004 quarter"])
    }

    @Test(arguments: [
        "<Return/>", "<AgencyReturn xmlns=\"urn:x\"/>", "<AgencyReturn version=\"2\"/>",
        "<Message><Header><CollectionDetails><Collection>CIN</Collection></CollectionDetails></Header></Message>",
        "<Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>2019</Year></CollectionDetails><Source><LEA>991</LEA></Source></Header></Message>",
    ])
    func anotherDocumentIsRefused(text: String) throws {
        #expect(try codes(text, name: "x.xml") == ["IMP001 "])
    }

    @Test func aReturnThatIsCutOffGivesNothing() throws {
        let text = xml(assignment())
        let folder = try TemporaryFolder()
        try folder.write("x.xml", String(text.dropLast(20)))
        let result = try Checking.run([folder.path])
        #expect(result.counts.read == 0)
        #expect(Checking.rows(result).map(\.rule) == ["IMP001"])
    }

    // MARK: History, records, censuses

    @Test func rowsOfAHistoryWithoutNumberOrStartAreNotSpells() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "h.csv",
            Checking.historyCSV([
                [:], ["swe_number": ""], ["swe_number": "HC1"], ["start_date": ""], ["start_date": "31/02/2020"],
                ["end_date": "soon"],
            ]))
        let result = try Checking.run([folder.path])
        #expect(result.counts.read == 6)
        #expect(result.counts.withoutSpell == 4)
        #expect(result.history.spellCount == 2)
        let rows = Checking.rows(result)
        #expect(
            rows.map { "\($0.rule) \($0.field) \($0.line)" } == [
                "IMP004 end_date 7", "IMP004 start_date 6", "IMP004 swe_number 3", "IMP004 swe_number 4",
            ])
        #expect(rows.allSatisfy { $0.authority == "992" && $0.quarter.isEmpty && $0.assignment.isEmpty })
    }

    @Test func aSecondAuthorityRecordIsRejected() throws {
        let rows = try Checking.findings([
            ("a.csv", Checking.recordCSV([[:], ["cost_month_1": "1"]])), ("b.csv", Checking.recordCSV([[:]])),
            ("r.csv", Checking.returnCSV([[:]])),
        ])
        #expect(rows.filter { $0.rule == "IMP003" }.map { "\($0.file):\($0.line)" } == ["a.csv:3", "b.csv:2"])
        #expect(!rows.contains { $0.rule == "AUTH003" })
    }

    /// The rows are read again as the file was read the first time, whatever kind of file it is.
    @Test func rejectedRowsOfEvidenceAreWrittenInEveryEncoding() throws {
        func utf16(_ text: String) -> [UInt8] { [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
        func windows(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }
        let history = Checking.historyCSV([[:]]) + "SW2,301,Caf\u{E9}\r\n"
        let records = Checking.recordCSV([["caps_explanation": "Caf\u{E9}"]]) + "302,Caf\u{E9}\r\n"
        for (name, text) in [("history", history), ("records", records)] {
            for encode in [utf16, windows, { Array($0.utf8) }] {
                let folder = try TemporaryFolder()
                try folder.write("\(name).csv", encode(text))
                let result = try Checking.run([folder.path])
                var rejected = ByteBuffer()
                try RejectedCSV.write(result) { rejected.append($0.bytes) }
                let lines = String(decoding: rejected.bytes, as: UTF8.self).split(separator: "\r\n")
                #expect(lines.count == 2)
                #expect(lines.last?.hasSuffix("Caf\u{E9}\"") == true, "\(lines)")
            }
        }
    }

    /// A value that cannot be read is IMP004, a missing one IMP003: there is no return that the record could belong to.
    @Test func anAuthorityRecordWithoutAKey() throws {
        func codes(_ change: [String: String]) throws -> [String] {
            try Checking.findings([("a.csv", Checking.recordCSV([change]))]).map { "\($0.rule) \($0.field)" }
        }
        #expect(try codes(["authority_code": "30x"]) == ["IMP004 authority_code"])
        #expect(try codes(["quarter": "2026"]) == ["IMP004 quarter"])
        #expect(try codes(["authority_code": ""]) == ["IMP003 "])
        #expect(try codes(["authority_code": "30x", "quarter": ""]) == ["IMP003 ", "IMP004 authority_code"])
    }

    @Test func aByteOrderMarkBeforeWindows1252IsDropped() throws {
        let folder = try TemporaryFolder()
        let text = Checking.returnCSV([["agency": "Caf\u{E9}"]])
        try folder.write("a.csv", [0xEF, 0xBB, 0xBF] + text.unicodeScalars.map { UInt8($0.value) })
        #expect(Checking.rows(try Checking.run([folder.path])).map(\.rule) == ["IMP005", "AUTH001"])
    }

    private func census(_ year: Int, _ workers: String, authority: String = "991") -> String {
        "<Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>\(year)</Year><ReferenceDate>\(year)-09-30</ReferenceDate></CollectionDetails><Source><LEA>\(authority)</LEA></Source></Header><LALevel/>\(workers)</Message>"
    }

    private func worker(_ number: String, start: String, end: String = "", agency: String = "0", reason: String = "") -> String {
        "<CSWWWorker><AgencyWorker>\(agency)</AgencyWorker><SWENo>\(number)</SWENo><RoleStartDate>\(start)</RoleStartDate><RoleEndDate>\(end)</RoleEndDate><ReasonLeave>\(reason)</ReasonLeave></CSWWWorker>"
    }

    @Test func severalCensusesMakeOneHistory() throws {
        // Named in 2023 and 2024, missing in 2025: the end is inferred, on 30 September 2024. 1,095 days from 2 October 2021.
        let files = [
            ("c2023.xml", census(2023, worker("SW100001", start: "2021-10-02"))),
            ("c2024.xml", census(2024, worker("sw0100001", start: "2021-10-02"))),
            ("c2025.xml", census(2025, worker("SW100009", start: "2021-10-02"))),
            ("r.csv", Checking.returnCSV([["experience_verified": "no", "experience_months": ""]])),
        ]
        let enough = try Checking.findings(files)
        #expect(!enough.contains { $0.rule.hasPrefix("EXP") })
        #expect(!enough.contains { $0.rule.hasPrefix("COOL") })
        let short = try Checking.findings(files.map { ($0.0, $0.1.replacing("2021-10-02", with: "2021-10-03")) })
        #expect(short.first { $0.rule == "EXP001" }?.found == "1094")
        // Without the census of 2025, the spell continues to the assignment.
        let open = try Checking.findings(
            files.filter { $0.0 != "c2025.xml" }.map { ($0.0, $0.1.replacing("2021-10-02", with: "2021-10-03")) })
        #expect(!open.contains { $0.rule.hasPrefix("EXP") })
    }

    /// A census without workers would end every post that it does not name: it is refused, and what the others say is kept.
    @Test func aCensusWithoutWorkersEndsNoPost() throws {
        let files = [
            ("c2024.xml", census(2024, worker("SW100001", start: "2021-10-03"))), ("c2025.xml", census(2025, "")),
            ("r.csv", Checking.returnCSV([["experience_verified": "no", "experience_months": ""]])),
        ]
        let rows = try Checking.findings(files)
        #expect(!rows.contains { $0.rule.hasPrefix("EXP") })
        #expect(rows.contains { $0.rule == "IMP001" && $0.message.contains("it contains no worker") })
    }

    @Test func aKnownEndInACensusCountsForTheCoolOff() throws {
        let rows = try Checking.findings([
            ("c.xml", census(2025, worker("SW100001", start: "2019-01-01", end: "2025-11-01", reason: "1"))),
            ("r.csv", Checking.returnCSV([[:]])),
        ])
        #expect(rows.contains { $0.rule == "COOL001" })
        let redundant = try Checking.findings([
            ("c.xml", census(2025, worker("SW100001", start: "2019-01-01", end: "2025-11-01", reason: "3"))),
            ("r.csv", Checking.returnCSV([[:]])),
        ])
        #expect(!redundant.contains { $0.rule == "COOL001" })
    }

    @Test func anInferredEndLeavesTheCoolOffUndecided() throws {
        let folder = try TemporaryFolder()
        try folder.write("c2024.xml", census(2024, worker("SW100001", start: "2015-01-01")))
        try folder.write("c2025.xml", census(2025, worker("SW100009", start: "2015-01-01")))
        try folder.write("r.csv", Checking.returnCSV([["start_date": "2024-11-04", "end_date": "", "quarter": "2024-Q4"]]))
        let result = try Checking.run([folder.path])
        let place = result.judgement.rules.all.firstIndex { $0.code == RuleCode(.COOL, 1) }
        #expect(place != nil)
        #expect(!Checking.rows(result).contains { $0.rule == "COOL001" })
        #expect(CoverageRow.of("COOL001", result).undecided == 1)
    }

    /// A census in the form of 2021 to 2023, from a program that makes up another kind of number: every worker is counted, none
    /// gives a spell, and no element is unknown.
    @Test func aCensusWithOtherNumbersIsReadAndCounted() throws {
        let workers = (1...14).map { number in
            """
            <CSWWWorker><AgencyWorker>\(number % 2)</AgencyWorker><SWENo>fP\(1_000_000_000 + number)</SWENo><FTE>0.598403</FTE>
            <PersonBirthDate>1992-06-23</PersonBirthDate><GenderCurrent>1</GenderCurrent><Ethnicity>MWBA</Ethnicity>
            <QualInst>Institution</QualInst><QualLevel>1</QualLevel><StepUpGrad>1</StepUpGrad><OrgRole>2</OrgRole>
            <RoleStartDate>2019-04-\(10 + number)</RoleStartDate><StartOrigin>3</StartOrigin><RoleEndDate></RoleEndDate>
            <LeaverDestination></LeaverDestination><ReasonLeave></ReasonLeave><FTE30>0.16389</FTE30><Cases30>2</Cases30>
            <WorkingDaysLost>3</WorkingDaysLost><ContractWeeks>202.7</ContractWeeks><FrontlineGrad>1</FrontlineGrad>
            <Absat30Sept>0</Absat30Sept><ReasonAbsence></ReasonAbsence><CFKSSstatus>3</CFKSSstatus></CSWWWorker>
            """
        }.joined()
        let vacancies =
            "<LALevelVacancies><NumberOfVacancies>5.56</NumberOfVacancies><NoAgencyFTE>80.4</NoAgencyFTE>"
            + "<NoAgencyHeadcount>57</NoAgencyHeadcount></LALevelVacancies>"
        for year in 2021...2023 {
            let folder = try TemporaryFolder()
            let path = try folder.write("census.xml", census(year, vacancies + workers))
            let result = try Checking.run([path], book: Checking.book(over: nil))
            let counts = result.files[0].census
            #expect(counts.workers == 14 && counts.spells == 0 && counts.notSWNumber == 14, "\(year)")
            #expect(counts.workers == counts.spells + counts.notSWNumber + counts.noStartDate + counts.agencyFlagUnknown)
            #expect(Checking.rows(result).allSatisfy { $0.rule != "IMP002" }, "\(year)")
        }
    }
}
