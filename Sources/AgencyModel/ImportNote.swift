/// What the import has to say of a file, a row or a value: the matter of the IMP rules.
public enum ImportNote: Sendable {
    /// The file is refused whole. `column` counts from 1; 0 where it is not known.
    case fileRefused(reason: String, line: UInt32, column: UInt32)
    /// A column or element that no mapping knows, its name as written (empty where it has none), and what is to be said of it.
    case unknownName(name: String, words: String, line: UInt32)
    case rowRejected(reason: String, line: UInt32, row: RawRow)
    /// A value of an XML header that is not of its type.
    case headerUnreadable(column: Column, written: String, wanted: Phrase, line: UInt32)
    /// `line` is the first that is not UTF-8; 0 where the file itself says that it is Windows-1252.
    case readAsWindows1252(line: UInt32)
    /// Values of a column, or its name, that were read in their plain form, with an example that names no person.
    case readPlainly(column: Column, values: Int, isName: Bool, example: String, line: UInt32)
    /// Rows that name another authority or quarter than the command or the header does.
    case contradicts(column: Column, rows: Int, own: FindingValue, given: FindingValue, byHeader: Bool, line: UInt32)
}

/// A row as it stood in the file: a stretch of its text, or (of XML, of a sheet) the text itself.
public enum RawRow: Sendable {
    case stretch(offset: Int, count: Int)
    case text(String)
}

/// Takes the records of one file of assignments as they are read.
public protocol AssignmentReceiver {
    /// One assignment; its texts are valid only during the call. `unreadable` are the values that were not of their type.
    mutating func receive(_ assignment: borrowing Assignment, unreadable: [UnreadableValue])
    mutating func note(_ note: ImportNote)
    /// About how many assignments are to come in all, as soon as that can be told.
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
