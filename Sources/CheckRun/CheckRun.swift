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
/// A first pass works out what each file is, and reads employment histories, authority records and censuses. A second pass streams
/// the assignments. Files are shared among the cores; the result does not depend on how.
public struct CheckRun: Sendable {
    public let settings: ReadSettings
    public var book: RuleBook { settings.book }
    /// The number of cores to use.
    public let threads: Int
    /// The number of bytes of a large file that one core reads at a time.
    public let partBytes: Int
    /// Whether to compute the SHA-256 of inputs, for the manifest and for a second reading.
    public let takesDigests: Bool
    let formats: [any InputFormat]

    public init(
        book: RuleBook, defaults: RecordDefaults = RecordDefaults(), threads: Int, limits: Limits = Limits(),
        partBytes: Int = 16 << 20, window: Int = 256 << 10, takesDigests: Bool = false,
        formats: [any InputFormat] = InputFormats.all
    ) {
        settings = ReadSettings(book: book, defaults: defaults, limits: limits, window: window)
        self.partBytes = partBytes
        self.takesDigests = takesDigests
        self.threads = max(1, threads)
        self.formats = formats
    }

    /// `remembered` is the workers' employment from a history store, which is added to that from the files.
    public func run(
        _ list: InputList, remembered: RememberedEvidence = RememberedEvidence(), meter: ProgressMeter = ProgressMeter()
    ) -> CheckResult {
        var list = list
        let inputs = list.inputs
        meter.filesInAll.store(inputs.count, ordering: .relaxed)
        var first = inParallel(inputs.count, threads: threads) { firstPass(inputs[$0]) }.flatMap { $0 }

        // Other files in a folder are named and skipped.
        for pass in first where pass.isOther { list.passOver(pass.input, reason: "it is not a return") }
        first.removeAll { $0.isOther }
        meter.filesInAll.store(first.count, ordering: .relaxed)
        meter.bytesInAll.store(first.reduce(0) { $0 + ($1.holdsAssignments ? $1.byteCount : 0) }, ordering: .relaxed)

        // The evidence of all files, in the order of their names.
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
            // What both a file of the run and the store say is used once.
            let known = Set(spells)
            spells += remembered.spells.filter { !known.contains($0) }
            censuses += remembered.censuses
        }
        let history = EmploymentHistory(spells: spells, censuses: censuses, authorities: book.authorities)
        spells = []

        let second = secondPasses(first, history: history, records: records, meter: meter)
        let judgement = RunJudgement(
            second.map(\.judges), book: book, history: history, records: records, threads: threads)
        let files = zip(first, second).map { first, second in
            CheckedFile(
                input: first.input, table: first.table, counts: second.counts, census: first.evidence.censusCounts,
                isRefused: second.isRefused, encoding: second.encoding, byteCount: first.byteCount,
                digest: first.digest ?? second.digest)
        }
        return CheckResult(
            files: files, skipped: list.skipped, judgement: judgement, records: records,
            history: history, censuses: censuses, settings: settings)
    }

    // MARK: One file

    /// What the first pass found out about a table: a file, or each sheet of one.
    private struct FirstPass: Sendable {
        let input: Input
        var table: (any InputTable)?
        var fault: TextFault?
        var evidence = FileEvidence()
        var isOther = false
        var byteCount = 0
        /// The file as this pass read it.
        var version: FileVersion?
        /// Nil if the file has not been read to its end yet.
        var digest: String?

        init(_ input: Input) { self.input = input }

        var holdsAssignments: Bool { table?.holdsAssignments ?? false }
    }

    private func firstPass(_ input: Input) -> [FirstPass] {
        var pass = FirstPass(input)
        do throws(TextFault) {
            let source = try FileSource(path: input.path, limits: settings.limits, mayBeBinary: true)
            let digest = takesDigests ? DigestWhileReading(of: source) : nil
            do throws(TextFault) {
                var passes = try recognised(source, input)
                // If the second pass reads all of the file, the digest is computed there.
                if let digest, passes.count != 1 || !passes[0].holdsAssignments || source.isHandedOn {
                    let digest = try digest.finish()
                    for index in passes.indices { passes[index].digest = digest }
                }
                return passes
            } catch {
                if input.mustBeRead, source.binaryFault == nil {
                    pass.byteCount = source.byteCount
                    pass.digest = try digest?.finish()
                }
                throw error
            }
        } catch {
            if input.mustBeRead {
                pass.fault = error
            } else {
                pass.isOther = true
            }
        }
        return [pass]
    }

    /// The tables of a file, and their content other than assignments.
    private func recognised(_ source: FileSource, _ input: Input) throws(TextFault) -> [FirstPass] {
        var passes: [FirstPass] = []
        for table in try InputFormats.tables(in: source, headers: book.headers, formats: formats) {
            var pass = FirstPass(input.table(table.sheet))
            pass.table = table
            pass.byteCount = source.byteCount
            pass.version = source.version
            pass.evidence = try table.evidence(in: source, settings)
            passes.append(pass)
        }
        return passes
    }

    private struct SecondPass: Sendable {
        /// Several for a large file, in order.
        var judges: [FileJudge]
        var counts: RowCounts
        var isRefused = false
        var encoding: TextEncoding = .utf8
        /// If the first pass has not read the file to its end.
        var digest: String?

        init(judge: FileJudge, counts: RowCounts, isRefused: Bool = false, encoding: TextEncoding = .utf8) {
            judges = [judge]
            self.counts = counts
            self.isRefused = isRefused
            self.encoding = encoding
        }
    }

    /// The parser refuses a document if its different names have ten times this number of bytes in all.
    private static let mostNameBytes = 1 << 20

    /// The work for one core: all of an input, a part of a large one, or the digest of one that is read in parts.
    private struct Task: Sendable {
        enum Work { case whole, part(FilePart), digest }
        let input: Int
        let work: Work
    }

    private enum Outcome: Sendable {
        case whole(SecondPass)
        case part(FileJudge, PartOutcome)
        /// The part could not be read on its own; the file is then read on one core.
        case broken
        case digest(String?)
    }

    /// The second pass of all files. Large UTF-8 files are shared among the cores in parts.
    private func secondPasses(
        _ first: [FirstPass], history: EmploymentHistory, records: AuthorityRecords, meter: ProgressMeter
    ) -> [SecondPass] {
        let tasks = first.indices.flatMap { index -> [Task] in
            let parts = threads > 1 ? self.parts(of: first[index]) : []
            guard parts.count > 1 else { return [Task(input: index, work: .whole)] }
            let digest = takesDigests && first[index].digest == nil ? [Task(input: index, work: .digest)] : []
            return digest + parts.map { Task(input: index, work: .part($0)) }
        }
        let outcomes = inParallel(tasks.count, threads: threads) { [first] place -> Outcome in
            let pass = first[tasks[place].input]
            switch tasks[place].work {
            case .whole:
                let second = secondPass(pass, history: history, records: records, meter: meter)
                meter.filesDone.add(1, ordering: .relaxed)
                return .whole(second)
            case .part(let part): return partPass(pass, part, history: history, records: records, meter: meter)
            case .digest: return .digest((try? reopened(pass)).flatMap { try? DigestWhileReading(of: $0).finish() })
            }
        }
        var passes: [SecondPass] = []
        var place = 0
        for index in first.indices {
            let end = tasks[place...].firstIndex { $0.input != index } ?? tasks.count
            if case .whole(let pass) = outcomes[place] {
                passes.append(pass)
            } else {
                meter.filesDone.add(1, ordering: .relaxed)
                passes.append(
                    joined(outcomes[place..<end], first[index])
                        ?? secondPass(first[index], history: history, records: records, meter: ProgressMeter()))
            }
            place = end
        }
        return passes
    }

    private func parts(of first: FirstPass) -> [FilePart] {
        guard let table = first.table, table.holdsAssignments, first.byteCount >= partBytes * 3 / 2,
            let source = try? reopened(first)
        else { return [] }
        return (try? table.parts(of: source, size: partBytes)) ?? []
    }

    /// The file as the first pass saw it.
    private func reopened(_ first: FirstPass) throws(TextFault) -> FileSource {
        let source = try FileSource(path: first.input.path, limits: settings.limits, mayBeBinary: true)
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
        _ first: FirstPass, _ part: FilePart, history: EmploymentHistory, records: AuthorityRecords, meter: ProgressMeter
    ) -> Outcome {
        guard let table = first.table else { return .broken }
        do {
            let source = try reopened(first)
            var (judge, outcome) = try table.readAssignments(
                in: source, part: part, encoding: nil, settings, progress: { _ in }
            ) { freshJudge(part.isFirst ? first : nil, history: history, records: records) }
            try source.checkUnchanged()
            judge.finish()
            meter.bytesDone.add(part.end - part.start, ordering: .relaxed)
            meter.rowsDone.add(outcome.counts.read, ordering: .relaxed)
            return .part(judge, outcome)
        } catch {
            return .broken
        }
    }

    /// The parts of a file in order. Nil if a cut was wrong, if a part could not be read, or if the file may exceed a limit that
    /// each part keeps. The file is then read on one core, with the same result as with one core from the start.
    private func joined(_ outcomes: ArraySlice<Outcome>, _ first: FirstPass) -> SecondPass? {
        var judges: [FileJudge] = []
        var counts = first.evidence.counts
        var lines: UInt32 = 0
        var nameBytes = 0
        var unknownNames: Set<String> = []
        var unknown: [UnknownName] = []
        var readings = first.evidence.readings
        var digest: String?
        for outcome in outcomes {
            if case .digest(let found) = outcome {
                digest = found
                continue
            }
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
        let limits = settings.limits
        guard !judges.isEmpty, counts.rejected <= limits.rejectedRows, counts.read <= limits.records,
            nameBytes <= CheckRun.mostNameBytes
        else { return nil }
        // Their lines are those of the file, like the lines of the first part.
        for note in UnknownName.notes(of: unknown, limits: limits) { judges[0].note(note) }
        for note in readings.notes { judges[0].note(note) }
        var pass = SecondPass(judge: judges[0], counts: counts)
        pass.judges = judges
        pass.digest = digest
        return pass
    }

    private func secondPass(
        _ first: FirstPass, history: EmploymentHistory, records: AuthorityRecords, meter: ProgressMeter
    ) -> SecondPass {
        func refused(_ fault: TextFault) -> SecondPass {
            var judge = FileJudge(book: book, history: history, records: records)
            judge.note(
                .fileRefused(
                    reason: fault.reason + CheckRun.place(of: fault, first.table), line: fault.line, column: fault.column))
            judge.finish()
            return SecondPass(judge: judge, counts: RowCounts(), isRefused: true)
        }
        guard let table = first.table, first.fault == nil else { return refused(first.fault ?? .changed) }
        guard table.holdsAssignments else {
            var judge = freshJudge(first, history: history, records: records)
            for note in first.evidence.readings.notes { judge.note(note) }
            judge.finish()
            return SecondPass(judge: judge, counts: first.evidence.counts, encoding: first.evidence.encoding)
        }
        var digest: DigestWhileReading?
        var pass: SecondPass
        do {
            let source = try reopened(first)
            if takesDigests, first.digest == nil { digest = DigestWhileReading(of: source) }
            var reported = 0
            func report(_ bytes: Int) {
                meter.bytesDone.add(bytes - reported, ordering: .relaxed)
                reported = bytes
            }
            var (judge, outcome) = try table.readAssignments(in: source, part: nil, encoding: nil, settings, progress: report) {
                freshJudge(first, history: history, records: records)
            }
            report(source.byteCount)
            meter.rowsDone.add(outcome.counts.read, ordering: .relaxed)
            var counts = outcome.counts
            counts += first.evidence.counts
            var readings = first.evidence.readings
            readings.add(outcome.readings)
            for note in readings.notes { judge.note(note) }
            judge.finish()
            pass = SecondPass(judge: judge, counts: counts, encoding: outcome.encoding)
        } catch {
            pass = refused(error)
        }
        pass.digest = try? digest?.finish()
        return pass
    }

    /// The place of a fault in words: ` (line 3, column 7)`.
    private static func place(of fault: TextFault, _ table: (any InputTable)?) -> String {
        if fault.line == 0 { return "" }
        return " (\(table?.placeName ?? "line") \(fault.line)\(fault.column > 0 ? ", column \(fault.column)" : ""))"
    }
}

/// The progress of a run, which another thread can read.
public final class ProgressMeter: Sendable {
    public let filesInAll = Atomic<Int>(0)
    public let filesDone = Atomic<Int>(0)
    public let bytesInAll = Atomic<Int>(0)
    public let bytesDone = Atomic<Int>(0)
    public let rowsDone = Atomic<Int>(0)

    public init() {}
}
