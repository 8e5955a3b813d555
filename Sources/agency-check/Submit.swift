import AgencyModel
import ArgumentParser
import CheckRun
import Reports
import SafeFiles

/// `agency-check submit`: the submission alone.
struct Submit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Write the submission to the Department for Education.",
        discussion: """
            Checks the returns as check does and writes submission/CODE-QUARTER/ for each authority and quarter. Says whether each is
            ready to send; exit code 1 where one is not.
            """)

    @OptionGroup var options: RunOptions

    @Option(
        help: ArgumentHelp(
            "A history store whose employment spells count for experience and cool-off too (see history add).", valueName: "store"))
    var history: String?

    @Option(help: ArgumentHelp("Write into this folder: new, empty, or an earlier output of ours.", valueName: "dir"))
    var out: String

    func validate() throws { try options.needInputs() }

    func run() throws {
        try options.checkPlace(out)
        let (folder, interruption) = try Interruption.watching { try OutputFolder(at: out) }
        defer { withExtendedLifetime(interruption) { folder.abandon() } }
        let (run, result) = try options.run(takesDigests: true, store: options.opened(history))
        let findings = FindingOrder(result, threads: run.threads)
        let summary = RunSummary(result)
        try checkQuarter(summary, result)
        let identity = try options.identity(run.book)
        let writer = OutputWriter(
            run: run, result: result, summary: summary, findings: findings, accepted: AcceptedFindings(),
            identity: identity, today: options.today?.day)
        try writer.write([.submission], to: folder)
        try options.writeLog("submit", result, summary, identity, folder)
        var text = ""
        for return_ in summary.returns {
            let place = "\(out)/submission/\(return_.authority)-\(return_.quarter)"
            text +=
                return_.isReady
                ? "\(return_.authority) \(return_.quarter): ready to send: \(place)\n"
                : "\(return_.authority) \(return_.quarter): not ready to send, \(Words.count(return_.blockers.count, "problem")): see \(place)/problems.csv\n"
        }
        if summary.returns.isEmpty { text = "There is no return to submit.\n" }
        try Said.toOutput(text)
        try options.writeSummary(result, summary, writtenTo: out, opening: nil)
        if result.isMissingInput { throw ExitCode(3) }
        if summary.returns.isEmpty || summary.returns.contains(where: { !$0.isReady }) { throw ExitCode(1) }
    }

    /// A quarter that was asked for and of which nothing was read: the quarter given is for rows that name none.
    private func checkQuarter(_ summary: RunSummary, _ result: CheckResult) throws {
        guard !result.isMissingInput, let wanted = options.quarter.flatMap(RunOptions.quarter),
            !summary.returns.contains(where: { $0.quarter == wanted })
        else { return }
        let read = Set(summary.returns.map(\.quarter)).sorted().map(\.inWords)
        let instead =
            read.isEmpty
            ? "No return of any quarter was read."
            : "Read were returns of \(read.joined(separator: ", ")): name one of these, or leave --quarter out."
        throw ValidationError("There is no return of \(wanted.inWords) to submit. \(instead)")
    }
}
