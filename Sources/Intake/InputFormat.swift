import AgencyModel
import RuleBook
import TextSource

/// A format of inputs: how a file of it is recognised. A new format is a type like this, in a file of its own, and its line in
/// `InputFormats.all`: the run, the second reading, the search for workers and the health check all read through it.
public protocol InputFormat: Sendable {
    /// Whether the file is of this format, and then its tables. Throws where it is, and cannot be read.
    func recognise(_ file: InputHead) throws(TextFault) -> Recognition
}

/// What a format says of a file.
public enum Recognition: Sendable {
    /// It is of the format: its tables, in their order.
    case tables([any InputTable])
    /// It is not; `because` is what to say where no other format knows the file either.
    case other(because: TextFault?)
}

/// A table that is recognised: all of a file, or a sheet of one. Can be read as often as needed.
public protocol InputTable: Sendable {
    /// The sheet's name where the file has several tables; nil where it has one.
    var sheet: String? { get }
    /// What it holds, in words, as the summary, the manifests and a store name it.
    var what: String { get }
    var holdsAssignments: Bool { get }
    /// Whether it may hold employment spells or a census.
    var holdsEvidence: Bool { get }
    /// What people call a place in it: its line; of a sheet its row.
    var placeName: String { get }

    /// What it holds beside assignments.
    func evidence(in source: FileSource, _ settings: ReadSettings) throws(TextFault) -> FileEvidence

    /// The table in parts of about `size` bytes, for several cores; none where it is only read as a whole.
    func parts(of source: FileSource, size: Int) throws(TextFault) -> [FilePart]

    /// Streams its assignments, or those of a part: then lines are counted from the part's own first line.
    ///
    /// `fresh` makes the receiver: once, or again where the reading has to begin anew. `encoding` is what an earlier reading of the same
    /// file found (`PartOutcome.encoding`); nil where it is still to be found out.
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

/// Every format that is read.
public enum InputFormats {
    /// No file is of two of them.
    public static let all: [any InputFormat] = [CSVFormat(), ReturnXMLFormat(), CensusXMLFormat()]

    /// The tables of a file, recognised from its content, never from its name. Throws where no format knows it, and where the one that
    /// does cannot read it.
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
