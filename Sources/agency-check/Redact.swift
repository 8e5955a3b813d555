import ArgumentParser
import Reports
import SafeFiles

/// `agency-check redact`: a copy of an output for a supplier.
struct Redact: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact",
        abstract: "Make a copy of an output without personal data, to send to a supplier.",
        discussion: """
            Copies exceptions.csv, cap-breaches.csv, agencies.csv and coverage.csv without Social Work England numbers, free texts and
            values as somebody wrote them. The workbook, the report, the rejected rows and the submission are not copied.
            """)

    @Argument(help: ArgumentHelp("An output of check.", valueName: "folder"))
    var folder: String

    @Option(help: ArgumentHelp("Keep only the lines of this agency.", valueName: "name"))
    var agency: String?

    @Option(
        help: ArgumentHelp("Write the copy into this folder: new, empty, or an earlier output of agency-check.", valueName: "dir"))
    var out: String

    func run() throws {
        // Other outputs have tables of the same names that would show one supplier the others, and submissions are only for the
        // Department.
        guard ManifestCheck.kind(of: folder) == "check" else {
            throw OutputFault(
                "\(folder) is not an output of agency-check check, so nothing was copied. For a comparison there is compare --for public."
            )
        }
        let (copy, interruption) = try Interruption.watching { try OutputFolder(at: out, kind: "redacted") }
        defer { withExtendedLifetime(interruption) { copy.abandon() } }
        let regions = try RuleBookLocation.load(over: nil).authorities.regions
        let names = try RedactedCopy.write(from: folder, agency: agency, regions: regions, into: copy)
        guard !names.isEmpty else {
            throw OutputFault(
                "\(folder) has no table that may go to a supplier, so nothing was copied.")
        }
        try copy.commit(as: "redacted", toolVersion: toolVersion)
        try Terminal.writeError("Written to \(out): \(names.joined(separator: ", ")).\n")
    }
}
