import AgencyModel
import Compliance
import Dispatch
import Intake
import RuleBook
import SafeFiles
import Synchronization
import TextSource

/// Reads returns and judges them: evidence first, then the assignments.
///
/// A first pass tells what each file is and reads employment histories, authority records and censuses; a second streams the
/// assignments. Files are shared out over the cores; the result does not depend on how.
public struct CheckRun: Sendable {
    public let book: RuleBook
    public let defaults: RecordDefaults
    /// How many files are read at the same time.
    public let threads: Int
    public let limits: Limits
    /// Whether the inputs' SHA-256 are taken, for the manifest and for `reread`.
    public let takesDigests: Bool

    public init(
        book: RuleBook, defaults: RecordDefaults = RecordDefaults(), threads: Int, limits: Limits = Limits(),
        takesDigests: Bool = false
    ) {
        self.takesDigests = takesDigests
        self.book = book
        self.defaults = defaults
        self.threads = max(1, threads)
        self.limits = limits
    }

    public func run(_ list: InputList, meter: ProgressMeter = ProgressMeter()) -> CheckResult {
        var list = list
        var inputs = list.inputs
        meter.filesInAll.store(inputs.count, ordering: .relaxed)
        var first = inParallel(inputs.count) { [inputs] in firstPass(inputs[$0]) }

        // What a folder holds by chance is named and passed over.
        for index in inputs.indices where first[index].isOther {
            list.passOver(inputs[index], reason: "it is not a return")
        }
        let kept = inputs.indices.filter { !first[$0].isOther }
        inputs = kept.map { inputs[$0] }
        first = kept.map { first[$0] }
        meter.bytesInAll.store(first.reduce(0) { $0 + ($1.holdsAssignments ? $1.byteCount : 0) }, ordering: .relaxed)

        // Evidence of all files, in the order of their names.
        var records = AuthorityRecords()
        var spells: [EmploymentSpell] = []
        var censuses: [Census] = []
        for index in first.indices {
            spells += first[index].evidence.spells
            if let census = first[index].evidence.census { censuses.append(census) }
            for read in first[index].evidence.records where !records.add(read.record, file: index) {
                first[index].evidence.counts.rejected += 1
                first[index].evidence.notes.append(
                    EvidenceNote(
                        .rejected(
                            reason:
                                "it is a second authority record for \(read.record.authority) and \(read.record.quarter). Leave one",
                            row: read.row), line: read.record.line, authority: read.record.authority,
                        quarter: read.record.quarter))
            }
            first[index].evidence.spells = []
        }
        let history = EmploymentHistory(spells: spells, censuses: censuses)
        spells = []

        let second = inParallel(inputs.count) { [inputs, first, records] in
            let result = secondPass(inputs[$0], first[$0], history: history, records: records, meter: meter)
            meter.filesDone.add(1, ordering: .relaxed)
            return result
        }
        let judgement = RunJudgement(
            second.map(\.judge), book: book, history: history, records: records)
        let files = inputs.indices.map { index in
            CheckedFile(
                input: inputs[index], what: first[index].what, counts: second[index].counts,
                census: first[index].evidence.censusCounts, isRefused: second[index].isRefused, encoding: second[index].encoding,
                byteCount: first[index].byteCount, digest: first[index].digest, kind: first[index].kind)
        }
        return CheckResult(
            files: files, skipped: list.skipped, missing: list.missing, judgement: judgement, records: records,
            history: history, censuses: censuses)
    }

    // MARK: One file

    private struct FirstPass: Sendable {
        var kind: FileKind?
        var fault: TextFault?
        var evidence = FileEvidence()
        var isOther = false
        var byteCount = 0
        var digest: String?

        var holdsAssignments: Bool { kind?.holdsAssignments ?? false }

        var what: String {
            switch kind {
            case .csv(.assignments): "assignments"
            case .csv(.employmentHistory): "employment history"
            case .csv(.authorityRecords): "authority records"
            case .returnXML: "return"
            case .census: "census"
            case nil: "not read"
            }
        }
    }

    private func firstPass(_ input: Input) -> FirstPass {
        var pass = FirstPass()
        do {
            let source = try FileSource(path: input.path, limits: limits)
            pass.byteCount = source.byteCount
            if takesDigests { pass.digest = try Self.digest(of: source) }
            let kind = try FileKind.find(source, mapping: book.headers)
            switch kind {
            case .csv(.assignments): break
            case .csv:
                pass.evidence = try inEitherEncoding(source) { encoding throws(TextFault) in
                    try CSVIntake.readEvidence(source, encoding: encoding, book: book, defaults: defaults, limits: limits)
                }
            case .returnXML(let encoding):
                if try ReturnXML.mayHoldEvidence(source, encoding: encoding) {
                    pass.evidence = try ReturnXML.readEvidence(
                        source, encoding: encoding, book: book, defaults: defaults, limits: limits)
                }
            case .census(let encoding):
                pass.evidence = try CensusXML.read(source, encoding: encoding, years: censusYears, limits: limits)
            }
            pass.kind = kind
        } catch {
            if input.mustBeRead {
                pass.fault = error
            } else {
                pass.isOther = true
            }
            pass.evidence = FileEvidence()
        }
        return pass
    }

    static func digest(of source: FileSource) throws(TextFault) -> String {
        var digest = Digest()
        try source.forEachBlock { digest.add($0) }
        return digest.hex()
    }

    private var censusYears: ClosedRange<Int> {
        let first = book.parameters.firstCensusYear.entries.last?.value ?? 0
        return first...max(first, book.parameters.lastCensusYear.entries.last?.value ?? 0)
    }

    /// UTF-8 or by the byte order mark; where the bytes are not UTF-8, from the start again as Windows-1252.
    private func inEitherEncoding<Value>(
        _ source: FileSource, _ read: (TextEncoding) throws(TextFault) -> Value
    ) throws(TextFault) -> Value {
        do {
            return try read(.marked(by: source.head))
        } catch  where error.isNotUTF8 {
            return try read(.windows1252)
        }
    }

    private struct SecondPass: Sendable {
        var judge: FileJudge
        var counts: RowCounts
        var isRefused = false
        var encoding: TextEncoding = .utf8
    }

    private func secondPass(
        _ input: Input, _ first: FirstPass, history: EmploymentHistory, records: AuthorityRecords, meter: ProgressMeter
    ) -> SecondPass {
        func freshJudge() -> FileJudge {
            var judge = FileJudge(book: book, history: history, records: records)
            for note in first.evidence.notes { judge.note(note) }
            return judge
        }
        func refused(_ fault: TextFault) -> SecondPass {
            var judge = FileJudge(book: book, history: history, records: records)
            let place = fault.line > 0 ? " (line \(fault.line)\(fault.column > 0 ? ", column \(fault.column)" : ""))" : ""
            judge.note(.fileRefused(reason: fault.reason + place, line: fault.line, column: fault.column))
            judge.finish()
            return SecondPass(judge: judge, counts: RowCounts(), isRefused: true)
        }
        if let fault = first.fault { return refused(fault) }
        guard first.holdsAssignments else {
            var judge = freshJudge()
            judge.finish()
            return SecondPass(judge: judge, counts: first.evidence.counts)
        }
        do {
            let source = try FileSource(path: input.path, limits: limits)
            var reported = 0
            func report(_ bytes: Int) {
                meter.bytesDone.add(bytes - reported, ordering: .relaxed)
                reported = bytes
            }
            if case .returnXML(let encoding) = first.kind {
                var judge = freshJudge()
                var counts = try ReturnXML.readAssignments(
                    source, encoding: encoding, book: book, defaults: defaults, limits: limits, progress: report, into: &judge)
                report(source.byteCount)
                meter.rowsDone.add(counts.read, ordering: .relaxed)
                counts += first.evidence.counts
                judge.finish()
                return SecondPass(judge: judge, counts: counts, encoding: encoding)
            }
            return try inEitherEncoding(source) { encoding throws(TextFault) in
                var judge = freshJudge()
                let counts = try CSVIntake.readAssignments(
                    source, encoding: encoding, book: book, defaults: defaults, limits: limits, progress: report, into: &judge)
                report(source.byteCount)
                meter.rowsDone.add(counts.read, ordering: .relaxed)
                judge.finish()
                return SecondPass(judge: judge, counts: counts, encoding: encoding)
            }
        } catch {
            return refused(error)
        }
    }

    // MARK: Cores

    /// The results of `body` for 0 to count - 1, in that order, on `threads` threads.
    private func inParallel<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
        if threads == 1 || count < 2 { return (0..<count).map(body) }
        let results = Mutex<[Value?]>(Array(repeating: nil, count: count))
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                if index >= count { return }
                let value = body(index)
                results.withLock { $0[index] = value }
            }
        }
        return results.withLock { $0.map { $0! } }
    }
}

/// How far a run has come, to be looked at from another thread.
public final class ProgressMeter: Sendable {
    public let filesInAll = Atomic<Int>(0)
    public let filesDone = Atomic<Int>(0)
    public let bytesInAll = Atomic<Int>(0)
    public let bytesDone = Atomic<Int>(0)
    public let rowsDone = Atomic<Int>(0)

    public init() {}
}

/// One file of a run and what became of it.
public struct CheckedFile: Sendable {
    public let input: Input
    /// What it holds, in words.
    public let what: String
    public let counts: RowCounts
    public let census: CensusCounts
    public let isRefused: Bool
    /// The encoding in which it was read.
    public let encoding: TextEncoding
    public let byteCount: Int
    /// The SHA-256, where the run was asked for it and the file could be read.
    public let digest: String?
    let kind: FileKind?

    public var holdsAssignments: Bool { !isRefused && (kind?.holdsAssignments ?? false) }
}

/// What a run found.
public struct CheckResult: Sendable {
    /// In the order of their names, as the judgement's.
    public let files: [CheckedFile]
    public let skipped: [(name: String, reason: String)]
    public let missing: [String]
    public let judgement: RunJudgement
    public let records: AuthorityRecords
    public let history: EmploymentHistory
    /// In the order of their files' names.
    public let censuses: [Census]

    public var historySpells: Int { history.spellCount }
    public var historyWorkers: Int { history.workerCount }

    public var counts: RowCounts {
        var all = RowCounts()
        for file in files { all += file.counts }
        return all
    }
}
