import AgencyModel

/// The encodings that can be read.
public enum TextEncoding: Sendable, Equatable {
    case utf8, utf16LittleEndian, utf16BigEndian, windows1252, latin1

    /// The encoding of a byte order mark, or UTF-8 if there is none.
    public static func marked(by head: [UInt8]) -> TextEncoding {
        if head.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
        if head.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
        return .utf8
    }
}

/// Turns the bytes of one file into UTF-8, block by block.
///
/// The byte order mark is dropped. UTF-8 is checked but not changed: bytes that are not UTF-8 give the fault `notUTF8`. UTF-16 with
/// an unpaired surrogate, or half a unit at the end, is refused. A NUL byte is refused in every encoding, because text does not
/// contain NUL.
public struct TextStream {
    public let source: FileSource
    public let encoding: TextEncoding
    private var offset: Int
    /// The end of the text: the end of the file or of a part.
    private let end: Int
    private var atEnd = false
    /// Bytes that were read but not yet returned: the start of an incomplete character.
    private var pending: [UInt8] = []
    private var raw: [UInt8] = []
    /// The offset in the file of the character that gave the fault `notUTF8`.
    private var brokenByte = 0
    /// Whether the reason is that the file ends within the character.
    public private(set) var endsWithinCharacter = false

    /// The text of a UTF-8 file between two offsets (up to the end of the file if `end` is nil). Both must be starts of characters.
    public init(_ source: FileSource, from offset: Int, to end: Int? = nil) {
        self.source = source
        encoding = .utf8
        self.end = end ?? source.byteCount
        self.offset = offset == 0 ? source.textStart : offset
    }

    public init(_ source: FileSource, encoding: TextEncoding) {
        self.source = source
        self.encoding = encoding
        end = source.byteCount
        switch encoding {
        case .utf8: offset = source.textStart
        case .utf16LittleEndian, .utf16BigEndian: offset = 2
        // The UTF-8 mark is dropped even before text that turned out to be something else, because it is not part of the text.
        case .windows1252, .latin1: offset = source.textStart
        }
    }

    /// Whether all of the text has been returned.
    public var isAtEnd: Bool { offset == end && pending.isEmpty }

    /// Fills the buffer (which must have room for at least 64 bytes) with UTF-8 from at most `most` bytes of the file. Returns 0 at
    /// the end.
    public mutating func read(
        into buffer: UnsafeMutableBufferPointer<UInt8>, atMost most: Int = .max
    ) throws(TextFault) -> Int {
        while !atEnd {
            let count =
                encoding == .utf8
                ? try readUTF8(into: buffer, atMost: most) : try readTranscoding(into: buffer, atMost: most)
            if count > 0 { return count }
        }
        return 0
    }

    private mutating func finish() throws(TextFault) {
        atEnd = true
        guard offset == end else { throw TextFault.changed }
        try source.checkUnchanged()
    }

    private mutating func readUTF8(
        into buffer: UnsafeMutableBufferPointer<UInt8>, atMost most: Int
    ) throws(TextFault) -> Int {
        let held = pending.count
        for index in 0..<held { buffer[index] = pending[index] }
        pending.removeAll(keepingCapacity: true)
        let room = min(buffer.count, most < buffer.count ? held + most : buffer.count)
        // If the file has grown, this reads at least one byte more than it had, so the change is noticed.
        let left = end == source.byteCount ? Int.max : held + end - offset
        let count = try source.read(
            into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[held..<min(room, left)]),
            at: offset)
        offset += count
        if count == 0 {
            brokenByte = offset - held
            endsWithinCharacter = held > 0
            if held > 0 { throw fault(TextFault.notUTF8, at: brokenByte) }
            try finish()
            return 0
        }
        let text = Bytes(rebasing: buffer[..<(held + count)])
        let start = offset - text.count
        switch UTF8Check.check(text) {
        case .whole: return text.count
        case .cut(let cut):
            pending.append(contentsOf: text[cut...])
            return cut
        case .broken(let position):
            brokenByte = start + position
            throw fault(TextFault.notUTF8, at: brokenByte)
        case .nul(let position): throw nulFault(at: start + position)
        }
    }

    private func nulFault(at byte: Int) -> TextFault {
        let utf16 = encoding == .utf8 && source.head.count >= 4 && (source.head[1] == 0 || source.head[0] == 0)
        return fault(
            utf16
                ? "it is UTF-16 without a byte order mark, or not text at all. Save it as CSV UTF-8"
                : "it has a NUL character, so it is not text or it was damaged. Export it again as CSV UTF-8", at: byte)
    }

    /// The fault that replaces `notUTF8` if the file must not be read again in another encoding.
    public func fault(ofBrokenUTF8 reason: String) -> TextFault { fault(reason, at: brokenByte) }

    /// A fault with the line and the column (in characters, both from 1) of a byte of the file. It reads the file again up to that
    /// byte.
    private func fault(_ reason: String, at byte: Int) -> TextFault {
        let isWide = encoding == .utf16LittleEndian || encoding == .utf16BigEndian
        let width = isWide ? 2 : 1
        let high = encoding == .utf16LittleEndian ? 1 : 0
        let newline: UInt8 = source.head.contains(0x0A) ? 0x0A : 0x0D
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { block.deallocate() }
        var (line, column): (UInt32, UInt32) = (1, 1)
        var place = isWide ? 2 : source.textStart
        while place < byte {
            let wanted = UnsafeMutableRawBufferPointer(rebasing: block[..<min(block.count, byte - place)])
            // If the file can no longer be read, the fault has no line and column.
            guard let count = try? source.read(into: wanted, at: place), count >= width else { return TextFault(reason) }
            for index in stride(from: 0, to: count - width + 1, by: width) {
                let unit = isWide ? UInt32(block[index + high]) << 8 | UInt32(block[index + 1 - high]) : UInt32(block[index])
                // The second half of a character does not count as a character.
                let isRest = isWide ? unit & 0xFC00 == 0xDC00 : encoding == .utf8 && unit & 0xC0 == 0x80
                if unit == UInt32(newline) { (line, column) = (line + 1, 1) } else if !isRest { column += 1 }
            }
            place += count / width * width
        }
        return TextFault(reason, line: line, column: column)
    }

    private mutating func readTranscoding(
        into buffer: UnsafeMutableBufferPointer<UInt8>, atMost most: Int
    ) throws(TextFault) -> Int {
        // No encoding here produces more than three bytes of UTF-8 from one byte, or four from two.
        let want = pending.count + max(1, min(buffer.count / 3 - 8, 64 << 10, most))
        if raw.count < want { raw = [UInt8](repeating: 0, count: want) }
        let held = pending.count
        for index in 0..<held { raw[index] = pending[index] }
        pending.removeAll(keepingCapacity: true)
        let position = offset
        var readFault: TextFault?
        let count = raw.withUnsafeMutableBytes { room -> Int in
            do throws(TextFault) {
                return try source.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: room[held..<want]), at: position)
            } catch {
                readFault = error
                return 0
            }
        }
        if let readFault { throw readFault }
        offset += count
        if count == 0 {
            if held > 0 { throw fault("its UTF-16 is broken at the end. Save it again as CSV UTF-8", at: offset - held) }
            try finish()
            return 0
        }
        let available = held + count
        var written = 0
        func put(_ scalar: UInt32) {
            for byte in UTF8.encode(Unicode.Scalar(scalar)!)! {
                buffer[written] = byte
                written += 1
            }
        }
        switch encoding {
        case .windows1252, .latin1:
            for byte in raw[..<available] {
                if byte == 0 { throw nulFault(at: position - held + raw[..<available].firstIndex(of: 0)!) }
                if byte < 0x80 {
                    buffer[written] = byte
                    written += 1
                } else {
                    put(encoding == .latin1 ? UInt32(byte) : Windows1252.scalar(byte))
                }
            }
        case .utf16LittleEndian, .utf16BigEndian:
            let low = encoding == .utf16LittleEndian ? 0 : 1
            func unit(_ at: Int) -> UInt32 { UInt32(raw[at + low]) | UInt32(raw[at + 1 - low]) << 8 }
            var index = 0
            while index + 1 < available {
                let first = unit(index)
                if first == 0 { throw nulFault(at: position - held + index) }
                if first & 0xF800 != 0xD800 {
                    put(first)
                    index += 2
                    continue
                }
                guard index + 3 < available else { break }
                let second = unit(index + 2)
                guard first & 0xFC00 == 0xD800, second & 0xFC00 == 0xDC00 else {
                    throw fault("its UTF-16 is broken. Save it again as CSV UTF-8", at: position - held + index)
                }
                put(0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF))
                index += 4
            }
            pending.append(contentsOf: raw[index..<available])
        case .utf8: preconditionFailure("UTF-8 is not transcoded")
        }
        return written
    }
}

/// Windows-1252 above 0x7F. Its five undefined bytes become U+FFFD.
enum Windows1252 {
    static func scalar(_ byte: UInt8) -> UInt32 { byte < 0xA0 ? upper[Int(byte) - 0x80] : UInt32(byte) }

    private static let upper: [UInt32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
        0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0xFFFD, 0x017E, 0x0178,
    ]
}
