import AgencyModel
import ArgumentParser
import CheckRun
import Facts
import Glibc
import History
import Intake
import Reports
import RuleBook
import SafeFiles
import Wording

/// What `check` and `submit` have in common: the inputs, the rules, how to read, what to say.
struct RunOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Returns, histories, authority records, censuses: files, folders or patterns.", valueName: "file-or-folder"))
    var inputs: [String] = []

    @Option(help: ArgumentHelp("A folder with your own rules, which replace or add to the shipped ones.", valueName: "dir"))
    var rules: String?

    @Option(help: ArgumentHelp("The authority of rows that do not name one, such as 301.", valueName: "code"))
    var authority: String?

    @Option(help: ArgumentHelp("The quarter of rows that do not name one, such as 2026-Q1.", valueName: "quarter"))
    var quarter: String?

    @Option(help: ArgumentHelp("How many cores to use (default: all).", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Show how many days of the submission window are left on this day, such as 2026-04-20.", valueName: "date"))
    var today: DayArgument?

    @Flag(help: "Write the day and time of the run into the manifests and the report.")
    var stamp = false

    @Option(
        help: ArgumentHelp(
            "Add a line about this run to a log whose lines are chained by digests; verify checks it.", valueName: "file"))
    var log: String?

    @Flag(help: "No summary and no progress.")
    var quiet = false

    @Flag(help: "Also list every file and what it contains.")
    var verbose = false

    func validate() throws {
        if let authority, authority.utf8.count != 3 || !authority.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            throw ValidationError("--authority takes a code of three digits, such as 301.")
        }
        if let quarter, RunOptions.quarter(quarter) == nil {
            throw ValidationError("--quarter takes a quarter such as 2026-Q1.")
        }
        if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1.") }
    }

    /// For the commands that have nothing else to read.
    func needInputs() throws {
        if inputs.isEmpty { throw ValidationError("Name the files or folders to read.") }
    }

    static var cores: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    static func quarter(_ text: String) -> Quarter? {
        var text = text
        return text.withUTF8 { Quarter($0) }
    }

    /// Refuses an output folder that holds one of the inputs: it would be replaced with all that is in it.
    func checkPlace(_ out: String?) throws {
        guard let out, let place = RunOptions.resolved(out) else { return }
        for input in inputs {
            guard let path = RunOptions.resolved(input), path == place || path.hasPrefix(place + "/") else { continue }
            var status = stat()
            // A folder that is given and written to at once is looked at by the output folder itself.
            if path == place, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, !InputList.isOurOutput(path) {
                continue
            }
            throw OutputFault("\(input) is in \(out), which would be replaced. Name another folder with --out.")
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Reads and judges the inputs, with a progress bar where a person watches. A store's spells join those of the files.
    func run(takesDigests: Bool, store: HistoryStore? = nil) throws -> (run: CheckRun, result: CheckResult) {
        let book = try RuleBookLocation.load(over: rules)
        let list = InputList(inputs, rules: rules)
        var defaults = RecordDefaults()
        defaults.authority = authority.map { AuthorityCode(number: UInt16($0)!) }
        defaults.quarter = quarter.flatMap(RunOptions.quarter)
        let meter = ProgressMeter()
        let bar = ProgressBar(meter, isShown: !quiet && Terminal.isWatched)
        let run = CheckRun(
            book: book, defaults: defaults, threads: threads ?? RunOptions.cores,
            takesDigests: takesDigests)
        let remembered = try store.map { try $0.remembered(of: run.workers(in: list)) } ?? RememberedEvidence()
        let result = run.run(list, remembered: remembered, meter: meter)
        bar.stop()
        // Not a clean result: most likely another folder was meant.
        if !inputs.isEmpty, result.files.isEmpty {
            throw OutputFault(
                "There is nothing to check: no return, employment history, authority record or census in \(inputs.joined(separator: ", ")). Name the file or the folder that contains them."
            )
        }
        return (run, result)
    }

    /// What would fail after a long run is looked at before it.
    func checkLog() throws { try log.map { path throws(OutputFault) in try RunLog(path: path).check() } }

    /// The store given with `--history`.
    func opened(_ store: String?) throws -> HistoryStore? {
        try store.map { path throws(OutputFault) in try HistoryStore.open(path) }
    }

    /// What the outputs say of the run itself.
    func identity(_ book: RuleBook) throws -> RunIdentity {
        RunIdentity(
            toolVersion: toolVersion, rulesDigest: try book.digest(), shadowed: book.shadowed, stamp: stamp ? RunOptions.now() : nil
        )
    }

    /// `2026-04-20 09:30 UTC`.
    static func now() -> String {
        var moment = time(nil)
        var parts = tm()
        gmtime_r(&moment, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return
            "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) \(two(parts.tm_hour)):\(two(parts.tm_min)) UTC"
    }

    /// Adds the run to the log, where one was named.
    func writeLog(
        _ command: String, _ result: CheckResult, _ summary: RunSummary, _ identity: RunIdentity, _ folder: OutputFolder?
    ) throws {
        guard let log else { return }
        let manifest = folder?.files.last { $0.name == ManifestCheck.name }?.digest
        try RunLog(path: log).append(LogEntry(command, result, summary, identity, manifest: manifest).members)
    }

    /// Names what could not be read, and options that rows contradict, for the commands that list no findings. To be said whether or not
    /// the run is to be quiet.
    func sayNotTaken(_ result: CheckResult) throws {
        let printed = PrintedText(result.judgement)
        var text = ""
        for file in result.files where file.isRefused {
            text += "agency-check: \(printed.line(file.input.name)) could not be read. To see why, run agency-check check.\n"
        }
        let rejected = result.counts.rejected
        if rejected > 0 {
            text +=
                "agency-check: \(Words.count(rejected, "row")) could not be read and \(rejected == 1 ? "is" : "are") missing here. To see where and why, run agency-check check.\n"
        }
        text += try FindingsText.lines(of: [RuleCode(.IMP, 8)], in: result)
        if !text.isEmpty { try Terminal.writeError(text) }
    }

    func writeSummary(_ result: CheckResult, _ summary: RunSummary, writtenTo out: String?, opening first: String?) throws {
        guard !quiet else { return }
        try Terminal.writeError(
            SummaryTable(
                result, summary, isVerbose: verbose, today: today?.day, writtenTo: out, opening: first
            ).text)
    }
}
