import AgencyModel
import Compliance

/// One authority's return for a quarter, as the run found it.
public struct CheckedReturn: Sendable {
    /// A finding: the part's place in the judgement and the finding's place in it.
    public typealias FindingPlace = (part: Int, finding: Int)

    public let key: ReturnKey
    /// The authority's name; `not known` where the table has none.
    public let name: String
    /// Nil for an authority outside the table.
    public let region: String?
    /// Rows of assignments that were read, assessed or not.
    public let records: Int
    /// Assignments: one whose rate changed has several rows and counts once.
    public let assignments: Int
    /// Hours times charge rate of the assignments, to the penny.
    public let cost: Money
    /// As computed.
    public let families: ByFamily<FileJudge.FamilyTally>
    /// What the authority says of itself.
    public let record: AuthorityRecord?
    /// The files that hold its assignments or its record, by their places.
    public fileprivate(set) var files: [Int] = []
    public fileprivate(set) var errors = 0
    public fileprivate(set) var warnings = 0
    public fileprivate(set) var notices = 0
    public fileprivate(set) var capBreaches = 0
    /// The error findings that keep the submission from being sent (`RuleFamily.holdsUpSubmission`).
    public fileprivate(set) var blockers: [FindingPlace] = []
    /// Whether the authority says that it had no agency workers, and the run has no assignment of it.
    public let isNil: Bool
    /// What keeps the submission from being sent and is no finding of a rule.
    public let obstacle: Obstacle?

    public enum Obstacle: Sendable {
        /// The record says that there were no agency workers, and there are assignments.
        case recordSaysNone
        /// A nil return of an authority that is not in the table, or not on the quarter's last day.
        case authorityNotKnown
    }

    public var authority: AuthorityCode { key.authority }
    public var quarter: Quarter { key.quarter }
    public var problems: Int { blockers.count + (obstacle == nil ? 0 : 1) }
    public var isReady: Bool { problems == 0 }
}

/// What a run comes to: of each return and in all.
public struct RunSummary: Sendable {
    /// By authority and quarter.
    public private(set) var returns: [CheckedReturn] = []
    public private(set) var errors = 0
    public private(set) var warnings = 0
    public private(set) var notices = 0
    /// Findings of no authority and quarter of the run: files refused, rows rejected, histories.
    public private(set) var errorsElsewhere = 0
    /// Of which the run has an authority record and no assignment, and no word that there is none: there is nothing to judge or to submit.
    public let recordsAlone: [ReturnKey]

    /// `declaredNil` is a nil return that the command line declares; a record declares one by no_agency_workers. Without
    /// `takesNilReturns` such a record stands alone.
    public init(_ result: CheckResult, declaredNil: ReturnKey? = nil, takesNilReturns: Bool = true) {
        let run = result.judgement
        let alone = result.records.keys.filter { run.tallies[$0] == nil }
        var nilKeys = Set(
            takesNilReturns ? alone.filter { result.records[$0.authority, $0.quarter]?.noAgencyWorkers == true } : [])
        if let declaredNil, run.tallies[declaredNil] == nil { nilKeys.insert(declaredNil) }
        recordsAlone = alone.filter { !nilKeys.contains($0) }
        let keys = Array(run.tallies.keys) + nilKeys
        returns = keys.sorted().map { key in
            let tally = run.tallies[key]
            let authority = run.book.authorities[key.authority]
            let record = result.records[key.authority, key.quarter]
            let isKnown = authority?.isValid(on: key.quarter.lastDay) ?? false
            return CheckedReturn(
                key: key, name: authority?.name ?? "not known", region: authority.map { run.book.authorities.regions[$0.region] },
                records: tally?.assignments ?? 0, assignments: tally.map { $0.assignments - $0.furtherParts } ?? 0,
                cost: tally?.cost.toThePenny ?? .zero,
                families: tally?.families ?? ByFamily(repeating: FileJudge.FamilyTally()),
                record: record, isNil: tally == nil,
                obstacle: tally == nil
                    ? isKnown ? nil : .authorityNotKnown : record?.noAgencyWorkers == true ? .recordSaysNone : nil)
        }
        let places = Dictionary(uniqueKeysWithValues: returns.enumerated().map { ($1.key, $0) })
        for (file, judge) in run.parts.enumerated() where file < run.fileOfPart.count {
            for key in judge.tallies.keys { returns[places[key]!].files.append(run.fileOfPart[file]) }
        }
        for place in returns.indices {
            let key = returns[place].key
            if let file = result.records.file(key.authority, key.quarter), !returns[place].files.contains(file) {
                returns[place].files.append(file)
            }
            returns[place].files = Set(returns[place].files).sorted()
        }
        for (file, judge) in run.parts.enumerated() {
            for (index, finding) in judge.findings.findings.enumerated() {
                let severity = run.rules.severity(of: finding.rule)
                switch severity {
                case .error: errors += 1
                case .warning: warnings += 1
                case .notice: notices += 1
                }
                let (authority, key) = RunSummary.key(finding, in: judge)
                let blocks = severity == .error && finding.rule.family.holdsUpSubmission
                if let place = key.flatMap({ places[$0] }) {
                    switch severity {
                    case .error: returns[place].errors += 1
                    case .warning: returns[place].warnings += 1
                    case .notice: returns[place].notices += 1
                    }
                    if CAP001_RateAboveCap.has(finding.rule) { returns[place].capBreaches += 1 }
                    if blocks { returns[place].blockers.append((file, index)) }
                } else {
                    if severity == .error { errorsElsewhere += 1 }
                    if blocks { block(authority, file, index, run.fileOfPart) }
                }
            }
        }
    }

    /// A finding that names no return of the run stops those that it may belong to: the authority's where it names one, else those
    /// of its file; where the file holds none (it was refused, or is a history without authority), every one of the run.
    private mutating func block(_ authority: AuthorityCode?, _ part: Int, _ finding: Int, _ fileOfPart: [Int]) {
        let file = part < fileOfPart.count ? fileOfPart[part] : -1
        let isOfReturn = returns.contains { $0.files.contains(file) }
        for place in returns.indices {
            let stops =
                authority.map { $0 == returns[place].authority } ?? (!isOfReturn || returns[place].files.contains(file))
            if stops { returns[place].blockers.append((part, finding)) }
        }
    }

    private static func key(_ finding: Finding, in file: FileJudge) -> (AuthorityCode?, ReturnKey?) {
        if finding.subject.isAssignment {
            let entry = file.ledger.entries[finding.subject.index]
            return (entry.authorityCode, entry.returnKey)
        }
        let place = file.places[finding.subject.index]
        guard let authority = place.authority, let quarter = place.quarter else { return (place.authority, nil) }
        return (authority, ReturnKey(authority: authority, quarter: quarter))
    }
}
