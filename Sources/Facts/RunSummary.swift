import AgencyModel
import Compliance

/// An authority's return for a quarter, as the run found it.
public struct CheckedReturn: Sendable {
    /// A finding: the index of the part in the judgement, and of the finding in the part.
    public typealias FindingPlace = (part: Int, finding: Int)

    public let key: ReturnKey
    /// The authority's name; `not known` if it is not in the table.
    public let name: String
    /// Nil for an authority that is not in the table.
    public let region: String?
    /// The number of assignment rows that were read, assessed or not.
    public let records: Int
    /// The number of assignments: one whose rate changed has several rows and counts once.
    public let assignments: Int
    /// Hours multiplied by charge rate, to the penny.
    public let cost: Money
    /// As computed.
    public let families: ByFamily<FileJudge.FamilyTally>
    /// What the authority says about itself.
    public let record: AuthorityRecord?
    /// The indexes of the files with its assignments or its record.
    public fileprivate(set) var files: [Int] = []
    public fileprivate(set) var errors = 0
    public fileprivate(set) var warnings = 0
    public fileprivate(set) var notices = 0
    public fileprivate(set) var capBreaches = 0
    /// The error findings that keep the submission from being sent (`RuleFamily.holdsUpSubmission`).
    public fileprivate(set) var blockers: [FindingPlace] = []
    /// Whether the authority says that it had no agency workers, and the run has no assignment of it.
    public let isNil: Bool
    /// What stops the submission but is not a finding.
    public let obstacle: Obstacle?

    public enum Obstacle: Sendable {
        /// The record says that there were no agency workers, but there are assignments.
        case recordSaysNone
        /// A nil return of an authority that is not in the table, or that did not exist on the last day of the quarter.
        case authorityNotKnown
    }

    public var authority: AuthorityCode { key.authority }
    public var quarter: Quarter { key.quarter }
    public var problems: Int { blockers.count + (obstacle == nil ? 0 : 1) }
    public var isReady: Bool { problems == 0 }
}

/// The totals of a run, for each return and in all.
public struct RunSummary: Sendable {
    /// Sorted by authority and quarter.
    public private(set) var returns: [CheckedReturn] = []
    public private(set) var errors = 0
    public private(set) var warnings = 0
    public private(set) var notices = 0
    /// Findings that belong to no authority and quarter of the run: refused files, rejected rows, histories.
    public private(set) var errorsElsewhere = 0
    /// The returns for which the run has an authority record but no assignment, and which are not nil returns. There is nothing to
    /// judge or submit for them.
    public let recordsAlone: [ReturnKey]

    /// `declaredNil` is a nil return declared on the command line; a record declares one in no_agency_workers. Without
    /// `takesNilReturns`, such a record counts as a record alone.
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

    /// A finding that names no return of the run stops all returns that it may belong to: those of the authority if it names one,
    /// otherwise those of its file, and all of the run if the file has none (it was refused, or is a history without an authority).
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
