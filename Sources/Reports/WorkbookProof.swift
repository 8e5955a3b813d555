import CZlib
import Glibc
import SafeFiles

/// Reads a workbook back and counts its rows. The library that writes it does not report a failed write, so a full disk could leave
/// a workbook that lacks rows or cannot be opened.
enum WorkbookProof {
    /// Throws unless sheet n has `rows[n]` rows and every part of the workbook is complete.
    static func check(_ path: String, rows: [Int]) throws(OutputFault) {
        let broken = OutputFault("exceptions.xlsx could not be written completely. Is the disk full? Make room and run again.")
        guard let file = fopen(path, "rb") else { throw broken }
        defer { fclose(file) }
        guard let entries = directory(file) else { throw broken }
        var found: [String: Int] = [:]
        for entry in entries {
            guard let count = rowCount(file, entry) else { throw broken }
            found[entry.name] = count
        }
        for (index, count) in rows.enumerated() where found["xl/worksheets/sheet\(index + 1).xml"] != count { throw broken }
    }

    private struct Entry {
        let name: String
        let offset: Int
        let compressedCount: Int
        let isDeflated: Bool
        let checksum: UInt
    }

    private static func bytes(_ file: UnsafeMutablePointer<FILE>, at offset: Int, count: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0, fseek(file, offset, SEEK_SET) == 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        return fread(&bytes, 1, count, file) == count ? bytes : nil
    }

    private static func number(_ bytes: [UInt8], _ at: Int, _ width: Int) -> Int {
        (0..<width).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }

    /// The zip's central directory. Our workbooks have no comment and no 64-bit sizes.
    private static func directory(_ file: UnsafeMutablePointer<FILE>) -> [Entry]? {
        guard fseek(file, 0, SEEK_END) == 0 else { return nil }
        let size = ftell(file)
        guard let end = bytes(file, at: size - 22, count: 22), number(end, 0, 4) == 0x0605_4B50 else { return nil }
        guard let list = bytes(file, at: number(end, 16, 4), count: number(end, 12, 4)) else { return nil }
        var entries: [Entry] = []
        var place = 0
        while place + 46 <= list.count, number(list, place, 4) == 0x0201_4B50 {
            let nameCount = number(list, place + 28, 2)
            let next = place + 46 + nameCount + number(list, place + 30, 2) + number(list, place + 32, 2)
            guard next <= list.count else { return nil }
            entries.append(
                Entry(
                    name: String(decoding: list[(place + 46)..<(place + 46 + nameCount)], as: UTF8.self),
                    offset: number(list, place + 42, 4), compressedCount: number(list, place + 20, 4),
                    isDeflated: number(list, place + 10, 2) == 8, checksum: UInt(number(list, place + 16, 4))))
            place = next
        }
        return entries.count == number(end, 10, 2) ? entries : nil
    }

    /// The number of `<row` tags in an entry; nil if the entry is damaged or its XML is not closed.
    private static func rowCount(_ file: UnsafeMutablePointer<FILE>, _ entry: Entry) -> Int? {
        guard let head = bytes(file, at: entry.offset, count: 30), entry.isDeflated else { return nil }
        guard fseek(file, entry.offset + 30 + number(head, 26, 2) + number(head, 28, 2), SEEK_SET) == 0 else { return nil }
        var stream = z_stream()
        guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var input = [UInt8](repeating: 0, count: 64 << 10)
        var output = [UInt8](repeating: 0, count: 256 << 10)
        var left = entry.compressedCount
        var counter = RowCounter()
        var checksum = crc32(0, nil, 0)
        var status = Z_OK
        while status == Z_OK, left > 0 {
            let read = fread(&input, 1, min(left, input.count), file)
            if read == 0 { return nil }
            left -= read
            status = input.withUnsafeMutableBufferPointer { source in
                output.withUnsafeMutableBufferPointer { target in
                    stream.next_in = source.baseAddress
                    stream.avail_in = UInt32(read)
                    var state = Z_OK
                    repeat {
                        stream.next_out = target.baseAddress
                        stream.avail_out = UInt32(target.count)
                        state = inflate(&stream, Z_NO_FLUSH)
                        let made = target.count - Int(stream.avail_out)
                        checksum = crc32(checksum, target.baseAddress, UInt32(made))
                        counter.add(UnsafeBufferPointer(rebasing: target[..<made]))
                    } while state == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0)
                    return state == Z_BUF_ERROR ? Z_OK : state
                }
            }
        }
        guard status == Z_STREAM_END, left == 0, checksum == entry.checksum, counter.isClosed else { return nil }
        return counter.rows
    }

    /// Counts `<row ` over several blocks, and keeps the start and the end.
    private struct RowCounter {
        var rows = 0
        private var matched = 0
        private var first: [UInt8] = []
        private var last: [UInt8] = []
        private static let word = Array("<row ".utf8)

        /// Whether the document ends with the end tag of its first element.
        var isClosed: Bool {
            let text = String(decoding: first, as: UTF8.self)
            guard let root = text.split(separator: "<").first(where: { !$0.hasPrefix("?") }) else { return false }
            let name = root.prefix { $0.isLetter || $0.isNumber || $0 == ":" }
            let end = String(decoding: last, as: UTF8.self).filter { !$0.isWhitespace }
            return !name.isEmpty && end.hasSuffix("</\(name)>")
        }

        mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
            for byte in bytes {
                if byte == RowCounter.word[matched] {
                    matched += 1
                    if matched == 5 { (rows, matched) = (rows + 1, 0) }
                } else {
                    matched = byte == 0x3C ? 1 : 0
                }
            }
            if first.count < 256 { first += bytes.prefix(256 - first.count) }
            last = Array((last + bytes.suffix(64)).suffix(64))
        }
    }
}
