import AgencyModel
import TextSource

/// A CSV table of the rule book, read strictly: it must have exactly its columns, and every row must be complete. One column, added
/// later than the table, can be left out; its cells are then empty.
package struct RuleTable {
    package struct Row {
        package let line: Int
        fileprivate let values: [String]
    }

    package let file: String
    let columns: [String]
    private let optional: String?
    package private(set) var rows: [Row] = []

    /// Reads the table, or records in `problems` why it could not be read.
    package init(path: String, name: String, columns: [String], optional: String? = nil, problems: ProblemList) {
        file = name
        self.columns = columns
        self.optional = optional
        do {
            try read(path: path, problems: problems)
        } catch {
            problems.add(name, Int(error.line), "the table cannot be read: \(error.reason).")
        }
    }

    private mutating func read(path: String, problems: ProblemList) throws(TextFault) {
        var limits = Limits()
        limits.fileBytes = limits.rulesFileBytes
        let source = try FileSource(path: path, limits: limits)
        do {
            try read(TextStream(source, encoding: .marked(by: source.head)), problems: problems)
        } catch  where error.isNotUTF8 {
            // The file was saved by an older Excel as Windows-1252. The texts are names and titles, which it keeps correctly.
            rows.removeAll()
            try read(TextStream(source, encoding: .windows1252), problems: problems)
        }
    }

    private mutating func read(_ stream: TextStream, problems: ProblemList) throws(TextFault) {
        var reader = try CSVReader(stream)
        let header = try CSVHeader.read(from: &reader)
        var places: [Int?] = []
        for name in columns {
            let matches = header.names.indices.filter { header.names[$0].lowercased() == name.lowercased() }
            if matches.isEmpty, name == optional {
                places.append(nil)
                continue
            }
            guard matches.count == 1 else {
                problems.add(
                    file, Int(header.line),
                    (matches.isEmpty ? "the column \(name) is not there" : "the column \(name) appears twice")
                        + "; expected the columns \(columns.joined(separator: ",")).")
                return
            }
            places.append(matches[0])
        }
        let count = places.count { $0 != nil }
        guard header.names.count == count else {
            let unknown = header.names.filter { !columns.contains($0.lowercased()) }
            problems.add(
                file, Int(header.line),
                "\(unknown.joined(separator: ", ")) is not a column of this table; expected \(columns.joined(separator: ",")).")
            return
        }
        while true {
            switch try reader.next() {
            case .end: return
            case .broken, .tooLong:
                problems.add(file, Int(reader.line), "the quoting of this row is broken; a quote opens a cell or is doubled.")
            case .fields:
                let values = (0..<reader.fieldCount).map { trimmed(reader.field($0)).text }
                if values.allSatisfy(\.isEmpty) { continue }
                guard values.count == count else {
                    problems.add(
                        file, Int(reader.line), "the row has \(values.count) cells; expected \(count), as in the header.")
                    continue
                }
                rows.append(Row(line: Int(reader.line), values: places.map { $0.map { values[$0] } ?? "" }))
            }
        }
    }

    package subscript(row: Row, column: String) -> String { row.values[columns.firstIndex(of: column)!] }
}

extension String {
    /// Reads the text with one of the model's byte readers.
    package func read<Value>(_ reader: (Bytes) -> Value?) -> Value? {
        var copy = self
        return copy.withUTF8 { reader($0) }
    }
}
