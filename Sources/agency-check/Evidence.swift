import AgencyModel
import ArgumentParser
import Glibc
import History
import Keeping
import SafeFiles

/// `agency-check evidence`: one worker's employment according to the files.
struct Evidence: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Show one worker's posts: what counts towards three years, and which file says so.",
        discussion: """
            The Social Work England number is read from standard input, so that no list of commands shows it. A worker in a store can
            be named by a pseudonym instead (w- and 16 digits, as history export writes it). No number is ever shown.
            """)

    @Argument(
        help: ArgumentHelp(
            "A pseudonym, and files or folders of employment histories, censuses and returns.", valueName: "pseudonym-or-file"))
    var arguments: [String] = []

    @Option(help: ArgumentHelp("A history store.", valueName: "path"))
    var store: String?

    @Option(help: ArgumentHelp("A folder with your own rules, which replace or add to the shipped ones.", valueName: "dir"))
    var rules: String?

    @Option(
        help: ArgumentHelp(
            "Count the days before this day, such as an assignment's start (default: up to the last day that the files cover).",
            valueName: "date"))
    var before: DayArgument?

    private var pseudonym: UInt64? { arguments.first.flatMap(Pseudonym.shownHalf) }
    private var files: [String] { pseudonym == nil ? arguments : Array(arguments.dropFirst()) }

    func validate() throws {
        if arguments.contains(where: { PersonMask().masked($0) == "SW\u{2026}" }) {
            throw ValidationError(
                "A Social Work England number must not be on the command line. Enter it on standard input.")
        }
        if files.isEmpty, store == nil { throw ValidationError("Name files, or a history store with --store.") }
        if pseudonym != nil, store == nil {
            throw ValidationError("A pseudonym means something only with the key of its store: name the store with --store.")
        }
    }

    func run() throws {
        let book = try RuleBookLocation.load(over: rules)
        let kept = try store.map { path throws(OutputFault) in try HistoryStore.open(path) }
        let worker = pseudonym == nil ? try Evidence.numberFromInput() : nil
        var evidence = EvidenceFiles()
        for name in try evidence.read(files, of: worker, book: book, rules: rules, threads: RunOptions.cores) {
            try Terminal.writeError("agency-check: \(name) could not be read. To see why, run agency-check check.\n")
        }
        var shown: String?
        if let half = pseudonym, let kept {
            evidence.choose { kept.pseudonym(of: $0).shownHalf == half }
            let found = try kept.facts(shownAs: half)
            guard found != nil || evidence.isChosen else {
                throw ValidationError("No worker has that pseudonym. Check the pseudonym and the store.")
            }
            shown = arguments[0].lowercased()
            evidence.add(found?.facts ?? [], files: try kept.evidenceFiles())
        } else if let worker {
            evidence.choose { $0 == worker }
            if let kept {
                shown = kept.pseudonym(of: worker).text
                evidence.add(try kept.facts(of: worker), files: try kept.evidenceFiles())
            }
        }
        try Terminal.write(
            EvidenceText(evidence, worker: shown, before: before?.day, book: book).text)
        if evidence.isIncomplete { throw ExitCode(3) }
    }

    private static func numberFromInput() throws -> SWENumber {
        if isatty(0) == 1 {
            try Terminal.writeError("Social Work England number (SW and digits), then Enter: ")
        }
        var line = (readLine() ?? "")[...].trimmingSpaces
        while line.last == "\r" || line.last == "\t" { line.removeLast() }
        guard let worker = line.withUTF8({ SWENumber($0) }) else {
            throw ValidationError(
                "Standard input does not hold a Social Work England number: SW and 1 to 10 digits, on the first line.")
        }
        return worker
    }
}
