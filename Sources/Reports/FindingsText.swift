import AgencyModel
import ByteWriting
import Facts
import Wording

/// The findings for standard output, one line each. It shows no person's number, and nothing that somebody wrote except references
/// and the names of files and columns.
public enum FindingsText {
    public static func write(
        _ findings: FindingOrder, accepted: AcceptedFindings = AcceptedFindings(), to sink: @escaping ByteSink
    ) throws {
        let printed = findings.printed
        try FindingBlocks.write(findings, to: sink) { view, position, buffer in
            append(view, printed, isAccepted: accepted[position] != nil, to: &buffer)
        }
    }

    /// Only the findings of some rules, in the order of files and lines, in the same form.
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

    /// ` [992 2026-Q1 E-15]`, as far as it is known.
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
