import AgencyModel
import RuleBook
import TextSource

/// A format of inputs, and how its files are recognised. A new format is a type like this, in a file of its own, with a line in
/// `InputFormats.all`. The run, the second reading, the search for workers and the health check all use it.
public protocol InputFormat: Sendable {
    /// Whether the file is of this format, with its tables. Throws if it is but cannot be read.
    func recognise(_ file: InputHead) throws(TextFault) -> Recognition
}

/// What a format says about a file.
public enum Recognition: Sendable {
    /// The file is of the format; its tables, in order.
    case tables([any InputTable])
    /// It is not of the format. `because` is the reason to give if no other format recognises the file either.
    case other(because: TextFault?)
}

/// A recognised table: a file, or a sheet of one. It can be read as often as needed.
public protocol InputTable: Sendable {
    /// The name of the sheet if the file has several tables; nil if it has one.
    var sheet: String? { get }
    /// What it contains, in words, as in the summary, the manifests and a store.
    var what: String { get }
    var holdsAssignments: Bool { get }
    /// Whether it may contain employment spells or a census.
    var holdsEvidence: Bool { get }
    /// The word for a place in it: line or, in a sheet, row.
    var placeName: String { get }

    /// Its content other than assignments.
    func evidence(in source: FileSource, _ settings: ReadSettings) throws(TextFault) -> FileEvidence

    /// The table in parts of about `size` bytes, for several cores; empty if it can only be read on one.
    func parts(of source: FileSource, size: Int) throws(TextFault) -> [FilePart]

    /// Streams its assignments, or those of a part, in which lines are counted from the part's own first line.
    ///
    /// `fresh` makes the receiver: once, or again if the reading must start again. `encoding` is what an earlier reading of the
    /// same file found (`PartOutcome.encoding`); nil if it is not known yet.
    func readAssignments<Receiver: AssignmentReceiver>(
        in source: FileSource, part: FilePart?, encoding: TextEncoding?, _ settings: ReadSettings, progress: (Int) -> Void,
        into fresh: () -> Receiver
    ) throws(TextFault) -> (receiver: Receiver, outcome: PartOutcome)
}

extension InputTable {
    public var sheet: String? { nil }
    public var placeName: String { "line" }

    public func evidence(in source: FileSource, _ settings: ReadSettings) throws(TextFault) -> FileEvidence { FileEvidence() }

    public func parts(of source: FileSource, size: Int) throws(TextFault) -> [FilePart] { [] }

    /// A table without assignments gives none.
    public func readAssignments<Receiver: AssignmentReceiver>(
        in source: FileSource, part: FilePart?, encoding: TextEncoding?, _ settings: ReadSettings, progress: (Int) -> Void,
        into fresh: () -> Receiver
    ) throws(TextFault) -> (receiver: Receiver, outcome: PartOutcome) {
        (fresh(), PartOutcome(counts: RowCounts(), lines: nil, encoding: .utf8))
    }
}

/// Every format that can be read.
public enum InputFormats {
    /// No file belongs to two of them.
    public static let all: [any InputFormat] = [CSVFormat(), ReturnXMLFormat(), CensusXMLFormat()]

    /// The tables of a file, recognised from its content and never from its name. Throws if no format recognises it, or if the
    /// format that does cannot read it.
    public static func tables(
        in source: FileSource, headers: HeaderMapping, formats: [any InputFormat] = all
    ) throws(TextFault) -> [any InputTable] {
        guard !source.head.isEmpty else { throw TextFault("it is empty. Export it again", line: 1, column: 1) }
        let file = InputHead(source, headers: headers)
        var reason = source.binaryFault
        for format in formats {
            switch try format.recognise(file) {
            case .tables(let tables): return tables
            case .other(let because): reason = reason ?? because
            }
        }
        throw reason ?? TableKind.noneFault(line: 1)
    }
}
