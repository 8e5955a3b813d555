/// Takes out of a text what looks like a Social Work England number: some authorities use the number as their reference, or in a file's
/// name.
public enum NumberMask {
    /// The text with `replacement` in the place of each number: `SW`, one separator at most, digits. It is given nil where the digits
    /// are no number that can be.
    public static func masked(_ text: String, _ replacement: (SWENumber?) -> String = { _ in "SW\u{2026}" }) -> String {
        var text = text
        return text.withUTF8 { masked($0, replacement) } ?? text
    }

    /// Nil where the text holds no number.
    public static func masked(_ bytes: Bytes, _ replacement: (SWENumber?) -> String) -> String? {
        var result: [UInt8] = []
        var index = 0
        var kept = 0
        while index + 2 < bytes.count {
            guard let number = number(in: bytes, at: index) else {
                index += 1
                continue
            }
            result += bytes[kept..<index]
            let digits = [0x53, 0x57] + bytes[number]
            result += digits.withUnsafeBufferPointer { replacement(SWENumber($0)) }.utf8
            index = number.upperBound
            kept = index
        }
        return kept == 0 ? nil : String(decoding: result + bytes[kept...], as: UTF8.self)
    }

    /// The digits of the number whose S stands at the place; nil where none does. Between SW (or SWE) and the digits one or two
    /// separators may stand: `SW 123`, `sw-123`, `SW. 123`, `SW#123`. Behind another letter only a number of five digits or more counts, so
    /// that a reference such as SSW-12 stays as it is.
    public static func number(in bytes: Bytes, at place: Int) -> Range<Int>? {
        guard place + 2 < bytes.count, bytes[place] | 0x20 == 0x73, bytes[place + 1] | 0x20 == 0x77 else { return nil }
        var start = place + 2
        if bytes[start] | 0x20 == 0x65 { start += 1 }
        for _ in 0..<2 { start += separator(bytes, start) }
        var end = start
        while end < bytes.count, bytes[end] &- 0x30 < 10 { end += 1 }
        guard end > start else { return nil }
        if place > 0, isLetter(bytes[place - 1]), end - start < 5 { return nil }
        return start..<end
    }

    /// The length of a separator: a space or mark of ASCII, a no-break space, a soft hyphen, a zero-width space.
    private static func separator(_ bytes: Bytes, _ place: Int) -> Int {
        guard place < bytes.count else { return 0 }
        switch bytes[place] {
        case 0x09...0x0D, 0x20, 0x23, 0x2D, 0x2E, 0x2F, 0x3A, 0x5F: return 1
        case 0xC2 where place + 1 < bytes.count && (bytes[place + 1] == 0xA0 || bytes[place + 1] == 0xAD): return 2
        case 0xE2 where place + 2 < bytes.count && bytes[place + 1] == 0x80 && (0x8B...0x90).contains(bytes[place + 2]): return 3
        case 0xE2 where place + 2 < bytes.count && bytes[place + 1] == 0x84 && bytes[place + 2] == 0x96: return 3
        default: return 0
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
