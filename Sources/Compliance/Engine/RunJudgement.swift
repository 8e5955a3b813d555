import AgencyModel
import RuleBook
import Synchronization
import Threads

/// The judgement of a run: of each file, and of what depends on several records or files.
public struct RunJudgement: Sendable {
    /// In the order of the files' names; a large file can have several parts in order. The last part has the findings that belong
    /// to no file.
    public private(set) var parts: [FileJudge]
    /// The index of the file of each part that has one.
    public let fileOfPart: [Int]
    private let firstPartOfFile: [Int]
    public private(set) var coverage: Coverage
    /// The totals of each return over all files.
    public private(set) var tallies: [ReturnKey: FileJudge.Tally] = [:]
    public private(set) var leftOut = 0
    /// By part: the rows that continue an assignment whose rate changed, and are counted with its first row.
    private var furtherParts: [Int: Set<Int>] = [:]

    public let book: RuleBook
    public let rules: RuleRegistry
    /// The index in `parts` of findings without a file.
    public var runPlace: Int { parts.count - 1 }

    /// `parts` are the finished judges of each file, in the order of the files' names.
    public init(
        _ parts: [[FileJudge]], book: RuleBook, history: EmploymentHistory, records: AuthorityRecords,
        threads: Int = 1, rules: RuleRegistry = .shared
    ) {
        self.book = book
        self.rules = rules
        fileOfPart = parts.enumerated().flatMap { file, parts in parts.map { _ in file } }
        var first = 0
        firstPartOfFile = parts.map { parts in
            defer { first += parts.count }
            return first
        }
        let files = parts.flatMap { $0 }
        self.parts = files + [FileJudge(book: book, history: history, records: records, rules: rules)]
        coverage = Coverage(rules)
        for file in files {
            coverage.add(file.coverage)
            leftOut += file.leftOut
            for (key, tally) in file.tallies {
                tallies[key, default: FileJudge.Tally()].add(tally)
            }
        }
        noteMissingCaps()
        let (repeated, workers) = RunJudgement.groups(self.parts, threads: threads)
        DATA006_AssignmentRepeated.judge(&self, repeated)
        DATA015_ReferenceLooksAlike.judge(&self, repeated)
        DATA019_HoursFarBelowContract.judgeParts(&self, repeated)
        WorkerLoad.judge(&self, workers)
        AuthorityReturn.judge(&self, records: records)
    }

    /// Finds possible repeats, and the workers whose load is added up: two passes over all assignments, at the same time if there
    /// are several cores.
    private static func groups(_ files: [FileJudge], threads: Int) -> (EntryGroups, EntryGroups) {
        guard threads > 1 else { return (DATA006_AssignmentRepeated.groups(files), WorkerLoad.groups(files)) }
        let found = Mutex<(EntryGroups?, EntryGroups?)>((nil, nil))
        let next = Atomic<Int>(0)
        together(with: 1) {
            while true {
                let which = next.add(1, ordering: .relaxed).oldValue
                if which > 1 { return }
                let groups = which == 0 ? DATA006_AssignmentRepeated.groups(files) : WorkerLoad.groups(files)
                found.withLock { if which == 0 { $0.0 = groups } else { $0.1 = groups } }
            }
        }
        return found.withLock { ($0.0!, $0.1!) }
    }

    /// Whether the row continues an assignment that began in an earlier row, because its rate changed.
    @inline(__always)
    public func isFurtherPart(_ part: Int, _ entry: Int) -> Bool {
        furtherParts.isEmpty ? false : furtherParts[part]?.contains(entry) ?? false
    }

    /// The rows of a part that continue an assignment which began in an earlier row.
    public func furtherParts(of part: Int) -> Set<Int> { furtherParts[part] ?? [] }

    /// The number of assignments in the returns of the run: one whose rate changed has several rows and counts once. Rows without
    /// an authority or quarter belong to no return.
    public var assignmentsOfReturns: Int { tallies.values.reduce(0) { $0 + $1.assignments - $1.furtherParts } }

    var hasFurtherParts: Bool { !furtherParts.isEmpty }

    mutating func noteFurtherPart(_ part: Int, _ entry: Int) {
        furtherParts[part, default: []].insert(entry)
        if let key = parts[part].ledger.entries[entry].returnKey { tallies[key]?.furtherParts += 1 }
    }

    /// The part for findings about the file.
    func firstPart(of file: Int) -> Int { firstPartOfFile[file] }

    /// The parts of a file.
    public func parts(of file: Int) -> Range<Int> {
        firstPartOfFile[file]..<(file + 1 < firstPartOfFile.count ? firstPartOfFile[file + 1] : runPlace)
    }

    /// Which files have rows of each return, and how many. Files are numbered in the order of their names.
    public func filesOfReturns() -> [ReturnKey: [Int: Int]] {
        var files: [ReturnKey: [Int: Int]] = [:]
        for (file, part) in zip(fileOfPart, parts) {
            for (key, tally) in part.tallies { files[key, default: [:]][file, default: 0] += tally.assignments }
        }
        return files
    }

    public var assignmentCount: Int { parts.reduce(0) { $0 + $1.ledger.entries.count } }

    /// Adds a finding about an assignment of a file.
    mutating func add(
        _ rule: RuleCode, file: Int, entry: Int, field: Column, found: FindingValue = .none, expected: FindingValue = .none,
        _ first: FindingValue = .none, _ second: FindingValue = .none
    ) {
        parts[file].add(
            Finding(rule, of: .assignment(entry), field: .column(field), found: found, expected: expected, first, second))
    }

    /// Withdraws the findings of a rule about some assignments of a part.
    mutating func takeBack(_ rule: RuleCode, of entries: Set<Int>, in part: Int) { parts[part].takeBack(rule, of: entries) }

    mutating func count(_ verdict: Verdict, of file: any RuleFile.Type, times: Int = 1) {
        coverage.count(verdict, of: rules.place(of: file), times: times)
    }

    mutating func keepText(_ text: String, in file: Int) -> TextRef { parts[file].keepText(text) }
    mutating func newPlace(_ place: FileJudge.Place, in file: Int) -> Subject { parts[file].newPlace(place) }
    mutating func add(_ finding: Finding, in file: Int) { parts[file].add(finding) }

    private mutating func noteMissingCaps() {
        var missing: Set<FindingList.MissingCap> = []
        for part in parts { missing.formUnion(part.findings.missingCaps) }
        for cap in missing.sorted(by: { ($0.region, $0.role.rawValue) < ($1.region, $1.role.rawValue) }) {
            let subject = newPlace(FileJudge.Place(line: 0), in: runPlace)
            add(CAP004_NoCapOnFile.finding(of: subject, cap), in: runPlace)
        }
    }
}
