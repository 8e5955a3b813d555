import AgencyModel
import CheckRun
import Foundation
import Intake
import RuleBook
import TestSupport
import Testing

/// The submission: what it contains, what stops it, and its layout as data.
@Suite struct SubmissionTests {
    private static let sampleRules = ["--rules", Places.sampleRules]

    private func submit(_ inputs: [String], rules: [String] = sampleRules) throws -> (TemporaryFolder, Program.Outcome) {
        let folder = try TemporaryFolder()
        let outcome = try Program.check(["submit"] + inputs + rules + ["--out", folder.path + "/out"])
        return (folder, outcome)
    }

    private func rows(_ path: String) throws -> [[String]] {
        let script = "import csv,sys,json; print(json.dumps(list(csv.reader(open(sys.argv[1],newline='',encoding='utf-8')))))"
        let text = try Program.python(script, [path]).output
        return try JSONDecoder().decode([[String]].self, from: Data(text.utf8))
    }

    private func general(_ path: String) throws -> [String: String] {
        var values: [String: String] = [:]
        for row in try rows(path).dropFirst() where row[0] == "return" || row[0] == "compliance" || row[0] == "cost" {
            values[row[2]] = row[3]
        }
        return values
    }

    @Test func aCleanReturnIsReady() throws {
        let (folder, outcome) = try submit([Places.samples + "/clean"])
        #expect(outcome.code == 0)
        #expect(outcome.output.hasPrefix("991 2026-Q1: ready to send"))
        let place = folder.path + "/out/submission/991-2026-Q1"
        #expect(
            Places.names(in: place) == [
                "assignments.csv", "assignments.xml", "assignments.xsd", "authority.csv", "manifest.json", "problems.csv",
            ])
        #expect(try Places.text(place + "/manifest.json").contains("\"status\": \"ready\""))
        #expect(try rows(place + "/problems.csv").count == 1)
        #expect(try rows(place + "/assignments.csv").count == 4)
    }

    @Test func dataErrorsStopASubmissionAndBreachesDoNot() throws {
        let folder = try TemporaryFolder()
        func status(_ change: [String: String]) throws -> String {
            try folder.write("return.csv", Checking.returnCSV([change]))
            try folder.write("record.csv", Checking.recordCSV([[:]]))
            let out = folder.path + "/out"
            let outcome = try Program.check(
                ["submit", folder.path + "/return.csv", folder.path + "/record.csv", "--out", out] + Self.sampleRules)
            let manifest = try Places.text(out + "/submission/991-2026-Q1/manifest.json")
            let isReady = manifest.contains("\"status\": \"ready\"")
            #expect(outcome.code == (isReady ? 0 : 1))
            return isReady ? "ready" : "incomplete"
        }
        #expect(try status([:]) == "ready")
        // CAP001, EXP003, REF001 and NOTE001 are reported but do not stop it. DATA007 is a warning.
        #expect(try status(["pay_rate": "90.00", "charge_rate": "95.00"]) == "ready")
        #expect(try status(["experience_months": "", "references": "0", "notice_weeks": "1"]) == "ready")
        #expect(try status(["charge_rate": "99.00"]) == "ready")
        #expect(try status(["swe_number": "12"]) == "incomplete")
        #expect(try status(["references": "two"]) == "incomplete")
        #expect(try status(["charge_rate": ""]) == "incomplete")
    }

    /// Files that share a return are read one after the other, and other files at the same time. The outputs are the same.
    @Test func aReturnCanBeInSeveralFiles() throws {
        let folder = try TemporaryFolder()
        func row(_ id: String, _ authority: String, _ agency: String) -> [String: String] {
            [
                "assignment_id": id, "authority_code": authority, "agency": agency,
                "swe_number": "SW\(id.utf8.reduce(0) { $0 * 7 + Int($1) })",
            ]
        }
        // 991 is in the first and the last file, and 992 in the second and the last but one. The row without an authority is in two
        // others.
        try folder.write("in/a.csv", Checking.returnCSV([row("A-1", "991", "Larch Locums"), row("A-2", "991", "Beech")]))
        try folder.write("in/b.csv", Checking.returnCSV([row("B-1", "992", "BEECH"), row("B-2", "", "Oak  People")]))
        try folder.write("in/c.csv", Checking.returnCSV([row("C-1", "993", "Beech")]))
        try folder.write("in/d.csv", Checking.returnCSV([row("D-1", "992", "beech"), row("D-2", "", "oak people")]))
        try folder.write("in/e.csv", Checking.returnCSV([row("E-1", "991", "larch locums"), row("E-2", "991", "Beech")]))

        let files = ["a", "b", "c", "d", "e"].map { folder.path + "/in/\($0).csv" }
        let book = try Checking.book()
        let result = CheckRun(book: book, threads: 1).run(InputList(files))
        #expect(result.filesByReturns == [[0, 4], [1, 3], [2]])
        // A file that shares a return with two other files joins their groups.
        let chain = [
            try folder.write("chain/1.csv", Checking.returnCSV([row("1", "991", "")])),
            try folder.write("chain/2.csv", Checking.historyCSV([[:]])),
            try folder.write("chain/3.csv", Checking.returnCSV([row("3", "992", "")])),
            try folder.write("chain/4.csv", Checking.returnCSV([row("4a", "992", ""), row("4b", "991", "")])),
        ]
        #expect(CheckRun(book: book, threads: 1).run(InputList(chain)).filesByReturns == [[0, 2, 3]])

        func outputs(_ name: String, threads: Int) throws -> [String: [UInt8]] {
            let out = folder.path + "/" + name
            _ = try Program.check(
                ["check", folder.path + "/in", "--out", out, "--threads", "\(threads)", "--today", "2026-05-02"] + Self.sampleRules)
            var all: [String: [UInt8]] = [:]
            for name in FileManager.default.enumerator(atPath: out)!.compactMap({ $0 as? String }) {
                var isFolder: ObjCBool = false
                guard FileManager.default.fileExists(atPath: out + "/" + name, isDirectory: &isFolder), !isFolder.boolValue
                else { continue }
                all[name] = try Places.bytes(out + "/" + name)
            }
            return all
        }
        let one = try outputs("one", threads: 1)
        #expect(one.count == 26)
        for threads in [2, 3, 8] { #expect(try outputs("several", threads: threads) == one) }

        let place = folder.path + "/one/submission/"
        #expect(try rows(place + "991-2026-Q1/assignments.csv").dropFirst().map { $0[2] } == ["A-1", "A-2", "E-1", "E-2"])
        #expect(try rows(place + "992-2026-Q1/assignments.csv").dropFirst().map { $0[2] } == ["B-1", "D-1"])
        // An agency is named as it is first written, both for a return and for rows without one.
        let agencies = try rows(folder.path + "/one/agencies.csv").dropFirst().map { Array($0[0...3]) }
        #expect(
            agencies == [
                ["", "2026-Q1", "Oak  People", "2"], ["991", "2026-Q1", "Beech", "2"], ["991", "2026-Q1", "Larch Locums", "2"],
                ["992", "2026-Q1", "BEECH", "2"], ["993", "2026-Q1", "Beech", "1"],
            ])
    }

    /// A record that is rejected because there is already one stops only its own submission.
    @Test func aSecondRecordStopsItsOwnReturn() throws {
        let folder = try TemporaryFolder()
        try folder.write("in/a.csv", Checking.returnCSV([[:]]))
        try folder.write("in/b.csv", Checking.returnCSV([["authority_code": "992", "assignment_id": "B-1"]]))
        try folder.write("in/record.csv", Checking.recordCSV([[:], ["authority_code": "992"]]))
        try folder.write("in/second.csv", Checking.recordCSV([["authority_code": "992"]]))
        let out = folder.path + "/out"
        let outcome = try Program.check(["submit", folder.path + "/in", "--out", out] + Self.sampleRules)
        #expect(outcome.output.contains("991 2026-Q1: ready to send"))
        #expect(outcome.output.contains("992 2026-Q1: not ready to send, 1 problem"))
        let problem = try rows(out + "/submission/992-2026-Q1/problems.csv")[1]
        #expect(Array(problem[0...3]) == ["IMP003", "error", "992", "2026-Q1"])
    }

    /// An authority without assignments in the run is named, because a file may have been forgotten.
    @Test func aRecordWithoutAssignmentsIsReported() throws {
        let folder = try TemporaryFolder()
        try folder.write("in/a.csv", Checking.returnCSV([[:]]))
        let quarters = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"].map {
            ["authority_code": "992", "quarter": $0]
        }
        try folder.write("in/record.csv", Checking.recordCSV([[:]] + quarters))
        let out = folder.path + "/out"
        let outcome = try Program.check(["submit", folder.path + "/in", "--out", out] + Self.sampleRules)
        #expect(
            outcome.errors.contains(
                "no assignment of 992 2025-Q1, 992 2025-Q2, 992 2025-Q3, 992 2025-Q4, 992 2026-Q1 and 1 more, so there is nothing to submit for it"
            ),
            "\(outcome.errors)")
        #expect(Places.names(in: out + "/submission") == ["991-2026-Q1"])
    }

    /// A run may have more returns than the files that the system lets a program open.
    @Test func aRunCanHaveMoreReturnsThanOpenFiles() throws {
        let folder = try TemporaryFolder()
        let rows = (1...400).map { number in
            ["assignment_id": "A-\(number)", "authority_code": String("\(1000 + number)".dropFirst())]
        }
        try folder.write("return.csv", Checking.returnCSV(rows))
        let arguments = ["submit", folder.path + "/return.csv", "--out", folder.path + "/out"] + Self.sampleRules
        let outcome = try Program.run(
            "/bin/sh", ["-c", "ulimit -n 64; exec \"$0\" \"$@\"", Program.agencyCheck] + arguments)
        #expect(outcome.code == 1, "\(outcome.errors)")
        #expect(Places.names(in: folder.path + "/out/submission").count == 400)
        #expect(try self.rows(folder.path + "/out/submission/400-2026-Q1/assignments.csv").count == 2)
    }

    /// An error that belongs to no return stops all returns that it may belong to.
    @Test func aRejectedRowStopsTheReturnsOfItsFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("in/a.csv", Checking.returnCSV([[:]]) + "1,2,3\r\n")
        try folder.write("in/b.csv", Checking.returnCSV([["authority_code": "992", "assignment_id": "B-1"]]))
        try folder.write("in/record.csv", Checking.recordCSV([[:], ["authority_code": "992"]]))
        let out = folder.path + "/out"
        let outcome = try Program.check(["submit", folder.path + "/in", "--out", out] + Self.sampleRules)
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("991 2026-Q1: not ready to send, 1 problem"))
        #expect(outcome.output.contains("992 2026-Q1: ready to send"))
        #expect(try rows(out + "/submission/991-2026-Q1/problems.csv")[1][0] == "IMP003")
    }

    /// The general data is half of the return: without it nothing is ready (AUTH001), even if the assignments have no errors.
    @Test func withoutAnAuthorityRecordNothingIsReady() throws {
        let folder = try TemporaryFolder()
        let returns = try folder.write("return.csv", Checking.returnCSV([[:]]))
        let out = folder.path + "/out"
        let outcome = try Program.check(["submit", returns, "--out", out] + Self.sampleRules)
        #expect(outcome.code == 1)
        #expect(outcome.output == "991 2026-Q1: not ready to send, 1 problem: see \(out)/submission/991-2026-Q1/problems.csv\n")
        #expect(try rows(out + "/submission/991-2026-Q1/problems.csv").map { $0[0] } == ["rule", "AUTH001"])
        #expect(try Program.check(["check", returns] + Self.sampleRules).code == 1)
    }

    /// If a requested quarter was not read, nothing is written, and the quarters that were read are named.
    @Test func aQuarterThatWasNotReadIsReported() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "in/a.csv", Checking.returnCSV([[:], ["quarter": "2025-Q4", "assignment_id": "A-2", "start_date": "2025-11-03"]]))
        let out = folder.path + "/out"
        let outcome = try Program.check(["submit", folder.path + "/in", "--quarter", "2026-Q2", "--out", out] + Self.sampleRules)
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("There is no return of 2026-Q2 (April to June 2026) to submit."))
        #expect(outcome.errors.contains("2025-Q4 (October to December 2025), 2026-Q1 (January to March 2026)"))
        #expect(!FileManager.default.fileExists(atPath: out))
        #expect(
            try Program.check(["submit", folder.path + "/in", "--quarter", "2026-Q1", "--out", out] + Self.sampleRules).code == 1)
    }

    /// Rows with one reference whose rate changed are one assignment wherever assignments are counted. In the submission they stay
    /// rows.
    @Test func anAssignmentWhoseRateChangedCountsOnce() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "in/a.csv",
            Checking.returnCSV([
                [:], ["rate_from": "2026-02-02", "weekly_hours": "36"], ["assignment_id": "A-2", "swe_number": "SW2"],
            ]))
        try folder.write("in/record.csv", Checking.recordCSV([[:]]))
        let out = folder.path + "/out"
        let outcome = try Program.check(["check", folder.path + "/in", "--out", out] + Self.sampleRules)
        #expect(!outcome.output.contains("DATA006") && !outcome.output.contains("DATA010"))
        let agencies = try rows(out + "/agencies.csv")
        #expect(agencies[1][3] == "2" && agencies[1][4] == "2")
        #expect(try rows(out + "/submission/991-2026-Q1/assignments.csv").count == 4)
    }

    /// FULL: no error and nothing undecided. NONE: every assessed record is in error. PARTIAL: in all other cases.
    @Test func complianceIsComputed() throws {
        let folder = try TemporaryFolder()
        func compliance(_ changes: [[String: String]]) throws -> [String: String] {
            let numbered = changes.enumerated().map { index, change in
                [
                    "assignment_id": "A-\(index)", "swe_number": "SW\(100001 + index)", "reference_given_date": "2026-03-20",
                ].merging(change) { $1 }
            }
            try folder.write("return.csv", Checking.returnCSV(numbered))
            try folder.write("record.csv", Checking.recordCSV([[:]]))
            let out = folder.path + "/out"
            _ = try Program.check(
                ["submit", folder.path + "/return.csv", folder.path + "/record.csv", "--out", out] + Self.sampleRules)
            return try general(out + "/submission/991-2026-Q1/authority.csv")
        }
        let good = try compliance([[:], [:]])
        #expect(good["caps_compliance"] == "FULL" && good["references_compliance"] == "FULL" && good["notice_compliance"] == "FULL")
        #expect(good["caps_claimed"] == "PARTIAL" && good["caps_explanation"] == "Example")
        #expect(good["cost_month_1"] == "4100.00" && good["cost_total"] == "12300.00")
        #expect(good["assignments"] == "2" && good["workers"] == "2")
        let mixed = try compliance([["references": "1"], [:]])
        #expect(mixed["references_compliance"] == "PARTIAL" && mixed["references_findings"] == "REF001: 1")
        let none = try compliance([["references": "1"], ["references": "0"]])
        #expect(none["references_compliance"] == "NONE")
        // A missing notice is a warning and leaves NOTE001 undecided, so compliance is not full.
        #expect(try compliance([["notice_weeks": ""], [:]])["notice_compliance"] == "PARTIAL")
        // An assignment left out of the assessment is undecided for every family.
        #expect(try compliance([["swe_number": "9"], [:]])["references_compliance"] == "PARTIAL")
    }

    @Test func theXMLAlwaysFollowsItsSchema() throws {
        let (folder, _) = try submit([Places.samples])
        let names = Places.names(in: folder.path + "/out/submission")
        #expect(names.count == 6)
        for name in names {
            let place = folder.path + "/out/submission/" + name
            let outcome = try Program.run(
                "/usr/bin/env", ["xmllint", "--noout", "--schema", place + "/assignments.xsd", place + "/assignments.xml"])
            #expect(outcome.code == 0, "\(name): \(outcome.errors)")
        }
    }

    /// Another layout, with other columns, order, names, words and formats. It needs no change to the program.
    private static let otherProfile = """
        section,field,rules,header,element,format
        profile,name,,Autumn layout,,
        profile,version,,7,,
        profile,root_element,,Return,,
        profile,header_element,,Head,,
        profile,list_element,,Workers,,
        profile,row_element,,Worker,,
        assignment,swe_number,,Registration number,Registration,
        assignment,supply,,How supplied,HowSupplied,
        assignment,pay_rate,,Hourly rate,HourlyRate,0.00
        assignment,start_date,,Started,Started,dd/mm/yyyy
        assignment,end_date,,Ended,Ended,dd/mm/yyyy
        assignment,cost_disaggregated,,Split,Split,
        assignment,job_title,,Title,Title,
        assignment,weekly_hours,,Hours,Hours,
        assignment,authority_code,,LA,LA,
        assignment,quarter,,Period,Period,
        assignment,role,,Job,Job,
        general_column,value,,Value,,
        general_column,part,,Part,,
        general_column,reference,,About,,
        general_column,item,,Item,,
        general,compliance,caps references,Caps and references,,
        general,findings,CAP001 REF001,Breaches,,
        cap_breach,excess_in_quarter,,Too much,,0.00

        """

    @Test func anotherProfileNeedsNoBuild() throws {
        let folder = try TemporaryFolder()
        let rules = folder.path + "/rules"
        for name in Places.names(in: Places.sampleRules) where name.hasSuffix(".csv") {
            try folder.write("rules/" + name, try Places.bytes(Places.sampleRules + "/" + name))
        }
        try folder.write("rules/submission-profile.csv", Self.otherProfile)
        try folder.write(
            "rules/submission-codes.csv",
            "field,code,written\nsupply,INDIVIDUAL,\"One, alone\"\nsupply,PROJECT_TEAM,Team\nyes_no,YES,J\nyes_no,NO,N\n")
        let title = "Manager <\"A&B\"> 'É' \u{1F642}, =1+1"
        try folder.write(
            "return.csv",
            Checking.returnCSV([
                ["job_title": title, "pay_rate": "£36.005", "charge_rate": "41.005", "cost_disaggregated": "true"],
                ["assignment_id": "A-2", "swe_number": "SW0100002", "supply": "project_team", "references": "1", "end_date": ""],
            ]))
        let out = folder.path + "/out"
        _ = try Program.check(["submit", folder.path + "/return.csv", "--rules", rules, "--out", out])
        let place = out + "/submission/991-2026-Q1"
        let table = try rows(place + "/assignments.csv")
        #expect(
            table == [
                [
                    "Registration number", "How supplied", "Hourly rate", "Started", "Ended", "Split", "Title", "Hours", "LA",
                    "Period", "Job",
                ],
                ["SW100001", "One, alone", "36.01", "12/01/2026", "20/03/2026", "J", title, "37", "991", "2026-Q1", "SW"],
                ["SW100002", "Team", "36.00", "12/01/2026", "", "", "Social Worker", "37", "991", "2026-Q1", "SW"],
            ])
        let outcome = try Program.run(
            "/usr/bin/env", ["xmllint", "--noout", "--schema", place + "/assignments.xsd", place + "/assignments.xml"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        // The XML has the same content as the table.
        let script = """
            import sys, json, xml.etree.ElementTree as E
            print(json.dumps([[c.text for c in w] for w in E.parse(sys.argv[1]).getroot().find('Workers')]))
            """
        let document = try JSONDecoder().decode(
            [[String]].self, from: Data(try Program.python(script, [place + "/assignments.xml"]).output.utf8))
        #expect(document == table.dropFirst().map { $0.filter { !$0.isEmpty } })
        let general = try rows(place + "/authority.csv")
        #expect(general[0] == ["Value", "Part", "About", "Item"])
        #expect(general.contains(["PARTIAL", "compliance", "caps references", "Caps and references"]))
        #expect(general.contains(["REF001: 1", "compliance", "", "Breaches"]))
    }

    /// Read back through the return's own reader, the profile's columns have the values of the return.
    @Test func theDefaultSubmissionReadsBackAsTheReturn() throws {
        let folder = try TemporaryFolder()
        _ = try Program.check([
            "sample", "--authorities", "1", "--assignments", "120", "--breaches", "0", "--seed", "3", "--out", folder.path + "/in",
        ])
        let out = folder.path + "/out"
        _ = try Program.check(["submit", folder.path + "/in", "--rules", folder.path + "/in/rules", "--out", out])
        let script = """
            import csv, sys, glob
            def read(path): return list(csv.DictReader(open(path, newline='', encoding='utf-8-sig')))
            sent = read(glob.glob(sys.argv[2] + '/submission/*/assignments.csv')[0])
            came = read(glob.glob(sys.argv[1] + '/returns/*.csv')[0])
            assert len(sent) == len(came) == 120
            for a, b in zip(sent, came):
                for column, value in a.items():
                    wanted = b.get(column, '')
                    if column == 'swe_number': wanted = 'SW' + wanted.upper().lstrip('SW').lstrip('0')
                    if column == 'supply': wanted = wanted or 'INDIVIDUAL'
                    if column == 'pay_rate': assert float(value) == float(wanted.replace('£', '').replace(',', '')); continue
                    if '/' in wanted and column.endswith('date'):
                        d, m, y = wanted.split('/'); wanted = f'{y}-{int(m):02}-{int(d):02}'
                    if column in ('role', 'engagement', 'supply'): wanted = wanted.upper()
                    assert value == wanted, (column, value, wanted)
            print('same')
            """
        #expect(try Program.python(script, [folder.path + "/in", out]).output == "same\n")
    }

    @Test(arguments: [
        ("assignment,role,,Role,Role,\nassignment,start_date,,Role,Start,", 2, "appears twice"),
        ("assignment,role,,Role,Role,\nassignment,start_date,,Start,Role,", 2, "appears twice"),
        ("assignment,colour,,Colour,Colour,", 1, "is not a field"),
        ("assignment,role,,Role,1Role,", 1, "XML element"),
        ("assignment,start_date,,Start,Start,mm/dd/yyyy", 1, "is not a format"),
        ("general,compliance,prices,Caps,,", 1, "expected families"),
        ("general,findings,CAP009,Caps,,", 1, "expected the codes"),
        ("agency,colour,,Colour,,", 1, "is not a field"),
        ("colour,role,,Role,,", 1, "the section is not known"),
    ]) func aMistakeInTheProfileIsNamedWithItsLine(_ mistake: String, _ line: Int, _ words: String) throws {
        let folder = try TemporaryFolder()
        let lines = Self.otherProfile.split(separator: "\n")
        try folder.write("submission-profile.csv", ([String(lines[0])] + [mistake]).joined(separator: "\n") + "\n")
        let outcome = try Program.check(["rules", "check", "--rules", folder.path])
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("submission-profile.csv:\(line + 1): "), "\(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }

    @Test(arguments: ["swe_number", "role", "supply", "end_date"]) func aProfileNeedsItsRequiredFields(_ field: String) throws {
        let folder = try TemporaryFolder()
        let lines = try Places.text(Places.rules + "/submission-profile.csv").split(separator: "\n").filter {
            !$0.hasPrefix("assignment,\(field),")
        }
        try folder.write("submission-profile.csv", lines.joined(separator: "\n") + "\n")
        let outcome = try Program.check(["rules", "check", "--rules", folder.path])
        #expect(outcome.code == 2 && outcome.errors.contains("\(field) is not among the assignments"), "\(outcome.errors)")
    }

    @Test func theWindowIsAnnouncedOrInferred() throws {
        let book = try Checking.book()
        func window(_ text: String) throws -> SubmissionWindow {
            var text = text
            let quarter = try #require(text.withUTF8 { Quarter($0) })
            return try #require(book.submissionWindow(of: quarter))
        }
        func day(_ text: String) -> CalendarDate {
            var text = text
            return text.withUTF8 { CalendarDate($0) }!
        }
        let first = try window("2025-Q1")
        #expect((first.from, first.to, first.isInferred) == (day("2025-04-01"), day("2025-05-31"), false))
        let winter = try window("2025-Q4")
        #expect((winter.from, winter.to, winter.isInferred) == (day("2026-01-01"), day("2026-02-28"), true))
        #expect(winter.daysLeft(on: day("2025-12-31")) == nil)
        #expect(winter.daysLeft(on: day("2026-01-01")) == 59)
        #expect(winter.daysLeft(on: day("2026-02-28")) == 1)
        #expect(winter.daysLeft(on: day("2026-03-01")) == 0)
    }
}
