import AgencyModel
import CPlatform

/// Splits text into the rows and fields of RFC 4180, in constant memory.
///
/// It works on bytes: separators, quotation marks and line ends are ASCII, so in UTF-8 their bytes mean nothing else. A scan first
/// records the offsets of these bytes, one window at a time; rows are then split at these offsets.
public struct CSVReader: ~Copyable {
    /// The result of `next`.
    public enum Row: Equatable {
        /// A row. Blank lines are skipped.
        case fields
        /// A row with broken quoting: the physical line where it starts. Reading continues on the next line.
        case broken
        /// A row longer than `Limits.rowBytes`. Only its start is known.
        case tooLong
        case end
    }

    private static let quote: UInt8 = 0x22
    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D
    /// Extra room after the text, for the last block of the scan.
    private static let padding = 64
    @usableFromInline static let escapedFlag: UInt32 = 1 << 31

    private var stream: TextStream
    let limits: Limits
    public private(set) var separator: UInt8 = 0x2C
    private let newline: UInt8

    @usableFromInline var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private let window: Int
    private var filled = 0
    private var streamEnded = false
    /// The offset in the text of the buffer's first byte.
    private var bufferOffset = 0

    /// The offsets of separators, line ends and quotation marks in the buffer.
    private var marks: UnsafeMutablePointer<UInt32>
    private var markCount = 0
    private var nextMark = 0
    /// The marks that are line ends or quotation marks. All marks between two of them are separators.
    private var breaks: UnsafeMutablePointer<UInt32>
    private var breakCount = 0
    private var nextBreak = 0

    private var rowStart = 0
    private var lineAtRow: UInt32 = 1
    private(set) var nextLine: UInt32 = 1
    private var skippingLine = false

    @usableFromInline var starts: UnsafeMutablePointer<UInt32>
    /// The ends of the row's fields: the marks themselves for a row without quotation marks, otherwise `ends`.
    @usableFromInline var fieldEnds: UnsafeMutablePointer<UInt32>
    private var ends: UnsafeMutablePointer<UInt32>
    private var fieldCapacity = 256

    /// The number of fields in the row.
    public private(set) var fieldCount = 0
    /// The line on which the row starts, from 1.
    public var line: UInt32 { lineAtRow }
    /// The offset of the row in the text.
    public private(set) var rowOffset = 0
    public private(set) var rowLength = 0
    /// The number of lines in the file that the row takes: more than one if a cell contains line ends.
    public private(set) var rowLines: UInt32 = 1

    /// `window` is the number of bytes read at a time (tests make it small).
    public init(_ stream: TextStream, limits: Limits = Limits(), window: Int = 256 << 10) throws(TextFault) {
        self.stream = stream
        self.limits = limits
        // A small file needs only a small window. The tables of the rule book are read at every start.
        self.window = min(window, max(stream.source.byteCount, 64))
        newline = try CSVReader.lineEnd(of: stream)
        capacity = max(self.window * 2, 256)
        buffer = .allocate(capacity: capacity + CSVReader.padding)
        marks = .allocate(capacity: capacity + CSVReader.padding)
        breaks = .allocate(capacity: capacity + CSVReader.padding)
        starts = .allocate(capacity: fieldCapacity)
        ends = .allocate(capacity: fieldCapacity)
        fieldEnds = ends
    }

    deinit {
        buffer.deallocate()
        marks.deallocate()
        breaks.deallocate()
        starts.deallocate()
        ends.deallocate()
    }

    /// A file without LF may have lines that end in CR alone.
    private static func lineEnd(of stream: TextStream) throws(TextFault) -> UInt8 {
        if stream.source.head.contains(lineFeed) { return lineFeed }
        var copy = stream
        let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)
        defer { room.deallocate() }
        var sawCarriageReturn = false
        while true {
            let count = try copy.read(into: room)
            if count == 0 { return sawCarriageReturn ? carriageReturn : lineFeed }
            let piece = Bytes(rebasing: room[..<count])
            if piece.contains(lineFeed) { return lineFeed }
            if !sawCarriageReturn { sawCarriageReturn = piece.contains(carriageReturn) }
        }
    }

    /// Sets the separator. Call it before the first row is read.
    public mutating func separate(by byte: UInt8) {
        separator = byte
        scan()
        while nextMark < markCount, Int(marks[nextMark]) < rowStart { nextMark += 1 }
    }

    /// The current line, up to the limit of a row; nothing is consumed. With `quotesSpanLines`, a line end between quotation marks
    /// does not end the line.
    public mutating func peekLine(quotesSpanLines: Bool = false) throws(TextFault) -> Bytes {
        var length = 0
        var quoted = false
        while true {
            while length < filled - rowStart {
                let byte = buffer[rowStart + length]
                if byte == CSVReader.quote, quotesSpanLines { quoted.toggle() }
                if byte == newline, !quoted { return Bytes(start: buffer + rowStart, count: length) }
                length += 1
            }
            if streamEnded || length > limits.rowBytes { return Bytes(start: buffer + rowStart, count: length) }
            try refill()
        }
    }

    /// Skips the current physical line.
    public mutating func skipLine() throws(TextFault) {
        _ = try finishSkipping()
        nextLine = nextLine.addingSaturated(1)
    }

    /// Moves to the next row that is not blank.
    public mutating func next() throws(TextFault) -> Row {
        while true {
            let row = try cutRow()
            if row == .fields, fieldCount == 1, rowLength == 0 { continue }
            return row
        }
    }

    /// The current offset in the text.
    public var place: Int { bufferOffset + rowStart }

    /// Whether a field of the row is empty.
    @inlinable @inline(__always)
    public func isEmpty(_ index: Int) -> Bool { starts[index] == fieldEnds[index] }

    /// A field of the row, without its quotation marks. Valid until the next row.
    @inlinable
    public mutating func field(_ index: Int) -> Bytes {
        let (start, end) = (Int(starts[index]), fieldEnds[index])
        if end & CSVReader.escapedFlag != 0 { return unescaped(index) }
        return Bytes(start: buffer + start, count: Int(end) - start)
    }

    /// A field with doubled quotation marks, each replaced by a single one in place.
    @usableFromInline
    mutating func unescaped(_ index: Int) -> Bytes {
        let start = Int(starts[index])
        let end = Int(fieldEnds[index] & ~CSVReader.escapedFlag)
        var write = start
        var read = start
        while read < end {
            buffer[write] = buffer[read]
            read += buffer[read] == CSVReader.quote ? 2 : 1
            write += 1
        }
        fieldEnds[index] = UInt32(write)
        return Bytes(start: buffer + start, count: write - start)
    }

    /// The text of the row as it is in the file. Call it only before a field with doubled quotation marks is read.
    public var rowText: Bytes { Bytes(start: buffer + rowOffset - bufferOffset, count: rowLength) }

    // MARK: Splitting rows

    private enum Attempt {
        case fields, broken, tooLong
        /// The row may continue beyond the end of the buffer.
        case needsMore
    }

    private mutating func cutRow() throws(TextFault) -> Row {
        while true {
            if skippingLine, try !finishSkipping() { return .end }
            if rowStart >= filled {
                if streamEnded { return .end }
                try refill()
                continue
            }
            lineAtRow = nextLine
            var attempt = tryRow()
            if attempt == .needsMore {
                if mayEndWithinLimit {
                    try refill()
                    continue
                }
                attempt = .tooLong
            }
            if attempt == .fields { return .fields }
            if let row = rejectPhysicalLine(tooLong: attempt == .tooLong) { return row }
            try refill()
        }
    }

    /// Splits the row at `rowStart`.
    private mutating func tryRow() -> Attempt {
        while nextBreak < breakCount, Int(breaks[nextBreak]) < nextMark { nextBreak += 1 }
        if nextBreak < breakCount {
            let last = Int(breaks[nextBreak])
            let position = Int(marks[last])
            if buffer[position] == newline { return cutPlainRow(last, position) }
        }
        return tryQuotedRow()
    }

    /// Splits a row without quotation marks: every mark before its line end is a separator.
    private mutating func cutPlainRow(_ last: Int, _ position: Int) -> Attempt {
        let count = last - nextMark + 1
        let row = marks + nextMark
        let end = withoutCarriageReturn(from: count > 1 ? Int(row[count - 2]) + 1 : rowStart, to: position)
        // This must come before a mark is overwritten: a row that is too long is read again, to find its line end.
        if end - rowStart > limits.rowBytes { return .tooLong }
        while count > fieldCapacity { growFields() }
        starts[0] = UInt32(rowStart)
        for index in 1..<max(count, 1) { starts[index] = row[index &- 1] &+ 1 }
        // The marks are no longer needed, so the last one can hold the end of the last field.
        row[count - 1] = UInt32(end)
        fieldEnds = row
        fieldCount = count
        return finishRow(end: end, next: position + 1, mark: last + 1, lines: 1)
    }

    /// Splits a row that contains quotation marks, or whose end is not in the buffer.
    private mutating func tryQuotedRow() -> Attempt {
        var mark = nextMark
        var fieldStart = rowStart
        var lines: UInt32 = 1
        fieldCount = 0
        fieldEnds = ends
        while true {
            guard mark < markCount else {
                guard streamEnded else { return .needsMore }
                let end = withoutCarriageReturn(from: fieldStart, to: filled)
                addField(fieldStart, UInt32(end))
                return finishRow(end: end, next: filled, mark: mark, lines: lines)
            }
            let position = Int(marks[mark])
            let byte = buffer[position]
            mark += 1
            if byte == separator {
                addField(fieldStart, UInt32(position))
                fieldStart = position + 1
                continue
            }
            if byte == newline {
                let end = withoutCarriageReturn(from: fieldStart, to: position)
                addField(fieldStart, UInt32(end))
                return finishRow(end: end, next: position + 1, mark: mark, lines: lines)
            }
            // A quotation mark must be at the start of the field.
            guard position == fieldStart else { return .broken }
            var escaped: UInt32 = 0
            var close = 0
            while true {
                guard mark < markCount else { return streamEnded ? .broken : .needsMore }
                close = Int(marks[mark])
                mark += 1
                if buffer[close] == CSVReader.quote {
                    guard close + 1 < filled else {
                        if streamEnded { break }
                        return .needsMore
                    }
                    guard buffer[close + 1] == CSVReader.quote else { break }
                    escaped = CSVReader.escapedFlag
                    mark += 1
                } else if buffer[close] == newline {
                    lines += 1
                }
            }
            addField(position + 1, UInt32(close) | escaped)
            // After the closing quotation mark there must be a separator, a line end or the end of the text.
            var after = close + 1
            if newline == CSVReader.lineFeed, after < filled, buffer[after] == CSVReader.carriageReturn {
                guard after + 1 < filled || streamEnded else { return .needsMore }
                if after + 1 == filled || buffer[after + 1] == newline { after += 1 }
            }
            if after == filled { return finishRow(end: close + 1, next: filled, mark: mark, lines: lines) }
            mark += 1
            if buffer[after] == newline { return finishRow(end: close + 1, next: after + 1, mark: mark, lines: lines) }
            guard buffer[after] == separator else { return .broken }
            fieldStart = after + 1
        }
    }

    /// Whether a row whose end is not in the buffer may still be within the limit. The CR of its line end does not count.
    private var mayEndWithinLimit: Bool { filled - rowStart <= limits.rowBytes + 1 }

    /// The end of a line's last field, without the CR of a CR LF.
    private func withoutCarriageReturn(from start: Int, to end: Int) -> Int {
        newline == CSVReader.lineFeed && end > start && buffer[end - 1] == CSVReader.carriageReturn ? end - 1 : end
    }

    private mutating func finishRow(end: Int, next: Int, mark: Int, lines: UInt32) -> Attempt {
        guard end - rowStart <= limits.rowBytes else { return .tooLong }
        rowLength = end - rowStart
        rowOffset = bufferOffset + rowStart
        rowStart = next
        nextMark = mark
        rowLines = lines
        nextLine = lineAtRow.addingSaturated(lines)
        return .fields
    }

    /// Returns the physical line at `rowStart` as a rejected row, or nil if its end is not in the buffer yet.
    private mutating func rejectPhysicalLine(tooLong: Bool) -> Row? {
        var mark = nextMark
        while mark < markCount, buffer[Int(marks[mark])] != newline { mark += 1 }
        let atEnd = mark == markCount
        if atEnd, !streamEnded, mayEndWithinLimit { return nil }
        let position = atEnd ? filled : Int(marks[mark])
        let end = withoutCarriageReturn(from: rowStart, to: position)
        let isTooLong = end - rowStart > limits.rowBytes
        rowLength =
            isTooLong ? Bytes(start: buffer + rowStart, count: end - rowStart).wholeCharacters(limits.rowBytes) : end - rowStart
        rowOffset = bufferOffset + rowStart
        skippingLine = atEnd && !streamEnded
        rowStart = atEnd ? filled : position + 1
        nextMark = atEnd ? markCount : mark + 1
        nextLine = nextLine.addingSaturated(1)
        return tooLong || isTooLong ? .tooLong : .broken
    }

    /// Reads to the end of a line that was too long. Returns false at the end of the text.
    private mutating func finishSkipping() throws(TextFault) -> Bool {
        while true {
            while nextMark < markCount {
                let position = Int(marks[nextMark])
                nextMark += 1
                if buffer[position] == newline {
                    rowStart = position + 1
                    skippingLine = false
                    return true
                }
            }
            rowStart = filled
            if streamEnded { return false }
            try refill()
        }
    }

    // MARK: Reading and scanning

    /// Keeps everything from the current row on, and reads more text after it.
    private mutating func refill() throws(TextFault) {
        let kept = filled - rowStart
        let room = max(window, 64)
        if kept + room > capacity {
            let larger = max(capacity * 2, kept + room)
            let newBuffer = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + CSVReader.padding)
            newBuffer.update(from: buffer + rowStart, count: kept)
            buffer.deallocate()
            buffer = newBuffer
            marks.deallocate()
            marks = .allocate(capacity: larger + CSVReader.padding)
            breaks.deallocate()
            breaks = .allocate(capacity: larger + CSVReader.padding)
            capacity = larger
        } else if rowStart > 0 {
            buffer.update(from: buffer + rowStart, count: kept)
        }
        bufferOffset += rowStart
        rowStart = 0
        filled = kept
        let read = try stream.read(into: UnsafeMutableBufferPointer(start: buffer + kept, count: room), atMost: window)
        filled += read
        streamEnded = read == 0
        scan()
    }

    /// Records the offsets of separators, line ends and quotation marks in the buffer.
    private mutating func scan() {
        (nextMark, nextBreak) = (0, 0)
        let found = cp_mark(buffer, filled, separator, newline, CSVReader.quote, marks, breaks)
        (markCount, breakCount) = (found.marks, found.breaks)
    }

    private mutating func addField(_ start: Int, _ end: UInt32) {
        if fieldCount == fieldCapacity { growFields() }
        starts[fieldCount] = UInt32(start)
        ends[fieldCount] = end
        fieldCount += 1
    }

    private mutating func growFields() {
        func grown(_ old: UnsafeMutablePointer<UInt32>) -> UnsafeMutablePointer<UInt32> {
            let new = UnsafeMutablePointer<UInt32>.allocate(capacity: fieldCapacity * 2)
            new.moveInitialize(from: old, count: fieldCapacity)
            old.deallocate()
            return new
        }
        starts = grown(starts)
        ends = grown(ends)
        fieldEnds = ends
        fieldCapacity *= 2
    }
}
