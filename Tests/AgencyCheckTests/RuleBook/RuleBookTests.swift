import AgencyModel
import Compliance
import Foundation
import Health
import RuleBook
import TestSupport
import Testing

@Suite struct RuleBookTests {
    private func problems(_ files: [(String, String)]) throws -> [String] {
        let folder = try TemporaryFolder()
        for (name, text) in files { try folder.write(name, text) }
        do throws(RuleBookProblems) {
            _ = try RuleBook.load(shipped: Places.rules, over: folder.path, rules: RuleRegistry.shared.all)
            return []
        } catch {
            return error.all.map { $0.description.replacing(folder.path + "/", with: "") }
        }
    }

    @Test func theShippedBookIsSound() throws {
        let book = try Checking.book(over: nil)
        #expect(book.authorities.all.count == 158)
        #expect(book.authorities.regions.count == 9)
        #expect(book.shadowed.isEmpty)
        #expect(!book.citations.isEmpty && book.citations.allSatisfy { !$0.source.isEmpty })
        // Only a header: a region's caps are never invented.
        #expect(!book.citations.contains { $0.table == "caps.csv" })
    }

    @Test func partnershipsAreTheRegionsAndTheirGroups() throws {
        let book = try Checking.book(over: nil)
        #expect(book.partnerships.count == 10)
        let group = try #require(book.partnership(named: "east of england, East Midlands, London and South East"))
        #expect(group.regions.map { book.authorities.regions[$0] } == ["East Midlands", "East of England", "London", "South East"])
        #expect(book.partnership(named: "London")?.regions.count == 1)
        #expect(book.partnership(named: "Londinium") == nil)
        #expect(book.parameters.permanentPaidHours.entries.isEmpty && book.parameters.permanentOnCostPercent.entries.isEmpty)
        // With its own authorities but the shipped groups, members from other regions are skipped; the name of a region works.
        let sample = try Checking.book()
        #expect(sample.partnerships.isEmpty && sample.partnership(named: "example region")?.regions.count == 1)
    }

    @Test func theSamplesBookIsSound() throws {
        #expect(try Checking.book().authorities.all.count == 5)
    }

    @Test(arguments: [
        (
            "caps.csv", "region,role,effective_from,cap\nLondon,SW,2025-10-01,38.00\n", "caps.csv:1:",
            "the column source is not there"
        ),
        ("caps.csv", "region,role,effective_from,cap,source,note\n", "caps.csv:1:", "note is not a column"),
        ("caps.csv", "region,role,effective_from,cap,source\nLodon,SW,2025-10-01,38.00,x\n", "caps.csv:2:", "is not a region"),
        ("caps.csv", "region,role,effective_from,cap,source\nLondon,XX,2025-10-01,38.00,x\n", "caps.csv:2:", "five core job types"),
        (
            "caps.csv", "region,role,effective_from,cap,source\nLondon,OTHER,2025-10-01,38.00,x\n", "caps.csv:2:",
            "five core job types"
        ),
        (
            "regions.csv", "region,caps_new_from,caps_legacy_from,cooloff_months,source\nLondon,,,six,x\n", "regions.csv:2:",
            "in cooloff_months"
        ),
        ("caps.csv", "region,role,effective_from,cap,source\nLondon,SW,10-01-2025,38.00,x\n", "caps.csv:2:", "expected the day"),
        (
            "caps.csv", "region,role,effective_from,cap,source\nLondon,SW,2025-10-01,38 pounds,x\n", "caps.csv:2:",
            "expected the cap"
        ),
        ("caps.csv", "region,role,effective_from,cap,source\nLondon,SW,2025-10-01,0,x\n", "caps.csv:2:", "expected the cap"),
        ("caps.csv", "region,role,effective_from,cap,source\nLondon,SW,2025-10-01,38.00,\n", "caps.csv:2:", "expected a source"),
        (
            "caps.csv", "region,role,effective_from,cap,source\nLondon,SW,2025-10-01,38,x\nLondon,sw,1/10/2025,39,x\n",
            "caps.csv:3:", "two caps"
        ),
        ("caps.csv", "region,role,effective_from,cap,source\nLondon,SW,2025-10-01,38\n", "caps.csv:2:", "4 cells; expected 5"),
        ("caps.csv", "region,role,effective_from,cap,source\nLondon,\"S\"W,2025-10-01,38,x\n", "caps.csv:2:", "quoting"),
        ("caps.csv", "", "caps.csv", "no header row"),
        ("partnerships.csv", "partnership,region,authority_code,source\nA,Lodon,,x\n", "partnerships.csv:2:", "is not a region"),
        ("partnerships.csv", "partnership,region,authority_code,source\nA,,999,x\n", "partnerships.csv:2:", "not in the table"),
        ("partnerships.csv", "partnership,region,authority_code,source\nA,,30,x\n", "partnerships.csv:2:", "three digits"),
        ("partnerships.csv", "partnership,region,authority_code,source\nA,London,301,x\n", "partnerships.csv:2:", "not both"),
        (
            "partnerships.csv", "partnership,region,authority_code,source\n,London,,x\n", "partnerships.csv:2:",
            "expected the partnership's name"
        ),
        ("partnerships.csv", "partnership,region,authority_code,source\nA,London,,\n", "partnerships.csv:2:", "expected a source"),
        (
            "partnerships.csv", "partnership,region,authority_code,source\nA,London,,x\na,London,,x\n", "partnerships.csv:3:",
            "appears twice"
        ),
        ("cap.csv", "x\n", "cap.csv:", "is not a table of the rule book"),
        ("regions.csv", "region,caps_new_from,caps_legacy_from,source\nLondon,soon,never,x\n", "regions.csv:2:", "expected a date"),
        (
            "regions.csv", "region,caps_new_from,caps_legacy_from,source\nLondon,never,never,x\nLondon,never,never,x\n",
            "regions.csv:3:", "appears twice"
        ),
        (
            "authorities.csv", "authority_code,gss_code,name,region,valid_from,valid_to\n1,E,X,London,,\n", "authorities.csv:2:",
            "three digits"
        ),
        (
            "authorities.csv", "authority_code,gss_code,name,region,valid_from,valid_to\n301,E,X,London,,\n301,E,X,London,,\n",
            "authorities.csv:3:", "appears twice"
        ),
        (
            "authorities.csv", "authority_code,gss_code,name,region,valid_from,valid_to\n301,E,X,London,2025-01-01,2024-01-01\n",
            "authorities.csv:2:", "before valid_from"
        ),
        (
            "authorities.csv", "authority_code,gss_code,name,region,valid_from,valid_to\n301,E,,London,,\n", "authorities.csv:2:",
            "expected a name"
        ),
        ("header-aliases.csv", "alias,column\nRate,pay_rat\n", "header-aliases.csv:2:", "is not a column of the return"),
        ("header-aliases.csv", "alias,column\nPay-Rate,charge_rate\n", "header-aliases.csv:2:", "already means pay_rate"),
        (
            "header-aliases.csv", "alias,column\nX Y,pay_rate\nx_y,pay_rate\n", "header-aliases.csv:3:",
            "already means pay_rate"
        ),
        ("job-mapping.csv", "authority_code,job_title,role\n,Nurse,RN\n", "job-mapping.csv:2:", "expected a job title and a role"),
        (
            "job-mapping.csv", "authority_code,job_title,role\n777,Nurse,SW\n", "job-mapping.csv:2:",
            "is not in the table of authorities"
        ),
        ("job-mapping.csv", "authority_code,job_title,role\n,A  b,SW\n,a B,TM\n", "job-mapping.csv:3:", "already mapped"),
        (
            "parameters.csv", "parameter,effective_from,value,source\nREF001.reference,2024-10-31,2,x\n", "parameters.csv:2:",
            "is not a parameter"
        ),
        (
            "parameters.csv", "parameter,effective_from,value,source\nREF001.references,31.10.2024,2,x\n", "parameters.csv:2:",
            "expected the day"
        ),
        (
            "parameters.csv", "parameter,effective_from,value,source\nREF001.references,2024-10-31,two,x\n", "parameters.csv:2:",
            "whole number"
        ),
        (
            "parameters.csv", "parameter,effective_from,value,source\nREF001.references,2024-10-31,2,\n", "parameters.csv:2:",
            "expected a source"
        ),
        (
            "parameters.csv",
            "parameter,effective_from,value,source\nREF001.references,2024-10-31,2,x\nREF001.references,31/10/2024,3,x\n",
            "parameters.csv:3:", "two values"
        ),
        (
            "commencement.csv", "family,new_from,legacy_from,source\nteam,2024-10-31,never,x\n", "commencement.csv:2:",
            "is not a family"
        ),
        ("commencement.csv", "family,new_from,legacy_from,source\ncaps,,never,x\n", "commencement.csv:2:", "expected a date"),
        ("texts/CAP009.md", "# CAP009 x\n", "texts/CAP009.md:", "is not the page of a rule"),
        ("texts/CAP001.md", "# CAP002 x\n", "texts/CAP001.md:1:", "expected the first line"),
        ("texts/CAP001.md", "# CAP001 x\n\n## Message\n\n{nonsense}\n", "texts/CAP001.md:3:", "is not a placeholder of this rule"),
        ("texts/CAP001.md", "# CAP001 x\n\n## Massage\n", "texts/CAP001.md:3:", "is not known"),
    ])
    func mistakesAreReportedWithFileAndLine(file: String, text: String, place: String, words: String) throws {
        let all = try problems([(file, text)])
        #expect(all.contains { $0.hasPrefix(place) && $0.contains(words) }, "\(all)")
    }

    /// If what the message of each mistake expects is entered, the rules are sound.
    @Test(arguments: [
        ("caps.csv", "region,role,effective_from,cap,source\n", "London,SW,2025-10-01,38\n", "London,SW,2025-10-01,38.00,x\n"),
        (
            "caps.csv", "", "region,role,effective_from,cap\nLondon,SW,2025-10-01,38\n",
            "region,role,effective_from,cap,source\nLondon,SW,2025-10-01,38,x\n"
        ),
        ("caps.csv", "", "region,role,effective_from,cap,source,note\n", "region,role,effective_from,cap,source\n"),
        ("caps.csv", "region,role,effective_from,cap,source\n", "Lodon,SW,2025-10-01,38,x\n", "London,SW,2025-10-01,38,x\n"),
        ("caps.csv", "region,role,effective_from,cap,source\n", "London,OTHER,2025-10-01,38,x\n", "London,IRO,2025-10-01,38,x\n"),
        ("caps.csv", "region,role,effective_from,cap,source\n", "London,SW,10-01-2025,38,x\n", "London,SW,10/01/2025,38,x\n"),
        (
            "caps.csv", "region,role,effective_from,cap,source\n", "London,SW,2025-10-01,38 pounds,x\n",
            "London,SW,2025-10-01,£38,x\n"
        ),
        ("caps.csv", "region,role,effective_from,cap,source\n", "London,SW,2025-10-01,38,\n", "London,SW,2025-10-01,38,x\n"),
        ("caps.csv", "region,role,effective_from,cap,source\nLondon,SW,2025-10-01,38,x\n", "London,SW,2025-10-01,39,x\n", ""),
        (
            "caps.csv", "region,role,effective_from,cap,source\n", "London,\"S\"W,2025-10-01,38,x\n",
            "London,\"SW\",2025-10-01,38,x\n"
        ),
        ("caps.csv", "", "", "region,role,effective_from,cap,source\n"),
        ("regions.csv", "region,caps_new_from,caps_legacy_from,cooloff_months,source\n", "London,,,six,x\n", "London,,,6,x\n"),
        ("regions.csv", "region,caps_new_from,caps_legacy_from,source\n", "London,soon,never,x\n", "London,2025-01-06,never,x\n"),
        ("partnerships.csv", "partnership,region,authority_code,source\n", "A,Lodon,,x\n", "A,London,,x\n"),
        ("partnerships.csv", "partnership,region,authority_code,source\n", "A,,30,x\n", "A,,301,x\n"),
        ("partnerships.csv", "partnership,region,authority_code,source\n", "A,London,301,x\n", "A,London,,x\nA,,302,x\n"),
        ("partnerships.csv", "partnership,region,authority_code,source\n", ",London,,x\n", "A,London,,x\n"),
        ("header-aliases.csv", "alias,column\n", "My rate,pay_rat\n", "My rate,pay_rate\n"),
        ("header-aliases.csv", "alias,column\n", ",pay_rate\n", "My rate,pay_rate\n"),
        ("header-aliases.csv", "alias,column\nX Y,pay_rate\n", "x_y,pay_rate\n", ""),
        ("job-mapping.csv", "authority_code,job_title,role\n", ",Nurse,RN\n", ",Nurse,OTHER\n"),
        ("job-mapping.csv", "authority_code,job_title,role\n", "777,Nurse,SW\n", "301,Nurse,SW\n"),
        ("job-mapping.csv", "authority_code,job_title,role\n,A b,SW\n", ",a B,TM\n", "301,a B,TM\n"),
        (
            "parameters.csv", "parameter,effective_from,value,source\n", "REF001.reference,2024-10-31,2,x\n",
            "REF001.references,2024-10-31,2,x\n"
        ),
        (
            "parameters.csv", "parameter,effective_from,value,source\n", "REF001.references,31.10.2024,2,x\n",
            "REF001.references,2024-10-31,2,x\n"
        ),
        (
            "parameters.csv", "parameter,effective_from,value,source\n", "REF001.references,2024-10-31,two,x\n",
            "REF001.references,2024-10-31,2,x\n"
        ),
        (
            "commencement.csv", "family,new_from,legacy_from,source\n", "team,2024-10-31,never,x\n",
            "teams_ongoing,2024-10-31,never,x\n"
        ),
        ("commencement.csv", "family,new_from,legacy_from,source\n", "caps,,never,x\n", "caps,2025-10-01,never,x\n"),
    ])
    func theAdviceOnAMistakeWorks(file: String, start: String, wrong: String, right: String) throws {
        let before = try problems([(file, start + wrong)])
        #expect(!before.isEmpty)
        #expect(try problems([(file, start + right)]) == [], "\(before)")
    }

    /// One row of your own is added to the shipped ones: a shipped name still means its column, and your own row wins.
    @Test func ownAliasesAndTitlesAreAddedToTheShippedOnes() throws {
        let folder = try TemporaryFolder()
        try folder.write("header-aliases.csv", "alias,column\nGrade rate,pay_rate\nHourly Pay Rate,charge_rate\n")
        try folder.write("job-mapping.csv", "authority_code,job_title,role\n,Practice Lead,AP\n")
        let book = try RuleBook.load(shipped: Places.rules, over: folder.path, rules: RuleRegistry.shared.all)
        let shipped = try Checking.book(over: nil)
        #expect(shipped.headers.column(for: "Hourly Pay Rate") == .payRate)
        #expect(book.headers.column(for: "Hourly Pay Rate") == .chargeRate)
        #expect(book.headers.column(for: "Grade rate") == .payRate)
        #expect(book.headers.column(for: "Assignment Reference") == .assignmentID)
        #expect(book.jobs.role(for: "practice  lead", authority: nil) == .advancedPractitioner)
        #expect(book.shadowed == ["header-aliases.csv: Hourly Pay Rate"])
    }

    @Test func allMistakesAreReportedTogether() throws {
        let all = try problems([
            ("caps.csv", "region,role,effective_from,cap,source\nX,SW,2025-10-01,38,x\nY,SW,2025-10-01,38,x\n"),
            ("regions.csv", "region,caps_new_from,caps_legacy_from,source\nZ,never,never,x\n"),
        ])
        #expect(all.count == 3)
    }

    @Test func ownParametersReplaceShippedOnesOneByOne() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "parameters.csv",
            "parameter,effective_from,value,source\nREF001.references,2026-02-01,3,x\nNOTE001.weeks,2024-10-31,5,x\n")
        let book = try RuleBook.load(shipped: Places.rules, over: folder.path, rules: RuleRegistry.shared.all)
        func day(_ text: String) -> CalendarDate { read(text, CalendarDate.init)! }
        // A later value is added to the shipped one; a value from the same day replaces it.
        #expect(book.parameters.references.value(on: day("2026-01-31")) == 2)
        #expect(book.parameters.references.value(on: day("2026-02-01")) == 3)
        #expect(book.parameters.references.value(on: day("2026-02-02")) == 3)
        #expect(book.parameters.noticeWeeks.value(on: day("2025-01-01")) == Quantity(whole: 5))
        #expect(book.parameters.references.value(on: day("2024-10-30")) == nil)
        #expect(book.parameters.references.value(on: day("2024-10-31")) == 2)
        #expect(book.shadowed == ["parameters.csv: NOTE001.weeks from 2024-10-31"])
    }

    @Test func anOwnTableReplacesTheShippedOne() throws {
        #expect(
            try Checking.book().shadowed == [
                "authorities.csv: the whole table", "caps.csv: the whole table",
            ])
    }

    @Test func everyColumnHasFourAliases() throws {
        let rows = try readCSV(try Places.bytes(Places.rules + "/header-aliases.csv")).dropFirst()
        for column in Column.allCases { #expect(rows.filter { $0[1] == column.name }.count >= 4, "\(column.name)") }
    }

    /// Compares the published figures with our authorities: every code is known, and the people and cases of a region are those of
    /// the authorities in it.
    @Test func thePublishedFiguresKnowTheSameAuthoritiesAndRegions() throws {
        let book = try Checking.book(over: nil)
        let table = try readCSV(try Places.bytes(Places.rules + "/published-indicators.csv"))
        let header = table[0]
        func cell(_ row: [String], _ name: String) -> String { row[header.firstIndex(of: name)!] }
        let measures = ["inpost_headcount", "starters_headcount", "leavers_headcount", "agency_headcount", "cases"]
        var codes = Set<String>()
        var sums: [String: Int] = [:]
        var unknown = Set<String>()
        for row in table.dropFirst() where cell(row, "area").first!.isNumber {
            for code in cell(row, "area").split(separator: "/").map(String.init) {
                codes.insert(code)
                let authority = try #require(read(code, AuthorityCode.init).flatMap { book.authorities[$0] }, "\(code)")
                guard code == cell(row, "area").prefix(3) else { continue }
                for measure in measures {
                    let key = [cell(row, "year"), book.authorities.regions[authority.region], measure].joined(separator: "|")
                    if let count = Double(cell(row, measure)) { sums[key, default: 0] += Int(count) } else { unknown.insert(key) }
                }
            }
        }
        #expect(codes.count >= 153)
        var held = 0
        for row in table.dropFirst() where book.authorities.regions.contains(cell(row, "area")) {
            for measure in measures {
                let key = [cell(row, "year"), cell(row, "area"), measure].joined(separator: "|")
                if unknown.contains(key) { continue }
                #expect(sums[key] == Double(cell(row, measure)).map { Int($0) }, "\(key)")
                held += 1
            }
        }
        #expect(held > 380)
    }
}
