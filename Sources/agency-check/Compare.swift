import AgencyModel
import ArgumentParser
import Comparison
import Facts
import Tasks
import Wording

/// `agency-check compare`: what the authorities of a partnership pay for agency workers.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare the returns of many authorities: rates, caps, cost, experience, moves.",
        discussion: """
            Reads returns as check does, or takes them from a history store, and writes tables and comparison.html. A return given as a
            file is used instead of the store's for the same authority and quarter; a return in two files is refused. With --for members or
            --for public, small counts are withheld, and others with them, so that no total gives them away.
            """)

    enum Reader: String, CaseIterable, ExpressibleByArgument {
        case members, `public`
        var audience: Audience { self == .members ? .members : .public }
    }

    @OptionGroup var options: RunOptions

    @Option(help: ArgumentHelp("A history store: its returns are compared too (see history add).", valueName: "store"))
    var history: String?

    @Option(
        help: ArgumentHelp(
            "Compare only this partnership's authorities: a name of partnerships.csv or a region.", valueName: "name"))
    var partnership: String?

    @Option(help: ArgumentHelp("Compare only these quarters, such as 2025-Q1..2026-Q1.", valueName: "from..to"))
    var quarters: String?

    @Option(
        name: .customLong("for"),
        help: "Who it is for: members or public (default: the partnership's own analysts, nothing withheld).")
    var reader: Reader?

    @Option(help: ArgumentHelp("Withhold counts below this number, 2 to 1000.", valueName: "n"))
    var small = 5

    @Option(help: ArgumentHelp("Write into this folder: new, empty, or an earlier output of agency-check.", valueName: "dir"))
    var out: String

    func validate() throws {
        if options.inputs.isEmpty, history == nil { throw ValidationError("Name returns, or a history store with --history.") }
        if quarters != nil, quarterRange == nil {
            throw ValidationError("--quarters takes a quarter or two with dots between, such as 2025-Q1..2026-Q1.")
        }
        guard (2...1000).contains(small) else { throw ValidationError("--small takes a number from 2 to 1000.") }
    }

    private var quarterRange: ClosedRange<Quarter>? {
        guard let quarters else { return nil }
        if let one = RunOptions.quarter(quarters) { return one...one }
        guard quarters.utf8.count == 16, quarters.dropFirst(7).hasPrefix(".."),
            let first = RunOptions.quarter(String(quarters.prefix(7))), let last = RunOptions.quarter(String(quarters.suffix(7))),
            first <= last
        else { return nil }
        return first...last
    }

    /// Which returns came in several files.
    static func words(_ returns: [RepeatedReturn], _ printed: PrintedText) -> String {
        returns.map { return_ in
            let files = return_.files.map { printed.line($0) }.joined(separator: ", ")
            let words =
                return_.isTwice
                ? "more than once, \(Words.count(return_.shared, "reference")) in more than one file: leave all but one out"
                : "in parts, all of which count"
            return "agency-check: the return of \(return_.authority) for \(return_.quarter) appears \(words): \(files).\n"
        }.joined()
    }

    func run() throws {
        var task = CompareTask(folder: out)
        task.settings = options.settings(store: history)
        task.partnership = partnership
        task.quarters = quarterRange
        task.audience = reader?.audience ?? .analysts
        task.small = small
        let outcome: CompareTask.Outcome
        do {
            outcome = try task.perform(options.surroundings())
        } catch TaskFault.nothingCompared(let result) {
            try options.sayNotTaken(result)
            try Terminal.writeError(
                "agency-check: the inputs have no assignment for the authorities and quarters that you asked for; nothing was written.\n"
            )
            throw ExitCode(result.isMissingInput ? 3 : 1)
        }
        let (result, comparison) = (outcome.result, outcome.comparison)
        let printed = PrintedText(result.judgement)
        let inParts = Compare.words(outcome.inParts, printed)
        if !inParts.isEmpty { try Terminal.writeError(inParts) }
        try options.sayNotTaken(result)
        for sentence in comparison.withheldWhole { try Terminal.writeError("agency-check: \(sentence)\n") }
        try Terminal.write(comparison.headlines.map { $0.title + "\n" }.joined())
        if !options.quiet {
            for skipped in result.skipped {
                try Terminal.writeError("\(printed.line(skipped.name)): not read, \(skipped.reason)\n")
            }
            try Terminal.writeError(
                "\(Words.count(comparison.assignmentCount, "assignment")) compared"
                    + (comparison.leftOutCount > 0 ? ", \(Words.grouped(comparison.leftOutCount)) left out (see left-out.csv)" : "")
                    + ".\nWritten to \(printed.line(out)): open comparison.html first.\n")
        }
        if result.isMissingInput { throw ExitCode(3) }
    }
}
