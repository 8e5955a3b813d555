import AgencyModel
import TextSource

/// The content of one file other than assignments: employment history, authority records, a census.
public struct FileEvidence: Sendable {
    public var spells: [EmploymentSpell] = []
    public var records: [ReadAuthorityRecord] = []
    public var census: Census?
    public var notes: [EvidenceNote] = []
    /// What to report about the file.
    public var fileNotes: [ImportNote] = []
    public var counts = RowCounts()
    /// The encoding in which the file was read.
    public var encoding = TextEncoding.utf8
    /// What to report about its values in general.
    public var readings = FileReadings()
    /// The census workers whose rows do not count as a spell, by reason.
    public var censusCounts = CensusCounts()

    public init() {}
}

/// The counts of a file's rows, so that the run can show that none was lost.
public struct RowCounts: Equatable, Sendable {
    public var read = 0
    public var rejected = 0
    public var withoutSpell = 0
    /// The number of values in known columns of rows that were not rejected, including empty ones.
    public var values = 0
    public var checked: Int { read - rejected - withoutSpell }

    public init() {}

    public static func += (left: inout RowCounts, right: RowCounts) {
        left.read += right.read
        left.rejected += right.rejected
        left.withoutSpell += right.withoutSpell
        left.values += right.values
    }
}

/// The result of reading a part of a file.
public struct PartOutcome: Sendable {
    public let counts: RowCounts
    /// The number of lines in the part; nil if its end was not the start of a record, so that the cut was wrong.
    public let lines: UInt32?
    /// The encoding in which the file was read.
    public let encoding: TextEncoding
    /// Unknown elements, with the line of the part where each first occurs.
    public var unknown: [UnknownName] = []
    /// The bytes of the names that the parser had to keep.
    public var nameBytes = 0
    /// What to report about its values in general, with lines counted in the part.
    public var readings = FileReadings()
}

/// What happened to a census's workers.
public struct CensusCounts: Equatable, Sendable {
    public var workers = 0
    public var spells = 0
    public var notSWNumber = 0
    public var noStartDate = 0
    /// Agency workers without a start date. The census does not ask for it, so it is not an error.
    public var agencyWithoutStartDate = 0
    public var agencyFlagUnknown = 0

    public init() {}
}

/// An authority record and where it is.
public struct ReadAuthorityRecord: Sendable {
    public let record: AuthorityRecord
    public let row: RawRow
}

/// What the import reports about a row of evidence.
public struct EvidenceNote: Sendable {
    public enum Matter: Sendable {
        case unreadable(field: Column, written: String, wanted: Phrase)
        /// The same for a census element, by its own name.
        case unreadableElement(name: String, written: String, wanted: Phrase)
        case rejected(reason: String, row: RawRow)
    }

    public let matter: Matter
    public let line: UInt32
    public var authority: AuthorityCode?
    public var quarter: Quarter?
    public var worker: SWENumber?

    public init(
        _ matter: Matter, line: UInt32, authority: AuthorityCode? = nil, quarter: Quarter? = nil, worker: SWENumber? = nil
    ) {
        self.matter = matter
        self.line = line
        self.authority = authority
        self.quarter = quarter
        self.worker = worker
    }
}

/// Receives the values of one record of evidence.
protocol EvidenceBuilder {
    static var columns: [Column] { get }
    mutating func set(_ column: Column, _ value: Bytes)
    /// A value that is not of its type.
    mutating func reject(_ column: Column, _ value: Bytes, wanted: Phrase?)
    mutating func finish(line: UInt32, row: RawRow, into evidence: inout FileEvidence)
}
