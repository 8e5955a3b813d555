/// Why a file cannot be read as text. The words say what is wrong and what to do, without a full stop at the end.
public struct TextFault: Error, Equatable, Sendable {
    public let reason: String
    /// From 1; 0 if it is not known.
    public var line: UInt32
    public var column: UInt32

    public init(_ reason: String, line: UInt32 = 0, column: UInt32 = 0) {
        self.reason = reason
        self.line = line
        self.column = column
    }

    public static func tooManyRecords(_ limits: Limits, line: UInt32) -> TextFault {
        TextFault("it has more than \(limits.records) rows, the most that one file may have. Split it", line: line, column: 1)
    }

    public static let changed = TextFault("it was changed while it was read. Close it in other programs and run again")

    /// The bytes are not UTF-8. This is the only fault after which the file is read again, as Windows-1252.
    static let notUTF8 = "it is not UTF-8"
    public var isNotUTF8: Bool { reason == TextFault.notUTF8 }
}
