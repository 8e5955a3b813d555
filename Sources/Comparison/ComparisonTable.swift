import AgencyModel
import ByteWriting
import Wording

/// The content of one cell of a table.
enum TableCell: Sendable {
    case text(String)
    case count(Int)
    case money(Money)
    case quantity(Quantity)
    /// In hundredths.
    case hundredths(Int64)
    /// In tenths of a per cent.
    case perMille(Int64)
    /// In tenths.
    case tenths(Int64)
    /// There is no such figure.
    case none
    /// There is a figure, but it must not be shown.
    case withheld

    static let mark = "c"

    /// The figure, if there is one and it can be shown.
    static func shown(_ isShown: Bool, _ cell: TableCell?) -> TableCell {
        if !isShown { return .withheld }
        return cell ?? .none
    }

    /// As written in a CSV file.
    var plain: String {
        switch self {
        case .text(let text): text
        case .count(let count): String(count)
        case .money(let money): money.description
        case .quantity(let quantity): quantity.description
        case .hundredths(let value): TableCell.decimal(value, 2)
        case .perMille(let value), .tenths(let value): TableCell.decimal(value, 1)
        case .none: ""
        case .withheld: TableCell.mark
        }
    }

    /// As shown on the page: with grouped digits, and money to the penny.
    var inWords: String {
        switch self {
        case .text(let text): text
        case .count(let count): Words.grouped(count)
        case .money(let money): TableCell.pounds(money)
        case .quantity(let quantity):
            TableCell.grouped(Int64(Quartiles.floor(Int128(quantity.billionths) + 50_000_000, 100_000_000)), 1)
        case .hundredths(let value): TableCell.grouped(value, 2)
        case .perMille(let value): TableCell.grouped(value, 1) + "%"
        case .tenths(let value): TableCell.grouped(value, 1)
        case .none: "\u{2013}"
        case .withheld: TableCell.mark
        }
    }

    var isNumber: Bool {
        if case .text = self { return false }
        return true
    }

    /// `£41.20`, `-£0.35`: to the penny, half a penny up.
    static func pounds(_ money: Money) -> String {
        let pence = Int64(Quartiles.floor(Int128(money.tenThousandths) + 50, 100))
        let amount = Words.grouped(Money(tenThousandths: abs(pence) * 100))
        return (pence < 0 ? "-£" : "£") + amount
    }

    private static func decimal(_ value: Int64, _ places: Int) -> String {
        let unit = places == 2 ? UInt64(100) : 10
        let rest = String(value.magnitude % unit)
        return (value < 0 ? "-" : "") + String(value.magnitude / unit) + "."
            + String(repeating: "0", count: places - rest.count) + rest
    }

    private static func grouped(_ value: Int64, _ places: Int) -> String {
        let parts = decimal(value, places).split(separator: ".")
        let isNegative = parts[0].hasPrefix("-")
        return (isNegative ? "-" : "") + Words.grouped(Int(parts[0].drop { $0 == "-" })!) + "." + parts[1]
    }
}

/// One table of the comparison, as written to a CSV file.
struct ComparisonTable: Sendable {
    let file: String
    let columns: [String]
    private(set) var rows: [[TableCell]] = []

    init(_ file: String, _ columns: [String]) {
        self.file = file
        self.columns = columns
    }

    mutating func add(_ cells: [TableCell]) {
        precondition(cells.count == columns.count, "\(file): \(cells.count) cells under \(columns.count) headers")
        rows.append(cells)
    }

    func write(to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.appendRow(columns)
        for row in rows {
            writer.buffer.appendRow(row.lazy.map(\.plain))
            try writer.flushIfFull()
        }
        try writer.flush()
    }
}
