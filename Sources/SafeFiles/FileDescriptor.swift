import Glibc

/// Writes all bytes to a file descriptor, even if single writes are incomplete.
public struct FileDescriptor: Sendable {
    public let number: CInt
    private let name: String

    public init(_ number: CInt, name: String) {
        self.number = number
        self.name = name
    }

    public func write(_ bytes: [UInt8]) throws(OutputFault) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress! + offset, bytes.count - offset) }
            if written < 0 {
                if errno == EINTR { continue }
                throw OutputFault.system("written", name)
            }
            offset += written
        }
    }

    public func write(_ text: String) throws(OutputFault) { try write(Array(text.utf8)) }

    /// Whether it is a terminal.
    public var isTerminal: Bool { isatty(number) == 1 }
}

/// One file of an output folder, synced when it is finished, with the digest of its content.
public final class OutputFile {
    private let path: String
    private let name: String
    /// Open only while it is being written: a run may have thousands of files in progress.
    private var descriptor: FileDescriptor?
    private var digest = Digest()
    private(set) var byteCount = 0

    /// Creates the file, which must not exist.
    init(path: String, name: String) throws(OutputFault) {
        self.path = path
        self.name = name
        descriptor = try open(O_CREAT | O_EXCL)
    }

    deinit { rest() }

    private func open(_ flags: CInt) throws(OutputFault) -> FileDescriptor {
        let number = Glibc.open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC | flags, 0o600)
        guard number >= 0 else { throw OutputFault.system("written", name) }
        return FileDescriptor(number, name: name)
    }

    private func opened() throws(OutputFault) -> FileDescriptor {
        if let descriptor { return descriptor }
        let fresh = try open(0)
        descriptor = fresh
        return fresh
    }

    public func write(_ bytes: [UInt8]) throws(OutputFault) {
        try opened().write(bytes)
        digest.add(bytes)
        byteCount += bytes.count
    }

    public func write(_ text: String) throws(OutputFault) { try write(Array(text.utf8)) }

    /// Closes the descriptor until the next write.
    public func rest() {
        if let descriptor { close(descriptor.number) }
        descriptor = nil
    }

    /// Syncs the file and returns its SHA-256.
    func finish() throws(OutputFault) -> String {
        guard try fsync(opened().number) == 0 else { throw OutputFault.system("written", name) }
        rest()
        return digest.hex()
    }
}
