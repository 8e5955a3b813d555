/// Takes bytes on their way to a file or to standard output.
public typealias ByteSink = (borrowing ByteBuffer) throws -> Void

/// Fills a buffer and hands it on in blocks.
struct BlockWriter {
    var buffer = ByteBuffer()
    private let sink: ByteSink
    private static let blockBytes = 64 << 10

    init(_ sink: @escaping ByteSink) { self.sink = sink }

    mutating func flushIfFull() throws {
        if buffer.count >= BlockWriter.blockBytes { try flush() }
    }

    mutating func flush() throws {
        try sink(buffer)
        buffer.removeAll()
    }
}
