import AgencyModel
import SafeFiles
import TextSource

/// A table of an output that is being copied into a redacted copy, row by row.
struct RedactedTable: ~Copyable {
    let names: [String]
    private let places: [String: Int]
    private var reader: CSVReader
    private let agency: String?

    /// Nil if there is no such table. With an agency, only its rows.
    static func open(_ path: String, agency: String? = nil) throws -> RedactedTable? {
        guard let file = try? FileSource(path: path) else { return nil }
        return try RedactedTable(file, agency: agency)
    }

    private init(_ file: FileSource, agency: String?) throws {
        var reader = try CSVReader(TextStream(file, encoding: .utf8))
        let header = try CSVHeader.read(from: &reader)
        self.reader = reader
        self.agency = agency
        names = header.names
        places = Dictionary(header.names.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    func place(_ name: String) -> Int? { places[name] }
    /// Empty if the table has no such column.
    func cell(_ name: String, of row: [String]) -> String { places[name].map { row[$0] } ?? "" }

    mutating func next() throws -> [String]? {
        while true {
            switch try reader.next() {
            case .end: return nil
            case .broken, .tooLong: throw OutputFault("a table of the output is damaged; run the check again.")
            case .fields: break
            }
            let row = (0..<reader.fieldCount).map { reader.field($0).text }
            guard row.count == names.count else { throw OutputFault("a table of the output is damaged; run the check again.") }
            if let agency, let column = places["agency"], !RedactedTable.isSame(row[column], agency) { continue }
            return row
        }
    }

    /// Whether two names differ only in case and spaces, so that they are one agency.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        func form(_ name: String) -> String { name.lowercased().filter { !$0.isWhitespace } }
        return form(left) == form(right)
    }
}
