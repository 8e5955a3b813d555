import AgencyModel
import ByteWriting
import GRDB
import SafeFiles

extension HistoryStore {
    /// Writes the tables as CSV for other programs. Workers are shown under their pseudonyms, whatever the store keeps.
    public func export(to folder: OutputFolder) throws(OutputFault) {
        try read { db in
            for table in ExportTable.all {
                try folder.write(table.name + ".csv") { file in
                    var writer = BlockWriter { try file.write($0.bytes) }
                    try write(table, db, to: &writer)
                    try writer.flush()
                }
            }
        }
    }

    private func write(_ table: ExportTable, _ db: Database, to writer: inout BlockWriter) throws {
        writer.buffer.appendRow(table.columns.map(\.name))
        let rows = try Row.fetchCursor(db, sql: table.query)
        while let row = try rows.next() {
            try writer.buffer.appendRow(of: table.columns.enumerated()) { column, buffer in
                try append(row, column.offset, column.element.shape, to: &buffer)
            }
            try writer.flushIfFull()
        }
    }

    private func append(_ row: Row, _ index: Int, _ shape: ExportTable.Shape, to buffer: inout ByteBuffer) throws {
        if row.hasNull(atIndex: index) { return }
        switch shape {
        case .text:
            buffer.append(try row.text(index))
        case .worker:
            buffer.append(pseudonym(of: StoredWorker(value: try row.number(index))).text)
        case .number: buffer.append(number: try row.number(index))
        case .money: buffer.append(try row.optionalMoney(index) ?? .zero)
        case .quantity: buffer.append((try row.optionalQuantity(index) ?? .zero).description)
        case .day: buffer.append(try row.day(index))
        case .quarter: buffer.append(try row.quarter(index))
        case .authority: buffer.append(number: Int(try row.authority(index).number), width: 3)
        case .yesOrNo: buffer.append(try row.truth(index) ? "yes" : "no")
        case .code(let codes):
            let place: Int = try row.number(index)
            if codes.indices.contains(place) { buffer.append(codes[place]) }
        }
    }
}

/// One table of an export: a query, and how each of its columns is written.
struct ExportTable {
    enum Shape {
        case text, worker, number, money, quantity, day, quarter, authority, yesOrNo
        case code([String])
    }

    let name: String
    let columns: [(name: String, shape: Shape)]
    let query: String

    private static func codes<Code: ReturnCode>(_ type: Code.Type) -> Shape { .code(type.allCases.map(\.text)) }

    static let all: [ExportTable] = [returns, assignments, findings, coverage, records, files, spells]

    private static let returns = ExportTable(
        name: "returns",
        columns: [
            ("authority_code", .authority), ("quarter", .quarter), ("assignments", .number), ("cost", .money),
            ("rules_sha256", .text), ("tool_version", .text), ("rows", .number),
        ],
        query: """
            SELECT authority, quarter, assignments - coalesce(further_rows, 0), cost, rules_digest, tool_version, assignments
            FROM returns ORDER BY id
            """)

    private static let assignments = ExportTable(
        name: "assignments",
        columns: [
            ("authority_code", .authority), ("quarter", .quarter), ("assignment_id", .text), ("worker", .worker),
            ("role", codes(CoreRole.self)), ("engagement", codes(Engagement.self)), ("start_date", .day), ("end_date", .day),
            ("pay_rate", .money), ("capped_rate", .money), ("charge_rate", .money), ("agency_fee", .money),
            ("weekly_hours", .quantity), ("hours_in_quarter", .quantity), ("agency", .text), ("supply", codes(Supply.self)),
            ("notice_weeks", .quantity), ("references", .number), ("experience_months", .number),
            ("experience_verified", .yesOrNo), ("last_post_authority", .authority), ("last_post_end", .day),
            ("last_post_reason", codes(LeavingReason.self)), ("cap_dcs_date", .day), ("cap_ce_date", .day), ("cap", .money),
            ("cap_applies", .yesOrNo), ("experience", .code(ExperienceProof.allCases.map(\.name))), ("assessed", .yesOrNo),
            ("rate_from", .day), ("on_costs_missing", .yesOrNo),
        ],
        query: """
            SELECT authority, quarter, assignment_id, worker, role, engagement, start_day, end_day, pay_rate, capped_rate, charge_rate,
                agency_fee, weekly_hours, hours_in_quarter, (SELECT name FROM agencies WHERE agencies.id = agency), supply,
                notice_weeks, reference_count, experience_months, experience_verified, last_post_authority, last_post_end,
                last_post_reason, cap_dcs_day, cap_ce_day, cap, cap_applies, experience, assessed, rate_from, lacks_on_costs
            FROM assignments ORDER BY id
            """)

    private static let findings = ExportTable(
        name: "findings",
        columns: [
            ("authority_code", .authority), ("quarter", .quarter), ("rule", .text),
            ("severity", .code(Severity.allCases.map(\.name))), ("assignment_id", .text), ("field", .text),
        ],
        query: """
            SELECT f.id >> 48, f.id >> 32 & 65535, rule, severity, a.assignment_id, field
            FROM findings f LEFT JOIN assignments a ON a.id = f.assignment ORDER BY f.id
            """)

    private static let coverage = ExportTable(
        name: "coverage",
        columns: [
            ("authority_code", .authority), ("quarter", .quarter), ("family", .text), ("assessed", .number), ("in_error", .number),
            ("undecided", .number),
        ],
        query: """
            SELECT return_id >> 16, return_id & 65535, family, assessed, in_error, undecided FROM coverage
            ORDER BY return_id, family
            """)

    private static let records = ExportTable(
        name: "authority-records",
        columns: [("authority_code", .authority), ("quarter", .quarter)]
            + HistorySchema.costColumns.map { ($0, .money) } + HistorySchema.noticeColumns.map { ($0, .quantity) }
            + HistorySchema.claimColumns.map { ($0, codes(ComplianceClaim.self)) },
        query: """
            SELECT return_id >> 16, return_id & 65535, \(HistorySchema.recordColumns.joined(separator: ", ")) FROM authority_records
            ORDER BY return_id
            """)

    private static let files = ExportTable(
        name: "files",
        columns: [
            ("sha256", .text), ("name", .text), ("holds", .text), ("bytes", .number), ("census_authority", .authority),
            ("census_year", .number), ("reference_date", .day), ("first_day", .day), ("last_day", .day),
            ("authority_code", .authority), ("quarter", .quarter),
        ],
        query: """
            SELECT sha256, name, kind, bytes, authority, census_year, reference_day, first_day, last_day, return_id >> 16,
                return_id & 65535 FROM files LEFT JOIN return_files ON file_id = id
            WHERE return_id IS NOT NULL OR kind IN ('employment history', 'census') ORDER BY sha256, return_id
            """)

    private static let spells = ExportTable(
        name: "spells",
        columns: [
            ("worker", .worker), ("authority_code", .authority), ("start_date", .day), ("end_date", .day),
            ("end_is_inferred", .yesOrNo), ("employment", codes(Employment.self)), ("setting", codes(Setting.self)),
            ("registered", .yesOrNo), ("leaving_reason", codes(LeavingReason.self)), ("sha256", .text),
        ],
        query: """
            SELECT worker, u.authority, start_day, end_day, inferred, employment, setting, registered, leaving_reason, sha256
            FROM united_spells u JOIN files ON files.id = u.file ORDER BY worker, start_day, u.authority, employment, end_day, sha256
            """)
}
