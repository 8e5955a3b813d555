import AgencyModel
import TextSource

extension TableDefinition {
    /// Employment histories: a row is one post of a worker.
    static let employmentHistory = TableDefinition(
        what: "employment history", inWords: "an employment history", columns: Column.ofSpell,
        required: [[.sweNumber], [.authorityCode], [.startDate], [.employment], [.setting]], marks: [.employment, .setting],
        marksInWords: "employment and setting (employment history)", holdsAssignments: false, holdsEvidence: true)
}

/// Makes a spell from the values of one row of an employment history.
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
        // A row without a number is as unusable as one with a wrong number, and is reported in the same way.
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
