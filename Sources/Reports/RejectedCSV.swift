import AgencyModel
import ByteWriting
import Compliance
import Facts
import Outputs
import TextSource

/// `rejected.csv`: the rejected rows, each as it was written, in one cell. Their texts are read again from the inputs.
public struct RejectedCSV: FileOutput {
    public init() {}

    public var name: String { "rejected" }
    public var about: String { "rows that could not be read" }
    public var file: String? { "rejected.csv" }

    public func write(_ run: CheckedRun, _ details: RunDetails, to sink: @escaping ByteSink) throws {
        try RejectedCSV.write(run.result, to: sink)
    }

    public static func write(_ result: CheckResult, to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append("file,line,reason,row\r\n")
        let run = result.judgement
        var texts: (file: Int, texts: RejectedTexts)?
        for (part, file) in run.fileOfPart.enumerated() {
            let judge = run.parts[part]
            let rejected = judge.findings.findings.filter { $0.rule == IMP003_RowRejected.rules[0].code }
                .sorted { judge.places[$0.subject.index].line < judge.places[$1.subject.index].line }
            if rejected.isEmpty { continue }
            if texts?.file != file { texts = (file, RejectedTexts(result.files[file])) }
            for finding in rejected {
                writer.buffer.appendCell(result.files[file].input.name)
                writer.buffer.append(0x2C)
                writer.buffer.append(number: Int(judge.places[finding.subject.index].line))
                writer.buffer.append(0x2C)
                if case .wording(let reason) = finding.first { writer.buffer.appendCell(judge.findings.texts.text(reason)) }
                writer.buffer.append(0x2C)
                let start = writer.buffer.count
                switch finding.second {
                case .stretch(let offset, let count): try texts!.texts.append(offset: offset, count: count, to: &writer.buffer)
                case .text(let ref): writer.buffer.append(judge.findings.texts.text(ref))
                default: break
                }
                writer.buffer.closeCell(from: start)
                writer.buffer.endRow()
                try writer.flushIfFull()
            }
        }
        try writer.flush()
    }
}

/// Gives ranges of a file's text, from start to end, decoded as when it was first read.
private struct RejectedTexts {
    private let file: CheckedFile
    private var stream: TextStream?
    private var piece: [UInt8] = []
    private var pieceOffset = 0

    init(_ file: CheckedFile) { self.file = file }

    mutating func append(offset: Int, count: Int, to buffer: inout ByteBuffer) throws {
        if stream == nil || offset < pieceOffset {
            stream = TextStream(try FileSource(path: file.input.path), encoding: file.encoding)
            piece = []
            pieceOffset = 0
        }
        var from = offset
        let end = offset + count
        while from < end {
            if from >= pieceOffset + piece.count {
                pieceOffset += piece.count
                var next = [UInt8](repeating: 0, count: 256 << 10)
                let read = try next.withUnsafeMutableBufferPointer { room throws(TextFault) in try stream!.read(into: room) }
                if read == 0 { return }
                next.removeLast(next.count - read)
                piece = next
                continue
            }
            let upTo = min(end, pieceOffset + piece.count)
            buffer.append(piece[(from - pieceOffset)..<(upTo - pieceOffset)])
            from = upTo
        }
    }
}
