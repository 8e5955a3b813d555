/// A piece of an input while it lies in memory: valid only until the reader moves on.
public typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer<UInt8> {
    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    public var text: String { String(decoding: self, as: UTF8.self) }

    /// Equal to an ASCII word, whatever the case of either.
    @inlinable
    public func equalsIgnoringCase(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        let other = word.utf8Start
        for index in 0..<count where asciiLower(self[index]) != asciiLower(other[index]) { return false }
        return true
    }
}

/// An ASCII letter in lower case; every other byte as it is.
@inlinable
public func asciiLower(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
}

/// The value of an ASCII digit, nil for any other byte.
@inlinable
func digit(_ byte: UInt8) -> Int? {
    let value = byte &- 0x30
    return value < 10 ? Int(value) : nil
}
