import AgencyModel
import RuleBook

/// Judges the assignments of one file, one at a time, and keeps what the rules across records need.
public struct FileJudge: AssignmentReceiver, Sendable {
    /// What one authority's assignments of one quarter come to in this file.
    public struct Tally: Sendable {
        public internal(set) var assignments = 0
        /// Hours times charge rate; missing ones are 0.
        public internal(set) var cost = Cost()
        /// By `ReturnFamily`: how the assignments keep its rules.
        public internal(set) var families = InlineArray<6, FamilyTally>(repeating: FamilyTally())

        mutating func add(_ other: Tally) {
            assignments += other.assignments
            cost.add(other.cost)
            for family in families.indices {
                families[family].assessed += other.families[family].assessed
                families[family].inError += other.families[family].inError
                families[family].undecided += other.families[family].undecided
            }
        }
    }
    /// How many assignments a family's rules judged, found in error, and could not decide on.
    public struct FamilyTally: Sendable {
        public internal(set) var assessed = 0
        public internal(set) var inError = 0
        public internal(set) var undecided = 0

        /// FULL: no error and nothing undecided. NONE: every assessed record in error. Else PARTIAL.
        public var compliance: ComplianceClaim {
            if inError == 0, undecided == 0 { return .full }
            return assessed > 0 && inError == assessed ? ComplianceClaim.none : .partial
        }
    }
    public struct ReturnKey: Hashable, Comparable, Sendable {
        public let authority: AuthorityCode
        public let quarter: Quarter

        public init(authority: AuthorityCode, quarter: Quarter) {
            self.authority = authority
            self.quarter = quarter
        }

        public static func < (left: ReturnKey, right: ReturnKey) -> Bool {
            (left.authority, left.quarter) < (right.authority, right.quarter)
        }
    }
    /// A place of the file that is not an assignment kept in the ledger.
    public struct Place: Sendable {
        public var line: UInt32
        public var authority: AuthorityCode?
        public var quarter: Quarter?
        public var worker: SWENumber?

        public init(line: UInt32, authority: AuthorityCode? = nil, quarter: Quarter? = nil, worker: SWENumber? = nil) {
            self.line = line
            self.authority = authority
            self.quarter = quarter
            self.worker = worker
        }
    }

    private var circumstances: Circumstances
    private let rules: RuleRegistry
    public private(set) var ledger = AssignmentLedger()
    public private(set) var findings = FindingList()
    public private(set) var places: [Place] = []
    public private(set) var coverage: Coverage
    /// The verdicts until the file's end: by a judgement's place, four numbers. In the judge itself, so that counting copies nothing.
    private var verdicts = InlineArray<256, Int32>(repeating: 0)
    public private(set) var tallies: [ReturnKey: Tally] = [:]
    public private(set) var leftOut = 0

    private var tallyKey: ReturnKey?
    private var tally = Tally()

    public init(book: RuleBook, history: EmploymentHistory, records: AuthorityRecords, rules: RuleRegistry = .shared) {
        circumstances = Circumstances(book: book, history: history, records: records)
        self.rules = rules
        coverage = Coverage(rules)
    }

    // MARK: Assignments

    public mutating func receive(_ assignment: inout Assignment, unreadable: [UnreadableValue]) {
        keep(assignment)
        findings.subject = .assignment(ledger.entries.count - 1)
        for value in unreadable {
            findings.add(
                IMP004_ValueNotOfItsType.finding(
                    of: findings.subject, field: .column(value.column), written: findings.texts.keep(value.written),
                    wanted: value.wanted))
        }
        circumstances = circumstances.settled(for: assignment)
        var stopsAssessment = false
        for (index, judge) in rules.dataRules.enumerated() {
            let verdict = judge.rule.judge(assignment, circumstances, &findings)
            verdicts[judge.place << 2 | Int(verdict.rawValue)] &+= 1
            if verdict == .breach, rules.stopsAssessment[index] { stopsAssessment = true }
        }
        guard !stopsAssessment, assignment.authority != nil, assignment.quarter != nil, assignment.sweNumber != nil,
            assignment.startDate != nil
        else {
            leftOut += 1
            if assignment.authority != nil, assignment.quarter != nil {
                for family in tally.families.indices { tally.families[family].undecided += 1 }
            }
            return
        }
        ledger.markAssessed()
        var outcome = FamilyOutcome()
        for (index, judge) in rules.assessedRules.enumerated() {
            let before = findings.findings.count
            let verdict = judge.rule.judge(assignment, circumstances, &findings)
            verdicts[judge.place << 2 | Int(verdict.rawValue)] &+= 1
            outcome.note(verdict, of: rules.familyBits[index])
            if verdict == .breach {
                for finding in findings.findings[before...] where rules.severity(of: finding.rule) == .error {
                    outcome.inError |= rules.familyBits[index]
                }
            }
        }
        outcome.count(into: &tally)
    }

    /// How one assignment keeps each family of rules: a bit for each `ReturnFamily`.
    private struct FamilyOutcome {
        var assessed: UInt8 = 0
        var inError: UInt8 = 0
        var undecided: UInt8 = 0

        @inline(__always)
        mutating func note(_ verdict: Verdict, of bit: UInt8) {
            switch verdict {
            case .notApplicable: break
            case .undecided: undecided |= bit
            case .clear, .breach: assessed |= bit
            }
        }

        @inline(__always)
        func count(into tally: inout Tally) {
            for family in tally.families.indices {
                tally.families[family].assessed += Int(assessed >> UInt8(family) & 1)
                tally.families[family].inError += Int(inError >> UInt8(family) & 1)
                tally.families[family].undecided += Int(undecided >> UInt8(family) & 1)
            }
        }
    }

    public mutating func expect(_ assignments: Int) { ledger.reserve(assignments) }

    private mutating func keep(_ assignment: Assignment) {
        var entry = AssignmentLedger.Entry()
        entry.worker = assignment.sweNumber?.number ?? 0
        entry.start = assignment.startDate?.dayNumber ?? 0
        entry.end = assignment.endDate?.dayNumber ?? AssignmentLedger.Entry.openEnd
        entry.line = assignment.line
        entry.authority = assignment.authority?.number ?? 0xFFFF
        entry.quarter = assignment.quarter?.index ?? 0xFFFF
        entry.role = assignment.role?.rawValue ?? 0xFF
        ledger.append(
            entry, id: assignment.assignmentID, agency: assignment.agency, weeklyHours: assignment.weeklyHours,
            cappedRate: assignment.cappedRate)
        if let authority = assignment.authority, let quarter = assignment.quarter {
            let key = ReturnKey(authority: authority, quarter: quarter)
            if key != tallyKey {
                storeTally()
                tallyKey = key
                tally = tallies[key] ?? Tally()
            }
            tally.assignments += 1
            if let hours = assignment.hoursInQuarter, let rate = assignment.chargeRate {
                tally.cost.add(hours: hours, rate: rate)
            }
        }
    }

    private mutating func storeTally() {
        if let tallyKey { tallies[tallyKey] = tally }
    }

    // MARK: The import

    public mutating func note(_ note: ImportNote) {
        switch note {
        case .fileRefused(let reason, let line, _):
            findings.add(IMP001_FileRefused.finding(of: place(line), reason: findings.texts.keep(wording: reason)))
        case .unknownColumn(let name, let line):
            let hint = circumstances.book.headers.suggestion(for: name).map { column in
                findings.texts.keep(wording: "Did you mean \(column.name)? ")
            }
            findings.add(IMP002_UnknownColumn.finding(of: place(line), name: findings.texts.keep(name), hint: hint))
        case .rowRejected(let reason, let line, let offset, let count):
            findings.add(
                IMP003_RowRejected.finding(
                    of: place(line), reason: findings.texts.keep(wording: reason), row: .stretch(offset: offset, count: count)))
        case .headerUnreadable(let column, let written, let wanted, let line):
            findings.add(
                IMP004_ValueNotOfItsType.finding(
                    of: place(line), field: .column(column), written: findings.texts.keep(written), wanted: wanted))
        case .readAsWindows1252:
            findings.add(IMP005_ReadAsWindows1252.finding(of: place(0)))
        }
    }

    /// An unreadable value of an employment history, an authority record or a census.
    public mutating func noteUnreadable(
        column: Column?, element: String?, written: String, wanted: Phrase, at place: Place
    ) {
        let field: FindingValue = column.map { .column($0) } ?? .text(findings.texts.keep(element ?? ""))
        findings.add(
            IMP004_ValueNotOfItsType.finding(
                of: self.place(place), field: field, written: findings.texts.keep(written), wanted: wanted))
    }

    /// A row that is rejected, its text given.
    public mutating func noteRejected(reason: String, text: String, line: UInt32) {
        findings.add(
            IMP003_RowRejected.finding(
                of: place(line), reason: findings.texts.keep(wording: reason), row: .text(findings.texts.keep(text))))
    }

    private mutating func place(_ line: UInt32) -> Subject { place(Place(line: line)) }

    private mutating func place(_ place: Place) -> Subject {
        places.append(place)
        return .other(places.count - 1)
    }

    // MARK: The end

    /// To be called once, when the file's last record is in.
    public mutating func finish() {
        for slot in verdicts.indices where verdicts[slot] > 0 {
            coverage.count(Verdict(rawValue: UInt8(slot & 3))!, of: slot >> 2, times: Int(verdicts[slot]))
            verdicts[slot] = 0
        }
        storeTally()
        tallyKey = nil
        coverage.leaveOut(leftOut)
    }

    /// For a part of a file that was read from its own first line on: so many lines stand before it.
    public mutating func shiftLines(by lines: UInt32) {
        ledger.linesBefore = lines
        for place in places.indices where places[place].line > 0 { places[place].line += lines }
    }

    /// Adds a finding of a rule across records.
    mutating func add(_ finding: Finding) { findings.add(finding) }
    mutating func keepText(_ text: String) -> TextRef { findings.texts.keep(text) }
    mutating func newPlace(_ place: Place) -> Subject { self.place(place) }
}
