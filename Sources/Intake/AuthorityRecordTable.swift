import AgencyModel
import TextSource

extension TableDefinition {
    /// Authority records: a row is what one authority says about a quarter.
    static let authorityRecords = TableDefinition(
        what: "authority records", inWords: "authority records", columns: Column.ofAuthorityRecord,
        required: [[.authorityCode], [.quarter], [.costMonth1]], marks: [.costMonth1],
        marksInWords: "cost_month_1 (authority record)", holdsAssignments: false, holdsEvidence: false)
}

/// Makes an authority record from the values of one row.
struct AuthorityRecordBuilder: EvidenceBuilder {
    static let columns = Column.ofAuthorityRecord

    let defaults: RecordDefaults
    private var authority: AuthorityCode?
    private var quarter: Quarter?
    private var keyUnreadable = ColumnSet()
    private var record: AuthorityRecord
    /// The values from the command, and the columns of the defaults that a header gave instead.
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
        default:
            if let family = ReturnFamily.allCases.first(where: { $0.complianceColumn == column }) {
                record.claims[family] = typed(ComplianceClaim.init(_:))
            } else if let family = ReturnFamily.allCases.first(where: { $0.explanationColumn == column }) {
                record.explanations[family] = value.text
            } else {
                preconditionFailure("not a column of an authority record")
            }
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
            // If the key is there but cannot be read, IMP004 has already reported it.
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
