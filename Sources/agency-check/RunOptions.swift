import AgencyModel
import ArgumentParser
import Facts
import Glibc
import Reports
import Tasks
import Wording

/// The options that `check` and `submit` have in common: the inputs, the rules, how to read them and what to print.
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

    /// For commands that have nothing else to read.
    func needInputs() throws {
        if inputs.isEmpty { throw ValidationError("Name the files or folders to read.") }
    }

    static var cores: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    static func quarter(_ text: String) -> Quarter? {
        var text = text
        return text.withUTF8 { Quarter($0) }
    }

    /// The settings for the tasks. `store` is the one given with `--history`.
    func settings(store: String? = nil) -> RunSettings {
        var settings = RunSettings()
        settings.inputs = inputs
        settings.rules = rules
        settings.authority = authority.map { AuthorityCode(number: UInt16($0)!) }
        settings.quarter = quarter.flatMap(RunOptions.quarter)
        settings.threads = threads
        settings.today = today?.day
        settings.stamp = stamp ? Moment.now() : nil
        settings.log = log
        settings.store = store
        return settings
    }

    /// This program, as the tasks need it: it removes what is in progress if it is stopped, and shows a progress bar on a terminal.
    func surroundings() throws -> Surroundings {
        var surroundings = Surroundings(
            shippedRules: try RuleBookLocation.shipped(), toolVersion: toolVersion, cores: RunOptions.cores)
        var watched: [Interruption] = []
        surroundings.makeFolder = { make in
            let (folder, interruption) = try Interruption.watching(make)
            watched.append(interruption)
            return folder
        }
        surroundings.underWay = { meter, run in
            let bar = ProgressBar(meter, isShown: !quiet && Terminal.isWatched)
            defer { bar.stop() }
            return try run()
        }
        return surroundings
    }

    /// Names what could not be read, and options that rows contradict, for commands that list no findings. Called even with
    /// `--quiet`.
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
