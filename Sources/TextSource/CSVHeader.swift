import AgencyModel

/// The bytes without white space (as defined by Unicode) at either end.
@inlinable
public func trimmed(_ bytes: Bytes) -> Bytes {
    guard let first = bytes.first, let last = bytes.last else { return bytes }
    if first > 0x20, first < 0x80, last > 0x20, last < 0x80 { return bytes }
    return trimmedUnicode(bytes)
}

@usableFromInline
func trimmedUnicode(_ bytes: Bytes) -> Bytes {
    var start = 0
    var end = bytes.count
    while start < end, let length = leadingSpace(bytes, start, end) { start += length }
    while end > start, let length = trailingSpace(bytes, start, end) { end -= length }
    return Bytes(rebasing: bytes[start..<end])
}

/// The length in bytes of the white space character at `at`, or nil if there is none.
private func leadingSpace(_ bytes: Bytes, _ at: Int, _ end: Int) -> Int? {
    let byte = bytes[at]
    if byte == 0x20 || (0x09...0x0D).contains(byte) || (0x1C...0x1F).contains(byte) { return 1 }
    for length in 2...3 where byte >= 0xC2 && at + length <= end {
        if isWideSpace(Bytes(rebasing: bytes[at..<(at + length)])) { return length }
    }
    return nil
}

private func trailingSpace(_ bytes: Bytes, _ start: Int, _ end: Int) -> Int? {
    if bytes[end - 1] < 0x80 { return leadingSpace(bytes, end - 1, end) }
    for length in 2...3 where end - length >= start {
        if isWideSpace(Bytes(rebasing: bytes[(end - length)..<end])) { return length }
    }
    return nil
}

/// U+0085, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000.
private func isWideSpace(_ bytes: Bytes) -> Bool {
    if bytes.count == 2 { return bytes[0] == 0xC2 && (bytes[1] == 0x85 || bytes[1] == 0xA0) }
    switch (bytes[0], bytes[1], bytes[2]) {
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F),
        (0xE3, 0x80, 0x80):
        return true
    default: return false
    }
}

/// The first row of a CSV file: its names, and the separator.
public struct CSVHeader: Sendable {
    /// As written, without white space at either end.
    public let names: [String]
    public let line: UInt32

    /// Reads Excel's `sep=` line, if there is one, chooses the separator and reads the header row.
    ///
    /// The separator is the comma, semicolon or tab that is most frequent outside quotation marks in the header. If two are equally
    /// frequent, the one that comes first in this list is used.
    public static func read(from reader: inout CSVReader) throws(TextFault) -> CSVHeader {
        var line = try reader.peekLine()
        var settled: UInt8?
        if line.count >= 4, Bytes(rebasing: line[..<4]).equalsIgnoringCase("sep=") {
            let rest = Bytes(rebasing: line[4...])
            let mark = rest.last == 0x0D ? Bytes(rebasing: rest[..<(rest.count - 1)]) : rest
            guard mark.count == 1, mark[0] == 0x2C || mark[0] == 0x3B || mark[0] == 0x09 else {
                throw TextFault(
                    "its first line names a separator that is not a comma, a semicolon or a tab. Save it again as CSV UTF-8",
                    line: 1, column: 5)
            }
            settled = mark[0]
            try reader.skipLine()
            line = try reader.peekLine()
        }
        while true {
            while trimmed(line).isEmpty {
                guard line.count <= reader.limits.rowBytes else { throw tooLong(line: reader.nextLine) }
                let before = reader.place
                try reader.skipLine()
                if reader.place == before { throw noHeader }
                line = try reader.peekLine()
            }
            if let settled {
                reader.separate(by: settled)
            } else {
                reader.separate(by: mostFrequentSeparator(in: try reader.peekLine(quotesSpanLines: true)))
            }
            switch try reader.next() {
            case .fields: break
            case .end: throw noHeader
            case .broken:
                throw TextFault(
                    "the quoting of its header row is broken. Write a quote inside a cell twice, or delete it", line: reader.line,
                    column: 1)
            case .tooLong: throw tooLong(line: reader.line)
            }
            let names = (0..<reader.fieldCount).map { visibleName(trimmed(reader.field($0)).text) }
            if names.contains(where: { !$0.isEmpty }) { return CSVHeader(names: names, line: reader.line) }
            line = try reader.peekLine()
        }
    }

    /// A name without visible characters counts as empty.
    private static func visibleName(_ name: String) -> String {
        PlainForm.of(name)?.text.allSatisfy { $0 == " " } ?? false ? "" : name
    }

    private static let noHeader = TextFault(
        "it has no header row. Put the names of the columns in the first row", line: 1, column: 1)

    private static func tooLong(line: UInt32) -> TextFault {
        TextFault(
            "its first row is longer than a header can be. Check that it is a CSV file, and put the names of the columns in the first row",
            line: line, column: 1)
    }

    private static func mostFrequentSeparator(in line: Bytes) -> UInt8 {
        let candidates: [UInt8] = [0x2C, 0x3B, 0x09]
        var counts = [0, 0, 0]
        var quoted = false
        for byte in line {
            if byte == 0x22 {
                quoted.toggle()
            } else if !quoted, let index = candidates.firstIndex(of: byte) {
                counts[index] += 1
            }
        }
        return candidates[counts.firstIndex(of: counts.max()!)!]
    }
}
