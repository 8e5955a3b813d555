import AgencyModel
import ArgumentParser
import CheckRun
import Compliance
import Glibc
import Intake
import Reports
import RuleBook
import SafeFiles

/// `agency-check check`: reads returns, checks every rule, writes the exceptions.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check returns and write the list of exceptions.",
        discussion: """
            Give files or folders; what each file is (assignments, employment history, authority record, return in XML, census) is
            found from its content. Findings go to standard output, a line each; everything else to standard error.
            """)

    enum Output: String, CaseIterable, ExpressibleByArgument { case text, json }
    enum FailOn: String, CaseIterable, ExpressibleByArgument { case error, warning, notice, never }
    enum Part: String, CaseIterable {
        case exceptions, coverage, rejected
        var file: String { rawValue + ".csv" }
    }

    @Argument(
        help: ArgumentHelp(
            "Returns, histories, authority records, censuses: files, folders or patterns.", valueName: "file-or-folder"))
    var inputs: [String]

    @Option(help: ArgumentHelp("A folder of rules to lay over the shipped ones.", valueName: "dir"))
    var rules: String?

    @Option(help: ArgumentHelp("The authority of rows that do not name one, such as 301.", valueName: "code"))
    var authority: String?

    @Option(help: ArgumentHelp("The quarter of rows that do not name one, such as 2026-Q1.", valueName: "quarter"))
    var quarter: String?

    @Option(help: ArgumentHelp("Write exceptions.csv, coverage.csv and rejected.csv into this folder.", valueName: "dir"))
    var out: String?

    @Option(help: ArgumentHelp("Write only these outputs: exceptions, coverage, rejected, with commas between.", valueName: "list"))
    var only: String?

    @Option(help: "What goes to standard output: text (a line a finding) or json.")
    var format: Output = .text

    @Option(help: "From which severity on the exit code is 1: error, warning, notice or never.")
    var failOn: FailOn = .error

    @Option(help: ArgumentHelp("How many files to read at the same time (default: one a core).", valueName: "n"))
    var threads: Int?

    @Flag(help: "No summary and no progress.")
    var quiet = false

    @Flag(help: "Also name every file and what it held.")
    var verbose = false

    func validate() throws {
        if let authority, authority.utf8.count != 3 || !authority.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            throw ValidationError("--authority takes a code of three digits, such as 301.")
        }
        if let quarter, quarterValue(quarter) == nil {
            throw ValidationError("--quarter takes a quarter such as 2026-Q1.")
        }
        if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1.") }
        _ = try parts()
        if only != nil, out == nil { throw ValidationError("--only chooses among the files in --out: name that folder too.") }
    }

    private func quarterValue(_ text: String) -> Quarter? {
        var text = text
        return text.withUTF8 { Quarter($0) }
    }

    private func parts() throws -> [Part] {
        guard let only else { return Part.allCases }
        let names = only.split(separator: ",").map { $0.trimmingSpaces }
        let parts = names.compactMap { Part(rawValue: $0) }
        guard parts.count == names.count, !parts.isEmpty else {
            throw ValidationError("--only takes \(Part.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return Part.allCases.filter { parts.contains($0) }
    }

    func run() throws {
        let book = try RuleBookLocation.load(over: rules)
        let list = InputList(inputs, rules: rules)
        let errors = FileDescriptor.standardError
        for name in list.missing {
            try errors.write("agency-check: \(name) is not there. Check the name.\n")
        }
        // The place of the output is looked at first: a long check must not fail at its end.
        let folder = try out.map { path in try OutputFolder(at: path, isOurs: InputList.isOurOutput) }
        defer { folder?.abandon() }

        var defaults = RecordDefaults()
        defaults.authority = authority.map { AuthorityCode(number: UInt16($0)!) }
        defaults.quarter = quarter.flatMap(quarterValue)
        let meter = ProgressMeter()
        let bar = ProgressBar(meter, isShown: !quiet && errors.isTerminal)
        let run = CheckRun(book: book, defaults: defaults, threads: threads ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let result = run.run(list, meter: meter)
        bar.stop()

        let findings = FindingOrder(result)
        if let folder {
            try write(findings, result, to: folder)
        }
        let output = FileDescriptor.standardOutput
        switch format {
        case .text: try FindingsText.write(findings) { try output.write($0.bytes) }
        case .json: try FindingsJSON.write(findings, result, version: toolVersion) { try output.write($0.bytes) }
        }
        let summary = RunSummary(result)
        if !quiet {
            try errors.write(
                SummaryTable(result, summary, isVerbose: verbose, style: TerminalStyle(errors), writtenTo: out).text)
        }
        let code = exitCode(result, summary)
        if code != 0 { throw ExitCode(code) }
    }

    private func write(_ findings: FindingOrder, _ result: CheckResult, to folder: OutputFolder) throws {
        var written: [String] = []
        for part in try parts() {
            try folder.write(part.file) { file in
                let sink: ByteSink = { try file.write($0.bytes) }
                switch part {
                case .exceptions: try ExceptionsCSV.write(findings, to: sink)
                case .coverage: try CoverageCSV.write(result, to: sink)
                case .rejected: try RejectedCSV.write(result, to: sink)
                }
            }
            written.append(part.file)
        }
        try folder.write(InputList.manifestName) { file in
            let names = written.map { "\"\($0)\"" }.joined(separator: ", ")
            try file.write(
                "{\n  \"tool\": \"agency-check\",\n  \"version\": \"\(toolVersion)\",\n  \"output\": \"check\",\n  \"files\": [\(names)]\n}\n"
            )
        }
        try folder.commit()
    }

    /// The higher of what applies.
    private func exitCode(_ result: CheckResult, _ summary: RunSummary) -> Int32 {
        if !result.missing.isEmpty || result.files.contains(where: \.isRefused) { return 3 }
        let counted =
            switch failOn {
            case .error: summary.errors
            case .warning: summary.errors + summary.warnings
            case .notice: summary.errors + summary.warnings + summary.notices
            case .never: 0
            }
        return counted > 0 ? 1 : 0
    }
}

extension Substring {
    var trimmingSpaces: String {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
