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
            guard bytes[index] | 0x20 == 0x73, bytes[index + 1] | 0x20 == 0x77, index == 0 || !isLetter(bytes[index - 1]) else {
                index += 1
                continue
            }
            var start = index + 2
            if bytes[start] == 0x20 || bytes[start] == 0x2D || bytes[start] == 0x5F { start += 1 }
            var end = start
            while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
            guard end > start else {
                index += 1
                continue
            }
            result += bytes[kept..<index]
            let digits = [0x53, 0x57] + bytes[start..<end]
            result += digits.withUnsafeBufferPointer { replacement(SWENumber($0)) }.utf8
            index = end
            kept = end
        }
        return kept == 0 ? nil : String(decoding: result + bytes[kept...], as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
