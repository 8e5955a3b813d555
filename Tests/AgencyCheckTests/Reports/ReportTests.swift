import AgencyModel
import Foundation
import TestSupport
import Testing

/// What people and programs open: tables, pages, SARIF, accepted findings, templates. Tests/Pages checks the pages in a browser,
/// and the workbook.
@Suite struct ReportTests {
    private static let sampleRules = ["--rules", Places.sampleRules]

    private func check(_ files: [String: String], _ options: [String] = []) throws -> (TemporaryFolder, Program.Outcome) {
        let folder = try TemporaryFolder()
        for (name, text) in files { try folder.write("in/" + name, text) }
        let outcome = try Program.check(
            ["check", folder.path + "/in", "--out", folder.path + "/out"] + Self.sampleRules + options)
        return (folder, outcome)
    }

    private static let aboveTheCap = [
        "pay_rate": "41.20", "charge_rate": "46.20", "cap_dcs_date": "2026-01-02", "cap_reason": "=Only \"one\", left",
    ]

    @Test func capBreachesIncludeTheirCost() throws {
        let (folder, _) = try check([
            "a.csv": Checking.returnCSV([
                Self.aboveTheCap, ["assignment_id": "A-2", "swe_number": "SW2"],
                Self.aboveTheCap.merging([
                    "assignment_id": "A-3", "swe_number": "SW3", "hours_in_quarter": "", "cap_ce_date": "2026-01-12",
                ]) { $1 },
                Self.aboveTheCap.merging([
                    "assignment_id": "A-4", "swe_number": "SW4", "hours_in_quarter": "0.35", "cap_ce_date": "2026-01-13",
                ]) { $1 },
            ])
        ])
        let lines = try Places.text(folder.path + "/out/cap-breaches.csv").components(separatedBy: "\r\n")
        let reason = "\"'=Only \"\"one\"\", left\""
        #expect(
            lines == [
                "authority_code,quarter,assignment_id,role,region,capped_rate,cap,excess_per_hour,hours_in_quarter,excess_in_quarter,dcs_date,ce_date,due_date,reason,rule",
                "991,2026-Q1,A-1,SW,Example Region,41.20,38.00,3.20,300,960.00,2026-01-02,,2026-01-12,\(reason),CAP001",
                "991,2026-Q1,A-3,SW,Example Region,41.20,38.00,3.20,,,2026-01-02,2026-01-12,2026-01-12,\(reason),CAP003",
                "991,2026-Q1,A-4,SW,Example Region,41.20,38.00,3.20,0.35,1.12,2026-01-02,2026-01-13,2026-01-12,\(reason),CAP002",
                "",
            ])
    }

    @Test func spellingsOfAnAgencyCountAsOne() throws {
        let (folder, _) = try check([
            "a.csv": Checking.returnCSV([
                ["agency": "Larch Locums", "references": "1"],
                ["assignment_id": "A-2", "agency": "LARCH  locums", "hours_in_quarter": "10.5"],
                ["assignment_id": "A-3", "swe_number": "SW3", "agency": "LarchLocums", "notice_weeks": ""],
                ["assignment_id": "A-4", "swe_number": "SW4", "agency": "Beech"],
                ["assignment_id": "A-5", "swe_number": "SW5", "agency": ""],
            ])
        ])
        let lines = try Places.text(folder.path + "/out/agencies.csv").components(separatedBy: "\r\n")
        #expect(
            lines[0].hasPrefix(
                "authority_code,quarter,agency,assignments,workers,hours,cost,errors_data,warnings_data,errors_caps,"))
        #expect(lines[0].hasSuffix(",errors_references,warnings_references"))
        // are of one worker and overlap: DATA010 warns about both, and DATA019 about the few hours of A-2.
        #expect(lines[1] == "991,2026-Q1,,1,1,300,12300.00,0,0,0,0,0,0,0,0,0,0,0,0,0,0")
        #expect(lines[2] == "991,2026-Q1,Beech,1,1,300,12300.00,0,0,0,0,0,0,0,0,0,0,0,0,0,0")
        #expect(lines[3] == "991,2026-Q1,Larch Locums,3,2,610.5,25030.50,0,3,0,0,0,0,0,0,0,0,0,1,1,0")
    }

    @Test func aFindingIsOneLineWithoutControlCharacters() throws {
        let steering = "\u{1B}\u{07}\u{7F}\u{85}\u{9B}\u{200E}\u{2028}\u{2029}\u{202E}\u{2066}\r\n\t"
        let folder = try TemporaryFolder()
        try folder.write("in.csv", Checking.returnCSV([["assignment_id": "A" + steering + "B", "references": "two"]]))
        let outcome = try Program.check(["check", folder.path + "/in.csv", "--rules", Places.sampleRules])
        let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.filter { $0.contains("IMP004") }.count == 1)
        #expect(outcome.output.contains("A" + String(repeating: " ", count: steering.unicodeScalars.count) + "B"))
        #expect(!outcome.output.unicodeScalars.contains { $0 != "\n" && steering.unicodeScalars.contains($0) })
    }

    @Test func thePageIsCompleteAndIdentifiesNobody() throws {
        let hostile = "<script>alert('x')</script>\u{202E}&\"\u{1F642}"
        let (folder, _) = try check([
            "a.csv": Checking.returnCSV([
                Self.aboveTheCap.merging([
                    "agency": hostile, "cap_reason": hostile, "job_title": hostile, "swe_number": "SW987654321",
                ]) { $1 }
            ]),
            "record.csv": Checking.recordCSV([["caps_compliance": "PARTIAL", "caps_explanation": "One rate for a court deadline"]]),
        ])
        let page = try Places.text(folder.path + "/out/report.html")
        #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en-GB\">"))
        #expect(page.hasSuffix("</body>\n</html>\n"))
        #expect(!page.contains("<script"))
        #expect(!page.contains("987654321"))
        #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"))
        #expect(!page.contains("src=") && !page.contains("@import") && !page.contains("url("))
        for word in ["Ready to send", "CAP001", "£3.20"] { #expect(page.contains(word), "\(word)") }
        #expect(page.contains("£960.00"))
    }

    @Test func acceptedFindingsAreListedSeparately() throws {
        let folder = try TemporaryFolder()
        try folder.write("in/a.csv", Checking.returnCSV([["references": "1"], ["assignment_id": "A-2", "swe_number": "SW2"]]))
        try folder.write("in/record.csv", Checking.recordCSV([[:]]))
        func run(_ list: String) throws -> Program.Outcome {
            try folder.write("accepted.csv", list)
            return try Program.check(
                ["check", folder.path + "/in", "--out", folder.path + "/out", "--accept", folder.path + "/accepted.csv"]
                    + Self.sampleRules)
        }
        let header = "rule,authority_code,quarter,assignment_id,field,found,reason,accepted_by,accepted_on\n"
        let plain = try Program.check(["check", folder.path + "/in"] + Self.sampleRules)
        #expect(plain.code == 1)

        let outcome = try run(header + "REF001,991,2026-Q1,A-1,references,1,On file in 2024,A. Person,2026-04-02\n")
        #expect(outcome.code == 0, "accepted findings do not make the exit code 1")
        #expect(outcome.output.contains("REF001") && outcome.output.contains("(accepted)"))
        #expect(!outcome.output.contains("A. Person") && !outcome.errors.contains("A. Person"))
        let out = folder.path + "/out"
        #expect(try Places.text(out + "/accepted.csv").contains("On file in 2024,A. Person,2026-04-02"))
        #expect(try Places.text(out + "/exceptions.csv").contains("REF001"), "never hidden")
        #expect(try Places.text(out + "/report.html").contains("Accepted by the authority"))
        #expect(
            try Places.text(out + "/submission/991-2026-Q1/authority.csv").contains("references_compliance,PARTIAL"),
            "they still count for compliance")

        let other = try run(header + "REF001,991,2026-Q1,A-9,references,1,x,y,2026-04-02\n")
        #expect(other.code == 1)
        #expect(other.errors.contains("line 2: this entry matches no finding"))
        let broken = try run(header + "REF001,991,2026-Q1,A-1,references,1,,y,31/31/2026\n")
        #expect(broken.code == 2 && broken.errors.contains(":2: "))
    }

    @Test func machineReadableFormatsAreValid() throws {
        let folder = try TemporaryFolder()
        for format in ["json", "sarif"] {
            let outcome = try Program.check(
                ["check", Places.samples, "--format", format, "--quiet", "--out", folder.path + "/" + format, "--also", format]
                    + Self.sampleRules)
            #expect(outcome.code == 3)
            #expect(!outcome.output.contains("SW9100"))
            let text = try folder.write("printed", outcome.output)
            let count =
                "import json,sys; d=json.load(open(sys.argv[1])); print(len(d['findings'] if 'findings' in d else d['runs'][0]['results']))"
            #expect(try Program.python(count, [text]).output == "58\n")
            #expect(try Places.text("\(folder.path)/\(format)/findings.\(format)") == outcome.output)
        }
    }

    @Test func templatesHaveTheReadersColumns() throws {
        let folder = try TemporaryFolder()
        let out = folder.path + "/template"
        #expect(try Program.check(["template", "--out", out, "--authority", "301", "--quarter", "2026-Q1"]).code == 0)
        let filled = try Program.check(["check", out + "/example"])
        // The only message is that there are no caps on file, which must be entered for the region.
        let said = filled.output.split(separator: "\n")
        #expect(!said.isEmpty && said.allSatisfy { $0.contains("CAP004") }, "\(filled.output)")
        #expect(filled.code == 0)
        let empty = try Program.check([
            "check", out + "/return.csv", out + "/authority-record.csv", out + "/employment-history.csv",
        ])
        #expect(empty.code == 0, "\(empty.output)")
        // It may have been filled in by now.
        #expect(try Program.check(["template", "--out", out]).code == 3)
    }

    @Test func aSimilarNameIsSuggested() throws {
        let csv = Checking.returnCSV([[:]]).replacing("weekly_hours", with: "Weekly Hrs").replacing(
            "practice_managed_by", with: "Managed practice by")
        let (_, outcome) = try check(["a.csv": csv])
        #expect(
            outcome.output.contains("The column Weekly Hrs is not known, so its values were left out. Did you mean weekly_hours?"))
        #expect(outcome.output.contains("Did you mean practice_managed_by?"))
        let (_, refused) = try check(["a.csv": Checking.returnCSV([[:]]).replacing("pay_rate", with: "Hourly Rte")])
        #expect(
            refused.output.contains("it does not have the column pay_rate (is it \u{201C}Hourly Rte\u{201D}, column 10 (J)?)"),
            "\(refused.output)")
    }
}
