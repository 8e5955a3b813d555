import AgencyModel
import Foundation
import Health
import Intake
import TestSupport
import Testing

/// What the health check makes of a census.
@Suite struct HealthTests {
    /// A worker of a census, with the elements by name.
    static func worker(_ values: [String: String]) -> String {
        let plain = ["AgencyWorker": "0", "FTE": "1", "OrgRole": "5", "RoleStartDate": "2019-04-01"]
        let all = plain.merging(values) { $1 }
        return "<CSWWWorker>" + all.sorted { $0.key < $1.key }.map { "<\($0)>\($1)</\($0)>" }.joined() + "</CSWWWorker>"
    }

    static func census(
        authority: String = "991", year: Int = 2025, header: String? = nil, reference: String? = nil, _ workers: [[String: String]]
    ) -> String {
        let header =
            header
            ?? "<NumberOfVacancies>4.5</NumberOfVacancies><NoAgencyFTE>6</NoAgencyFTE><NoAgencyHeadcount>6</NoAgencyHeadcount>"
        return """
            <Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>\(year)</Year><ReferenceDate>\(reference ?? "\(year)-09-30")</ReferenceDate></CollectionDetails>
            <Source><LEA>\(authority)</LEA></Source></Header><LALevel>\(header)</LALevel>
            \(workers.enumerated().map { place, values in worker(["SWENo": "SW\(900_000 + place)"].merging(values) { $1 }) }.joined(separator: "\n"))
            </Message>
            """
    }

    static func run(_ files: [(String, String)], over: String? = Places.sampleRules) throws -> HealthRun {
        let folder = try TemporaryFolder()
        for (name, text) in files { try folder.write(name, text) }
        return HealthRun(
            InputList([folder.path]), book: try Checking.book(over: over), tables: try PublishedTableTests.tables(over: over))
    }

    static func assess(_ text: String, over: String? = Places.sampleRules) throws -> AuthorityHealth {
        let run = try run([("c.xml", text)], over: over)
        #expect(run.refused.isEmpty)
        return try #require(run.results.first)
    }

    private static func staff(_ count: Int, _ values: [String: String] = [:]) -> [[String: String]] {
        Array(repeating: values, count: count)
    }

    /// Each part and rate of a small census, computed by hand.
    @Test func partsAndRatesAgreeWithTheDefinitions() throws {
        let workers =
            Self.staff(10, ["FTE": "0.9", "FTE30": "0.8", "Cases30": "12", "WorkingDaysLost": "10.5"])
            + Self.staff(5, ["OrgRole": "1", "RoleStartDate": "2025-09-30"])
            + Self.staff(5, ["FTE": "0", "FTE30": "0.6", "RoleEndDate": "2024-10-01", "ReasonLeave": "1"])
            // Not in the year, or not on the day: left the day before it, or starts the day after.
            + [["RoleEndDate": "2024-09-30"], ["RoleStartDate": "2025-10-01"]]
            + Self.staff(6, ["AgencyWorker": "1", "Cases30": "15", "RoleStartDate": "2025-05-01"])
        let health = try Self.assess(Self.census(workers))
        let parts: [WorkforcePart: String] = [
            .inpostFTE: "14.0", .inpostHeadcount: "15.0", .startersFTE: "5.0", .startersHeadcount: "5.0", .leaversFTE: "3.0",
            .leaversHeadcount: "5.0", .agencyFTE: "6.0", .agencyHeadcount: "6.0", .vacancyFTE: "4.5", .caseHoldersFTE: "15.0",
            .cases: "210.0", .workingDaysLostFTE: "105.0",
        ]
        for (part, value) in parts { #expect(health.census.figures.tenths(part)?.description == value, "\(part)") }
        let rates: [WorkforceIndicator: String] = [
            // 210 / 15, 4.5 / 18.5, 6 / 20, 3 / 14, 105 / (14 x 253).
            .caseload: "14.0", .vacancyRate: "24.3", .agencyRate: "30.0", .turnover: "21.4", .absence: "3.0",
        ]
        for (indicator, value) in rates { #expect(health[indicator]?.value?.description == value, "\(indicator)") }
        #expect(health.starters.value?.description == "35.7")
        #expect(WorkforceIndicator.ofHealthCheck.allSatisfy { !health.census.isHidden($0) })
    }

    @Test func aPersonWithTwoPostsIsCountedOnceWithBothFTEs() throws {
        let workers = [
            ["SWENo": "SW1", "FTE": "0.5"], ["SWENo": "SW0001", "FTE": "0.3"], ["SWENo": "HC1", "FTE": "0.7"],
            ["SWENo": "?", "FTE": "0.7"], ["SWENo": "?", "FTE": "0.6"],
        ]
        let figures = try Self.assess(Self.census(workers)).census.figures
        #expect(figures.tenths(.inpostHeadcount)?.description == "4.0")
        #expect(figures.tenths(.inpostFTE)?.description == "2.8")
    }

    /// A missing value is not zero.
    @Test func missingPartsGiveNoRates() throws {
        let health = try Self.assess(Self.census(header: "", [[:], ["FTE": "x"], ["AgencyWorker": "2"]]))
        for indicator in [WorkforceIndicator.caseload, .vacancyRate, .absence] {
            #expect(health[indicator]?.value == nil && health[indicator]?.grade == nil)
        }
        #expect(health.notes.contains { $0.contains("Fewer than 5 values of FTE could not be read") })
        #expect(
            health.notes.contains { $0.contains("Fewer than 5 records of the census: each of a social worker in post has no FTE") })
        #expect(health.notes.contains { $0.contains("does not say whether it is an agency worker's") })
        let empty = try Self.assess(Self.census([["RoleEndDate": "2025-01-31"]]))
        #expect(empty[.turnover]?.value == nil)
    }

    /// Nine digits before the point for each worker do not overflow.
    @Test func veryLargeFiguresAreSummedExactly() throws {
        let huge = ["FTE": "999999999", "WorkingDaysLost": "999999999", "Cases30": "999999999"]
        let health = try Self.assess(Self.census(Self.staff(40, huge)))
        #expect(health[.caseload]?.value?.description == "1.0")
        #expect(health[.absence]?.value?.description == "0.4")
    }

    @Test func publishedFiguresAreShownBesideTheComparison() throws {
        let health = try Self.assess(Self.census(authority: "314", year: 2024, [[:]]), over: nil)
        #expect(health.region == "London")
        #expect(health.publishedRow?.area == "314/318")
        #expect(health[.agencyRate]?.england?.tenths == Tenths(162))
        #expect(health[.agencyRate]?.region == health[.agencyRate]?.region)
        #expect(health.neighbourCount == 10)
        #expect(health.notes.contains { $0.contains("314/318") })
        // The median of ten is the mean of the fifth and the sixth.
        let tables = try PublishedTableTests.tables()
        let rates = tables.neighbours(of: AuthorityCode(number: 314)).compactMap {
            tables.published[2024, $0]?.rate(.turnover).tenths?.value
        }.sorted()
        #expect(rates.count == 10)
        #expect(health[.turnover]?.neighbours?.value == (rates[4] + rates[5] + 1) / 2)
    }

    @Test func anUnknownAuthorityHasNoRegion() throws {
        let health = try Self.assess(Self.census(authority: "998", [[:]]), over: nil)
        #expect(health.region == nil && health[.agencyRate]?.england != nil)
        #expect(health.notes.contains { $0.contains("998 is not in authorities.csv") })
    }

    @Test(arguments: [("", nil), ("7.0", .green), ("7.5", .amber), ("9.9", .amber), ("10.0", .red)] as [(String, Grade?)])
    func gradesFollowTheThreshold(_ vacancies: String, _ grade: Grade?) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "health-thresholds.csv",
            "indicator,effective_from,amber_from,red_from,source\nvacancy_rate,2025-09-30,7.5,10,board of 1 May 2025\nvacancy_rate,2025-10-01,1,2,later\n"
        )
        // The rate of v vacancies with 100 - v posts is v per cent.
        let text = vacancies.isEmpty ? "" : "<NumberOfVacancies>\(vacancies)</NumberOfVacancies>"
        let inPost = vacancies.isEmpty ? "1" : "\(1000 - Int(vacancies.filter(\.isNumber))!)"
        let census = Self.census(header: text, [["FTE": inPost.count > 1 ? "\(inPost.dropLast()).\(inPost.suffix(1))" : inPost]])
        #expect(try Self.assess(census, over: folder.path)[.vacancyRate]?.grade == grade)
        // On the day before, there is no threshold.
        let before = try Self.assess(census.replacing("2025-09-30", with: "2025-09-29"), over: folder.path)
        #expect(before[.vacancyRate]?.grade == nil && before[.vacancyRate]?.threshold == nil)
    }

    /// Starters, leavers and turnover are hidden together, and nothing is hidden for five people or more.
    @Test(arguments: [(4, 5, true), (5, 4, true), (5, 5, false), (0, 5, false), (5, 0, false)])
    func smallCountsAreHidden(_ starters: Int, _ leavers: Int, _ isHidden: Bool) throws {
        let workers =
            Self.staff(20) + Self.staff(starters, ["RoleStartDate": "2025-03-01"])
            + Self.staff(leavers, ["RoleEndDate": "2025-03-01", "FTE30": "1"])
        let census = try Self.assess(Self.census(workers)).census
        for part in [WorkforcePart.startersFTE, .startersHeadcount, .leaversFTE, .leaversHeadcount] {
            #expect(census.isHidden(part) == isHidden, "\(part)")
        }
        #expect(census.isHidden(.turnover) == isHidden)
        #expect(!census.isHidden(.vacancyRate) && !census.isHidden(.inpostFTE))
    }

    @Test func aStatedAgencyFTEWithoutPeopleIsSmallBelowFive() throws {
        let census = try Self.assess(Self.census(header: "<NoAgencyFTE>4.9</NoAgencyFTE>", Self.staff(20))).census
        #expect(census.isHidden(.agencyRate) && census.isHidden(.agencyFTE))
        #expect(
            try Self.assess(Self.census(header: "<NoAgencyFTE>0</NoAgencyFTE>", Self.staff(20))).census.isHidden(.agencyRate)
                == false)
    }

    /// A note on the page does not reveal a small count.
    @Test(arguments: [(3, 4, false), (6, 4, false), (3, 6, false), (6, 7, true)])
    func notesHideSmallCounts(_ stated: Int, _ listed: Int, _ isSaid: Bool) throws {
        let header = "<NoAgencyFTE>\(stated)</NoAgencyFTE><NoAgencyHeadcount>\(stated)</NoAgencyHeadcount>"
        let notes = try Self.assess(
            Self.census(header: header, Self.staff(20) + Self.staff(listed, ["AgencyWorker": "1"]))
        ).notes
        #expect(notes.count == 1)
        #expect(notes[0].contains("\(stated).0 FTE") == isSaid)
        #expect(notes[0].contains { $0.isNumber } == isSaid, "\(notes)")
    }

    @Test func aSecondCensusIsNamedAndNotCounted() throws {
        let run = try Self.run([
            ("b.xml", Self.census([[:], [:]])), ("a.xml", Self.census([[:]])), ("c.xml", Self.census(year: 2024, [[:]])),
        ])
        #expect(run.results.map(\.year) == [2024, 2025])
        #expect(run.results[1].census.figures.tenths(.inpostHeadcount)?.description == "1.0")
        #expect(run.repeated.map(\.name) == ["b.xml"])
        #expect(run.repeated[0].reason.contains("a second census of 991 for 2025") && run.repeated[0].reason.contains("a.xml was"))
    }

    @Test(arguments: [
        ("<Year>2025</Year>", "<Year>2019</Year>", "a year outside 2021 to 2025"),
        ("<Collection>CSWW</Collection>", "<Collection>CIN</Collection>", "a collection other than"),
        ("<LEA>991</LEA>", "", "does not name the authority"), ("</Message>", "", "it ends in the middle"),
    ])
    func anotherCensusIsRefusedInWords(_ text: String, _ other: String, _ expected: String) throws {
        let run = try Self.run([
            ("wrong.xml", Self.census([[:]]).replacing(text, with: other)), ("good.xml", Self.census(authority: "992", [[:]])),
        ])
        #expect(run.results.map(\.authority.number) == [992])
        #expect(run.refused.count == 1 && run.refused[0].reason.contains(expected), "\(run.refused)")
    }

    @Test func otherFilesInAFolderAreSkipped() throws {
        let run = try Self.run([
            ("return.csv", Checking.returnCSV([[:]])), ("notes.csv", "a,b\n1,2\n"), ("notes.txt", "hello"),
            ("census.xml", Self.census([[:]])),
        ])
        #expect(run.results.count == 1 && run.refused.isEmpty)
        #expect(run.passedOver.map(\.name).sorted() == ["notes.csv", "notes.txt", "return.csv"])
    }
}

/// The built command.
@Suite struct HealthCommandTests {
    private let samples = [Places.samples + "/health", "--rules", Places.sampleRules]

    @Test func healthWritesTheTableThePageAndTheManifest() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.check(["health"] + samples + ["--out", folder.path + "/out"])
        #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.contains("5 censuses of 3 authorities read."))
        #expect(Places.names(in: folder.path + "/out") == ["health.csv", "health.html", "manifest.json"])
        let again = try Program.check(["health"] + samples + ["--out", folder.path + "/again", "--quiet"])
        #expect(again.errors.isEmpty)
        for name in Places.names(in: folder.path + "/out") {
            let text = try Places.text(folder.path + "/out/" + name)
            #expect(try Places.text(folder.path + "/again/" + name) == text, "\(name) differs from run to run")
            #expect(!text.contains("SW95"), "\(name) names a worker")
        }
        let page = try Places.text(folder.path + "/out/health.html")
        #expect(page.contains("fewer than 5"))
        #expect(page.contains("Open Government Licence"))
        // One of our outputs can be replaced.
        #expect(try Program.check(["health"] + samples + ["--out", folder.path + "/out"]).code == 0)
    }

    /// What the page hides is nowhere on it: no cell of a hidden row has the figure of the CSV.
    @Test func hiddenFiguresAreNowhereOnThePage() throws {
        let folder = try TemporaryFolder()
        _ = try Program.check(["health"] + samples + ["--out", folder.path + "/out"])
        let page = try Places.text(folder.path + "/out/health.html")
        let rows = try Places.text(folder.path + "/out/health.csv").components(separatedBy: "\r\n").dropFirst().map {
            $0.components(separatedBy: ",")
        }
        let hidden = rows.filter { $0.count > 8 && $0[8] == "yes" }
        #expect(hidden.contains { $0[5] == "agency_rate" } && hidden.contains { $0[5] == "turnover" })
        let onPage = hidden.compactMap { row in
            WorkforceIndicator.ofHealthCheck.first { $0.key == row[5] }.map { (row, $0) }
        }
        #expect(Set(onPage.map(\.1)).isSuperset(of: [.agencyRate, .turnover]))
        for (row, indicator) in onPage {
            let start = "<th scope=\"row\">\(row[0]) \(row[1])</th><td class=\"number\">\(row[3])</td>"
            let section = try #require(
                page.components(separatedBy: "<h2 ").first { $0.hasPrefix("id=\"\(indicator.key.replacing("_", with: "-"))\"") })
            #expect(section.contains(start + "<td class=\"number\">not shown</td>"), "\(row)")
            #expect(!section.contains("\(row[0]) \(row[1]), \(row[3])</text>"), "\(row) has a bar")
        }
    }

    @Test func oneBadFileIsNamedAndTheOthersAreChecked() throws {
        let folder = try TemporaryFolder()
        let wrong = try folder.write("SW123456.xml", HealthTests.census(year: 2019, [[:]]))
        let outcome = try Program.check(["health", wrong, folder.path + "/none.xml"] + samples + ["--out", folder.path + "/out"])
        #expect(outcome.code == 3)
        #expect(
            outcome.errors.contains("a year outside 2021 to 2025") && outcome.errors.contains("none.xml: there is no such file"))
        #expect(!outcome.errors.contains("SW123456"))
        #expect(outcome.errors.contains("5 censuses of 3 authorities read, 2 files left out."))
        #expect(try !Places.text(folder.path + "/out/health.html").contains("SW123456"))
    }

    @Test func withoutACensusNothingIsWritten() throws {
        let folder = try TemporaryFolder()
        let table = try folder.write("r.csv", Checking.returnCSV([[:]]))
        let outcome = try Program.check(["health", table, Places.root + "/README.md", "--out", folder.path + "/out"])
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("it is a table, so it is not a social work workforce census"))
        #expect(outcome.errors.contains("it is not XML"))
        #expect(Places.names(in: folder.path) == ["r.csv"])
    }

    @Test func mistakesInTheThresholdsStopTheCheck() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "rules/health-thresholds.csv", "indicator,effective_from,amber_from,red_from,source\nwages,2025-01-01,1,2,x\n")
        let outcome = try Program.check(
            ["health", Places.samples + "/health", "--rules", folder.path + "/rules", "--out", folder.path + "/out"])
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("health-thresholds.csv:2: wages is not an indicator"))
        // The check of returns does not read them; the check of the rules does.
        #expect(try Program.check(["rules", "check", "--rules", folder.path + "/rules"]).code == 2)
        #expect(try Program.check(["check", Places.samples + "/clean", "--rules", folder.path + "/rules"]).code != 2)
    }

    /// Without thresholds, the figures are compared but not graded.
    @Test func withoutThresholdsThereAreNoGrades() throws {
        let folder = try TemporaryFolder()
        _ = try Program.check(["health", Places.samples + "/health", "--out", folder.path + "/out"])
        let page = try Places.text(folder.path + "/out/health.html")
        #expect(page.contains("Compared, not graded") && page.contains("no threshold"))
    }
}
