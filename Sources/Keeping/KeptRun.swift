import AgencyModel
import CheckRun
import Compliance
import Facts
import History
import Intake
import SafeFiles

/// Passes what a run read and found to a history store.
public struct KeptRun {
    private let run: CheckRun
    private let result: CheckResult
    public let summary: RunSummary
    private let rulesDigest: String
    private let toolVersion: String

    /// The numbers of the assignments in their returns, by file and entry; -1 for an assignment of no return.
    private let numbers: [[Int]]
    /// The number of assignments without an authority or quarter, which belong to no return.
    public let withoutReturn: Int

    /// The run must have computed digests. `rulesDigest` and `toolVersion` are kept with each return.
    public init(run: CheckRun, result: CheckResult, rulesDigest: String, toolVersion: String) {
        self.run = run
        self.result = result
        self.rulesDigest = rulesDigest
        self.toolVersion = toolVersion
        // A store keeps assignments, and a nil return has none.
        summary = RunSummary(result, takesNilReturns: false)
        var counts: [ReturnKey: Int] = [:]
        var withoutReturn = 0
        numbers = result.judgement.parts.map { file in
            file.ledger.entries.map { entry in
                guard let key = entry.returnKey else {
                    withoutReturn += 1
                    return -1
                }
                let number = counts[key, default: 0]
                counts[key] = number + 1
                return number
            }
        }
        self.withoutReturn = withoutReturn
    }

    /// What a run added to the store.
    public struct Tally: Equatable, Sendable {
        public internal(set) var replaced = 0
        /// The number of assignment rows.
        public internal(set) var rows = 0
        public internal(set) var assignments = 0
        public internal(set) var files = 0
        public internal(set) var spells = 0
    }

    /// Adds everything in one transaction.
    public func add(to store: HistoryStore) throws -> Tally {
        // Read before the transaction, so that no one waits for the store while a census is read.
        let evidence = try result.files.map { file throws(OutputFault) in
            file.holdsEvidence ? try result.rereadEvidence(file) : FileEvidence()
        }
        var tally = Tally()
        tally.spells = evidence.reduce(0) { $0 + $1.spells.count + ($1.census?.workers.count ?? 0) }
        tally.rows = result.judgement.assignmentCount - withoutReturn
        tally.assignments = result.judgement.assignmentsOfReturns
        tally.files = result.files.count
        tally.replaced = try store.add(
            expecting: tally.rows + tally.spells, workers: workers(evidence)
        ) { writer in
            try addReturns(to: writer)
            try addAssignments(to: writer)
            try addFindings(to: writer)
            for (place, file) in result.files.enumerated() { try add(file, at: place, evidence[place], to: writer) }
            return writer.replaced
        }
        tally.spells = evidence.reduce(0) { $0 + $1.spells.count } + result.files.reduce(0) { $0 + $1.census.spells }
        return tally
    }

    /// In the order in which they will be written.
    private func workers(_ evidence: [FileEvidence]) -> [SWENumber] {
        var workers: [SWENumber] = []
        for file in result.judgement.parts {
            for entry in file.ledger.entries where entry.worker != 0 { workers.append(SWENumber(number: entry.worker)) }
        }
        for file in evidence {
            for spell in file.spells { workers.append(spell.worker) }
            for worker in file.census?.workers ?? [] { if let number = worker.worker { workers.append(number) } }
        }
        return workers
    }

    private func addReturns(to writer: HistoryWriter) throws {
        for return_ in summary.returns {
            try writer.begin(
                KeptReturn(
                    authority: return_.authority, quarter: return_.quarter, rows: return_.records,
                    assignments: return_.assignments, cost: return_.cost, rulesDigest: rulesDigest, toolVersion: toolVersion,
                    record: return_.record,
                    coverage: ReturnFamily.allCases.map { family in
                        let tally = return_.families[family]
                        return KeptReturn.FamilyCoverage(
                            family, assessed: tally.assessed, inError: tally.inError, undecided: tally.undecided)
                    }, files: return_.files.compactMap { result.files[$0].digest }))
        }
    }

    private func addAssignments(to writer: HistoryWriter) throws {
        var circumstances = Circumstances(book: run.book, history: result.history, records: result.records)
        var agencies: (part: Int, ids: [UInt32: Int64]) = (-1, [:])
        var teams = TeamNumbers()
        let ledgers = result.judgement.parts.map(\.ledger)
        try result.reread { assignment, place in
            let number = numbers[place.part][place.entry]
            guard number >= 0, let authority = assignment.authority, let quarter = assignment.quarter else { return }
            let key = ReturnKey(authority: authority, quarter: quarter)
            let entry = ledgers[place.part].entries[place.entry]
            if agencies.part != place.part { agencies = (place.part, [:]) }
            if entry.agency != 0, agencies.ids[entry.agency] == nil {
                agencies.ids[entry.agency] = try writer.agency(
                    String(decoding: ledgers[place.part].agency(place.entry), as: UTF8.self))
            }
            var judgement = KeptJudgement()
            judgement.isAssessed = entry.isAssessed
            if entry.isAssessed {
                circumstances = circumstances.settled(for: authority, quarter)
                _ = assignment.assessed { assessed in
                    // The cap on file is kept even if the assignment does not need one. Whether it does is kept separately.
                    judgement.cap = circumstances.cap(for: assessed)?.value
                    judgement.capApplies = circumstances.capsApply(to: assessed)
                    judgement.experience = EXP001_ThreeYearsExperience.proof(assessed, circumstances)
                }
            }
            try writer.add(
                assignment, judgement, number: number, agency: agencies.ids[entry.agency],
                team: teams.number(of: assignment, in: key))
        }
    }

    /// Numbers the teams of each return from 1, in the order in which they are first named.
    private struct TeamNumbers {
        private var known: [ReturnKey: [[UInt8]: Int]] = [:]

        mutating func number(of assignment: borrowing Assignment, in key: ReturnKey) -> Int? {
            guard assignment.isTeam, let reference = assignment.teamReference else { return nil }
            let name = RunDetails.normalForm(Array(reference))
            if let number = known[key]?[name] { return number }
            let number = known[key, default: [:]].count + 1
            known[key, default: [:]][name] = number
            return number
        }
    }

    /// Adds the findings that name a return; findings about files are not kept.
    private func addFindings(to writer: HistoryWriter) throws {
        let keys = Set(summary.returns.map(\.key))
        for (place, file) in result.judgement.parts.enumerated() {
            for finding in file.findings.findings {
                let severity = result.judgement.rules.severity(of: finding.rule)
                var field: String?
                if case .column(let column) = finding.field { field = column.name }
                if finding.subject.isAssignment {
                    let entry = file.ledger.entries[finding.subject.index]
                    let number = numbers[place][finding.subject.index]
                    if number < 0 { continue }
                    try writer.add(
                        KeptFinding(rule: finding.rule, severity: severity, assignment: number, field: field),
                        of: AuthorityCode(number: entry.authority), Quarter(index: entry.quarter))
                    continue
                }
                let subject = file.places[finding.subject.index]
                guard let authority = subject.authority, let quarter = subject.quarter,
                    keys.contains(ReturnKey(authority: authority, quarter: quarter))
                else { continue }
                try writer.add(
                    KeptFinding(rule: finding.rule, severity: severity, assignment: nil, field: field), of: authority, quarter)
            }
        }
    }

    private func add(_ file: CheckedFile, at place: Int, _ evidence: FileEvidence, to writer: HistoryWriter) throws {
        let returns = summary.returns.filter { $0.files.contains(place) }.map { ($0.authority, $0.quarter) }
        // A return with an employment history and no assignments is only evidence.
        let kind = returns.isEmpty && !evidence.spells.isEmpty ? KeptFile.employmentHistory : file.what
        if returns.isEmpty, evidence.spells.isEmpty, evidence.census == nil { return }
        try writer.add(
            KeptFile(name: file.input.name, digest: file.digest ?? "", kind: kind, byteCount: file.byteCount), of: returns,
            spells: evidence.spells, census: evidence.census)
    }
}
