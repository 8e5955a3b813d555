import AgencyModel
import CPlatform

/// Text on its way to a terminal: nothing in it controls the screen, ends a line or changes the writing direction.
public enum HarmlessText {
    /// Appends text with a space instead of each control character, line separator and direction mark. With `ofLines`, line feeds
    /// and tabs stay.
    public static func append(_ bytes: Bytes, to buffer: inout ByteBuffer, ofLines: Bool = false) {
        var index = 0
        // The start of the bytes that need no change and can be appended at once.
        var start = 0
        while true {
            index += cp_printable_prefix(bytes.baseAddress.map { $0 + index }, bytes.count - index)
            guard index < bytes.count else { break }
            guard let length = control(bytes, index), !(ofLines && (bytes[index] == 0x0A || bytes[index] == 0x09)) else {
                index += 1
                continue
            }
            buffer.append(UnsafeBufferPointer(rebasing: bytes[start..<index]))
            buffer.append(0x20)
            index += length
            start = index
        }
        buffer.append(UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    public static func line(_ text: String) -> String { harmless(text, ofLines: false) }
    public static func lines(_ text: String) -> String { harmless(text, ofLines: true) }

    private static func harmless(_ text: String, ofLines: Bool) -> String {
        var text = text
        var buffer = ByteBuffer()
        text.withUTF8 { append($0, to: &buffer, ofLines: ofLines) }
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    /// The length of a control character at `index`; nil if there is none.
    static func control(_ bytes: Bytes, _ index: Int) -> Int? {
        let byte = bytes[index]
        if byte < 0x20 || byte == 0x7F { return 1 }
        guard byte >= 0xC2, index + 1 < bytes.count else { return nil }
        let next = bytes[index + 1]
        if byte == 0xC2 { return next < 0xA0 ? 2 : nil }
        // U+061C, the Arabic letter mark
        if byte == 0xD8 { return next == 0x9C ? 2 : nil }
        guard index + 2 < bytes.count else { return nil }
        switch (byte, next, bytes[index + 2]) {
        // U+200E, U+200F, the line and paragraph separators, U+202A to U+202E, U+2066 to U+206F
        case (0xE2, 0x80, 0x8E...0x8F), (0xE2, 0x80, 0xA8...0xAE), (0xE2, 0x81, 0xA6...0xAF): return 3
        // U+E0000 to U+E007F, invisible letters
        case (0xF3, 0xA0, 0x80...0x81): return min(4, bytes.count - index)
        default: return nil
        }
    }
}
