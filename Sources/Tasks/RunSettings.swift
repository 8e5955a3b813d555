import AgencyModel
import CheckRun
import Compliance
import Facts
import Glibc
import History
import Intake
import RuleBook
import SafeFiles

/// What the tasks that read returns have in common: the inputs, the rules, how to read.
public struct RunSettings: Sendable {
    /// Files, folders or patterns.
    public var inputs: [String] = []
    /// A folder of rules laid over the shipped ones.
    public var rules: String?
    /// Of rows that do not name one.
    public var authority: AuthorityCode?
    /// Of rows that do not name one.
    public var quarter: Quarter?
    /// How many cores are used; nil: all.
    public var threads: Int?
    /// The day that the submission windows are held against; nil leaves days out.
    public var today: CalendarDate?
    /// The day and time of the run, where the outputs are to say it: `2026-04-20 09:30 UTC`.
    public var stamp: String?
    /// A log of runs, to which this one is added.
    public var log: String?
    /// A history store whose employment spells join those of the files.
    public var store: String?

    public init() {}

    /// What can be wrong with what was asked for is found first: a long check must not fail at its end. An output folder that holds one of the
    /// inputs is refused: it would be replaced with all that is in it.
    func check(_ output: String?) throws {
        if let output, let place = RunSettings.resolved(output) {
            for input in inputs {
                guard let path = RunSettings.resolved(input), path == place || path.hasPrefix(place + "/") else { continue }
                var status = stat()
                // A folder that is given and written to at once is looked at by the output folder itself.
                if path == place, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, !InputList.isOurOutput(path) {
                    continue
                }
                throw TaskFault.inputInOutput(input: input, output: output)
            }
        }
        try checkLog()
    }

    /// Throws where the log could not be written.
    public func checkLog() throws { try log.map { path throws(OutputFault) in try RunLog(path: path).check() } }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The store, opened; nil where none was named.
    func openedStore() throws -> HistoryStore? { try store.map { path throws(OutputFault) in try HistoryStore.open(path) } }

    func book(_ surroundings: Surroundings) throws -> RuleBook {
        do {
            return try RuleBook.load(shipped: surroundings.shippedRules, over: rules, rules: RuleRegistry.shared.all)
        } catch { throw TaskFault.rules(error) }
    }

    func referenceTables(_ surroundings: Surroundings) throws -> ReferenceTables {
        do {
            return try ReferenceTables.load(shipped: surroundings.shippedRules, over: rules)
        } catch { throw TaskFault.rules(error) }
    }

    /// Reads and judges the inputs. A store's spells join those of the files.
    public func run(
        takesDigests: Bool, store: HistoryStore? = nil, _ surroundings: Surroundings
    ) throws -> (run: CheckRun, result: CheckResult) {
        try run(with: book(surroundings), takesDigests: takesDigests, store: store, surroundings)
    }

    func run(
        with book: RuleBook, takesDigests: Bool, store: HistoryStore?, _ surroundings: Surroundings
    ) throws -> (run: CheckRun, result: CheckResult) {
        let list = InputList(inputs, rules: rules)
        var defaults = RecordDefaults()
        defaults.authority = authority
        defaults.quarter = quarter
        let run = CheckRun(
            book: book, defaults: defaults, threads: threads ?? surroundings.cores, takesDigests: takesDigests)
        let meter = ProgressMeter()
        let result = try surroundings.underWay(meter) {
            let remembered = try store.map { try $0.remembered(of: run.workers(in: list)) } ?? RememberedEvidence()
            return run.run(list, remembered: remembered, meter: meter)
        }
        // Not a clean result: most likely another folder was meant.
        if !inputs.isEmpty, result.files.isEmpty { throw TaskFault.nothingToCheck(inputs: inputs) }
        return (run, result)
    }

    /// What the outputs say of the run itself.
    public func identity(_ book: RuleBook, _ surroundings: Surroundings) throws -> RunIdentity {
        RunIdentity(toolVersion: surroundings.toolVersion, rulesDigest: try book.digest(), shadowed: book.shadowed, stamp: stamp)
    }

    /// Adds the run to the log, where one was named.
    public func writeLog(
        _ command: String, _ result: CheckResult, _ summary: RunSummary, _ identity: RunIdentity, _ folder: OutputFolder? = nil
    ) throws {
        guard let log else { return }
        let manifest = folder?.files.last { $0.name == ManifestCheck.name }?.digest
        let entry = LogEntry(command, result, summary, identity, manifest: manifest, when: Moment.now())
        try RunLog(path: log).append(entry.members)
    }
}

/// The present day and time.
public enum Moment {
    /// `2026-04-20 09:30 UTC`.
    public static func now() -> String {
        var moment = time(nil)
        var parts = tm()
        gmtime_r(&moment, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return
            "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) \(two(parts.tm_hour)):\(two(parts.tm_min)) UTC"
    }
}
