import AgencyModel
import CheckRun
import Compliance
import SafeFiles

/// `coverage.csv`: of each rule, how many records it judged, did not apply to, could not judge, and what it found.
public enum CoverageCSV {
    public struct Row: Equatable, Sendable {
        public let rule: RuleCode
        public let assessed: Int
        public let notApplicable: Int
        public let undecided: Int
        public let findings: Int
    }

    /// Every rule, in the order of the catalogue.
    public static func rows(_ result: CheckResult) -> [Row] {
        let run = result.judgement
        var findings: [RuleCode: Int] = [:]
        for file in run.parts {
            for finding in file.findings.findings { findings[finding.rule, default: 0] += 1 }
        }
        let counts = result.counts
        let files = result.files.count
        let readable = result.files.filter { !$0.isRefused }.count
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
                return Row(
                    rule: rule.code, assessed: coverage.assessed, notApplicable: coverage.notApplicable,
                    undecided: coverage.undecided, findings: findings[rule.code] ?? 0)
            }
        }.sorted { $0.rule < $1.rule }
    }

    public static func write(_ result: CheckResult, to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append("rule,assessed,not_applicable,undecided,findings\r\n")
        for row in rows(result) {
            writer.buffer.append(row.rule.description)
            for number in [row.assessed, row.notApplicable, row.undecided, row.findings] {
                writer.buffer.append(0x2C)
                writer.buffer.append(number: number)
            }
            writer.buffer.endRow()
        }
        try writer.flush()
    }
}
