import AgencyModel
import ArgumentParser
import Intake
import SafeFiles
import SampleData

/// `agency-check sample`: a fictional region to try the program on.
struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Write the synthetic returns of a fictional region.",
        discussion: """
            Writes returns, employment history, authority records and, in rules/, the region's authorities and illustrative caps. Every
            value is made up. The same seed writes the same bytes.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case csv, xml }

    @Option(help: ArgumentHelp("How many authorities, 1 to \(SampleRegion.mostAuthorities).", valueName: "n"))
    var authorities = 3

    @Option(help: ArgumentHelp("How many assignments for each authority.", valueName: "n"))
    var assignments = 60

    @Option(help: ArgumentHelp("The seed of the random numbers: the same seed writes the same region.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("The quarter.", valueName: "quarter"))
    var quarter = "2026-Q1"

    @Option(help: ArgumentHelp("The folder to write; new, empty, or an earlier output of agency-check.", valueName: "dir"))
    var out: String

    @Option(help: "The format of the returns.")
    var format: Format = .csv

    @Option(help: ArgumentHelp("The share of assignments with a breach of some kind, 0 to 1.", valueName: "share"))
    var breaches = 0.02

    @Option(
        help: ArgumentHelp(
            "The share of assignments (of authorities, for AUTH) with this breach, such as CAP001=0.1; can be repeated.",
            valueName: "code=share"))
    var share: [String] = []

    @Option(help: ArgumentHelp("The share of workers with an employment history, 0 to 1.", valueName: "share"))
    var history = 0.5

    private func shares() throws -> [RuleCode: Double] {
        let kinds = SampleRegion.assignmentKinds + SampleRegion.authorityKinds
        var shares: [RuleCode: Double] = [:]
        for text in share {
            let parts = text.split(separator: "=")
            guard parts.count == 2, let kind = kinds.first(where: { $0.description == parts[0].uppercased() }),
                let value = Double(parts[1]), (0...1).contains(value)
            else {
                throw ValidationError(
                    "--share takes a code and a share from 0 to 1, such as CAP001=0.1. The codes are \(kinds.map(\.description).joined(separator: ", "))."
                )
            }
            shares[kind] = value
        }
        return shares
    }

    func validate() throws {
        guard (1...SampleRegion.mostAuthorities).contains(authorities) else {
            throw ValidationError("--authorities takes a number from 1 to \(SampleRegion.mostAuthorities).")
        }
        guard (0...10_000_000).contains(assignments) else {
            throw ValidationError("--assignments takes a number from 0 to 10,000,000.")
        }
        guard (0...1).contains(breaches), (0...1).contains(history) else {
            throw ValidationError("--breaches and --history take a share from 0 to 1.")
        }
        guard quarterValue != nil else { throw ValidationError("--quarter takes a quarter such as 2026-Q1.") }
        _ = try shares()
    }

    private var quarterValue: Quarter? {
        var text = quarter
        return text.withUTF8 { Quarter($0) }
    }

    func run() throws {
        let (folder, interruption) = try Interruption.watching {
            try OutputFolder(
                at: out,
                obstacle: { InputList.isSampleOutput($0) ? nil : "it contains files that are not part of a made-up region" })
        }
        defer { withExtendedLifetime(interruption) { folder.abandon() } }
        let region = SampleRegion(
            authorities: authorities, assignments: assignments, quarter: quarterValue!, seed: seed, breaches: breaches,
            shares: try shares(), history: history, isXML: format == .xml)
        try region.write(to: folder)
        try folder.write(InputList.sampleMarkName) { file in
            try file.write(
                "Synthetic returns of a fictional region, written by agency-check sample (seed \(seed)). The authorities, the workers and the caps are made up.\n"
            )
        }
        try folder.commit()
        try Terminal.writeError(
            "Written to \(out): \(authorities) returns of \(assignments) assignments. Check them with\n  agency-check check \(out) --rules \(out)/rules\n"
        )
    }
}
