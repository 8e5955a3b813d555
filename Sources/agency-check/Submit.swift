import ArgumentParser
import Facts
import Tasks

/// `agency-check submit`: only the submission.
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

    func run() throws {
        var task = SubmitTask(folder: out)
        task.settings = options.settings(store: history)
        task.isNil = isNil
        let outcome = try task.perform(options.surroundings())
        try Terminal.write(outcome.lines)
        try options.sayNotTaken(outcome.result)
        try options.writeSummary(outcome.result, outcome.summary, writtenTo: out, opening: nil)
        let returns = outcome.summary.returns
        if outcome.result.isMissingInput { throw ExitCode(3) }
        if returns.isEmpty || returns.contains(where: { !$0.isReady }) { throw ExitCode(1) }
    }
}
