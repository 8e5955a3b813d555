import ByteWriting
import Wording

/// `accepted.csv`: the accepted findings of the exception list, with who accepted them, when and why.
public enum AcceptedCSV {
    public static func write(_ findings: FindingOrder, _ accepted: AcceptedFindings, to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append(FindingRow.header)
        writer.buffer.append(",reason,accepted_by,accepted_on")
        writer.buffer.endRow()
        for position in accepted.positions {
            guard let entry = accepted[position] else { continue }
            FindingRow.append(findings[position], to: &writer.buffer)
            for text in [entry.reason, entry.by, entry.on.description] {
                writer.buffer.append(0x2C)
                writer.buffer.appendCell(text)
            }
            writer.buffer.endRow()
            try writer.flushIfFull()
        }
        try writer.flush()
    }
}
