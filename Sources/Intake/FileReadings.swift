import AgencyModel
import TextSource

/// What to report about the values of a file: once for each column (IMP007), or once (IMP008).
public struct FileReadings: Sendable {
    /// Values of one column that were read in their plain form.
    private struct Plain: Sendable {
        var count = 0
        /// Whether the column's name is affected as well.
        var isName = false
        var example: String
        var line: UInt32
    }
    /// Rows that give another authority or quarter than the command or the header.
    private struct Contradiction: Sendable {
        var rows = 0
        let own: FindingValue
        let given: FindingValue
        /// Whether the XML header gives it, and not the command.
        let byHeader: Bool
        let line: UInt32
    }

    private var plain: [Column: Plain] = [:]
    private var authorities: Contradiction?
    private var quarters: Contradiction?

    public init() {}

    // MARK: Plain forms

    /// Columns whose values may identify a person, so that none is given as an example.
    private static let withoutExample: Set<Column> = [.sweNumber, .assignmentID, .jobTitle, .agency, .teamReference, .capReason]

    /// Reads the plain form of a value that is not of its type as written; nil if that is not of its type either.
    ///
    /// With `joining`, no-break spaces and hyphens are left out as well.
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

    /// A worker's number in its plain form, without characters that only join it.
    mutating func plainNumber(_ written: Bytes, line: UInt32) -> SWENumber? {
        plainly(.sweNumber, written, line: line, joining: true, SWENumber.init(_:))
    }

    /// Whether the value has no visible character, so that it counts as missing.
    mutating func isNothing(_ column: Column, _ written: Bytes, line: UInt32) -> Bool {
        guard let form = PlainForm.of(written.text), form.text.allSatisfy({ $0 == " " }) else { return false }
        note(column, plain: "", first: form.first, line: line)
        return true
    }

    /// Records a value that was looked up in its plain form but kept as written.
    mutating func noteLookedUp(_ column: Column, _ written: Bytes, line: UInt32) {
        if let form = PlainForm.of(written.text) { note(column, plain: "", first: form.first, line: line) }
    }

    /// Records the name of a column if it is not plain.
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

    /// Compares a record's authority with the header's or, if that gives none, the command's; and also with the command's.
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

    /// The same for its quarter.
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

    /// Adds what another reading of the same file found, with a number of lines before it. The example comes from the first place
    /// in the file.
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

    /// Sorted by column.
    public var notes: [ImportNote] {
        var notes = plain.sorted { $0.key.rawValue < $1.key.rawValue }.map { column, plain in
            ImportNote.readPlainly(
                column: column, values: plain.count, isName: plain.isName, example: plain.example, line: plain.line)
        }
        // One for each file, about the authority before the quarter.
        if let (column, found) = authorities.map({ (Column.authorityCode, $0) }) ?? quarters.map({ (Column.quarter, $0) }) {
            notes.append(
                .contradicts(
                    column: column, rows: found.rows, own: found.own, given: found.given, byHeader: found.byHeader,
                    line: found.line))
        }
        return notes
    }
}
