import AgencyModel
import CheckRun
import Compliance
import Facts
import Glibc
import History
import Intake
import RuleBook
import SafeFiles

/// The settings of the tasks that read returns: the inputs, the rules, and how to read them.
public struct RunSettings: Sendable {
    /// Files, folders or patterns.
    public var inputs: [String] = []
    /// The user's own rules folder.
    public var rules: String?
    /// For rows that give none.
    public var authority: AuthorityCode?
    /// For rows that give none.
    public var quarter: Quarter?
    /// The number of cores to use; nil means all.
    public var threads: Int?
    /// The day to compare with the submission windows; nil leaves out the days left.
    public var today: CalendarDate?
    /// The date and time of the run, if the outputs should give it: `2026-04-20 09:30 UTC`.
    public var stamp: String?
    /// A log of runs, to which this run is added.
    public var log: String?
    /// A history store whose employment spells are added to those of the files.
    public var store: String?

    public init() {}

    /// Checks the request first, because a long check must not fail at its end. An output folder that contains one of the inputs is
    /// refused, because it would be replaced with everything in it.
    func check(_ output: String?) throws {
        if let output, let place = RunSettings.resolved(output) {
            for input in inputs {
                guard let path = RunSettings.resolved(input), path == place || path.hasPrefix(place + "/") else { continue }
                var status = stat()
                // The output folder itself checks whether a folder is both read and written.
                if path == place, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, !InputList.isOurOutput(path) {
                    continue
                }
                throw TaskFault.inputInOutput(input: input, output: output)
            }
        }
        try checkLog()
    }

    /// Throws if the log cannot be written.
    public func checkLog() throws { try log.map { path throws(OutputFault) in try RunLog(path: path).check() } }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The open store; nil if none was given.
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

    /// Reads and judges the inputs. A store's spells are added to those of the files.
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
        // This is not a clean result: most likely the wrong folder was given.
        if !inputs.isEmpty, result.files.isEmpty { throw TaskFault.nothingToCheck(inputs: inputs) }
        return (run, result)
    }

    /// What the outputs say about the run itself.
    public func identity(_ book: RuleBook, _ surroundings: Surroundings) throws -> RunIdentity {
        RunIdentity(toolVersion: surroundings.toolVersion, rulesDigest: try book.digest(), shadowed: book.shadowed, stamp: stamp)
    }

    /// Adds the run to the log, if one was given.
    public func writeLog(
        _ command: String, _ result: CheckResult, _ summary: RunSummary, _ identity: RunIdentity, _ folder: OutputFolder? = nil
    ) throws {
        guard let log else { return }
        let manifest = folder?.files.last { $0.name == ManifestCheck.name }?.digest
        let entry = LogEntry(command, result, summary, identity, manifest: manifest, when: Moment.now())
        try RunLog(path: log).append(entry.members)
    }
}

/// The current date and time.
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
