import AgencyModel
import ArgumentParser
import ByteWriting
import Facts
import SafeFiles
import Wording

/// `agency-check submit`: the submission alone.
struct Submit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Write the submission to the Department for Education.",
        discussion: """
            Checks the returns as check does and writes submission/CODE-QUARTER/ for each authority and quarter. Says whether each is
            ready to send; exit code 1 where one is not. An authority without agency workers makes a nil return: --nil with --authority
            and --quarter, or an authority record in which no_agency_workers is yes.
            """)

    @OptionGroup var options: RunOptions

    @Option(
        help: ArgumentHelp(
            "A history store whose employment spells count for experience and cool-off too (see history add).", valueName: "store"))
    var history: String?

    @Flag(
        name: .customLong("nil"),
        help: "A nil return: the authority of --authority had no agency workers in --quarter.")
    var isNil = false

    @Option(help: ArgumentHelp("Write into this folder: new, empty, or an earlier output of agency-check.", valueName: "dir"))
    var out: String

    func validate() throws {
        guard isNil else { return try options.needInputs() }
        if options.authority == nil || options.quarter == nil {
            throw ValidationError("--nil needs --authority and --quarter too: the authority and the quarter of the nil return.")
        }
    }

    /// The nil return that the command line declares. What the files hold may not contradict it.
    private func declaredNil(_ result: CheckResult) throws -> ReturnKey? {
        guard isNil, let code = options.authority, let quarter = options.quarter.flatMap(RunOptions.quarter) else { return nil }
        let key = ReturnKey(authority: AuthorityCode(number: UInt16(code)!), quarter: quarter)
        let contradiction: String?
        if let tally = result.judgement.tallies[key] {
            contradiction =
                "the files have \(Words.count(tally.assignments - tally.furtherParts, "assignment")) for it. Leave out --nil, or leave out those files"
        } else if result.records[key.authority, key.quarter]?.noAgencyWorkers == false {
            contradiction =
                "its authority record says that there were some (no_agency_workers is no). Leave out --nil, or correct the record"
        } else {
            contradiction = nil
        }
        guard let contradiction else { return key }
        throw ValidationError("--nil says that \(code) had no agency workers in \(quarter), but \(contradiction).")
    }

    func run() throws {
        try options.checkPlace(out)
        try options.checkLog()
        let (folder, interruption) = try Interruption.watching { try OutputFolder(at: out) }
        defer { withExtendedLifetime(interruption) { folder.abandon() } }
        let (run, result) = try options.run(takesDigests: true, store: options.opened(history))
        let declaredNil = try declaredNil(result)
        let findings = FindingOrder(result, threads: run.threads)
        let summary = RunSummary(result, declaredNil: declaredNil)
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
                : "\(return_.authority) \(return_.quarter): not ready to send, \(Words.count(return_.problems, "problem")): see \(place)/problems.csv\n"
        }
        if summary.returns.isEmpty { text = "There is no return to submit.\n" }
        try Terminal.write(text)
        try options.sayNotTaken(result)
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
            : "The returns are for \(read.joined(separator: ", ")): name one of these, or leave out --quarter."
        throw ValidationError("There is no return of \(wanted.inWords) to submit. \(instead)")
    }
}
