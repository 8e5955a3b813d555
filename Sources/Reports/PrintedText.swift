import AgencyModel
import CPlatform
import SafeFiles

/// What may stand on standard output: no person's number, and nothing that could steer a terminal.
public enum PrintedText {
    /// Appends a text with anything that looks like a Social Work England number left out: some authorities use the number as their
    /// reference, or in a file's name. With `onOneLine` control characters become spaces; JSON keeps them, escaped.
    static func append(_ text: some Collection<UInt8>, to buffer: inout ByteBuffer, onOneLine: Bool = true) {
        let done: Void? = text.withContiguousStorageIfAvailable { append(bytes: $0, to: &buffer, onOneLine: onOneLine) }
        if done == nil { Array(text).withUnsafeBufferPointer { append(bytes: $0, to: &buffer, onOneLine: onOneLine) } }
    }

    /// A text about a finding. Where the assignment's reference is nothing but the worker's number, it is left out as well.
    static func append(
        _ text: some Collection<UInt8>, about view: FindingView, to buffer: inout ByteBuffer, onOneLine: Bool = true
    ) {
        guard view.isNamedByNumber else { return append(text, to: &buffer, onOneLine: onOneLine) }
        let hidden = String(decoding: text, as: UTF8.self).replacingAll(
            String(decoding: view.assignmentID, as: UTF8.self), with: "\u{2026}")
        append(hidden.utf8, to: &buffer, onOneLine: onOneLine)
    }

    static func append(_ text: String, to buffer: inout ByteBuffer, onOneLine: Bool = true) {
        append(text.utf8, to: &buffer, onOneLine: onOneLine)
    }

    /// A file's name or a reason for the terminal or for a page: one line, no number of a person.
    public static func line(_ text: String) -> String {
        var buffer = ByteBuffer()
        append(text, to: &buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    private static func append(bytes: UnsafeBufferPointer<UInt8>, to buffer: inout ByteBuffer, onOneLine: Bool) {
        var index = 0
        // What stands from here on is as it may be, and goes over in one piece.
        var start = 0
        func passOn(_ buffer: inout ByteBuffer) {
            if index > start { buffer.append(UnsafeBufferPointer(rebasing: bytes[start..<index])) }
        }
        while true {
            index += cp_printable_prefix(bytes.baseAddress.map { $0 + index }, bytes.count - index)
            guard index < bytes.count else { break }
            let byte = bytes[index]
            if byte | 0x20 == 0x73, let end = NumberMask.number(in: bytes, at: index)?.upperBound {
                passOn(&buffer)
                buffer.append("SW\u{2026}")
                index = end
                start = end
            } else if onOneLine, let length = control(bytes, index) {
                passOn(&buffer)
                buffer.append(" ")
                index += length
                start = index
            } else {
                index += 1
            }
        }
        passOn(&buffer)
    }

    /// The length of a control character, a line separator or a mark of writing direction; nil where there is none.
    private static func control(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
        let byte = bytes[index]
        if byte < 0x20 || byte == 0x7F { return 1 }
        if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] < 0xA0 { return 2 }
        guard byte == 0xE2, index + 2 < bytes.count else { return nil }
        switch (bytes[index + 1], bytes[index + 2]) {
        // U+200E, U+200F, the line and paragraph separators, U+202A to U+202E, U+2066 to U+2069
        case (0x80, 0x8E...0x8F), (0x80, 0xA8...0xAE), (0x81, 0xA6...0xA9): return 3
        default: return nil
        }
    }
}

extension String {
    /// The text with every place of a word taken by another.
    fileprivate func replacingAll(_ word: String, with other: String) -> String {
        var result = ""
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(word) {
                result += other
                rest = rest.dropFirst(word.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }
}
