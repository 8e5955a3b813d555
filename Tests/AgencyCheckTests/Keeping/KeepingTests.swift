import AgencyModel
import CheckRun
import Compliance
import Facts
import History
import Intake
import Keeping
import Reports
import SafeFiles
import SampleData
import TestSupport
import Testing
import Wording

/// What connects a run and a store, and other parts that the program only calls.
@Suite struct KeepingTests {
    /// The first of January.
    private func day(_ year: Int) -> CalendarDate { CalendarDate(year: year, month: 1, day: 1)! }

    private func run(_ folder: TemporaryFolder) throws -> (run: CheckRun, result: CheckResult) {
        let run = CheckRun(book: try Checking.book(), threads: 1, takesDigests: true)
        return (run, run.run(InputList([folder.path + "/in"])))
    }

    @Test func aRunIsKeptAndAnotherTakesItsPlace() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "in/return.csv", Checking.returnCSV([[:], ["assignment_id": "A-2"], ["assignment_id": "A-3"], ["quarter": ""]]))
        try folder.write("in/history.csv", Checking.historyCSV([[:]]))
        let (first, result) = try run(folder)
        let kept = KeptRun(run: first, result: result, rulesDigest: "r", toolVersion: "v")
        #expect(kept.withoutReturn == 1)
        let store = try HistoryStore.openOrCreate(folder.path + "/store", identifiers: .pseudonym, madeBy: "v")
        let tally = try kept.add(to: store)
        #expect(tally.rows == 3 && tally.assignments == 3 && tally.spells == 1 && tally.replaced == 0)
        let stored = try store.returns()
        #expect(stored.map(\.toolVersion) == ["v"] && stored.map(\.rulesDigest) == ["r"])

        // A return with one of three assignments looks like a mistake.
        try folder.write("in/return.csv", Checking.returnCSV([[:]]))
        let (_, shorter) = try run(folder)
        let replacements = Replacement.all(of: shorter, RunSummary(shorter), replacing: stored)
        #expect(replacements.map(\.words) == ["991 2026-Q1: 3 assignments kept before, 1 now"])
        #expect(replacements.map { $0.doubt != nil } == [true])
    }

    @Test func aWorkersPostsAreShownWithoutTheNumber() throws {
        let folder = try TemporaryFolder()
        try folder.write("in/history.csv", Checking.historyCSV([[:], ["swe_number": "SW200002"]]))
        try folder.write("in/broken.csv", "nothing,known\n1,2\n")
        let book = try Checking.book()
        var evidence = EvidenceFiles()
        let worker = SWENumber(number: 100001)
        let refused = try evidence.read([folder.path + "/in"], of: worker, book: book, rules: nil, threads: 1)
        #expect(refused == ["broken.csv"] && evidence.isIncomplete)
        evidence.choose { $0 == worker }
        #expect(evidence.isChosen && evidence.facts.count == 1)
        let text = EvidenceText(evidence, worker: "w-1", before: day(2024), book: book).text
        #expect(text.hasPrefix("Worker w-1\nDays before 1 January 2024\n"))
        #expect(text.contains("2018-01-01 to 2023-12-31") && text.contains("  counts: 2,191 days\n"))
        #expect(!text.contains("100001"))
    }

    @Test func aTemplateIsReadAsAReturn() throws {
        let folder = try TemporaryFolder()
        let output = try OutputFolder(at: folder.path + "/out", obstacle: ReturnTemplate.obstacle)
        try ReturnTemplate(authority: AuthorityCode(number: 991), quarter: Quarter(year: 2026, number: 1)).write(to: output)
        let result = try Checking.run([folder.path + "/out/example"])
        #expect(result.judgement.assignmentCount == 3 && !result.isMissingInput)
        // It may have been filled in by now.
        #expect(throws: OutputFault.self) { try OutputFolder(at: folder.path + "/out", obstacle: ReturnTemplate.obstacle) }
    }

    /// Colours are characters until the terminal replaces them: without them, the text is the same.
    @Test func theSummaryHasMarksAndNoColours() throws {
        let result = try Checking.run([Places.samples + "/every-rule"])
        let text = SummaryTable(
            result, RunSummary(result), isVerbose: false, today: nil, writtenTo: "here", opening: "report.html"
        ).text
        #expect(!text.contains("\u{1B}"))
        #expect(text.contains(Style.bold.text("Authority")) || text.contains(Style.bold.rawValue))
        #expect(text.hasSuffix("Written to here: open report.html first.\n"))
    }

    @Test func aRulesPageHasItsValues() throws {
        let book = try Checking.book()
        let rule = try #require(RuleRegistry.shared.all.first { $0.code.description == "EXP001" })
        let page = RulePage(rule, book: book, day: day(2026)).markdown
        #expect(page.hasPrefix("# EXP001 "))
        #expect(page.contains("\n## Values in force on 1 January 2026\n") && page.contains("1095"))
    }
}
