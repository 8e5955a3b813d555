import ByteWriting
import Threads
import Wording

/// Puts findings into words on all cores, a block at a time, and passes the blocks on in order.
enum FindingBlocks {
    private static let size = 1_024

    /// `append` receives each finding with its position.
    static func write(
        _ findings: FindingOrder, to sink: ByteSink, _ append: @Sendable (FindingView, Int, inout ByteBuffer) -> Void
    ) throws {
        var start = 0
        while start < findings.count {
            let first = start
            let blocks = min(findings.threads * 4, (findings.count - first + size - 1) / size)
            let written = inParallel(blocks, threads: findings.threads) { block in
                var buffer = ByteBuffer()
                let from = first + block * size
                for position in from..<min(from + size, findings.count) { append(findings[position], position, &buffer) }
                return buffer
            }
            for buffer in written { try sink(buffer) }
            start += blocks * size
        }
    }
}
