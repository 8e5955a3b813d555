/// Receives bytes on their way to a file or to standard output.
public typealias ByteSink = (borrowing ByteBuffer) throws -> Void

/// Fills a buffer and passes it on in blocks.
public struct BlockWriter {
    public var buffer = ByteBuffer()
    private let sink: ByteSink
    private static let blockBytes = 64 << 10

    public init(_ sink: @escaping ByteSink) { self.sink = sink }

    public mutating func flushIfFull() throws {
        if buffer.count >= BlockWriter.blockBytes { try flush() }
    }

    public mutating func flush() throws {
        try sink(buffer)
        buffer.removeAll()
    }
}
