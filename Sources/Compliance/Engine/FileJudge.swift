import AgencyModel
import RuleBook

/// Judges the assignments of one file, one by one, and keeps what the rules across records need.
public struct FileJudge: AssignmentReceiver, Sendable {
    /// The totals of one authority's assignments for one quarter in this file.
    public struct Tally: Sendable {
        /// Rows.
        public internal(set) var assignments = 0
        /// The rows that continue an assignment whose rate changed. Known once the run is judged.
        public internal(set) var furtherParts = 0
        /// Hours multiplied by charge rate; missing ones are 0.
        public internal(set) var cost = Cost()
        /// How the assignments keep each family's rules.
        public internal(set) var families = ByFamily(repeating: FamilyTally())

        mutating func add(_ other: Tally) {
            assignments += other.assignments
            furtherParts += other.furtherParts
            cost.add(other.cost)
            families.changeAll { $1.add(other.families[$0]) }
        }
    }
    /// How many assignments a family's rules assessed, found in error and could not decide.
    public struct FamilyTally: Sendable {
        public internal(set) var assessed = 0
        public internal(set) var inError = 0
        public internal(set) var undecided = 0

        public init() {}

        mutating func add(_ other: FamilyTally) {
            assessed += other.assessed
            inError += other.inError
            undecided += other.undecided
        }

        /// FULL: no error and nothing undecided. NONE: every assessed record is in error. Otherwise PARTIAL.
        public var compliance: ComplianceClaim {
            if inError == 0, undecided == 0 { return .full }
            return assessed > 0 && inError == assessed ? ComplianceClaim.none : .partial
        }
    }
    /// A place in the file that is not an assignment in the ledger.
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
    /// Of each rule of assessed assignments its family, as a set of one.
    private var familySets = InlineArray<32, FamilySet>(repeating: FamilySet())
    /// The verdicts until the end of the file, four numbers for each rule for assignments. They are in the judge itself, so that
    /// counting copies nothing.
    private var dataVerdicts = InlineArray<128, Int32>(repeating: 0)
    private var assessedVerdicts = InlineArray<128, Int32>(repeating: 0)
    public private(set) var tallies: [ReturnKey: Tally] = [:]
    public private(set) var leftOut = 0

    private var tallyKey: ReturnKey?
    private var tally = Tally()

    public init(book: RuleBook, history: EmploymentHistory, records: AuthorityRecords, rules: RuleRegistry = .shared) {
        circumstances = Circumstances(book: book, history: history, records: records)
        self.rules = rules
        coverage = Coverage(rules)
        for (place, judge) in rules.assessedRules.enumerated() { familySets[place] = judge.family }
    }

    // MARK: Assignments

    public mutating func receive(_ assignment: borrowing Assignment, unreadable: [UnreadableValue]) {
        keep(assignment)
        findings.subject = .assignment(ledger.entries.count - 1)
        for value in unreadable {
            findings.add(
                IMP004_ValueNotOfItsType.finding(
                    of: findings.subject, field: .column(value.column), written: findings.texts.keep(value.written),
                    wanted: value.wanted))
        }
        if !circumstances.hold(for: assignment.authority, assignment.quarter) {
            circumstances = circumstances.settled(for: assignment.authority, assignment.quarter)
        }
        if judgeData(assignment), assignment.assessed({ judgeAssessed($0) }) != nil { return }
        leftOut += 1
        if assignment.authority != nil, assignment.quarter != nil { tally.families.changeAll { $1.undecided += 1 } }
    }

    /// Returns whether the assignment can be assessed.
    private mutating func judgeData(_ assignment: borrowing Assignment) -> Bool {
        withUnsafePointer(to: assignment) { assignment in
            withUnsafeMutablePointer(to: &self) { judge in
                var judging = DataJudging()
                RuleRegistry.visitDataRules(
                    &judging, Judged(assignment: assignment, circumstances: judge.pointee.circumstances, judge: judge))
                return !judging.stopsAssessment
            }
        }
    }

    private mutating func judgeAssessed(_ assignment: borrowing AssessedAssignment) {
        ledger.markAssessed()
        withUnsafePointer(to: assignment) { assignment in
            withUnsafeMutablePointer(to: &self) { judge in
                var judging = AssessedJudging(findings: judge.pointee.findings.findings.count)
                RuleRegistry.visitAssessedRules(
                    &judging, JudgedAssessed(assignment: assignment, circumstances: judge.pointee.circumstances, judge: judge))
                judging.outcome.count(into: &judge.pointee.tally)
            }
        }
    }

    /// What the rules of all assignments are shown, and those of assessed ones.
    private struct Judged {
        let assignment: UnsafePointer<Assignment>
        let circumstances: Circumstances
        let judge: UnsafeMutablePointer<FileJudge>

        @inline(__always)
        func verdict<Rule: AssignmentRule>(of rule: Rule.Type) -> Verdict {
            rule.judge(assignment.pointee, circumstances, &judge.pointee.findings)
        }
    }

    private struct JudgedAssessed {
        let assignment: UnsafePointer<AssessedAssignment>
        let circumstances: Circumstances
        let judge: UnsafeMutablePointer<FileJudge>

        @inline(__always)
        func verdict<Rule: AssessedRule>(of rule: Rule.Type) -> Verdict {
            rule.judge(assignment.pointee, circumstances, &judge.pointee.findings)
        }
    }

    /// Judges one assignment by the rules that look at all assignments.
    private struct DataJudging: RuleVisitor {
        var place = 0
        var stopsAssessment = false

        @inline(__always)
        mutating func visit<Rule: AssignmentRule>(_ rule: Rule.Type, _ judged: borrowing Judged) {
            let verdict = judged.verdict(of: rule)
            judged.judge.pointee.dataVerdicts[place << 2 | Int(verdict.rawValue)] &+= 1
            if verdict == .breach, judged.judge.pointee.rules.dataRules[place].stopsAssessment { stopsAssessment = true }
            place += 1
        }
    }

    /// Judges one assignment by the rules that look at assessed assignments.
    private struct AssessedJudging: AssessedRuleVisitor {
        var place = 0
        /// The number of findings before the rule: only a breach adds to them.
        var findings: Int
        var outcome = FamilyOutcome()

        @inline(__always)
        mutating func visit<Rule: AssessedRule>(_ rule: Rule.Type, _ judged: borrowing JudgedAssessed) {
            let verdict = judged.verdict(of: rule)
            judged.judge.pointee.assessedVerdicts[place << 2 | Int(verdict.rawValue)] &+= 1
            let family = judged.judge.pointee.familySets[place]
            outcome.note(verdict, of: family)
            if verdict == .breach {
                if judged.judge.pointee.isAnyError(from: findings) { outcome.inError.formUnion(family) }
                findings = judged.judge.pointee.findings.findings.count
            }
            place += 1
        }
    }

    private func isAnyError(from place: Int) -> Bool {
        findings.findings[place...].contains { rules.severity(of: $0.rule) == .error }
    }

    /// How one assignment keeps each family of rules.
    private struct FamilyOutcome {
        /// By `Verdict`.
        private var byVerdict = InlineArray<4, FamilySet>(repeating: FamilySet())
        var inError = FamilySet()

        @inline(__always)
        mutating func note(_ verdict: Verdict, of family: FamilySet) { byVerdict[Int(verdict.rawValue)].formUnion(family) }

        private subscript(verdict: Verdict) -> FamilySet { byVerdict[Int(verdict.rawValue)] }

        @inline(__always)
        func count(into tally: inout Tally) {
            tally.families.change(self[.clear].union(self[.breach])) { $0.assessed += 1 }
            tally.families.change(inError) { $0.inError += 1 }
            tally.families.change(self[.undecided]) { $0.undecided += 1 }
        }
    }

    public mutating func expect(_ assignments: Int) { ledger.reserve(assignments) }

    private mutating func keep(_ assignment: borrowing Assignment) {
        ledger.append(assignment)
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
        case .unknownName(let name, let words, let line):
            findings.add(
                IMP002_UnknownColumn.finding(
                    of: place(line), name: findings.texts.keep(name), words: findings.texts.keep(wording: words)))
        case .rowRejected(let reason, let line, let row): noteRejected(reason: reason, row: row, at: Place(line: line))
        case .headerUnreadable(let column, let written, let wanted, let line):
            findings.add(
                IMP004_ValueNotOfItsType.finding(
                    of: place(line), field: .column(column), written: findings.texts.keep(written), wanted: wanted))
        case .readAsWindows1252(let line):
            let words = line > 0 ? ", first on line \(line)," : ""
            findings.add(IMP005_ReadAsWindows1252.finding(of: place(0), place: findings.texts.keep(wording: words)))
        case .readPlainly(let column, let values, let isName, let example, let line):
            findings.add(
                IMP007_ReadInPlainForm.finding(
                    of: place(line), column: column, values: values, isName: isName, example: example, &findings.texts))
        case .contradicts(let column, let rows, let own, let given, let byHeader, let line):
            findings.add(
                IMP008_RowsContradict.finding(
                    of: place(line), column: column, rows: rows, own: own, given: given, byHeader: byHeader, &findings.texts))
        }
    }

    /// Reports an unreadable value of an employment history, an authority record or a census.
    public mutating func noteUnreadable(
        column: Column?, element: String?, written: String, wanted: Phrase, at place: Place
    ) {
        let field: FindingValue = column.map { .column($0) } ?? .text(findings.texts.keep(element ?? ""))
        findings.add(
            IMP004_ValueNotOfItsType.finding(
                of: self.place(place), field: field, written: findings.texts.keep(written), wanted: wanted))
    }

    /// Reports a rejected row: its text, or its range in the file.
    public mutating func noteRejected(reason: String, row: RawRow, at place: Place) {
        let row: FindingValue =
            switch row {
            case .stretch(let offset, let count): .stretch(offset: offset, count: count)
            case .text(let text): .text(findings.texts.keep(text))
            }
        findings.add(IMP003_RowRejected.finding(of: self.place(place), reason: findings.texts.keep(wording: reason), row: row))
    }

    private mutating func place(_ line: UInt32) -> Subject { place(Place(line: line)) }

    private mutating func place(_ place: Place) -> Subject {
        places.append(place)
        return .other(places.count - 1)
    }

    // MARK: The end of a file

    /// Call it once, after the last record of the file.
    public mutating func finish() {
        for slot in dataVerdicts.indices {
            count(dataVerdicts[slot], slot, rules.dataRules)
            count(assessedVerdicts[slot], slot, rules.assessedRules)
            (dataVerdicts[slot], assessedVerdicts[slot]) = (0, 0)
        }
        storeTally()
        tallyKey = nil
        coverage.leaveOut(leftOut)
    }

    private mutating func count(_ verdicts: Int32, _ slot: Int, _ judges: [RuleRegistry.Judge]) {
        if verdicts > 0 { coverage.count(Verdict(rawValue: UInt8(slot & 3))!, of: judges[slot >> 2].place, times: Int(verdicts)) }
    }

    /// For a part of a file that was read from its own first line: `lines` is the number of lines before it.
    public mutating func shiftLines(by lines: UInt32) {
        ledger.linesBefore = lines
        for place in places.indices where places[place].line > 0 { places[place].line += lines }
    }

    /// Adds a finding of a rule across records.
    mutating func add(_ finding: Finding) { findings.add(finding) }
    mutating func takeBack(_ rule: RuleCode, of entries: Set<Int>) { findings.takeBack(rule, of: entries) }
    mutating func keepText(_ text: String) -> TextRef { findings.texts.keep(text) }
    mutating func newPlace(_ place: Place) -> Subject { self.place(place) }
}
