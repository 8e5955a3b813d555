import AgencyModel
import SafeFiles
import TextSource

/// A copy of an output that may go to a supplier: no person's number, nothing that somebody wrote freely, no raw rows, no submission.
public enum RedactedCopy {
    /// The tables that are copied, and which of their columns are emptied.
    private static let tables: [(name: String, emptied: Set<String>)] = [
        ("exceptions.csv", ["swe_number"]), ("cap-breaches.csv", ["reason"]), ("agencies.csv", []), ("coverage.csv", []),
    ]
    /// The tables that say of each line which agency it is about.
    private static let hasAgency: Set<String> = ["exceptions.csv", "agencies.csv"]
    /// What stands in `found` of these fields is somebody's own text or number.
    private static let writtenFields: Set<String> = ["swe_number", "job_title", "cap_reason", "team_reference"]

    /// Copies what may be copied from an output; with an agency its lines alone. Gives the names of the tables that were there.
    public static func write(from source: String, agency: String?, into folder: OutputFolder) throws -> [String] {
        var names: [String] = []
        for (name, emptied) in tables {
            let path = source + "/" + name
            guard let file = try? FileSource(path: path) else { continue }
            // A table that does not say whose a line is would show one agency the others' lines.
            if agency != nil, !hasAgency.contains(name) { continue }
            try folder.write(name) { output in
                try copy(file, emptied, agency, to: output)
            }
            names.append(name)
        }
        return names
    }

    private static func copy(_ source: FileSource, _ emptied: Set<String>, _ agency: String?, to output: OutputFile) throws {
        var reader = try CSVReader(TextStream(source, encoding: .utf8))
        let header = try CSVHeader.read(from: &reader)
        let place = Dictionary(uniqueKeysWithValues: header.names.enumerated().map { ($1, $0) })
        var writer = BlockWriter { try output.write($0.bytes) }
        writer.buffer.append(header.names.joined(separator: ","))
        writer.buffer.endRow()
        func isWritten(_ row: [String]) -> Bool {
            guard let rule = place["rule"].map({ row[$0] }), let field = place["field"].map({ row[$0] }) else { return false }
            return rule == "IMP004" || rule == "DATA012" || writtenFields.contains(field)
        }
        while true {
            switch try reader.next() {
            case .end: return try writer.flush()
            case .broken, .tooLong: throw OutputFault("a table of the output is damaged; run the check again.")
            case .fields: break
            }
            let row = (0..<reader.fieldCount).map { reader.field($0).text }
            guard row.count == header.names.count else {
                throw OutputFault("a table of the output is damaged; run the check again.")
            }
            if let agency, let column = place["agency"], !isSame(row[column], agency) { continue }
            let hides = isWritten(row)
            // A reference that is nothing but the worker's number goes with it.
            let number = place["swe_number"].map { row[$0].filter(\.isNumber) } ?? ""
            for (index, cell) in row.enumerated() {
                if index > 0 { writer.buffer.append(0x2C) }
                let start = writer.buffer.count
                let isNumber =
                    !number.isEmpty && ["assignment_id", "message", "found"].contains(header.names[index])
                    && cell.split(whereSeparator: { !$0.isNumber }).contains { $0.drop { $0 == "0" } == number }
                if !isNumber, !emptied.contains(header.names[index]), !(hides && header.names[index] == "found") {
                    PrintedText.append(cell, to: &writer.buffer, onOneLine: false)
                }
                // The cell came from a table of ours: what had to be made harmless is so already.
                writer.buffer.quoteCell(from: start)
            }
            writer.buffer.endRow()
            try writer.flushIfFull()
        }
    }

    /// Names that differ in case and spaces only are one agency.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        func form(_ name: String) -> String { name.lowercased().filter { !$0.isWhitespace } }
        return form(left) == form(right)
    }
}
