/// A piece of an input while it lies in memory: valid only until the reader moves on.
public typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer<UInt8> {
    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    public var text: String { String(decoding: self, as: UTF8.self) }

    /// How many of the first `most` bytes of a text of UTF-8 are whole characters: where it can be cut.
    public func wholeCharacters(_ most: Int) -> Int {
        guard most < count else { return count }
        var end = Swift.max(0, most)
        while end > 0, self[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// Equal to an ASCII word, whatever the case of either.
    @inlinable @inline(__always)
    public func equalsIgnoringCase(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount, let bytes = baseAddress else { return false }
        let other = word.utf8Start
        return areEqual(bytes, other, count) || areEqualIgnoringCase(bytes, other, count)
    }
}

/// Whether so many bytes are the same in both places: eight or four at a look, the last of them looked at twice.
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
