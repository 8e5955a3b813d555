import AgencyModel
import ArgumentParser
import Compliance
import Wording

/// `agency-check rules`: the rule book itself.
struct Rules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Check and list the rules.", subcommands: [CheckBook.self, List.self])

    /// `rules check`: reads the rule book and lists what your own folder replaces.
    struct CheckBook: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Read the rules strictly and list what your own folder replaces.")

        @Option(help: ArgumentHelp("A folder with your own rules, which replace or add to the shipped ones.", valueName: "dir"))
        var rules: String?

        func run() throws {
            let book = try RuleBookLocation.load(over: rules)
            var text = ""
            let tables = try RuleBookLocation.loadReferenceTables(over: rules)
            for line in book.shadowed + tables.shadowed { text += "from your folder: \(line)\n" }
            text +=
                "The rules are sound: \(RuleRegistry.shared.all.count) rules, \(book.citations.count) dated values with their sources, \(book.authorities.all.count) authorities in \(book.authorities.regions.count) regions.\n"
            try Terminal.write(text)
        }
    }

    /// `rules list`: every rule and every dated value in force.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the rules and the values in force.")

        @Option(help: ArgumentHelp("A folder with your own rules, which replace or add to the shipped ones.", valueName: "dir"))
        var rules: String?

        @Option(
            help: ArgumentHelp(
                "Show the values in force on this day, such as 2025-10-01 (default: all of them).", valueName: "date"))
        var on: DayArgument?

        func run() throws {
            let book = try RuleBookLocation.load(over: rules)
            var text = "RULES\n"
            for rule in RuleRegistry.shared.all {
                text += "\(rule.code)\t\(rule.severity.name)\t\(book.texts[rule.code]!.title)\n"
            }
            text += "\nVALUES" + (on.map { " in force on \($0.day)" } ?? "") + "\n"
            for citation in book.citations(on: on?.day) {
                text +=
                    "\(citation.table)\t\(citation.key)\t\(citation.value)\(citation.from.map { " (from \($0))" } ?? "")\t\(citation.source)\n"
            }
            try Terminal.writeOwnWords(text)
        }
    }
}

/// A day on the command line.
struct DayArgument: ExpressibleByArgument {
    let day: CalendarDate

    init?(argument: String) {
        var text = argument
        guard let day = text.withUTF8({ CalendarDate($0) }) else { return nil }
        self.day = day
    }
}

/// `agency-check explain CODE`: a rule's page.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain a rule: what it asks, why, what to do, the law, examples.")

    @Argument(help: "The code of a rule, such as CAP001, or all.")
    var code: String

    @Option(help: ArgumentHelp("A folder with your own rules, which replace or add to the shipped ones.", valueName: "dir"))
    var rules: String?

    @Option(
        help: ArgumentHelp("Show the values in force on this day, such as 2025-10-01 (default: all of them).", valueName: "date"))
    var on: DayArgument?

    func run() throws {
        let book = try RuleBookLocation.load(over: rules)
        let wanted = code.uppercased()
        let chosen = RuleRegistry.shared.all.filter { wanted == "ALL" || $0.code.description == wanted }
        guard !chosen.isEmpty else {
            throw ValidationError("\(code) is not a rule. See agency-check rules list.")
        }
        let pages = chosen.map { RulePage($0, book: book, day: on?.day).markdown }
        try Terminal.writeOwnWords(pages.joined(separator: "\n"))
    }
}
