/// What the import reports about a file, a row or a value. The IMP rules turn it into findings.
public enum ImportNote: Sendable {
    /// The whole file is refused. `column` counts from 1; 0 if it is not known.
    case fileRefused(reason: String, line: UInt32, column: UInt32)
    /// A column or element that is not known, with its name as written (empty if it has none) and what to say about it.
    case unknownName(name: String, words: String, line: UInt32)
    case rowRejected(reason: String, line: UInt32, row: RawRow)
    /// A value in an XML header that is not of its type.
    case headerUnreadable(column: Column, written: String, wanted: Phrase, line: UInt32)
    /// `line` is the first line that is not UTF-8; 0 if the file itself declares Windows-1252.
    case readAsWindows1252(line: UInt32)
    /// Values of a column, or its name, that were read in their plain form, with an example without personal data.
    case readPlainly(column: Column, values: Int, isName: Bool, example: String, line: UInt32)
    /// Rows that give another authority or quarter than the command or the header does.
    case contradicts(column: Column, rows: Int, own: FindingValue, given: FindingValue, byHeader: Bool, line: UInt32)
}

/// A row as it was in the file: a range of its text or, for XML and sheets, the text itself.
public enum RawRow: Sendable {
    case stretch(offset: Int, count: Int)
    case text(String)
}

/// Receives the records of one file of assignments as they are read.
public protocol AssignmentReceiver {
    /// Receives one assignment. Its texts are valid only during the call. `unreadable` are the values that are not of their type.
    mutating func receive(_ assignment: borrowing Assignment, unreadable: [UnreadableValue])
    mutating func note(_ note: ImportNote)
    /// Gives the approximate number of assignments to come, as soon as it is known.
    mutating func expect(_ assignments: Int)
}

extension AssignmentReceiver {
    public mutating func expect(_ assignments: Int) {}
}

/// A value that is not of its column's type (`IMP004`).
public struct UnreadableValue {
    public let column: Column
    public let written: Bytes
    public let wanted: Phrase

    public init(_ column: Column, written: Bytes, wanted: Phrase? = nil) {
        self.column = column
        self.written = written
        self.wanted = wanted ?? column.wanted(insteadOf: written)
    }
}
