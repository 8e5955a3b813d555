import AgencyModel
import TextSource

/// What one file holds beside assignments: employment history, authority records, a census.
public struct FileEvidence: Sendable {
    public var spells: [EmploymentSpell] = []
    public var records: [ReadAuthorityRecord] = []
    public var census: Census?
    public var notes: [EvidenceNote] = []
    /// What there is to say of the file as a whole.
    public var fileNotes: [ImportNote] = []
    public var counts = RowCounts()
    /// In which the file was read.
    public var encoding = TextEncoding.utf8
    /// What is to be said of its values as a whole.
    public var readings = FileReadings()
    /// Census workers who gave no spell, by reason.
    public var censusCounts = CensusCounts()

    public init() {}
}

/// Rows of one file, so that the run can show that none was lost.
public struct RowCounts: Equatable, Sendable {
    public var read = 0
    public var rejected = 0
    public var withoutSpell = 0
    /// Values of known columns in the rows that were not rejected, empty ones among them.
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

/// What came of reading a part of a file.
public struct PartOutcome: Sendable {
    public let counts: RowCounts
    /// How many lines the part has; nil where its end turned out to be no record's start, so that the cut was wrong.
    public let lines: UInt32?
    /// In which the file was read.
    public let encoding: TextEncoding
    /// Elements that are not known, with the part's line on which each first stands.
    public var unknown: [UnknownName] = []
    /// Bytes of the names that the parser had to keep.
    public var nameBytes = 0
    /// What is to be said of its values as a whole, lines counted as in the part.
    public var readings = FileReadings()
}

/// What became of a census's workers.
public struct CensusCounts: Equatable, Sendable {
    public var workers = 0
    public var spells = 0
    public var notSWNumber = 0
    public var noStartDate = 0
    /// Agency workers without a start date: the census does not ask it of them, so it is no fault.
    public var agencyWithoutStartDate = 0
    public var agencyFlagUnknown = 0

    public init() {}
}

/// An authority record and where it stands.
public struct ReadAuthorityRecord: Sendable {
    public let record: AuthorityRecord
    public let row: RawRow
}

/// What the import has to say of a row of evidence.
public struct EvidenceNote: Sendable {
    public enum Matter: Sendable {
        case unreadable(field: Column, written: String, wanted: Phrase)
        /// The same of a census element, by its own name.
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

/// Takes the values of one record of evidence.
protocol EvidenceBuilder {
    static var columns: [Column] { get }
    mutating func set(_ column: Column, _ value: Bytes)
    /// A value that is not of its type.
    mutating func reject(_ column: Column, _ value: Bytes, wanted: Phrase?)
    mutating func finish(line: UInt32, row: RawRow, into evidence: inout FileEvidence)
}
