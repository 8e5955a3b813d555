import AgencyModel
import Compliance
import Facts
import Intake
import RuleBook
import SafeFiles
import Synchronization
import TextSource
import Threads

/// Reads returns and judges them: evidence first, then the assignments.
///
/// A first pass tells what each file is and reads employment histories, authority records and censuses; a second streams the
/// assignments. Files are shared out over the cores; the result does not depend on how.
public struct CheckRun: Sendable {
    public let book: RuleBook
    public let defaults: RecordDefaults
    /// How many cores are used.
    public let threads: Int
    public let limits: Limits
    /// Of a large file one core takes so many bytes at a time.
    public let partBytes: Int
    /// Of a CSV file so many bytes are read at a time.
    public let window: Int
    /// Whether the inputs' SHA-256 are taken, for the manifest and for `reread`.
    public let takesDigests: Bool

    public init(
        book: RuleBook, defaults: RecordDefaults = RecordDefaults(), threads: Int, limits: Limits = Limits(),
        partBytes: Int = 16 << 20, window: Int = 256 << 10, takesDigests: Bool = false
    ) {
        self.window = window
        self.partBytes = partBytes
        self.takesDigests = takesDigests
        self.book = book
        self.defaults = defaults
        self.threads = max(1, threads)
        self.limits = limits
    }

    /// `remembered` is what a history store keeps of the workers' employment; it joins what the files say.
    public func run(
        _ list: InputList, remembered: RememberedEvidence = RememberedEvidence(), meter: ProgressMeter = ProgressMeter()
    ) -> CheckResult {
        XMLCheck.setUp()
        var list = list
        var inputs = list.inputs
        meter.filesInAll.store(inputs.count, ordering: .relaxed)
        var first = inParallel(inputs.count, threads: threads) { [inputs] in firstPass(inputs[$0]) }

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
                                "it is a second authority record for \(read.record.authority) and \(read.record.quarter). Delete one",
                            row: read.row), line: read.record.line, authority: read.record.authority,
                        quarter: read.record.quarter))
            }
            first[index].evidence.spells = []
        }
        if !remembered.isEmpty {
            // What a file of the run and the store both say is said once.
            let known = Set(spells)
            spells += remembered.spells.filter { !known.contains($0) }
            censuses += remembered.censuses
        }
        let history = EmploymentHistory(spells: spells, censuses: censuses, authorities: book.authorities)
        spells = []

        let second = secondPasses(inputs, first, history: history, records: records, meter: meter)
        let judgement = RunJudgement(
            second.map(\.judges), book: book, history: history, records: records, threads: threads)
        let files = inputs.indices.map { index in
            CheckedFile(
                input: inputs[index], what: first[index].what, counts: second[index].counts,
                census: first[index].evidence.censusCounts, isRefused: second[index].isRefused, encoding: second[index].encoding,
                byteCount: first[index].byteCount, digest: first[index].digest, kind: first[index].kind)
        }
        return CheckResult(
            files: files, skipped: list.skipped, judgement: judgement, records: records,
            history: history, censuses: censuses)
    }

    // MARK: One file

    private struct FirstPass: Sendable {
        var kind: FileKind?
        var fault: TextFault?
        var evidence = FileEvidence()
        var isOther = false
        var byteCount = 0
        /// The file as this pass read it.
        var version: FileVersion?
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
            pass.version = source.version
            if takesDigests { pass.digest = try Self.digest(of: source) }
            let kind = try FileKind.find(source, mapping: book.headers)
            pass.evidence = try evidence(in: source, kind)
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

    /// What a file holds beside assignments.
    func evidence(in source: FileSource, _ kind: FileKind) throws(TextFault) -> FileEvidence {
        switch kind {
        case .csv(.assignments): return FileEvidence()
        case .csv:
            return try inEitherEncoding(source) { encoding, notUTF8 throws(TextFault) in
                try CSVIntake.readEvidence(
                    source, encoding: encoding, notUTF8: notUTF8, book: book, defaults: defaults, limits: limits, window: window)
            }
        case .returnXML(let encoding):
            guard try ReturnXML.mayHoldEvidence(source, encoding: encoding) else { return FileEvidence() }
            return try ReturnXML.readEvidence(source, encoding: encoding, book: book, defaults: defaults, limits: limits)
        case .census(let encoding):
            return try CensusXML.read(source, encoding: encoding, years: censusYears, limits: limits)
        }
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

    /// UTF-8 or by the byte order mark; where the bytes are not UTF-8, from the start again as Windows-1252, with the line that showed it.
    func inEitherEncoding<Value>(
        _ source: FileSource, _ read: (TextEncoding, _ notUTF8: UInt32) throws(TextFault) -> Value
    ) throws(TextFault) -> Value {
        do {
            return try read(.marked(by: source.head), 0)
        } catch  where error.isNotUTF8 {
            return try read(.windows1252, error.line)
        }
    }

    private struct SecondPass: Sendable {
        /// Of a large file several, one behind the other.
        var judges: [FileJudge]
        var counts: RowCounts
        var isRefused = false
        var encoding: TextEncoding = .utf8

        init(judge: FileJudge, counts: RowCounts, isRefused: Bool = false, encoding: TextEncoding = .utf8) {
            judges = [judge]
            self.counts = counts
            self.isRefused = isRefused
            self.encoding = encoding
        }
    }

    /// The parser refuses a document whose different names have ten times as many bytes in all.
    private static let mostNameBytes = 1 << 20

    /// What a core is to read: a whole file, or a part of a large one.
    private struct Task: Sendable {
        let input: Int
        let part: FilePart?
    }

    private enum Outcome: Sendable {
        case file(SecondPass)
        /// Nil where the part could not be read as one; the file is then read as a whole.
        case part(FileJudge, PartOutcome)
        case broken
    }

    /// The second passes of all files. Large files of UTF-8 are shared out over the cores in parts.
    private func secondPasses(
        _ inputs: [Input], _ first: [FirstPass], history: EmploymentHistory, records: AuthorityRecords, meter: ProgressMeter
    ) -> [SecondPass] {
        let tasks = inputs.indices.flatMap { index -> [Task] in
            let parts = threads > 1 ? self.parts(of: inputs[index], first[index]) : []
            return parts.count > 1 ? parts.map { Task(input: index, part: $0) } : [Task(input: index, part: nil)]
        }
        let outcomes = inParallel(tasks.count, threads: threads) { [inputs, first] place -> Outcome in
            let task = tasks[place]
            guard let part = task.part else {
                let pass = secondPass(inputs[task.input], first[task.input], history: history, records: records, meter: meter)
                meter.filesDone.add(1, ordering: .relaxed)
                return .file(pass)
            }
            return partPass(inputs[task.input], first[task.input], part, history: history, records: records, meter: meter)
        }
        var passes: [SecondPass] = []
        var place = 0
        for index in inputs.indices {
            let end = tasks[place...].firstIndex { $0.input != index } ?? tasks.count
            if case .file(let pass) = outcomes[place] {
                passes.append(pass)
            } else {
                meter.filesDone.add(1, ordering: .relaxed)
                passes.append(
                    joined(outcomes[place..<end], first[index])
                        ?? secondPass(inputs[index], first[index], history: history, records: records, meter: ProgressMeter()))
            }
            place = end
        }
        return passes
    }

    private func parts(of input: Input, _ first: FirstPass) -> [FilePart] {
        guard first.fault == nil, first.byteCount >= partBytes * 3 / 2, let source = try? reopened(input, first)
        else { return [] }
        return switch first.kind {
        case .csv(.assignments) where TextEncoding.marked(by: source.head) == .utf8:
            (try? FilePart.rows(of: source, size: partBytes)) ?? []
        case .returnXML(.utf8): (try? ReturnXML.parts(of: source, size: partBytes)) ?? []
        default: []
        }
    }

    /// The file as the first pass saw it.
    private func reopened(_ input: Input, _ first: FirstPass) throws(TextFault) -> FileSource {
        let source = try FileSource(path: input.path, limits: limits)
        guard source.version == first.version else { throw TextFault.changed }
        return source
    }

    private func freshJudge(_ first: FirstPass?, history: EmploymentHistory, records: AuthorityRecords) -> FileJudge {
        var judge = FileJudge(book: book, history: history, records: records)
        for note in first?.evidence.notes ?? [] { judge.note(note) }
        for note in first?.evidence.fileNotes ?? [] { judge.note(note) }
        return judge
    }

    private func partPass(
        _ input: Input, _ first: FirstPass, _ part: FilePart, history: EmploymentHistory, records: AuthorityRecords,
        meter: ProgressMeter
    ) -> Outcome {
        var judge = freshJudge(part.isFirst ? first : nil, history: history, records: records)
        do {
            let source = try reopened(input, first)
            let outcome: PartOutcome
            if case .returnXML = first.kind {
                outcome = try ReturnXML.readAssignments(
                    source, part: part, book: book, defaults: defaults, limits: limits, into: &judge)
            } else {
                outcome = try CSVIntake.readAssignments(
                    source, encoding: .utf8, part: part, book: book, defaults: defaults, limits: limits, window: window,
                    into: &judge)
            }
            try source.checkUnchanged()
            judge.finish()
            meter.bytesDone.add(part.end - part.start, ordering: .relaxed)
            meter.rowsDone.add(outcome.counts.read, ordering: .relaxed)
            return .part(judge, outcome)
        } catch {
            return .broken
        }
    }

    /// The parts of a file one behind the other; nil where a cut was wrong or a part could not be read, and where the file as a whole may
    /// pass a limit that its parts keep: read as a whole, it ends as it would with one core.
    private func joined(_ outcomes: ArraySlice<Outcome>, _ first: FirstPass) -> SecondPass? {
        var judges: [FileJudge] = []
        var counts = first.evidence.counts
        var lines: UInt32 = 0
        var nameBytes = 0
        var unknownNames: Set<String> = []
        var unknown: [UnknownName] = []
        var readings = first.evidence.readings
        for outcome in outcomes {
            guard case .part(var judge, let outcome) = outcome, let more = outcome.lines else { return nil }
            if lines > 0 { judge.shiftLines(by: lines) }
            for element in outcome.unknown where unknownNames.insert(element.name).inserted {
                unknown.append(element.shifted(by: lines))
            }
            judges.append(judge)
            counts += outcome.counts
            readings.add(outcome.readings, linesBefore: lines)
            nameBytes += outcome.nameBytes
            lines += more
        }
        guard !judges.isEmpty, counts.rejected <= limits.rejectedRows, counts.read <= limits.records,
            nameBytes <= CheckRun.mostNameBytes
        else { return nil }
        // Their lines are those of the file, as the first part's are.
        for note in UnknownName.notes(of: unknown, limits: limits) { judges[0].note(note) }
        for note in readings.notes { judges[0].note(note) }
        var pass = SecondPass(judge: judges[0], counts: counts)
        pass.judges = judges
        return pass
    }

    private func secondPass(
        _ input: Input, _ first: FirstPass, history: EmploymentHistory, records: AuthorityRecords, meter: ProgressMeter
    ) -> SecondPass {
        func freshJudge() -> FileJudge { self.freshJudge(first, history: history, records: records) }
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
            for note in first.evidence.readings.notes { judge.note(note) }
            judge.finish()
            return SecondPass(judge: judge, counts: first.evidence.counts, encoding: first.evidence.encoding)
        }
        do {
            let source = try reopened(input, first)
            var reported = 0
            func report(_ bytes: Int) {
                meter.bytesDone.add(bytes - reported, ordering: .relaxed)
                reported = bytes
            }
            if case .returnXML(let encoding) = first.kind {
                var judge = freshJudge()
                let outcome = try ReturnXML.readAssignments(
                    source, encoding: encoding, book: book, defaults: defaults, limits: limits, progress: report, into: &judge)
                report(source.byteCount)
                meter.rowsDone.add(outcome.counts.read, ordering: .relaxed)
                var counts = outcome.counts
                counts += first.evidence.counts
                var readings = first.evidence.readings
                readings.add(outcome.readings)
                for note in readings.notes { judge.note(note) }
                judge.finish()
                return SecondPass(judge: judge, counts: counts, encoding: encoding)
            }
            return try inEitherEncoding(source) { encoding, notUTF8 throws(TextFault) in
                var judge = freshJudge()
                let outcome = try CSVIntake.readAssignments(
                    source, encoding: encoding, notUTF8: notUTF8, book: book, defaults: defaults, limits: limits, window: window,
                    progress: report, into: &judge
                )
                report(source.byteCount)
                meter.rowsDone.add(outcome.counts.read, ordering: .relaxed)
                for note in outcome.readings.notes { judge.note(note) }
                judge.finish()
                return SecondPass(judge: judge, counts: outcome.counts, encoding: encoding)
            }
        } catch {
            return refused(error)
        }
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
