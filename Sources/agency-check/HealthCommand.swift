import AgencyModel
import ArgumentParser
import Facts
import Glibc
import Health
import Intake
import SafeFiles
import Tasks
import Wording

/// `agency-check health`: workforce censuses beside the published figures.
struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Compare workforce censuses with the published figures.",
        discussion: """
            Reads children's social work workforce censuses (CSWW, XML) and writes caseload, vacancy rate, agency rate, turnover, absence,
            starters and leavers for each authority and year, beside the published figures of the authority, its region, its statistical
            neighbours and England. Thresholds are a partnership's own: health-thresholds.csv in the folder given with --rules.
            """)

    @Argument(help: ArgumentHelp("Census files, folders or patterns.", valueName: "file-or-folder"))
    var inputs: [String]

    @Option(help: ArgumentHelp("A folder with your own rules, which replace or add to the shipped ones.", valueName: "dir"))
    var rules: String?

    @Option(help: ArgumentHelp("Write into this folder: new, empty, or an earlier output of agency-check.", valueName: "dir"))
    var out: String

    @Flag(help: "Write the day and time of the run into the manifest and the page.")
    var stamp = false

    @Flag(help: "No summary.")
    var quiet = false

    func run() throws {
        let (folder, interruption) = try Interruption.watching { try OutputFolder(at: out) }
        defer { withExtendedLifetime(interruption) { folder.abandon() } }
        let book = try RuleBookLocation.load(over: rules)
        let tables = try RuleBookLocation.loadReferenceTables(over: rules)
        let run = HealthRun(InputList(inputs, rules: rules), book: book, tables: tables)
        var text = ""
        for file in run.refused + run.repeated {
            text += PrintedText.line("agency-check: \(file.name): \(file.reason).") + "\n"
        }
        if run.results.isEmpty {
            try Terminal.writeError(text + "agency-check: there are no censuses to read, so nothing was written.\n")
            throw ExitCode(3)
        }
        let identity = RunIdentity(
            toolVersion: toolVersion, rulesDigest: try book.digest(with: tables.files), shadowed: book.shadowed + tables.shadowed,
            stamp: stamp ? Moment.now() : nil)
        try HealthOutputs.write(run, tables, identity: identity, to: folder)
        if !quiet {
            let authorities = Set(run.results.map(\.authority)).count
            text +=
                "\(Words.count(run.results.count, "census", "censuses")) of \(Words.count(authorities, "authority", "authorities")) read"
            text += run.refused.isEmpty ? ".\n" : ", \(Words.count(run.refused.count, "file")) left out.\n"
            text += "Written to \(out): open health.html first.\n"
        }
        try Terminal.writeError(text)
        if !run.refused.isEmpty { throw ExitCode(3) }
    }
}
