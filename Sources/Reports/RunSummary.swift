import AgencyModel
import CheckRun
import Compliance

/// What a run comes to, for the summary table.
public struct RunSummary: Sendable {
    public struct Return: Sendable {
        public let authority: AuthorityCode
        public let quarter: Quarter
        public let name: String
        public var records = 0
        public var errors = 0
        public var warnings = 0
        public var capBreaches = 0
        /// Hours times charge rate of the assignments, to the penny.
        public var cost = Money.zero
        /// No error of IMP, DATA or AUTH stops the submission.
        public var isReady = true
    }

    /// By authority and quarter.
    public private(set) var returns: [Return] = []
    public private(set) var errors = 0
    public private(set) var warnings = 0
    public private(set) var notices = 0
    /// Findings of no authority: files refused, rows rejected, unknown columns.
    public private(set) var errorsElsewhere = 0

    public init(_ result: CheckResult) {
        let run = result.judgement
        var byKey: [FileJudge.ReturnKey: Return] = [:]
        for (key, tally) in run.tallies {
            var return_ = Return(
                authority: key.authority, quarter: key.quarter, name: run.book.authorities[key.authority]?.name ?? "not known")
            return_.records = tally.assignments
            let pence = (tally.cost + 50_000_000_000) / 100_000_000_000
            return_.cost = Money(tenThousandths: Int64(clamping: pence) * 100)
            byKey[key] = return_
        }
        for file in run.files {
            for finding in file.findings.findings {
                let severity = run.rules.severity(of: finding.rule)
                switch severity {
                case .error: errors += 1
                case .warning: warnings += 1
                case .notice: notices += 1
                }
                guard let key = RunSummary.key(finding, in: file), byKey[key] != nil else {
                    if severity == .error { errorsElsewhere += 1 }
                    continue
                }
                if severity == .error { byKey[key]!.errors += 1 }
                if severity == .warning { byKey[key]!.warnings += 1 }
                let family = finding.rule.family
                if family == .CAP, finding.rule.number <= 3 { byKey[key]!.capBreaches += 1 }
                if severity == .error, family == .IMP || family == .DATA || family == .AUTH { byKey[key]!.isReady = false }
            }
        }
        returns = byKey.values.sorted { ($0.authority, $0.quarter) < ($1.authority, $1.quarter) }
    }

    private static func key(_ finding: Finding, in file: FileJudge) -> FileJudge.ReturnKey? {
        if finding.subject.isAssignment {
            let entry = file.ledger.entries[finding.subject.index]
            guard entry.authority != 0xFFFF, entry.quarter != 0xFFFF else { return nil }
            return FileJudge.ReturnKey(authority: AuthorityCode(number: entry.authority), quarter: Quarter(index: entry.quarter))
        }
        let place = file.places[finding.subject.index]
        guard let authority = place.authority, let quarter = place.quarter else { return nil }
        return FileJudge.ReturnKey(authority: authority, quarter: quarter)
    }
}
