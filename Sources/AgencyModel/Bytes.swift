/// A part of an input in memory, valid only until the reader moves on.
public typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer<UInt8> {
    /// The bytes as text. Bytes that are not UTF-8 become U+FFFD.
    public var text: String { String(decoding: self, as: UTF8.self) }

    /// How many of the first `most` bytes of a UTF-8 text are complete characters, so that the text can be cut there.
    public func wholeCharacters(_ most: Int) -> Int {
        guard most < count else { return count }
        var end = Swift.max(0, most)
        while end > 0, self[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// Whether the bytes equal an ASCII word, ignoring case.
    @inlinable @inline(__always)
    public func equalsIgnoringCase(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount, let bytes = baseAddress else { return false }
        let other = word.utf8Start
        return areEqual(bytes, other, count) || areEqualIgnoringCase(bytes, other, count)
    }
}

/// Whether `count` bytes are equal. It compares eight or four bytes at a time; the last ones may be compared twice.
@inlinable @inline(__always)
public func areEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    @inline(__always) func same<Word: FixedWidthInteger>(_ at: Int, as type: Word.Type) -> Bool {
        UnsafeRawPointer(left + at).loadUnaligned(as: type) == UnsafeRawPointer(right + at).loadUnaligned(as: type)
    }
    if count >= 8 {
        var at = 0
        while at &+ 8 <= count {
            if !same(at, as: UInt64.self) { return false }
            at &+= 8
        }
        return same(count &- 8, as: UInt64.self)
    }
    if count >= 4 { return same(0, as: UInt32.self) && same(count &- 4, as: UInt32.self) }
    var at = 0
    while at < count {
        if left[at] != right[at] { return false }
        at &+= 1
    }
    return true
}

@usableFromInline
func areEqualIgnoringCase(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    for index in 0..<count where asciiLower(left[index]) != asciiLower(right[index]) { return false }
    return true
}

/// An ASCII letter in lower case; any other byte unchanged.
@inlinable
public func asciiLower(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
}

/// The value of an ASCII digit, or nil for any other byte.
@inlinable
func digit(_ byte: UInt8) -> Int? {
    let value = byte &- 0x30
    return value < 10 ? Int(value) : nil
}
