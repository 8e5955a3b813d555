import AgencyModel
import RuleBook

/// Compares each authority's record with its assignments, for the AUTH rules. The unit is an authority and quarter with
/// assignments.
struct AuthorityReturn {
    let key: ReturnKey
    let tally: FileJudge.Tally
    let record: AuthorityRecord?
    /// Error findings.
    let errors: ByFamily<Int>
    let book: RuleBook

    static func judge(_ run: inout RunJudgement, records: AuthorityRecords) {
        let errors = errorsByReturn(run)
        let rules: [any AuthorityRule.Type] = [
            AUTH001_RecordMissing.self, AUTH002_MonthlyCostMissing.self, AUTH003_CostsDiffer.self,
            AUTH004_FullClaimedInBreach.self, AUTH005_ExplanationMissing.self,
        ]
        for (key, tally) in run.tallies.sorted(by: { $0.key < $1.key }) {
            guard let authority = run.book.authorities[key.authority], authority.isValid(on: key.quarter.lastDay) else { continue }
            let record = records[key.authority, key.quarter]
            let file = records.file(key.authority, key.quarter).map(run.firstPart) ?? run.runPlace
            let subject = run.newPlace(
                FileJudge.Place(line: record?.line ?? 0, authority: key.authority, quarter: key.quarter), in: file)
            let return_ = AuthorityReturn(
                key: key, tally: tally, record: record, errors: errors[key] ?? ByFamily(repeating: 0), book: run.book)
            for rule in rules {
                var found: [Finding] = []
                let verdict = rule.judge(return_, of: subject, &found)
                run.count(verdict, of: rule)
                for finding in found { run.add(finding, in: file) }
            }
        }
    }

    private static func errorsByReturn(_ run: RunJudgement) -> [ReturnKey: ByFamily<Int>] {
        var errors: [ReturnKey: ByFamily<Int>] = [:]
        for file in run.parts {
            for finding in file.findings.findings {
                guard finding.subject.isAssignment, run.rules.severity(of: finding.rule) == .error else { continue }
                guard let key = file.ledger.entries[finding.subject.index].returnKey else { continue }
                errors[key, default: ByFamily(repeating: 0)][finding.rule.family] += 1
            }
        }
        return errors
    }
}

/// A rule that judges an authority's return.
protocol AuthorityRule: RuleFile {
    static func judge(_ return_: AuthorityReturn, of subject: Subject, _ findings: inout [Finding]) -> Verdict
}
