import AgencyModel
import ArgumentParser
import ByteWriting
import Facts
import Reports
import SafeFiles
import Wording

/// `agency-check check`: reads returns, checks every rule, writes the exceptions, the submission and the report.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check returns; write the exceptions, the submission and the report.",
        discussion: """
            Name files or folders. The program finds from the content what each file is (assignments, employment history, authority
            record, return in XML, census). Findings go to standard output, one line for each; everything else to standard error.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, sarif }
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
            "Write only these outputs, with commas between: \(Output.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "list"))
    var only: String?

    @Option(help: ArgumentHelp("Write these outputs too: json, sarif.", valueName: "list"))
    var also: String?

    @Flag(help: "Do not write the submission.")
    var noSubmission = false

    @Option(help: "What to write to standard output: text (one line for each finding), json or sarif.")
    var format: Format = .text

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

    private func outputs() throws -> [Output] {
        func list(_ text: String, _ option: String, among known: [Output]) throws -> [Output] {
            let names = text.split(separator: ",").map { $0.trimmingSpaces }
            let outputs = names.compactMap { name in known.first { $0.rawValue == name } }
            guard outputs.count == names.count, !outputs.isEmpty else {
                throw ValidationError("\(option) takes \(known.map(\.rawValue).joined(separator: ", ")), with commas between.")
            }
            return outputs
        }
        var chosen = try only.map { try list($0, "--only", among: Output.allCases) } ?? Output.usual
        if let also { chosen += try list(also, "--also", among: [.json, .sarif]) }
        if noSubmission { chosen.removeAll { $0 == .submission } }
        return Output.allCases.filter { chosen.contains($0) }
    }

    func run() throws {
        // What can be wrong with the command is looked at first: a long check must not fail at its end.
        var accepted = try accept.map { try AcceptedFile.read($0) } ?? AcceptedFindings()
        try options.checkPlace(out)
        try options.checkLog()
        let place = try out.map { path in try Interruption.watching { try OutputFolder(at: path) } }
        let folder = place?.folder
        defer { withExtendedLifetime(place) { folder?.abandon() } }
        let outputs = try outputs()
        let (run, result) = try options.run(
            takesDigests: options.log != nil || (folder != nil && outputs != [.exceptions, .coverage]),
            store: options.opened(history))
        let findings = FindingOrder(result, threads: run.threads)
        accepted.match(findings)
        let summary = RunSummary(result)
        if folder != nil || options.log != nil {
            let identity = try options.identity(run.book)
            if let folder {
                let writer = OutputWriter(
                    run: run, result: result, summary: summary, findings: findings, accepted: accepted, identity: identity,
                    today: options.today?.day)
                try writer.write(outputs, to: folder)
            }
            try options.writeLog("check", result, summary, identity, folder)
        }
        let sink: ByteSink = { try Terminal.writeList($0) }
        switch format {
        case .text: try FindingsText.write(findings, accepted: accepted, to: sink)
        case .json: try FindingsJSON.write(findings, result, accepted: accepted, version: toolVersion, to: sink)
        case .sarif: try FindingsSARIF.write(findings, result, accepted: accepted, version: toolVersion, to: sink)
        }
        for entry in accepted.unmatched {
            try Terminal.writeError(
                "agency-check: \(accept ?? ""), line \(entry.line): this entry matches no finding. Remove it, or check its values.\n"
            )
        }
        let first = outputs.contains(.report) ? "report.html" : outputs.first.flatMap(\.file) ?? "the submission"
        try options.writeSummary(result, summary, writtenTo: out, opening: first)
        let code = exitCode(result, findings, accepted)
        if code != 0 { throw ExitCode(code) }
    }

    /// The higher of what applies.
    private func exitCode(_ result: CheckResult, _ findings: FindingOrder, _ accepted: AcceptedFindings) -> Int32 {
        if result.isMissingInput { return 3 }
        let least: Severity
        switch failOn {
        case .error: least = .error
        case .warning: least = .warning
        case .notice: least = .notice
        case .never: return 0
        }
        let isFailing =
            accepted.positions.isEmpty
            ? findings.contains(atLeast: least)
            : findings.enumerated().contains { accepted[$0.offset] == nil && $0.element.severity >= least }
        return isFailing ? 1 : 0
    }
}

/// The file given with `--accept`, or what is wrong with it on standard error and exit code 2.
enum AcceptedFile {
    static func read(_ path: String) throws -> AcceptedFindings {
        do {
            return try AcceptedFindings.read(path)
        } catch {
            var text = ""
            for problem in error.all { text += HarmlessText.line("\(problem)") + "\n" }
            text += "agency-check: the list of accepted findings cannot be used; nothing was checked.\n"
            try Terminal.writeError(text)
            throw ExitCode(2)
        }
    }
}

extension CheckResult {
    /// Whether something that was given could not be read.
    var isMissingInput: Bool { files.contains(where: \.isRefused) }
}

extension Substring {
    var trimmingSpaces: String {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
