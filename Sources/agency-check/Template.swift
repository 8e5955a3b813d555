import AgencyModel
import ArgumentParser
import SafeFiles
import SampleData

/// `agency-check template`: files to fill in.
struct Template: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Write an empty return, a filled example, and an authority record to fill in.")

    @Option(help: ArgumentHelp("The folder to write, new or empty.", valueName: "dir"))
    var out: String

    @Option(help: ArgumentHelp("The authority to enter, such as 301.", valueName: "code"))
    var authority: String?

    @Option(help: ArgumentHelp("The quarter to enter, such as 2026-Q1.", valueName: "quarter"))
    var quarter: String?

    func validate() throws {
        if let authority, authority.utf8.count != 3 || !authority.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            throw ValidationError("--authority takes a code of three digits, such as 301.")
        }
        if let quarter, RunOptions.quarter(quarter) == nil {
            throw ValidationError("--quarter takes a quarter such as 2026-Q1.")
        }
    }

    func run() throws {
        let (folder, interruption) = try Interruption.watching { try OutputFolder(at: out, obstacle: ReturnTemplate.obstacle) }
        defer { withExtendedLifetime(interruption) { folder.abandon() } }
        let template = ReturnTemplate(
            authority: authority.map { AuthorityCode(number: UInt16($0)!) }, quarter: quarter.flatMap(RunOptions.quarter))
        try template.write(to: folder)
        try Terminal.writeError(
            """
            Written to \(out):
              return.csv              the columns of a return: a row for each assignment
              authority-record.csv    costs, notice and compliance of the quarter: one row
              employment-history.csv  earlier posts, where you know them
              example/                a filled return with its record, made up
            Then: agency-check check \(out)/return.csv \(out)/authority-record.csv --out YOUR-OUTPUT

            """)
    }
}
