import AgencyModel
import CPlatform

/// Bytes on their way to a file. Numbers and dates are written directly, without a string in between.
public struct ByteBuffer: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public var count: Int { bytes.count }

    /// A text as it is written into a buffer.
    public static func text(_ fill: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer()
        fill(&buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    @inline(__always) public mutating func append(_ byte: UInt8) { bytes.append(byte) }
    @inline(__always) public mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    public mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
    public mutating func append(_ text: some Collection<UInt8>) { bytes.append(contentsOf: text) }
    public mutating func append(_ text: [UInt8]) { text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }
    public mutating func append(_ text: ArraySlice<UInt8>) { text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }

    public mutating func append(number: Int) {
        if number < 0 { append(0x2D) }
        append(figures: number.magnitude, atLeast: 1)
    }

    /// A number with leading zeros.
    public mutating func append(number: Int, width: Int) { append(figures: number.magnitude, atLeast: width) }

    private mutating func append(figures number: UInt, atLeast width: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { room in
            let start = ByteBuffer.write(number, atLeast: width, into: room, before: 20)
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: room[start...]))
        }
    }

    /// Writes digits from the end into temporary memory with room for 20 of them before `end`, so that they can be appended at
    /// once. Returns where they start.
    private static func write(
        _ number: UInt, atLeast width: Int, into room: UnsafeMutableBufferPointer<UInt8>, before end: Int
    ) -> Int {
        var rest = number
        var start = end
        while rest > 0 || start > end - width {
            start -= 1
            room[start] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        return start
    }

    /// `41.20`, with a third and fourth decimal place only if they are not zero.
    public mutating func append(_ money: Money) {
        if money.tenThousandths < 0 { append(0x2D) }
        let amount = Int(money.tenThousandths.magnitude)
        append(number: amount / 10_000)
        append(decimals: amount % 10_000, width: 4, atLeast: 2)
    }

    /// `37`, `37.5`: with no more decimal places than needed.
    public mutating func append(_ quantity: Quantity) {
        if quantity.billionths < 0 { append(0x2D) }
        let amount = Int(quantity.billionths.magnitude)
        append(number: amount / Int(Quantity.scale))
        let rest = amount % Int(Quantity.scale)
        if rest > 0 { append(decimals: rest, width: 9, atLeast: 1) }
    }

    /// The point and the decimal places, without zeros at the end.
    private mutating func append(decimals: Int, width: Int, atLeast least: Int) {
        append(0x2E)
        var decimals = decimals
        var width = width
        while width > least, decimals % 10 == 0 {
            decimals /= 10
            width -= 1
        }
        append(number: decimals, width: width)
    }

    /// `1,095`, for sentences.
    public mutating func append(grouped number: Int) {
        if number < 0 { append(0x2D) }
        let amount = Int(number.magnitude)
        if amount < 1000 { return append(number: amount) }
        append(grouped: amount / 1000)
        append(0x2C)
        append(number: amount % 1000, width: 3)
    }

    /// `1,733.09`, for sentences.
    public mutating func append(grouped money: Money) {
        if money.tenThousandths < 0 { append(0x2D) }
        let amount = Int(money.tenThousandths.magnitude)
        append(grouped: amount / 10_000)
        append(decimals: amount % 10_000, width: 4, atLeast: 2)
    }

    /// `2024-10-31`.
    public mutating func append(_ date: CalendarDate) {
        let (year, month, day) = date.parts
        // A date that is computed and not read can have a five-digit year.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 26) { room in
            var start = ByteBuffer.write(day.magnitude, atLeast: 2, into: room, before: 26) - 1
            room[start] = 0x2D
            start = ByteBuffer.write(month.magnitude, atLeast: 2, into: room, before: start) - 1
            room[start] = 0x2D
            start = ByteBuffer.write(year.magnitude, atLeast: 4, into: room, before: start)
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: room[start...]))
        }
    }

    /// `31 October 2024`, for sentences.
    public mutating func append(inWords date: CalendarDate) {
        let (year, month, day) = date.parts
        append(number: day)
        append(0x20)
        append(CalendarDate.monthNames[month - 1])
        append(0x20)
        append(number: year, width: 4)
    }

    /// `2026-Q1`.
    public mutating func append(_ quarter: Quarter) {
        append(number: quarter.year, width: 4)
        append("-Q")
        append(number: quarter.number)
    }

    // MARK: CSV

    /// Ends a cell that began at `start`: adds quotation marks if needed, and an apostrophe if a spreadsheet would run it.
    public mutating func closeCell(from start: Int) {
        makeHarmless(from: start)
        quoteCell(from: start)
    }

    /// Adds an apostrophe in front of text that a spreadsheet would run.
    public mutating func makeHarmless(from start: Int = 0) {
        guard start < bytes.count else { return }
        let first = bytes[start]
        if first == 0x3D || first == 0x2B || first == 0x2D || first == 0x40 || first == 0x09 || first == 0x0D,
            !ByteBuffer.isNumber(bytes[start...])
        {
            bytes.insert(0x27, at: start)
        }
    }

    /// Ends a cell that began at `start` for a program: adds quotation marks if needed, and otherwise leaves it as it is.
    public mutating func quoteCell(from start: Int) {
        guard start < bytes.count else { return }
        var quotes = 0
        let mustQuote = bytes.withUnsafeBufferPointer { all in
            let cell = UnsafeBufferPointer(rebasing: all[start...])
            guard cp_needs_quotes(cell.baseAddress, cell.count) != 0 else { return false }
            for byte in cell where byte == 0x22 { quotes += 1 }
            return true
        }
        guard mustQuote else { return }
        // Moves the bytes from the end, doubling each quotation mark.
        var read = bytes.count
        bytes.append(contentsOf: repeatElement(0x22, count: quotes + 2))
        bytes.withUnsafeMutableBufferPointer { all in
            var write = all.count - 1
            all[write] = 0x22
            while read > start {
                read -= 1
                write -= 1
                all[write] = all[read]
                if all[read] == 0x22 {
                    write -= 1
                    all[write] = 0x22
                }
            }
            all[start] = 0x22
        }
    }

    /// Whether a cell is a number with an optional sign, and so not a formula.
    private static func isNumber(_ cell: ArraySlice<UInt8>) -> Bool {
        var digits = 0
        var points = 0
        for (index, byte) in cell.enumerated() {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x2E: points += 1
            case 0x2B, 0x2D: if index > 0 { return false }
            default: return false
            }
        }
        return digits > 0 && points < 2
    }

    /// Appends a complete CSV cell with everything that `fill` appends.
    @inline(__always)
    public mutating func appendCell(_ fill: (inout ByteBuffer) throws -> Void) rethrows {
        let start = count
        try fill(&self)
        closeCell(from: start)
    }

    /// Appends a complete CSV cell.
    public mutating func appendCell(_ text: String) { appendCell { $0.append(text) } }

    public mutating func endRow() { append("\r\n") }

    /// Who reads a table: a person, for whom a text that a spreadsheet would run is made harmless, or a machine, which takes it as it is.
    public enum Reader { case person, machine }

    /// A whole row of CSV, a cell for each value.
    public mutating func appendRow<Values: Sequence>(
        of values: Values, for reader: Reader = .person, _ fill: (Values.Element, inout ByteBuffer) throws -> Void
    ) rethrows {
        var isFirst = true
        for value in values {
            if !isFirst { append(0x2C) }
            isFirst = false
            let start = count
            try fill(value, &self)
            if reader == .person { makeHarmless(from: start) }
            quoteCell(from: start)
        }
        endRow()
    }

    /// A whole row of CSV.
    public mutating func appendRow(_ cells: some Sequence<String>, for reader: Reader = .person) {
        appendRow(of: cells, for: reader) { $1.append($0) }
    }

    // MARK: XML and HTML

    /// Appends text between tags or in a quoted attribute. A control character, which XML does not have, becomes U+FFFD.
    public mutating func appendEscaped(_ text: ArraySlice<UInt8>) { text.withUnsafeBufferPointer { appendEscaped(bytes: $0) } }

    public mutating func appendEscaped(_ text: String) {
        var text = text
        text.withUTF8 { appendEscaped(bytes: $0) }
    }

    private mutating func appendEscaped(bytes text: UnsafeBufferPointer<UInt8>) {
        // Text that needs no escape is appended at once. Usually that is all of it.
        var start = 0
        for (index, byte) in text.enumerated() {
            let escape: StaticString
            switch byte {
            case 0x26: escape = "&amp;"
            case 0x3C: escape = "&lt;"
            case 0x3E: escape = "&gt;"
            case 0x22: escape = "&quot;"
            case 0x27: escape = "&#39;"
            case 0x0D: escape = "&#13;"
            case 0x00..<0x20 where byte != 0x09 && byte != 0x0A: escape = "\u{FFFD}"
            // U+FFFE and U+FFFF are not characters: EF BF BE and EF BF BF. Their first two bytes have been appended already; the
            // last becomes that of U+FFFD.
            case 0xBE...0xBF where index >= 2 && text[index - 1] == 0xBF && text[index - 2] == 0xEF:
                append(UnsafeBufferPointer(rebasing: text[start..<index]))
                append(0xBD)
                start = index + 1
                continue
            default: continue
            }
            append(UnsafeBufferPointer(rebasing: text[start..<index]))
            append(escape)
            start = index + 1
        }
        append(UnsafeBufferPointer(rebasing: text[start...]))
    }

    // MARK: JSON

    /// Control characters for terminals are escaped too, so that the text can be shown on one.
    public mutating func appendJSON(_ text: some Collection<UInt8>) {
        let done: Void? = text.withContiguousStorageIfAvailable { appendJSON(bytes: $0) }
        if done == nil { Array(text).withUnsafeBufferPointer { appendJSON(bytes: $0) } }
    }

    private mutating func appendJSON(bytes text: Bytes) {
        append(0x22)
        var escaped = 0
        for (index, byte) in text.enumerated() where index >= escaped {
            switch byte {
            case 0x80...:
                guard let length = HarmlessText.control(text, index) else {
                    append(byte)
                    continue
                }
                for unit in String(decoding: text[index..<index + length], as: UTF8.self).utf16 {
                    append("\\u")
                    for shift in [12, 8, 4, 0] { append(ByteBuffer.hex(UInt8(unit >> shift & 15))) }
                }
                escaped = index + length
            case 0x22: append("\\\"")
            case 0x5C: append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20, 0x7F:
                append("\\u00")
                append(ByteBuffer.hex(byte >> 4))
                append(ByteBuffer.hex(byte & 15))
            default: append(byte)
            }
        }
        append(0x22)
    }

    public mutating func appendJSON(_ text: String) { appendJSON(text.utf8) }

    /// Members of an object on one line, without its braces; the values are JSON already.
    public mutating func appendMembers(_ members: [(String, String)]) {
        for (index, (name, value)) in members.enumerated() {
            if index > 0 { append(", ") }
            appendJSON(name)
            append(": ")
            append(value)
        }
    }

    private static func hex(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
