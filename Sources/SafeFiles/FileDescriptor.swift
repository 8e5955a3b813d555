import Glibc

/// Writes all bytes to a file descriptor, however short the single writes come out.
public struct FileDescriptor: Sendable {
    public let number: CInt
    private let name: String

    public init(_ number: CInt, name: String) {
        self.number = number
        self.name = name
    }

    public static let standardOutput = FileDescriptor(1, name: "standard output")
    public static let standardError = FileDescriptor(2, name: "standard error")

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

    /// Whether a person watches.
    public var isTerminal: Bool { isatty(number) == 1 }
}
