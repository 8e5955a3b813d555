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

    /// The digits of the number whose S stands at the place; nil where none does. `SW 123` and `sw-123` are numbers too.
    public static func number(in bytes: Bytes, at place: Int) -> Range<Int>? {
        guard place + 2 < bytes.count, bytes[place] | 0x20 == 0x73, bytes[place + 1] | 0x20 == 0x77 else { return nil }
        if place > 0, isLetter(bytes[place - 1]) { return nil }
        let isSpaced = bytes[place + 2] == 0x20 || bytes[place + 2] == 0x2D || bytes[place + 2] == 0x5F
        let start = place + (isSpaced ? 3 : 2)
        var end = start
        while end < bytes.count, bytes[end] &- 0x30 < 10 { end += 1 }
        return end > start ? start..<end : nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
