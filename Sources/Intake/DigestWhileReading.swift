import SafeFiles
import TextSource

/// The SHA-256 of a file, computed from the bytes that its readers read. Only the bytes that they leave are read separately.
public struct DigestWhileReading {
    private final class State {
        var digest = Digest()
    }

    private let source: FileSource
    private let state = State()

    /// Make it before the first reader.
    public init(of source: FileSource) {
        self.source = source
        source.handOn { [state] in state.digest.add($0) }
    }

    /// 64 hexadecimal digits. Reads the rest of the file. Throws if it cannot be read, or if the file has changed.
    public func finish() throws(TextFault) -> String {
        try source.handOnRest()
        return state.digest.hex()
    }
}
