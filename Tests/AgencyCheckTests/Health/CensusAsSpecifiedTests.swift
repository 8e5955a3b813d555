import AgencyModel
import Foundation
import Intake
import RuleBook
import TestSupport
import Testing
import TextSource

/// Censuses as in the Department's specification for 2024 to 2025: the structure, what is collected about whom, and how it is
/// counted.
@Suite struct CensusAsSpecifiedTests {
    private static func read(_ text: String) throws -> FileEvidence {
        let folder = try TemporaryFolder()
        let source = try FileSource(path: folder.write("c.xml", text))
        let book = try Checking.book()
        return try InputFormats.tables(in: source, headers: book.headers)[0].evidence(in: source, ReadSettings(book: book))
    }

    private static func specified() throws -> String { try Places.text(Places.data + "/census-as-specified.xml") }

    /// `census-in-CSWWWorkers` once gave 0 workers and no message.
    @Test func workersInsideCSWWWorkersAreRead() throws {
        let evidence = try Self.read(try Self.specified())
        #expect(evidence.notes.isEmpty)
        #expect(evidence.censusCounts.workers == 4 && evidence.censusCounts.spells == 2)
        let census = try #require(evidence.census)
        #expect(census.vacancies == Quantity(whole: 34) && census.agencyHeadcount == 2)
        #expect(census.workers.map(\.worker?.number) == [960_001, 960_002, 960_003, nil])
        #expect(census.workers[0].fte?.description == "0.5" && census.workers[0].fteYearBefore?.description == "0.7")
        #expect(census.workers[1].leavingReason == .resigned)
        // The same workers directly in the message are the same census.
        let flat = try Self.specified().replacing("<CSWWWorkers>", with: "").replacing("</CSWWWorkers>", with: "")
        #expect(try Self.read(flat).censusCounts == evidence.censusCounts)
    }

    /// The specification's text calls it PerformanceReward, its structure PerformanceAward.
    @Test(arguments: ["PerformanceReward", "PerformanceAward"]) func bothSpellingsOfPerformanceRewardAreKnown(_ name: String) throws
    {
        let text = try Self.specified().replacing("PerformanceReward", with: name)
        #expect(try text.contains("<\(name)>0") && Self.read(text).notes.isEmpty)
    }

    /// The authority's own figures count wherever they are. They were once lost if they came after the workers.
    @Test func theAuthoritysFiguresCanFollowTheWorkers() throws {
        let text = try Self.specified()
        let level = text[
            try #require(text.range(of: "<LALevel>")).lowerBound..<(try #require(text.range(of: "</LALevel>"))).upperBound]
        let moved = text.replacing(level, with: "").replacing("</Message>", with: level + "</Message>")
        #expect(try Self.read(moved).census?.vacancies == Quantity(whole: 34))
    }

    /// RoleStartDate is collected only for staff who are not agency workers.
    @Test func anAgencyWorkerNeedsNoStartDate() throws {
        let counts = try Self.read(try Self.specified()).censusCounts
        #expect(counts.agencyWithoutStartDate == 1 && counts.noStartDate == 0 && counts.notSWNumber == 1)
        let folder = try TemporaryFolder()
        let file = try folder.write("census.xml", try Self.specified())
        let outcome = try Program.check(["check", file, "--rules", Places.sampleRules])
        #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.output)\(outcome.errors)")
        #expect(
            outcome.errors.contains(
                "Censuses: 2 of 4 workers with employment spells; 1 without a Social Work England number, 1 agency worker without a start date, which the census does not ask for."
            ))
    }

    /// The figures of the specification's census, computed by hand: FTE is for the reference date, FTE30 for one year earlier.
    @Test func fteIsForTheReferenceDate() throws {
        let census = try HealthTests.assess(try Self.specified()).census
        let parts: [WorkforcePart: String] = [
            .inpostFTE: "0.5", .inpostHeadcount: "1.0", .leaversFTE: "0.8", .leaversHeadcount: "1.0", .agencyFTE: "1.5",
            .agencyHeadcount: "2.0", .caseHoldersFTE: "2.0", .cases: "30.0", .workingDaysLostFTE: "2.3",
        ]
        for (part, value) in parts { #expect(census.figures.tenths(part)?.description == value, "\(part)") }
        // A worker who was not yet in post a year earlier has an FTE30 of zero, and is still in post.
        let starter = try HealthTests.assess(
            HealthTests.census([["FTE": "0.6", "FTE30": "0", "RoleStartDate": "2025-02-03", "Cases30": "9"]])
        ).census
        #expect(starter.figures.tenths(.caseHoldersFTE)?.description == "0.6")
        // The FTE of the year before cannot replace a missing FTE.
        let missing = try HealthTests.assess(HealthTests.census([["FTE": "", "FTE30": "0.6"]]))
        #expect(missing.census.figures.tenths(.inpostFTE)?.description == "0.0")
        #expect(missing.notes.contains { $0.contains("has no FTE") })
    }

    // MARK: No workers

    private static let withoutWorkers = [
        "", "<LALevel><NumberOfVacancies>3</NumberOfVacancies></LALevel>", "<CSWWWorkers></CSWWWorkers>",
        "<Workers><CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>SW1</SWENo></CSWWWorker></Workers>",
        "<LALevel><CSWWWorker><AgencyWorker>0</AgencyWorker></CSWWWorker></LALevel>",
    ]

    @Test(arguments: withoutWorkers) func aCensusWithoutWorkersIsRefused(_ body: String) throws {
        let text = HealthTests.census([]).replacing("<LALevel>", with: "<!--").replacing("</LALevel>", with: "-->")
            .replacing("</Message>", with: body + "</Message>")
        let run = try HealthTests.run([("empty.xml", text), ("good.xml", HealthTests.census(authority: "992", [[:]]))])
        #expect(run.results.map(\.authority.number) == [992])
        #expect(run.refused.count == 1 && run.refused[0].reason.contains("it contains no worker"), "\(run.refused)")
        #expect(run.refused[0].reason.contains("its element Workers is not one of a census") == body.hasPrefix("<Workers>"))
        let folder = try TemporaryFolder()
        let file = try folder.write("empty.xml", text)
        let check = try Program.check(["check", file, "--rules", Places.sampleRules])
        #expect(check.code == 3 && check.output.contains("IMP001") && check.output.contains("contains no worker"))
        let health = try Program.check(["health", file, "--rules", Places.sampleRules, "--out", folder.path + "/out"])
        #expect(health.code == 3 && health.errors.contains("empty.xml: line 1: it contains no worker"))
        #expect(Places.names(in: folder.path) == ["empty.xml"])
    }

    @Test func aCensusWithoutNumbersIsRefused() throws {
        let run = try HealthTests.run([("c.xml", HealthTests.census([["SWENo": "none"], ["SWENo": ""]]))])
        #expect(run.results.isEmpty)
        #expect(run.refused[0].reason.contains("none of its 2 workers has a number (SWENo, two letters and up to ten digits)"))
        let flags = try HealthTests.run([("c.xml", HealthTests.census([["AgencyWorker": ""]]))])
        #expect(flags.results.isEmpty && flags.refused[0].reason.contains("none of its 1 worker says"))
        let folder = try TemporaryFolder()
        let file = try folder.write("c.xml", HealthTests.census([["SWENo": "HC1"], ["SWENo": ""]]))
        let check = try Program.check(["check", file, "--rules", Places.sampleRules])
        #expect(check.errors.contains("c.xml: no worker in this census has an employment spell"), "\(check.errors)")
    }

    // MARK: Duplicates

    private static let person = [
        "SWENo": "SW960009", "PersonBirthDate": "1980-01-31", "Sex": "F", "Ethnicity": "WBRI", "FTE": "0.5", "WorkingDaysLost": "2",
    ]

    @Test func headcountsDropDuplicatesButFTEKeepsThem() throws {
        let health = try HealthTests.assess(
            HealthTests.census([
                Self.person, Self.person.merging(["SWENo": "sw000960009", "Ethnicity": "wbri", "FTE": "0.4"]) { $1 },
                // Another birth date, sex or ethnic origin is another person, whatever the number.
                Self.person.merging(["PersonBirthDate": "1980-02-01"]) { $1 }, Self.person.merging(["Sex": "M"]) { $1 },
                Self.person.merging(["Ethnicity": "BCRB"]) { $1 },
            ]))
        #expect(health.census.figures.tenths(.inpostHeadcount)?.description == "4.0")
        #expect(health.census.figures.tenths(.inpostFTE)?.description == "2.4")
        let note = try #require(health.notes.first { $0.contains("repeats the number") })
        #expect(note.hasPrefix("Fewer than 5 records") && note.contains("its FTE counts"))
    }

    @Test func agencyRecordsAreNeverMerged() throws {
        let agency = Self.person.merging(["AgencyWorker": "1"]) { $1 }
        let health = try HealthTests.assess(HealthTests.census(header: "", [agency, agency, agency, Self.person]))
        #expect(health.census.figures.tenths(.agencyHeadcount)?.description == "3.0")
        #expect(health.census.figures.tenths(.agencyFTE)?.description == "1.5")
        #expect(!health.notes.contains { $0.contains("repeats the number") })
    }

    /// Every note on the page is in the table too.
    @Test func notesAreOnThePageAndInTheTable() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("c.xml", HealthTests.census([Self.person, Self.person]))
        _ = try Program.check(["health", file, "--rules", Places.sampleRules, "--out", folder.path + "/out"])
        let page = try Places.text(folder.path + "/out/health.html")
        let table = try Places.text(folder.path + "/out/health.csv").components(separatedBy: "\r\n").filter {
            $0.contains(",note,")
        }
        let health = try HealthTests.assess(HealthTests.census([Self.person, Self.person]))
        #expect(health.notes.count == 2 && table.count == 2)
        for (note, row) in zip(health.notes, table) {
            #expect(page.contains("<p>\(note.replacing("'", with: "&#39;"))</p>"))
            #expect(row.hasSuffix(note.contains(",") ? ",\"\(note)\"" : ",\(note)"))
        }
    }

    // MARK: Published notes

    /// The 2025 figures of England and London include figures of 2024.
    @Test func theFiguresOf2025HaveTheirNote() throws {
        let words = "London is not the sum of its boroughs"
        for (authority, year, isNoted) in [("314", 2025, true), ("391", 2025, true), ("314", 2024, false)] {
            let health = try HealthTests.assess(HealthTests.census(authority: authority, year: year, [[:]]), over: nil)
            #expect(health.publishedNotes.contains { $0.contains(words) } == isNoted)
        }
        #expect(
            try HealthTests.assess(HealthTests.census(authority: "213", [[:]]), over: nil).publishedNotes.map { $0.prefix(11) }
                == ["Westminster", "Kensington "])
        let folder = try TemporaryFolder()
        let file = try folder.write("c.xml", HealthTests.census(authority: "314", [[:]]))
        _ = try Program.check(["health", file, "--out", folder.path + "/out"])
        #expect(try Places.text(folder.path + "/out/health.html").components(separatedBy: words).count == 2)
        let table = try Places.text(folder.path + "/out/health.csv").components(separatedBy: "\r\n")
        #expect(table.filter { $0.contains(words) }.count == WorkforceIndicator.ofHealthCheck.count + 1)
    }

    /// What the note says is true of the table: the printed boroughs do not add up to London.
    @Test func londonIsNotTheSumOfItsBoroughs() throws {
        let (book, tables) = (try Checking.book(over: nil), try PublishedTableTests.tables())
        func difference(_ year: Int) throws -> Int {
            var sum = 0
            for row in tables.published.all where row.year == year && (row.area.first?.isNumber ?? false) {
                let code = AuthorityCode(number: UInt16(row.area.prefix(3))!)
                guard book.authorities[code].map({ book.authorities.regions[$0.region] }) == "London" else { continue }
                sum += row.part(.inpostHeadcount).tenths?.value ?? 0
            }
            return try #require(tables.published[year, "London"]?.part(.inpostHeadcount).tenths).value - sum
        }
        #expect(try abs(difference(2024)) <= 10 && difference(2025) > 1000)
    }

    @Test(arguments: ["2025,England,,x", "2025,England,words,", "25,England,words,x", "2025,A,w,x\n2025,A,w,x"])
    func mistakesInTheNotesAreNamed(_ rows: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("published-notes.csv", "year,area,note,source\n\(rows)\n")
        #expect(throws: RuleBookProblems.self) { try PublishedTableTests.tables(over: folder.path) }
    }
}
