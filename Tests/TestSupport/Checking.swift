import AgencyModel
import ByteWriting
import CheckRun
import Compliance
import Facts
import Intake
import RuleBook
import Wording

/// A finding, in the form that tests compare.
public struct FoundRow: Equatable, Sendable, CustomStringConvertible {
    public let rule: String
    public let severity: String
    public let authority: String
    public let quarter: String
    public let assignment: String
    public let field: String
    public let found: String
    public let expected: String
    public let message: String
    public let file: String
    public let line: Int

    public var description: String { "\(rule) \(assignment) \(field) \(found) \(expected): \(message)" }
}

/// Runs checks inside the test process.
public enum Checking {
    public static func book(over: String? = Places.sampleRules) throws -> RuleBook {
        try RuleBook.load(shipped: Places.rules, over: over, rules: RuleRegistry.shared.all)
    }

    public static func run(
        _ paths: [String], book: RuleBook? = nil, defaults: RecordDefaults = RecordDefaults(), threads: Int = 1
    ) throws -> CheckResult {
        CheckRun(book: try book ?? Checking.book(), defaults: defaults, threads: threads).run(InputList(paths))
    }

    public static func rows(_ result: CheckResult) -> [FoundRow] {
        var rows: [FoundRow] = []
        FindingOrder(result).forEach { view in
            func text(_ append: (inout ByteBuffer) -> Void) -> String {
                var buffer = ByteBuffer()
                append(&buffer)
                return String(decoding: buffer.bytes, as: UTF8.self)
            }
            rows.append(
                FoundRow(
                    rule: view.finding.rule.description, severity: view.severity.name, authority: view.authority?.description ?? "",
                    quarter: view.quarter?.description ?? "", assignment: String(decoding: view.assignmentID, as: UTF8.self),
                    field: text { view.appendField(to: &$0) }, found: text { view.appendFound(to: &$0) },
                    expected: text { view.appendExpected(to: &$0) }, message: text { view.appendMessage(to: &$0) },
                    file: view.file ?? "", line: Int(view.line)))
        }
        return rows
    }

    /// The findings of files given by name and text.
    public static func findings(
        _ files: [(String, String)], book: RuleBook? = nil, defaults: RecordDefaults = RecordDefaults()
    ) throws -> [FoundRow] {
        let folder = try TemporaryFolder()
        for (name, text) in files { try folder.write(name, text) }
        return rows(try run([folder.path], book: book, defaults: defaults))
    }

    /// The plain assignment of the rules' examples, with some columns changed, as a CSV return. It meets every rule.
    public static func returnCSV(_ changes: [[String: String]]) -> String {
        csv(Column.ofAssignment, plainAssignment, changes)
    }
    public static func historyCSV(_ changes: [[String: String]]) -> String {
        csv(Column.ofSpell, plainSpell, changes)
    }
    public static func recordCSV(_ changes: [[String: String]]) -> String {
        csv(Column.ofAuthorityRecord, plainRecord, changes)
    }

    private static func csv(_ columns: [Column], _ plain: [String: String], _ changes: [[String: String]]) -> String {
        let rows = changes.map { change in
            let row = plain.merging(change) { $1 }
            return columns.map { "\"" + (row[$0.name] ?? "").replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",")
        }
        return ([columns.map(\.name).joined(separator: ",")] + rows).joined(separator: "\r\n") + "\r\n"
    }

    public static let plainAssignment: [String: String] = [
        "authority_code": "991", "quarter": "2026-Q1", "assignment_id": "A-1", "swe_number": "SW100001",
        "job_title": "Social Worker", "role": "SW", "start_date": "2026-01-12", "end_date": "2026-03-20",
        "engagement": "UMBRELLA", "pay_rate": "36.00", "agency_fee": "5.00", "charge_rate": "41.00", "weekly_hours": "37",
        "hours_in_quarter": "300", "agency": "Larch Locums", "supply": "INDIVIDUAL", "practice_managed_by": "AUTHORITY",
        "notice_weeks": "4", "references": "2", "experience_months": "48", "experience_verified": "yes",
    ]
    public static let plainSpell: [String: String] = [
        "swe_number": "SW100001", "authority_code": "992", "start_date": "2018-01-01", "end_date": "2023-12-31",
        "employment": "DIRECT", "setting": "CHILD_FAMILY", "registered": "yes", "leaving_reason": "RESIGNED",
    ]
    public static let plainRecord: [String: String] = {
        var record = [
            "authority_code": "991", "quarter": "2026-Q1", "cost_month_1": "4100.00", "cost_month_2": "4100.00",
            "cost_month_3": "4100.00",
        ]
        for family in ReturnFamily.allCases {
            record[family.complianceColumn.name] = "PARTIAL"
            record[family.explanationColumn.name] = "Example"
        }
        return record
    }()
}

extension String {
    public func replacing(_ text: String, with other: String) -> String {
        var result = ""
        var rest = self[...]
        while let place = rest.indices.first(where: { rest[$0...].hasPrefix(text) }) {
            result += rest[..<place] + other
            rest = rest[rest.index(place, offsetBy: text.count)...]
        }
        return result + rest
    }
}
