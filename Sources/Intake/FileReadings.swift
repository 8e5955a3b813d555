import AgencyModel
import TextSource

/// What is to be said of the values of a file as a whole: once for each column (IMP007), or once (IMP008).
public struct FileReadings: Sendable {
    /// Values of one column that were read in their plain form.
    private struct Plain: Sendable {
        var count = 0
        /// The column's name, too.
        var isName = false
        var example: String
        var line: UInt32
    }
    /// Rows that name another authority or quarter than the command or the header.
    private struct Contradiction: Sendable {
        var rows = 0
        let own: FindingValue
        let given: FindingValue
        /// Whether the header of the XML says it, not the command.
        let byHeader: Bool
        let line: UInt32
    }

    private var plain: [Column: Plain] = [:]
    private var authorities: Contradiction?
    private var quarters: Contradiction?

    public init() {}

    // MARK: Plain forms

    /// Columns whose values may name a person: no value of theirs is given as an example.
    private static let withoutExample: Set<Column> = [.sweNumber, .assignmentID, .jobTitle, .agency, .teamReference, .capReason]

    /// Reads a value that is not of its type as written: nil where it is not in its plain form either.
    ///
    /// `joining`: no-break spaces and hyphens are left out as well.
    mutating func plainly<Value>(
        _ column: Column, _ written: Bytes, line: UInt32, joining: Bool = false, _ read: (Bytes) -> Value?
    ) -> Value? {
        guard let form = PlainForm.of(written.text, joining: joining) else { return nil }
        var text = form.text
        let value = text.withUTF8 { bytes -> (Value, String)? in
            let bytes = trimmed(bytes)
            return read(bytes).map { ($0, bytes.text) }
        }
        guard let (value, plain) = value else { return nil }
        note(column, plain: plain, first: form.first, line: line)
        return value
    }

    /// A worker's number in its plain form; what only holds it together counts for nothing.
    mutating func plainNumber(_ written: Bytes, line: UInt32) -> SWENumber? {
        plainly(.sweNumber, written, line: line, joining: true, SWENumber.init(_:))
    }

    /// Whether nothing of the value can be seen: it counts as missing.
    mutating func isNothing(_ column: Column, _ written: Bytes, line: UInt32) -> Bool {
        guard let form = PlainForm.of(written.text), form.text.allSatisfy({ $0 == " " }) else { return false }
        note(column, plain: "", first: form.first, line: line)
        return true
    }

    /// A value that was looked up in its plain form and is kept as written.
    mutating func noteLookedUp(_ column: Column, _ written: Bytes, line: UInt32) {
        if let form = PlainForm.of(written.text) { note(column, plain: "", first: form.first, line: line) }
    }

    /// The name of a column, where it is not plain.
    mutating func noteName(_ name: String, of column: Column, line: UInt32) {
        guard let form = PlainForm.of(name) else { return }
        let example = FileReadings.example(form.text, form.first)
        plain[column, default: Plain(example: example, line: line)].isName = true
    }

    private mutating func note(_ column: Column, plain text: String, first: Unicode.Scalar, line: UInt32) {
        let example = FileReadings.example(FileReadings.withoutExample.contains(column) ? "" : text, first)
        plain[column, default: Plain(example: example, line: line)].count += 1
    }

    private static func example(_ text: String, _ first: Unicode.Scalar) -> String {
        let name = PlainForm.name(of: first)
        return text.isEmpty ? name : "\(text) with \(name)"
    }

    // MARK: Contradictions

    /// Holds a record's authority against what the header or, where that gives none, the command says, and against the command.
    @inline(__always)
    mutating func compare(
        _ own: AuthorityCode, _ given: AuthorityCode?, byHeader: Bool, _ command: AuthorityCode?, line: UInt32
    ) {
        if let given, own != given {
            FileReadings.note(&authorities, .authority(own), .authority(given), byHeader, line)
        } else if let command, own != command {
            FileReadings.note(&authorities, .authority(own), .authority(command), false, line)
        }
    }

    /// The same of its quarter.
    @inline(__always)
    mutating func compare(_ own: Quarter, _ given: Quarter?, byHeader: Bool, _ command: Quarter?, line: UInt32) {
        if let given, own != given {
            FileReadings.note(&quarters, .quarter(own), .quarter(given), byHeader, line)
        } else if let command, own != command {
            FileReadings.note(&quarters, .quarter(own), .quarter(command), false, line)
        }
    }

    @inline(never)
    private static func note(
        _ contradiction: inout Contradiction?, _ own: FindingValue, _ given: FindingValue, _ byHeader: Bool, _ line: UInt32
    ) {
        if contradiction == nil { contradiction = Contradiction(own: own, given: given, byHeader: byHeader, line: line) }
        contradiction!.rows += 1
    }

    // MARK: The file

    /// Adds what another reading of the same file found, so many lines further down. The first place in the file is the example's.
    public mutating func add(_ other: FileReadings, linesBefore lines: UInt32 = 0) {
        for (column, more) in other.plain {
            let line = more.line + lines
            var sum = plain[column] ?? Plain(example: more.example, line: line)
            if line < sum.line { (sum.example, sum.line) = (more.example, line) }
            sum.count += more.count
            sum.isName = sum.isName || more.isName
            plain[column] = sum
        }
        FileReadings.add(other.authorities, to: &authorities, lines)
        FileReadings.add(other.quarters, to: &quarters, lines)
    }

    private static func add(_ more: Contradiction?, to sum: inout Contradiction?, _ lines: UInt32) {
        guard let more else { return }
        let rows = (sum?.rows ?? 0) + more.rows
        if sum == nil || more.line + lines < sum!.line {
            sum = Contradiction(own: more.own, given: more.given, byHeader: more.byHeader, line: more.line + lines)
        }
        sum!.rows = rows
    }

    /// In the order of the columns.
    public var notes: [ImportNote] {
        var notes = plain.sorted { $0.key.rawValue < $1.key.rawValue }.map { column, plain in
            ImportNote.readPlainly(
                column: column, values: plain.count, isName: plain.isName, example: plain.example, line: plain.line)
        }
        // One for the file: the authority before the quarter, as the columns stand.
        if let (column, found) = authorities.map({ (Column.authorityCode, $0) }) ?? quarters.map({ (Column.quarter, $0) }) {
            notes.append(
                .contradicts(
                    column: column, rows: found.rows, own: found.own, given: found.given, byHeader: found.byHeader,
                    line: found.line))
        }
        return notes
    }
}
