import AgencyModel
import ByteWriting
import Wording

/// `exceptions.csv`: every finding, one row.
public enum ExceptionsCSV {
    public static func write(_ findings: FindingOrder, to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append(FindingRow.header)
        writer.buffer.endRow()
        try writer.flush()
        try FindingBlocks.write(findings, to: sink) { view, _, buffer in
            FindingRow.append(view, to: &buffer)
            buffer.endRow()
        }
    }
}
