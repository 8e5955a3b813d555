import AgencyModel
import CPlatform
import RuleBook
import TextSource

/// The rows of a CSV file below its header, or those of a part of it, in which lines are counted from the part's own first line.
struct CSVRows: TableRows, ~Copyable {
    let plan: TablePlan
    private var reader: CSVReader
    private let cellCount: Int
    let byteCount: Int
    /// The offset of the text in the file, and in the file's own text.
    private let base: Int
    private let textOffset: Int
    /// The end of the part in the file.
    private let end: Int
    /// Whether the part has ended, at the end of a row.
    private(set) var isWhole: Bool

    /// Nil if the header does not belong to any kind of table.
    init?(_ source: FileSource, encoding: TextEncoding, part: FilePart? = nil, _ settings: ReadSettings) throws(TextFault) {
        var reader = try CSVReader(TextStream(source, encoding: encoding), limits: settings.limits, window: settings.window)
        let header = try CSVHeader.read(from: &reader)
        guard
            let plan = try TablePlan(
                header.names, line: header.line, mapping: settings.book.headers, limits: settings.limits)
        else { return nil }
        var textOffset = 0
        if let part, !part.isFirst {
            let separator = reader.separator
            reader = try CSVReader(TextStream(source, from: part.start), limits: settings.limits, window: settings.window)
            reader.separate(by: separator)
            textOffset = part.start - source.textStart
        }
        self.plan = plan
        self.reader = reader
        self.textOffset = textOffset
        cellCount = plan.names.count
        base = source.textStart + textOffset
        byteCount = part.map { $0.end - $0.start } ?? source.byteCount
        end = part.map { $0.isLast ? Int.max : $0.end } ?? .max
        isWhole = end == .max
    }

    /// The number of lines in the part; nil if its end was not the start of a row, so that the cut was wrong.
    var lines: UInt32? { isWhole ? reader.line - 1 : nil }

    var line: UInt32 { reader.line }
    var bytesRead: Int { reader.place }
    var row: RawRow { .stretch(offset: textOffset + reader.rowOffset, count: reader.rowLength) }

    @inline(__always)
    func isEmpty(_ index: Int) -> Bool { reader.isEmpty(index) }

    @inline(__always)
    mutating func cell(_ index: Int) -> Bytes { trimmed(reader.field(index)) }

    @inline(__always)
    mutating func next() throws(TextFault) -> TableRow {
        let row = try nextOfFile()
        if case .end = row { return row }
        let place = base + reader.rowOffset
        if place >= end {
            isWhole = place == end
            return .end
        }
        return row
    }

    @inline(__always)
    private mutating func nextOfFile() throws(TextFault) -> TableRow {
        while true {
            switch try reader.next() {
            case .end: return .end
            case .broken:
                return .rejected(
                    reason:
                        "its quoting is broken: there is a quote inside a cell, or a quoted cell does not end. Write a quote inside a cell twice"
                )
            case .tooLong:
                return .rejected(
                    reason:
                        "it is longer than a row can be, so only its start is kept. Look for a quote that is not closed, or split the row"
                )
            case .fields:
                if isBlank() { continue }
                guard reader.fieldCount == cellCount else { return .rejected(reason: fault(ofCells: reader.fieldCount)) }
                if reader.rowLines > 1, let cell = cellThatHoldsRows() { return .rejected(reason: fault(ofCellWithRows: cell)) }
                return .cells
            }
        }
    }

    @inline(__always)
    private mutating func isBlank() -> Bool {
        for index in 0..<reader.fieldCount where !cell(index).isEmpty { return false }
        return true
    }

    /// What is wrong with a row that has another number of cells than the header.
    private func fault(ofCells count: Int) -> String {
        let cells = "it has \(count) cell\(count == 1 ? "" : "s") where the header has \(cellCount)"
        if count < cellCount {
            let first = ColumnPlace.named(count, plan.names[count])
            let missing =
                cellCount - count == 1 ? "the cell of column \(first) is missing" : "those from column \(first) on are missing"
            return "\(cells): \(missing). Look for a missing separator or a line break inside a cell"
        }
        return
            "\(cells): column \(ColumnPlace.named(cellCount)) has no heading. Look for a stray separator, or a comma in a cell without quotes"
    }

    /// The cell of a row that contains the text of other rows. A stray quotation mark extends it to the next one, which RFC 4180
    /// allows; it then has a line end and as many separators as a row. In text that somebody typed, a separator is followed by a
    /// space. The cells in which DATA014 reports any line end are left to DATA014.
    private mutating func cellThatHoldsRows() -> Int? {
        for index in 0..<reader.fieldCount where !saysLineBreak(index) {
            let cell = reader.field(index)
            guard cp_holds_line_break(cell.baseAddress, cell.count) != 0 else { continue }
            var separators = 0
            for place in cell.indices where cell[place] == reader.separator {
                if place + 1 == cell.count || cell[place + 1] != 0x20 { separators += 1 }
            }
            if separators >= cellCount - 1 { return index }
        }
        return nil
    }

    private func saysLineBreak(_ index: Int) -> Bool {
        guard plan.kind == .assignments, let field = plan.fields.first(where: { $0.index == index }) else { return false }
        return Column.shortTexts.contains(field.column)
    }

    private func fault(ofCellWithRows index: Int) -> String {
        "its cell in column \(ColumnPlace.named(index, plan.names[index])) has taken in the rows after it: the quote that opens the cell is closed only further down. Delete that quote and the next one"
    }
}
