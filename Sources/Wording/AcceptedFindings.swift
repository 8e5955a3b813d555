import AgencyModel
import ByteWriting
import RuleBook

/// Findings that the authority has looked at and accepts, from a file of its own. They are listed apart, never hidden:
/// they count for compliance and for the submission as before, only not for exit code 1.
public struct AcceptedFindings: Sendable {
    public static let columns = [
        "rule", "authority_code", "quarter", "assignment_id", "field", "found", "reason", "accepted_by", "accepted_on",
    ]

    public struct Entry: Sendable {
        public let line: Int
        public let reason: String
        public let by: String
        public let on: CalendarDate
        /// The entry's name in messages, such as `CAP001 991 2026-Q1 A-17`.
        public let subject: String
    }

    private var entries: [Key: Int] = [:]
    public private(set) var all: [Entry] = []
    /// Indexed by position in the order of the findings.
    private var byPosition: [Int: Int] = [:]
    private var isMatched: [Bool] = []

    private struct Key: Hashable {
        let parts: [String]
    }

    /// An empty list.
    public init() {}

    /// Reads the file as strictly as a table of the rule book.
    public static func read(_ path: String) throws(RuleBookProblems) -> AcceptedFindings {
        let problems = ProblemList()
        let table = RuleTable(path: path, name: path, columns: columns, problems: problems)
        var accepted = AcceptedFindings()
        for row in table.rows {
            let key = Key(parts: columns.prefix(5).map { withoutApostrophe(table[row, $0]) } + [normalForm(table[row, "found"])])
            guard !table[row, "rule"].isEmpty, !table[row, "reason"].isEmpty, !table[row, "accepted_by"].isEmpty else {
                problems.add(path, row.line, "expected the rule's code, a reason and who accepted it.")
                continue
            }
            guard let day = table[row, "accepted_on"].read(CalendarDate.init) else {
                problems.add(path, row.line, "expected the day in accepted_on, such as 2026-04-02.")
                continue
            }
            guard accepted.entries.updateValue(accepted.all.count, forKey: key) == nil else {
                problems.add(path, row.line, "the same finding is accepted twice; expected one row.")
                continue
            }
            accepted.all.append(
                Entry(
                    line: row.line, reason: table[row, "reason"], by: table[row, "accepted_by"], on: day,
                    subject: columns.prefix(4).map { table[row, $0] }.filter { !$0.isEmpty }.joined(separator: " ")))
        }
        accepted.isMatched = Array(repeating: false, count: accepted.all.count)
        if !problems.all.isEmpty { throw RuleBookProblems(all: problems.all) }
        return accepted
    }

    /// A value as a spreadsheet may have changed it: a date or an amount in another form is the same value.
    private static func normalForm(_ text: String) -> String {
        let text = withoutApostrophe(text)
        if let day = text.read(CalendarDate.init) { return day.description }
        if let money = text.read(Money.init) { return money.description }
        return text
    }

    /// The value without the apostrophe that stops a spreadsheet from running a cell of the exception list.
    private static func withoutApostrophe(_ text: String) -> String { text.hasPrefix("'") ? String(text.dropFirst()) : text }

    /// Finds the accepted findings of a run. Call it once.
    public mutating func match(_ findings: FindingOrder) {
        guard !all.isEmpty else { return }
        func text(_ fill: (inout ByteBuffer) -> Void) -> String {
            var buffer = ByteBuffer()
            fill(&buffer)
            return String(decoding: buffer.bytes, as: UTF8.self)
        }
        for (position, view) in findings.enumerated() {
            let key = Key(parts: [
                view.finding.rule.description, view.authority?.description ?? "", view.quarter?.description ?? "",
                AcceptedFindings.withoutApostrophe(text { $0.append(view.assignmentID) }), text { view.appendField(to: &$0) },
                AcceptedFindings.normalForm(text { view.appendFound(to: &$0) }),
            ])
            guard let entry = entries[key] else { continue }
            byPosition[position] = entry
            isMatched[entry] = true
            positions.append(position)
        }
    }

    public subscript(position: Int) -> Entry? { byPosition[position].map { all[$0] } }
    public private(set) var positions: [Int] = []
    /// The entries that match no finding of the run.
    public var unmatched: [Entry] { all.indices.filter { !isMatched[$0] }.map { all[$0] } }
}
