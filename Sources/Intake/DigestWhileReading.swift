import SafeFiles
import TextSource

/// The SHA-256 of a file, taken from the bytes that its readers ask for: no reading of its own, but for what they leave.
public struct DigestWhileReading {
    private final class State {
        var digest = Digest()
    }

    private let source: FileSource
    private let state = State()

    /// To be made before the first reader.
    public init(of source: FileSource) {
        self.source = source
        source.handOn { [state] in state.digest.add($0) }
    }

    /// 64 hexadecimal digits. Reads the file to its end where nobody has. Throws where it cannot be, and where the file was changed.
    public func finish() throws(TextFault) -> String {
        try source.handOnRest()
        return state.digest.hex()
    }
}
