/// A text, letter by letter, as the person mask reads it: lower-case letters, digits of any script as ASCII digits, ASCII marks as
/// they are, and for everything else only its kind.
enum PlainSymbol {
    /// An invisible or combining character, which separates nothing.
    static let invisible: UInt8 = 1
    /// A letter other than a to z.
    static let otherLetter: UInt8 = 2
    static let otherMark: UInt8 = 3

    @inline(__always) static func isDigit(_ symbol: UInt8) -> Bool { symbol &- 0x30 < 10 }
    @inline(__always) static func isLatin(_ symbol: UInt8) -> Bool { symbol &- 0x61 < 26 }
    @inline(__always) static func isLetter(_ symbol: UInt8) -> Bool { isLatin(symbol) || symbol == otherLetter }
    @inline(__always) static func isSeparator(_ symbol: UInt8) -> Bool { !isDigit(symbol) && !isLetter(symbol) }

    /// Fills symbols and the offsets where they begin, and returns their number. Both must have room for one symbol for each byte.
    static func fill(
        _ symbols: UnsafeMutableBufferPointer<UInt8>, _ places: UnsafeMutableBufferPointer<UInt32>, from bytes: Bytes
    ) -> Int {
        var count = 0
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            places[count] = UInt32(place)
            if byte < 0x80 {
                symbols[count] = byte < 0x20 ? otherMark : asciiLower(byte)
                place += 1
            } else {
                let (scalar, length) = scalar(in: bytes, at: place)
                symbols[count] = symbol(of: scalar)
                place += length
            }
            count += 1
        }
        return count
    }

    /// A byte that is not UTF-8 counts as a character.
    private static func scalar(in bytes: Bytes, at place: Int) -> (Unicode.Scalar, length: Int) {
        let length = bytes[place] < 0xC2 ? 1 : bytes[place] < 0xE0 ? 2 : bytes[place] < 0xF0 ? 3 : bytes[place] < 0xF5 ? 4 : 1
        guard length > 1, place + length <= bytes.count else { return ("\u{FFFD}", 1) }
        var value = UInt32(bytes[place]) & (0x7F >> UInt32(length))
        for next in place + 1..<place + length {
            guard bytes[next] & 0xC0 == 0x80 else { return ("\u{FFFD}", 1) }
            value = value << 6 | UInt32(bytes[next] & 0x3F)
        }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    private static func symbol(of scalar: Unicode.Scalar) -> UInt8 {
        if let letter = latin(scalar.value) { return letter }
        let properties = scalar.properties
        if let value = properties.numericValue, value >= 0, value <= 9, value == value.rounded(.down) { return 0x30 + UInt8(value) }
        switch properties.generalCategory {
        case .format, .nonspacingMark, .enclosingMark: return invisible
        case .spacingMark, .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return scalar.value == 0x3164 || scalar.value == 0x115F || scalar.value == 0x1160 ? invisible : otherLetter
        default: return properties.isDefaultIgnorableCodePoint ? invisible : otherMark
        }
    }

    /// The letter a to z, the @ sign or the full stop that a Unicode character looks like: full-width, mathematical, circled or in
    /// brackets, and letters of other scripts that look like S and W.
    private static func latin(_ value: UInt32) -> UInt8? {
        func letter(_ first: UInt32) -> UInt8 { UInt8(0x61 + (value - first) % 26) }
        switch value {
        case 0xFF21...0xFF3A: return letter(0xFF21)
        case 0xFF41...0xFF5A: return letter(0xFF41)
        case 0x1D400...0x1D6A3: return letter(0x1D400)
        case 0x249C...0x24B5: return letter(0x249C)
        case 0x24B6...0x24E9: return letter(0x24B6)
        case 0x1F110...0x1F129: return letter(0x1F110)
        case 0x1F130...0x1F149: return letter(0x1F130)
        case 0x1F150...0x1F169: return letter(0x1F150)
        case 0x1F170...0x1F189: return letter(0x1F170)
        case 0x1F1E6...0x1F1FF: return letter(0x1F1E6)
        case 0x17F, 0x405, 0x455, 0xA731, 0x2E2, 0x10BD, 0x54F: return 0x73
        case 0x51C, 0x51D, 0x1D21, 0x2B7, 0x174, 0x175, 0x461: return 0x77
        case 0x15A...0x161, 0x218...0x219: return 0x73
        case 0xFF20, 0xFE6B: return 0x40
        case 0xFF0E, 0x3002, 0xFE52: return 0x2E
        default: return nil
        }
    }
}
