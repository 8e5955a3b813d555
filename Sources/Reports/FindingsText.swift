import AgencyModel
import ByteWriting
import Facts
import Wording

/// The findings for standard output: a line each. No person's number, nothing that somebody wrote beyond references and names of
/// files and columns.
public enum FindingsText {
    public static func write(
        _ findings: FindingOrder, accepted: AcceptedFindings = AcceptedFindings(), to sink: @escaping ByteSink
    ) throws {
        let printed = findings.printed
        try FindingBlocks.write(findings, to: sink) { view, position, buffer in
            append(view, printed, isAccepted: accepted[position] != nil, to: &buffer)
        }
    }

    /// The findings of some rules alone, in the order of the files and lines, as they are written above.
    public static func lines(of rules: Set<RuleCode>, in result: CheckResult) throws -> String {
        let printed = PrintedText(result.judgement)
        var buffer = ByteBuffer()
        for view in FindingView.inFileOrder(of: rules, in: result) { append(view, printed, isAccepted: false, to: &buffer) }
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    private static func append(_ view: FindingView, _ printed: PrintedText, isAccepted: Bool, to buffer: inout ByteBuffer) {
        if let file = view.file {
            printed.append(file.utf8, to: &buffer)
            if view.line > 0 {
                buffer.append(":")
                buffer.append(number: Int(view.line))
            }
            buffer.append(": ")
        }
        buffer.append(view.severity.name)
        buffer.append(" ")
        buffer.append(view.finding.rule.description)
        buffer.append(" ")
        var message = ByteBuffer()
        view.appendMessage(to: &message, printed: printed)
        appendHarmless(message, to: &buffer)
        appendSubject(view, printed, to: &buffer)
        if isAccepted { buffer.append(" (accepted)") }
        buffer.append("\n")
    }

    private static func appendHarmless(_ text: ByteBuffer, to buffer: inout ByteBuffer) {
        text.bytes.withUnsafeBufferPointer { HarmlessText.append($0, to: &buffer) }
    }

    /// ` [992 2026-Q1 E-15]`, as much of it as is known.
    private static func appendSubject(_ view: FindingView, _ printed: PrintedText, to buffer: inout ByteBuffer) {
        var isFirst = true
        func begin(_ buffer: inout ByteBuffer) {
            buffer.append(isFirst ? " [" : " ")
            isFirst = false
        }
        if let authority = view.authority {
            begin(&buffer)
            buffer.append(number: Int(authority.number), width: 3)
        }
        if let quarter = view.quarter {
            begin(&buffer)
            buffer.append(quarter)
        }
        let assignment = view.assignmentID
        if !assignment.isEmpty {
            begin(&buffer)
            printed.append(assignment, own: view.worker, to: &buffer)
        }
        if !isFirst { buffer.append("]") }
    }
}

/// The findings for standard output as JSON, schema `agency-check/findings/1`: like the text, without persons.
public enum FindingsJSON {
    public static func write(
        _ findings: FindingOrder, _ result: CheckResult, accepted: AcceptedFindings = AcceptedFindings(), version: String,
        to sink: @escaping ByteSink
    ) throws {
        var writer = BlockWriter(sink)
        let summary = RunSummary(result)
        writer.buffer.append("{\n  \"schema\": \"agency-check/findings/1\",\n  \"tool\": \"agency-check\",\n  \"version\": ")
        writer.buffer.appendJSON(version)
        writer.buffer.append(",\n  \"summary\": {\"files\": ")
        writer.buffer.append(number: result.files.count)
        for (name, number) in [
            ("files_refused", result.files.filter(\.isRefused).count), ("rows_read", result.counts.read),
            ("rows_checked", result.counts.checked), ("rows_rejected", result.counts.rejected),
            ("history_rows_without_spell", result.counts.withoutSpell), ("errors", summary.errors),
            ("warnings", summary.warnings), ("notices", summary.notices),
        ] {
            writer.buffer.append(", ")
            writer.buffer.appendJSON(name)
            writer.buffer.append(": ")
            writer.buffer.append(number: number)
        }
        writer.buffer.append("},\n  \"findings\": [")
        var isFirst = true
        let printed = findings.printed
        for (position, view) in findings.enumerated() {
            writer.buffer.append(isFirst ? "\n    {" : ",\n    {")
            isFirst = false
            append(view, printed, to: &writer.buffer)
            if !accepted.positions.isEmpty {
                writer.buffer.append(accepted[position] == nil ? ", \"accepted\": false" : ", \"accepted\": true")
            }
            writer.buffer.append("}")
            try writer.flushIfFull()
        }
        writer.buffer.append(isFirst ? "]\n}\n" : "\n  ]\n}\n")
        try writer.flush()
    }

    private static func append(_ view: FindingView, _ printed: PrintedText, to buffer: inout ByteBuffer) {
        func member(_ name: StaticString, _ fill: (inout ByteBuffer) -> Void) {
            var value = ByteBuffer()
            fill(&value)
            buffer.append(", \"")
            buffer.append(name)
            buffer.append("\": ")
            buffer.appendJSON(value.bytes)
        }
        buffer.append("\"rule\": ")
        buffer.appendJSON(view.finding.rule.description)
        member("severity") { $0.append(view.severity.name) }
        member("authority_code") { $0.append(view.authority?.description ?? "") }
        member("quarter") { $0.append(view.quarter?.description ?? "") }
        member("assignment_id") { view.appendAssignmentID(to: &$0, printed: printed) }
        member("field") { view.appendField(to: &$0, printed: printed) }
        member("found") { if !view.foundIsWritten { view.appendFound(to: &$0, printed: printed) } }
        member("expected") { view.appendExpected(to: &$0, printed: printed) }
        member("message") { view.appendMessage(to: &$0, printed: printed) }
        member("file") { printed.append((view.file ?? "").utf8, to: &$0, onOneLine: false) }
        buffer.append(", \"line\": ")
        if view.line > 0 { buffer.append(number: Int(view.line)) } else { buffer.append("null") }
    }
}
