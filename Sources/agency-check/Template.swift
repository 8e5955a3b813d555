import AgencyModel
import ArgumentParser
import ByteWriting
import SafeFiles

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

    /// One assignment of each kind, made up: a single worker through an umbrella company, one paid PAYE, one of a project team.
    private static let examples: [[Column: String]] = [
        [
            .assignmentID: "EXAMPLE-1", .sweNumber: "SW100001", .jobTitle: "Social Worker", .role: "SW", .startDate: "2026-01-12",
            .endDate: "2026-03-20", .engagement: "UMBRELLA", .payRate: "36.00", .agencyFee: "5.00", .chargeRate: "41.00",
            .weeklyHours: "37", .hoursInQuarter: "300", .agency: "Example Agency", .supply: "INDIVIDUAL",
            .practiceManagedBy: "AUTHORITY", .noticeWeeks: "4", .references: "2", .experienceMonths: "48",
            .experienceVerified: "yes",
        ],
        [
            .assignmentID: "EXAMPLE-2", .sweNumber: "SW100002", .jobTitle: "Team Manager", .role: "TM", .startDate: "2025-11-03",
            .engagement: "PAYE", .payRate: "35.00", .employerNI: "4.20", .holidayPay: "4.23", .apprenticeshipLevy: "0.18",
            .agencyFee: "5.50", .chargeRate: "49.11", .weeklyHours: "37", .hoursInQuarter: "444", .agency: "Example Agency",
            .supply: "INDIVIDUAL", .practiceManagedBy: "AUTHORITY", .noticeWeeks: "4", .references: "2",
            .experienceMonths: "72", .experienceVerified: "yes",
        ],
        [
            .assignmentID: "EXAMPLE-3", .sweNumber: "SW100003", .jobTitle: "Senior Social Worker", .role: "SSW",
            .startDate: "2026-02-02", .engagement: "LIMITED", .payRate: "39.00", .agencyFee: "6.00", .chargeRate: "45.00",
            .weeklyHours: "37", .hoursInQuarter: "290", .agency: "Example Teams", .supply: "PROJECT_TEAM",
            .teamReference: "CONTRACT-7", .approvedDate: "2026-01-26", .costDisaggregated: "yes", .practiceManagedBy: "AUTHORITY",
            .noticeWeeks: "4", .references: "2", .experienceMonths: "60", .experienceVerified: "yes",
        ],
    ]

    /// The record that goes with them: their costs, spread over the months.
    private static let exampleRecord: [Column: String] = {
        var values: [Column: String] = [.costMonth1: "15718.28", .costMonth2: "15718.28", .costMonth3: "15718.28"]
        for family in ReturnFamily.allCases { values[family.complianceColumn] = "FULL" }
        return values
    }()

    func run() throws {
        // Never over an earlier one: it may be filled in by now.
        let (folder, interruption) = try Interruption.watching {
            try OutputFolder(at: out, obstacle: { _ in "it contains files, which may have been filled in" })
        }
        defer { withExtendedLifetime(interruption) { folder.abandon() } }
        let known = (authority: authority ?? "", quarter: quarter ?? "")
        try write("return.csv", Column.ofAssignment, [], to: folder)
        try write(
            "example/return-example.csv", Column.ofAssignment,
            Template.examples.map { $0.merging([.authorityCode: authority ?? "301", .quarter: "2026-Q1"]) { $1 } }, to: folder)
        try write(
            "example/authority-record-example.csv", Column.ofAuthorityRecord,
            [Template.exampleRecord.merging([.authorityCode: authority ?? "301", .quarter: "2026-Q1"]) { $1 }], to: folder)
        try write(
            "authority-record.csv", Column.ofAuthorityRecord, [[.authorityCode: known.authority, .quarter: known.quarter]],
            to: folder)
        try write("employment-history.csv", Column.ofSpell, [], to: folder)
        try folder.commit()
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

    private func write(_ name: String, _ columns: [Column], _ rows: [[Column: String]], to folder: OutputFolder) throws {
        var buffer = ByteBuffer()
        for (index, column) in columns.enumerated() {
            if index > 0 { buffer.append(0x2C) }
            buffer.append(column.name)
        }
        buffer.endRow()
        for row in rows {
            for (index, column) in columns.enumerated() {
                if index > 0 { buffer.append(0x2C) }
                buffer.appendCell(row[column] ?? "")
            }
            buffer.endRow()
        }
        try folder.write(name) { try $0.write(buffer.bytes) }
    }
}
