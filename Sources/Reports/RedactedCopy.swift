import AgencyModel
import SafeFiles

/// A copy of an output that may go to a supplier: no person's number, nothing that somebody wrote freely, no raw rows, no submission.
public enum RedactedCopy {
    /// The tables that are copied, which of their columns are emptied, and by which their rows stand in order.
    private static let tables: [(name: String, emptied: Set<String>, order: String)] = [
        ("exceptions.csv", ["swe_number"], "assignment_id"), ("cap-breaches.csv", ["reason"], "assignment_id"),
        ("agencies.csv", [], "agency"), ("coverage.csv", [], "rule"),
    ]
    /// The tables that say of each line which agency it is about.
    private static let hasAgency: Set<String> = ["exceptions.csv", "agencies.csv"]
    /// What stands in `found` of these fields is somebody's own text or number.
    private static let writtenFields: Set<String> = ["swe_number", "job_title", "cap_reason", "team_reference"]
    /// Of these columns a value that names somebody is replaced as a whole.
    private static let values = ["assignment_id", "agency", "file", "field"]
    /// These hold sentences, and values put into words.
    private static let sentences = ["found", "expected", "message", "region"]

    /// Copies what may be copied from an output; with an agency its lines alone. Gives the names of the tables that were there.
    public static func write(from source: String, agency: String?, into folder: OutputFolder) throws -> [String] {
        var names: [String] = []
        var pseudonyms = try RedactedValues(knownFrom: source)
        for (name, emptied, order) in tables {
            // A table that does not say whose a line is would show one agency the others' lines.
            if agency != nil, !hasAgency.contains(name) { continue }
            guard var table = try RedactedTable.open(source + "/" + name, agency: agency) else { continue }
            if names.isEmpty, name == "exceptions.csv" {
                try pseudonyms.number(values, in: &table)
                table = try RedactedTable.open(source + "/" + name, agency: agency)!
            }
            try folder.write(name) { output in
                try copy(&table, emptied, order: order, &pseudonyms, to: output)
            }
            names.append(name)
        }
        return names
    }

    private static func copy(
        _ table: inout RedactedTable, _ emptied: Set<String>, order: String, _ pseudonyms: inout RedactedValues,
        to output: OutputFile
    ) throws {
        var writer = BlockWriter { try output.write($0.bytes) }
        func append(_ row: [String]) throws {
            for (index, cell) in row.enumerated() {
                if index > 0 { writer.buffer.append(0x2C) }
                let start = writer.buffer.count
                writer.buffer.append(cell)
                // The cell came from a table of ours: what had to be made harmless is so already.
                writer.buffer.quoteCell(from: start)
            }
            writer.buffer.endRow()
            try writer.flushIfFull()
        }
        try append(table.names)
        // A row whose place in the order would tell what stood there comes after the others of its return.
        var held: [(number: Int, row: [String])] = []
        var block: [String] = []
        func release() throws {
            for (_, row) in held.sorted(by: { $0.number < $1.number }) { try append(row) }
            held = []
        }
        while let row = try table.next() {
            let key = ["authority_code", "quarter"].map { table.cell($0, of: row) }
            if key != block {
                try release()
                block = key
            }
            let (redacted, number) = redacted(row, table, emptied, order: order, &pseudonyms)
            if let number { held.append((number, redacted)) } else { try append(redacted) }
        }
        try release()
        try writer.flush()
    }

    /// The row as it may be passed on; the number of its pseudonym where it is one that its place would give away.
    private static func redacted(
        _ row: [String], _ table: borrowing RedactedTable, _ emptied: Set<String>, order: String, _ pseudonyms: inout RedactedValues
    ) -> ([String], Int?) {
        let own = SWENumber(text: table.cell("swe_number", of: row))
        let rule = table.cell("rule", of: row)
        let isWritten = rule == "IMP004" || rule == "DATA012" || writtenFields.contains(table.cell("field", of: row))
        var redacted = row
        var number: Int?
        var replaced: [(value: String, by: String)] = []
        for name in values {
            guard let column = table.place(name), let pseudonym = pseudonyms.pseudonym(of: row[column], own: own) else { continue }
            redacted[column] = RedactedValues.text(pseudonym)
            replaced.append((row[column], redacted[column]))
            if name == order { number = pseudonym }
        }
        for name in sentences {
            guard let column = table.place(name) else { continue }
            redacted[column] = name == "found" && isWritten ? "" : pseudonyms.sentence(row[column], replaced)
        }
        for name in emptied { if let column = table.place(name) { redacted[column] = "" } }
        return (redacted, number)
    }
}
