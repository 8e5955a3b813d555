import AgencyModel
import ByteWriting
import Facts
import Outputs

/// `coverage.csv`: for each rule, how many records it assessed, did not apply to and could not decide, and its findings.
public struct CoverageCSV: FileOutput {
    public init() {}

    public var name: String { "coverage" }
    public var about: String { "what each rule could judge" }
    public var file: String? { "coverage.csv" }

    public func write(_ run: CheckedRun, _ details: RunDetails, to sink: @escaping ByteSink) throws {
        try CoverageCSV.write(run.result, to: sink)
    }

    public static func write(_ result: CheckResult, to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append("rule,assessed,not_applicable,undecided,findings\r\n")
        for row in result.coverage {
            let numbers = [row.assessed, row.notApplicable, row.undecided, row.findings]
            writer.buffer.appendRow([row.rule.description] + numbers.map(String.init))
        }
        try writer.flush()
    }
}
