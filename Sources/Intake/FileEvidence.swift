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

/// A row as it stood in the file: a stretch of its text, or (XML) the text itself.
public enum RawRow: Sendable {
    case stretch(offset: Int, count: Int)
    case text(String)
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

/// Makes a spell of the values of one row of an employment history.
struct SpellBuilder: EvidenceBuilder {
    static let columns = Column.ofSpell

    private var worker: SWENumber?
    private var authority: AuthorityCode?
    private var start: CalendarDate?
    private var end: CalendarDate?
    private var employment: Employment?
    private var setting: Setting?
    private var registered: Bool?
    private var reason: LeavingReason?
    private var numberWasReported = false
    private var readings = FileReadings()
    private var unreadable: [(Column, String, Phrase)] = []

    init() {}

    mutating func reject(_ column: Column, _ value: Bytes, wanted: Phrase?) {
        if column == .sweNumber { numberWasReported = true }
        unreadable.append((column, value.text, wanted ?? column.wanted))
    }

    mutating func set(_ column: Column, _ value: Bytes) {
        if value.isEmpty { return }
        func typed<Value>(_ read: (Bytes) -> Value?) -> Value? {
            if let read = read(value) ?? readings.plainly(column, value, line: 0, read) { return read }
            if !readings.isNothing(column, value, line: 0) { unreadable.append((column, value.text, column.wanted)) }
            return nil
        }
        switch column {
        case .sweNumber:
            worker = SWENumber(value) ?? readings.plainNumber(value, line: 0)
            if worker == nil, !readings.isNothing(column, value, line: 0) {
                unreadable.append((column, value.text, column.wanted))
                numberWasReported = true
            }
        case .authorityCode: authority = typed(AuthorityCode.init(_:))
        case .startDate: start = typed(CalendarDate.ofPost)
        case .endDate: end = typed(CalendarDate.ofPost)
        case .employment: employment = typed(Employment.init(_:))
        case .setting: setting = typed(Setting.init(_:))
        case .registered: registered = typed(yesOrNo)
        case .leavingReason: reason = typed(LeavingReason.init(_:))
        default: preconditionFailure("not a column of an employment history")
        }
    }

    mutating func finish(line: UInt32, row: RawRow, into evidence: inout FileEvidence) {
        evidence.counts.read += 1
        // A row without a number is as unusable as one with a wrong one, and is said alike.
        if worker == nil, !numberWasReported { unreadable.append((.sweNumber, "", .sweNumber)) }
        for (column, written, wanted) in unreadable {
            evidence.notes.append(
                EvidenceNote(
                    .unreadable(field: column, written: written, wanted: wanted), line: line, authority: authority, worker: worker))
        }
        if let worker, let start {
            evidence.spells.append(
                EmploymentSpell(
                    worker: worker, authority: authority, start: start, end: end, employment: employment, setting: setting,
                    registered: registered ?? true, leavingReason: reason))
        } else {
            evidence.counts.withoutSpell += 1
        }
        evidence.readings.add(readings, linesBefore: line)
        self = SpellBuilder()
    }
}

/// Makes an authority record of the values of one row.
struct AuthorityRecordBuilder: EvidenceBuilder {
    static let columns = Column.ofAuthorityRecord

    let defaults: RecordDefaults
    private var authority: AuthorityCode?
    private var quarter: Quarter?
    private var keyUnreadable = ColumnSet()
    private var record: AuthorityRecord
    /// What the command says, and which columns of the defaults a header gave instead.
    private let command: RecordDefaults
    private let givenByHeader: ColumnSet
    private var readings = FileReadings()
    private var unreadable: [(Column, String, Phrase)] = []

    init(defaults: RecordDefaults, command: RecordDefaults, givenByHeader: ColumnSet = ColumnSet()) {
        self.defaults = defaults
        self.command = command
        self.givenByHeader = givenByHeader
        record = AuthorityRecord(authority: AuthorityCode(number: 0), quarter: Quarter(index: 0), line: 0)
    }

    mutating func reject(_ column: Column, _ value: Bytes, wanted: Phrase?) {
        keyUnreadable.insert(column)
        unreadable.append((column, value.text, wanted ?? column.wanted))
    }

    mutating func set(_ column: Column, _ value: Bytes) {
        if value.isEmpty { return }
        func typed<Value>(_ read: (Bytes) -> Value?) -> Value? {
            if let read = read(value) ?? readings.plainly(column, value, line: 0, read) { return read }
            if !readings.isNothing(column, value, line: 0) { reject(column, value, wanted: nil) }
            return nil
        }
        let place = Int(column.rawValue)
        switch column {
        case .authorityCode: authority = typed(AuthorityCode.init(_:))
        case .quarter: quarter = typed(Quarter.init(_:))
        case .costMonth1, .costMonth2, .costMonth3:
            record.monthlyCosts[place - Int(Column.costMonth1.rawValue)] = typed(Money.init(_:))
        case .noticeWeeksSW, .noticeWeeksSSW, .noticeWeeksAP, .noticeWeeksTM, .noticeWeeksIRO:
            record.noticeWeeks[place - Int(Column.noticeWeeksSW.rawValue)] = typed(Quantity.init(_:))
        case .noAgencyWorkers: record.noAgencyWorkers = typed(yesOrNo)
        case _ where place >= Int(Column.capsCompliance.rawValue):
            let (family, isExplanation) = (place - Int(Column.capsCompliance.rawValue)).quotientAndRemainder(dividingBy: 2)
            if isExplanation == 1 {
                record.explanations[family] = value.text
            } else {
                record.claims[family] = typed(ComplianceClaim.init(_:))
            }
        default: preconditionFailure("not a column of an authority record")
        }
    }

    mutating func finish(line: UInt32, row: RawRow, into evidence: inout FileEvidence) {
        evidence.counts.read += 1
        let authority = keyUnreadable.contains(.authorityCode) ? nil : self.authority ?? defaults.authority
        let quarter = keyUnreadable.contains(.quarter) ? nil : self.quarter ?? defaults.quarter
        for (column, written, wanted) in unreadable {
            evidence.notes.append(
                EvidenceNote(
                    .unreadable(field: column, written: written, wanted: wanted), line: line, authority: authority,
                    quarter: quarter))
        }
        if let authority, let quarter {
            record.authority = authority
            record.quarter = quarter
            record.line = line
            evidence.records.append(ReadAuthorityRecord(record: record, row: row))
        } else if authority == nil && !keyUnreadable.contains(.authorityCode)
            || quarter == nil && !keyUnreadable.contains(.quarter)
        {
            // Where the key is there but cannot be read, IMP004 has spoken.
            evidence.counts.rejected += 1
            evidence.notes.append(
                EvidenceNote(
                    .rejected(
                        reason:
                            "the authority record does not say which authority and quarter it is for. Fill in authority_code and quarter",
                        row: row), line: line, authority: authority, quarter: quarter))
        }
        if let authority {
            readings.compare(
                authority, defaults.authority, byHeader: givenByHeader.contains(.authorityCode), command.authority, line: 0)
        }
        if let quarter {
            readings.compare(quarter, defaults.quarter, byHeader: givenByHeader.contains(.quarter), command.quarter, line: 0)
        }
        evidence.readings.add(readings, linesBefore: line)
        self = AuthorityRecordBuilder(defaults: defaults, command: command, givenByHeader: givenByHeader)
    }
}
