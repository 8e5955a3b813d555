import Crypto

/// The SHA-256 of bytes that arrive in several parts.
public struct Digest {
    private var hash = SHA256()

    public init() {}

    public mutating func add(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }
    public mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { hash.update(bufferPointer: $0) } }

    /// 64 hexadecimal digits.
    public func hex() -> String { Digest.hex(hash.finalize()) }

    /// The SHA-256 of a complete text, such as an output.
    public static func hex(of bytes: [UInt8]) -> String {
        var digest = Digest()
        digest.add(bytes)
        return digest.hex()
    }

    private static func hex(_ digest: SHA256.Digest) -> String {
        let figures = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in digest { text += [figures[Int(byte >> 4)], figures[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
