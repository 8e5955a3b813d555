import ByteWriting
import Facts
import Outputs
import Wording

/// The findings for standard output as JSON, in the schema `agency-check/findings/1`. Like the text, it identifies nobody.
public struct FindingsJSON: FileOutput {
    public init() {}

    public var name: String { "json" }
    public var about: String { "the findings as JSON" }
    public var file: String? { "findings.json" }
    public var isUsual: Bool { false }

    public func write(_ run: CheckedRun, _ details: RunDetails, to sink: @escaping ByteSink) throws {
        try FindingsJSON.write(
            run.findings, run.result, accepted: run.accepted, version: run.identity.toolVersion, to: sink)
    }

    public static func write(
        _ findings: FindingOrder, _ result: CheckResult, accepted: AcceptedFindings = AcceptedFindings(), version: String,
        to sink: @escaping ByteSink
    ) throws {
        var writer = BlockWriter(sink)
        let summary = RunSummary(result)
        writer.buffer.append("{\n  \"schema\": \"agency-check/findings/1\",\n  \"tool\": \"agency-check\",\n  \"version\": ")
        writer.buffer.appendJSON(version)
        writer.buffer.append(",\n  \"summary\": {")
        let counts = [
            ("files", result.files.count), ("files_refused", result.files.filter(\.isRefused).count),
            ("rows_read", result.counts.read),
            ("rows_checked", result.counts.checked), ("rows_rejected", result.counts.rejected),
            ("history_rows_without_spell", result.counts.withoutSpell), ("errors", summary.errors),
            ("warnings", summary.warnings), ("notices", summary.notices),
        ]
        writer.buffer.appendMembers(counts.map { ($0, "\($1)") })
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
