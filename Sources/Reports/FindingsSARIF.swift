import AgencyModel
import ByteWriting
import Facts
import Outputs
import Wording

/// The findings as SARIF 2.1.0, for tools that collect results. Like the text on standard output, it identifies nobody.
public struct FindingsSARIF: FileOutput {
    public init() {}

    public var name: String { "sarif" }
    public var about: String { "the findings as SARIF" }
    public var file: String? { "findings.sarif" }
    public var isUsual: Bool { false }

    public func write(_ run: CheckedRun, _ details: RunDetails, to sink: @escaping ByteSink) throws {
        try FindingsSARIF.write(
            run.findings, run.result, accepted: run.accepted, version: run.identity.toolVersion, to: sink)
    }

    public static func write(
        _ findings: FindingOrder, _ result: CheckResult, accepted: AcceptedFindings, version: String, to sink: @escaping ByteSink
    ) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append("{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\",\n")
        writer.buffer.append("  \"runs\": [{\n    \"tool\": {\"driver\": {\"name\": \"agency-check\", \"version\": ")
        writer.buffer.appendJSON(version)
        writer.buffer.append(", \"rules\": [")
        let rules = result.judgement.rules.all
        for (index, rule) in rules.enumerated() {
            writer.buffer.append(index == 0 ? "\n      " : ",\n      ")
            writer.buffer.append("{\"id\": \"\(rule.code)\", \"shortDescription\": {\"text\": ")
            let text = result.judgement.book.texts[rule.code]
            writer.buffer.appendJSON(text?.title ?? rule.code.description)
            writer.buffer.append("}, \"help\": {\"text\": ")
            writer.buffer.appendJSON(text?.whatToDo ?? "")
            writer.buffer.append("}, \"defaultConfiguration\": {\"level\": \"\(level(rule.severity))\"}}")
        }
        writer.buffer.append("\n    ]}},\n    \"columnKind\": \"unicodeCodePoints\",\n    \"results\": [")
        let places = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.code, $0) })
        let printed = findings.printed
        for (position, view) in findings.enumerated() {
            writer.buffer.append(position == 0 ? "\n      " : ",\n      ")
            append(view, printed, ruleIndex: places[view.finding.rule]!, isAccepted: accepted[position] != nil, to: &writer.buffer)
            try writer.flushIfFull()
        }
        writer.buffer.append("\n    ]\n  }]\n}\n")
        try writer.flush()
    }

    private static func level(_ severity: Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warning"
        case .notice: "note"
        }
    }

    private static func append(
        _ view: FindingView, _ printed: PrintedText, ruleIndex: Int, isAccepted: Bool, to buffer: inout ByteBuffer
    ) {
        var message = ByteBuffer()
        view.appendMessage(to: &message, printed: printed)
        buffer.append(
            "{\"ruleId\": \"\(view.finding.rule)\", \"ruleIndex\": \(ruleIndex), \"level\": \"\(level(view.severity))\", ")
        buffer.append("\"message\": {\"text\": ")
        buffer.appendJSON(message.bytes)
        buffer.append("}")
        if let file = view.file {
            buffer.append(", \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": ")
            var name = ByteBuffer()
            printed.append(file.utf8, to: &name, onOneLine: false)
            buffer.appendJSON(uri(name.bytes))
            buffer.append("}")
            if view.line > 0 { buffer.append(", \"region\": {\"startLine\": \(view.line)}") }
            buffer.append("}}]")
        }
        if isAccepted { buffer.append(", \"suppressions\": [{\"kind\": \"external\", \"status\": \"accepted\"}]") }
        buffer.append(", \"properties\": {\"authority_code\": ")
        buffer.appendJSON(view.authority?.description ?? "")
        buffer.append(", \"quarter\": ")
        buffer.appendJSON(view.quarter?.description ?? "")
        buffer.append(", \"assignment_id\": ")
        var reference = ByteBuffer()
        view.appendAssignmentID(to: &reference, printed: printed)
        buffer.appendJSON(reference.bytes)
        buffer.append("}}")
    }

    /// A path as a relative reference, with percent-encoding for characters that a URI does not allow.
    private static func uri(_ path: [UInt8]) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var uri: [UInt8] = []
        for byte in path {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E: uri.append(byte)
            default: uri += [0x25, hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: uri, as: UTF8.self)
    }
}
