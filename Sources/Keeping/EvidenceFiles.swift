import AgencyModel
import CheckRun
import Compliance
import Facts
import History
import Intake
import RuleBook
import SafeFiles
import Wording

/// What files and a store say about one worker. Every fact has the number 0, because the person's number is no longer needed.
public struct EvidenceFiles {
    public private(set) var facts: [WorkerTimeline.Fact] = []
    public private(set) var censusDays: [(authority: AuthorityCode, day: CalendarDate)] = []
    /// Each file in words, with the days that it covers.
    public private(set) var covered: [(words: String, first: CalendarDate, last: CalendarDate)] = []
    /// Whether a given file could not be read.
    public private(set) var isIncomplete = false
    /// Whether the files name the chosen worker.
    public private(set) var isChosen = false
    private var read: [(spell: EmploymentSpell, source: String, censusDay: CalendarDate?)] = []
    private var digests: Set<String> = []

    public init() {}

    /// Reads files and folders. Returns the names of those that cannot be read, as they can be printed.
    public mutating func read(
        _ paths: [String], of worker: SWENumber?, book: RuleBook, rules: String?, threads: Int
    ) throws -> [String] {
        if paths.isEmpty { return [] }
        let list = InputList(paths, rules: rules)
        let result = CheckRun(book: book, threads: threads, takesDigests: true).run(list)
        var printed = PrintedText(result.judgement)
        if let worker { printed.know(worker) }
        let refused = result.files.filter(\.isRefused).map { printed.line($0.input.name) }
        isIncomplete = !refused.isEmpty
        for file in result.files where file.holdsEvidence && digests.insert(file.digest ?? "").inserted {
            let evidence = try result.rereadEvidence(file)
            for spell in evidence.spells { printed.know(spell.worker) }
            let name = printed.line(file.input.name)
            let words = evidence.census.map { "census of \($0.authority) for \($0.year) (\(name))" } ?? name
            var spells = evidence.spells
            if let census = evidence.census {
                censusDays.append((census.authority, census.referenceDate))
                spells += census.spells
            }
            read += spells.map { ($0, words, evidence.census?.referenceDate) }
            let days = spells.flatMap { [$0.start, $0.end ?? $0.start] } + (evidence.census.map { [$0.referenceDate] } ?? [])
            if let first = days.min(), let last = days.max() { covered.append((words, first, last)) }
        }
        return refused
    }

    /// Keeps what the files say about one worker.
    public mutating func choose(_ isWorker: (SWENumber) -> Bool) {
        for fact in read where isWorker(fact.spell.worker) {
            isChosen = true
            add(fact.spell, fact.source, fact.censusDay)
        }
        read = []
    }

    /// Adds what a store keeps. A file that was read here and is also in the store is used once.
    public mutating func add(_ kept: [HistoryStore.Fact], files: [StoredFile]) {
        func words(_ file: StoredFile) -> String {
            let name = PrintedText.line(file.name)
            guard let authority = file.authority, let year = file.censusYear else { return name }
            return "census of \(authority) for \(year) (\(name))"
        }
        for file in files where !digests.contains(file.digest) {
            if let authority = file.authority, let day = file.referenceDate { censusDays.append((authority, day)) }
            if let first = file.firstDay, let last = file.lastDay { covered.append((words(file), first, last)) }
        }
        for fact in kept where !digests.contains(fact.file.digest) {
            add(fact.spell, words(fact.file), fact.file.referenceDate)
        }
    }

    private mutating func add(_ spell: EmploymentSpell, _ source: String, _ censusDay: CalendarDate?) {
        var spell = spell
        spell.worker = SWENumber(number: 0)
        facts.append(WorkerTimeline.Fact(spell: spell, source: source, censusDay: censusDay))
    }
}
