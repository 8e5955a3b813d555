import AgencyModel
import ByteWriting
import Facts

/// `coverage.csv`: of each rule, how many records it judged, did not apply to, could not judge, and what it found.
public enum CoverageCSV {
    public static func write(_ result: CheckResult, to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append("rule,assessed,not_applicable,undecided,findings\r\n")
        for row in result.coverage {
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
