import AgencyModel
import ByteWriting

/// A finding as a row of a table. The exception list, the accepted findings and the problems of a submission have the same columns.
public enum FindingRow {
    public static let header =
        "rule,severity,authority_code,quarter,assignment_id,swe_number,agency,field,found,expected,message,file,line"

    /// Writes some of the findings, in the order of the exception list.
    public static func write(_ findings: some Sequence<FindingView>, to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append(header)
        writer.buffer.endRow()
        for view in findings {
            append(view, to: &writer.buffer)
            writer.buffer.endRow()
            try writer.flushIfFull()
        }
        try writer.flush()
    }

    public static func append(_ view: FindingView, to buffer: inout ByteBuffer) {
        func cell(_ fill: (inout ByteBuffer) -> Void) {
            buffer.appendCell(fill)
            buffer.append(0x2C)
        }
        buffer.append(view.finding.rule.description)
        buffer.append(0x2C)
        buffer.append(view.severity.name)
        buffer.append(0x2C)
        if let authority = view.authority { buffer.append(number: Int(authority.number), width: 3) }
        buffer.append(0x2C)
        if let quarter = view.quarter { buffer.append(quarter) }
        buffer.append(0x2C)
        cell { $0.append(view.assignmentID) }
        if let worker = view.worker {
            buffer.append("SW")
            buffer.append(number: Int(worker.number))
        }
        buffer.append(0x2C)
        cell { $0.append(view.agency) }
        cell { view.appendField(to: &$0) }
        cell { view.appendFound(to: &$0) }
        cell { view.appendExpected(to: &$0) }
        cell { view.appendMessage(to: &$0) }
        cell { $0.append(view.file ?? "") }
        if view.line > 0 { buffer.append(number: Int(view.line)) }
    }
}
