import AgencyModel
import ArgumentParser
import Facts
import Outputs
import Submission
import Tasks

/// `agency-check check`: reads returns, checks every rule, writes the exceptions, the submission and the report.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check returns; write the exceptions, the submission and the report.",
        discussion: """
            Name files or folders. The program finds from the content what each file is (assignments, employment history, authority
            record, return in XML, census). Findings go to standard output, one line for each; everything else to standard error.

            Outputs:
            \(OutputList.all.map { "\($0.name): \($0.about)" }.joined(separator: "\n"))
            """)

    enum FailOn: String, CaseIterable, ExpressibleByArgument { case error, warning, notice, never }

    @OptionGroup var options: RunOptions

    @Option(
        help: ArgumentHelp(
            "A history store whose employment spells count for experience and cool-off too (see history add).", valueName: "store"))
    var history: String?

    @Option(
        help: ArgumentHelp(
            "Write the outputs into this folder: new, empty, or an earlier output of agency-check.", valueName: "dir"))
    var out: String?

    @Option(
        help: ArgumentHelp(
            "Write only these outputs, with commas between: \(Check.names(OutputList.all)).",
            valueName: "list"))
    var only: String?

    @Option(help: ArgumentHelp("Write these outputs too: \(Check.names(OutputList.others)).", valueName: "list"))
    var also: String?

    @Flag(help: "Do not write the submission.")
    var noSubmission = false

    @Option(help: "What to write to standard output: text (one line for each finding), json or sarif.")
    var format = CheckTask.ListForm.text

    @Option(help: "The lowest severity that makes the exit code 1: error, warning, notice or never.")
    var failOn: FailOn = .error

    @Option(
        help: ArgumentHelp(
            "A list of findings that the authority has looked at and accepts; they do not make the exit code 1.",
            valueName: "file"))
    var accept: String?

    func validate() throws {
        try options.needInputs()
        _ = try outputs()
        if out == nil, only != nil || also != nil {
            throw ValidationError("--only and --also choose among the files in --out: name that folder too.")
        }
    }

    private static func names(_ outputs: [any Output]) -> String { outputs.map(\.name).joined(separator: ", ") }

    private func outputs() throws -> [any Output] {
        func list(_ text: String, _ option: String, among known: [any Output]) throws -> [any Output] {
            let outputs = OutputList.named(text.split(separator: ",").map { $0.trimmingSpaces }, among: known)
            guard let outputs, !outputs.isEmpty else {
                throw ValidationError("\(option) takes \(Check.names(known)), with commas between.")
            }
            return outputs
        }
        var chosen = try only.map { try list($0, "--only", among: OutputList.all) } ?? OutputList.usual
        if let also { chosen += try list(also, "--also", among: OutputList.others) }
        var names = Set(chosen.map(\.name))
        if noSubmission { names.remove(SubmissionOutput().name) }
        return OutputList.all.filter { names.contains($0.name) }
    }

    func run() throws {
        var task = CheckTask()
        task.settings = options.settings(store: history)
        task.outputs = try outputs()
        task.folder = out
        task.list = format
        task.accepted = accept
        let outcome = try task.perform(options.surroundings()) { try Terminal.writeList($0) }
        for entry in outcome.accepted.unmatched {
            try Terminal.writeError(
                "agency-check: \(accept ?? ""), line \(entry.line): this entry matches no finding. Remove it, or check its values.\n"
            )
        }
        try options.writeSummary(outcome.result, outcome.summary, writtenTo: out, opening: outcome.opening)
        let code = exitCode(outcome)
        if code != 0 { throw ExitCode(code) }
    }

    /// The higher code of those that apply.
    private func exitCode(_ outcome: CheckTask.Outcome) -> Int32 {
        if outcome.result.isMissingInput { return 3 }
        let least: Severity
        switch failOn {
        case .error: least = .error
        case .warning: least = .warning
        case .notice: least = .notice
        case .never: return 0
        }
        return outcome.fails(at: least) ? 1 : 0
    }
}

extension CheckTask.ListForm: ExpressibleByArgument {}

extension Substring {
    var trimmingSpaces: String {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
