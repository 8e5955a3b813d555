import AgencyModel
import ByteWriting
import SafeFiles

/// Files to fill in: an empty return, an authority record and an employment history, with a completed example of the first two.
public struct ReturnTemplate: Sendable {
    private let authority: AuthorityCode?
    private let quarter: Quarter?

    /// The values to enter in advance; nil leaves them empty.
    public init(authority: AuthorityCode?, quarter: Quarter?) {
        self.authority = authority
        self.quarter = quarter
    }

    /// Why the files cannot be written to a folder that is not empty. An earlier template is never overwritten, because it may have
    /// been filled in.
    public static func obstacle(to path: String) -> String? { "it contains files, which may have been filled in" }

    /// One made-up assignment of each kind: a single worker through an umbrella company, one paid PAYE, and one in a project team.
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

    /// The authority record for these assignments, with their costs spread over the months.
    private static let exampleRecord: [Column: String] = {
        var values: [Column: String] = [.costMonth1: "15718.28", .costMonth2: "15718.28", .costMonth3: "15718.28"]
        for family in ReturnFamily.allCases { values[family.complianceColumn] = "FULL" }
        return values
    }()

    /// Writes the files and moves the folder into place.
    public func write(to folder: OutputFolder) throws {
        let code = authority?.description ?? "301"
        try write("return.csv", Column.ofAssignment, [], to: folder)
        try write(
            "example/return-example.csv", Column.ofAssignment,
            ReturnTemplate.examples.map { $0.merging([.authorityCode: code, .quarter: "2026-Q1"]) { $1 } }, to: folder)
        try write(
            "example/authority-record-example.csv", Column.ofAuthorityRecord,
            [ReturnTemplate.exampleRecord.merging([.authorityCode: code, .quarter: "2026-Q1"]) { $1 }], to: folder)
        try write(
            "authority-record.csv", Column.ofAuthorityRecord,
            [[.authorityCode: authority?.description ?? "", .quarter: quarter?.description ?? ""]], to: folder)
        try write("employment-history.csv", Column.ofSpell, [], to: folder)
        try folder.commit()
    }

    private func write(_ name: String, _ columns: [Column], _ rows: [[Column: String]], to folder: OutputFolder) throws {
        var buffer = ByteBuffer()
        buffer.appendRow(columns.map(\.name))
        for row in rows { buffer.appendRow(columns.map { row[$0] ?? "" }) }
        try folder.write(name) { try $0.write(buffer.bytes) }
    }
}
