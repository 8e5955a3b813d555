import AgencyModel

/// The counts of one rule: records that it assessed, did not apply to or could not decide, and its findings.
public struct RuleCoverage: Equatable, Sendable {
    public let rule: RuleCode
    public let assessed: Int
    public let notApplicable: Int
    public let undecided: Int
    public let findings: Int
}

extension CheckResult {
    /// Every rule, in the order of the catalogue.
    public var coverage: [RuleCoverage] {
        let run = judgement
        var findings: [RuleCode: Int] = [:]
        for file in run.parts {
            for finding in file.findings.findings { findings[finding.rule, default: 0] += 1 }
        }
        let counts = self.counts
        let files = self.files.count
        let readable = self.files.filter { !$0.isRefused }.count
        return run.rules.files.enumerated().flatMap { place, file in
            file.rules.map { rule in
                var coverage = run.coverage[place]
                switch rule.code {
                case RuleCode(.IMP, 1): coverage.assessed = files
                case RuleCode(.IMP, 2), RuleCode(.IMP, 5), RuleCode(.IMP, 7), RuleCode(.IMP, 8):
                    (coverage.assessed, coverage.undecided) = (readable, files - readable)
                case RuleCode(.IMP, 3): coverage.assessed = counts.read
                case RuleCode(.IMP, 4): coverage.assessed = counts.values
                default: break
                }
                return RuleCoverage(
                    rule: rule.code, assessed: coverage.assessed, notApplicable: coverage.notApplicable,
                    undecided: coverage.undecided, findings: findings[rule.code] ?? 0)
            }
        }.sorted { $0.rule < $1.rule }
    }
}
