import AgencyModel
import Facts
import Outputs
import SafeFiles
import Submission
import Wording

/// Writes only the submissions.
public struct SubmitTask: Sendable {
    public var settings = RunSettings()
    /// A nil return: the authority of the settings had no agency workers in their quarter.
    public var isNil = false
    public var folder: String

    public init(folder: String) { self.folder = folder }

    public struct Outcome: Sendable {
        public let result: CheckResult
        public let summary: RunSummary
        /// A line for each return: whether it is ready to send, and where it or its problems are.
        public let lines: String
    }

    public func perform(_ surroundings: Surroundings) throws -> Outcome {
        try settings.check(self.folder)
        let folder = try surroundings.makeFolder { try OutputFolder(at: self.folder) }
        defer { folder.abandon() }
        let (run, result) = try settings.run(takesDigests: true, store: settings.openedStore(), surroundings)
        let declaredNil = try declaredNil(result)
        let findings = FindingOrder(result, threads: run.threads)
        let summary = RunSummary(result, declaredNil: declaredNil)
        try checkQuarter(summary, result)
        let identity = try settings.identity(run.book, surroundings)
        let checked = CheckedRun(result, summary, findings, identity: identity, today: settings.today)
        try OutputWriter(run: run, checked: checked).write([SubmissionOutput()], to: folder)
        try settings.writeLog("submit", result, summary, identity, folder)
        return Outcome(result: result, summary: summary, lines: lines(summary))
    }

    private func lines(_ summary: RunSummary) -> String {
        if summary.returns.isEmpty { return "There is no return to submit.\n" }
        return summary.returns.map { return_ in
            let place = "\(folder)/\(SubmissionOutput.folderName(return_.key))"
            return return_.isReady
                ? "\(return_.authority) \(return_.quarter): ready to send: \(place)\n"
                : "\(return_.authority) \(return_.quarter): not ready to send, \(Words.count(return_.problems, "problem")): see \(place)/problems.csv\n"
        }.joined()
    }

    /// The nil return that was declared. The files must not contradict it.
    private func declaredNil(_ result: CheckResult) throws -> ReturnKey? {
        guard isNil, let authority = settings.authority, let quarter = settings.quarter else { return nil }
        let key = ReturnKey(authority: authority, quarter: quarter)
        if let tally = result.judgement.tallies[key] {
            throw TaskFault.nilHasAssignments(key, tally.assignments - tally.furtherParts)
        }
        if result.records[authority, quarter]?.noAgencyWorkers == false { throw TaskFault.nilContradictsRecord(key) }
        return key
    }

    /// Refuses a quarter of which nothing was read: the quarter given applies to rows that have none.
    private func checkQuarter(_ summary: RunSummary, _ result: CheckResult) throws {
        guard !result.isMissingInput, let wanted = settings.quarter,
            !summary.returns.contains(where: { $0.quarter == wanted })
        else { return }
        throw TaskFault.noReturn(of: wanted, read: Set(summary.returns.map(\.quarter)).sorted())
    }
}
