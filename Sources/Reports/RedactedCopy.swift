import AgencyModel
import ByteWriting
import Facts
import SafeFiles

/// A copy of an output that may go to a supplier: no person's number, nothing that somebody wrote freely, no raw rows, no submission.
public enum RedactedCopy {
    /// The tables that are copied, and by which column their rows stand in order.
    private static let tables: [(name: String, order: String)] = [
        ("exceptions.csv", "assignment_id"), ("cap-breaches.csv", "assignment_id"), ("agencies.csv", "agency"),
        ("coverage.csv", "rule"),
    ]
    /// The tables that say of each line which agency it is about.
    private static let hasAgency: Set<String> = ["exceptions.csv", "agencies.csv"]

    /// What may become of a cell goes by its column alone, whatever rule the line is of.
    private enum Kind {
        /// Codes, days, amounts and counts of ours.
        case plain
        /// A name that finds the row again: replaced as a whole where it names somebody.
        case name
        /// What a rule saw and wanted: kept where it is of the kind of the line's field.
        case value
        /// Words of ours around values.
        case sentence
    }
    /// A column that is not here is emptied: numbers of persons, reasons, whatever is added one day.
    private static let kinds: [String: Kind] = {
        var kinds: [String: Kind] = [
            "assignment_id": .name, "agency": .name, "file": .name, "field": .name, "found": .value, "expected": .value,
            "message": .sentence, "region": .sentence,
        ]
        let plain = [
            "rule", "severity", "authority_code", "quarter", "line", "role", "capped_rate", "cap", "excess_per_hour",
            "hours_in_quarter", "excess_in_quarter", "dcs_date", "ce_date", "due_date", "assignments", "workers", "hours", "cost",
            "assessed", "not_applicable", "undecided", "findings",
        ]
        for name in plain + AgencyTotals.familyNames.flatMap({ ["errors_" + $0, "warnings_" + $0] }) { kinds[name] = .plain }
        return kinds
    }()

    /// Copies what may be copied from an output; with an agency its lines alone. `regions` are the names that a rule may give as a value.
    /// Gives the names of the tables that were there.
    public static func write(
        from source: String, agency: String?, regions: [String], into folder: OutputFolder
    ) throws -> [String] {
        var names: [String] = []
        var pseudonyms = try RedactedValues(knownFrom: source, regions: regions)
        for (name, order) in tables {
            // A table that does not say whose a line is would show one agency the others' lines.
            if agency != nil, !hasAgency.contains(name) { continue }
            guard var table = try RedactedTable.open(source + "/" + name, agency: agency) else { continue }
            if names.isEmpty, name == "exceptions.csv" {
                try pseudonyms.number(["assignment_id", "agency", "file", "field"], in: &table)
                table = try RedactedTable.open(source + "/" + name, agency: agency)!
            }
            try folder.write(name) { output in
                try copy(&table, order: order, &pseudonyms, to: output)
            }
            names.append(name)
        }
        return names
    }

    private static func copy(
        _ table: inout RedactedTable, order: String, _ pseudonyms: inout RedactedValues, to output: OutputFile
    ) throws {
        var writer = BlockWriter { try output.write($0.bytes) }
        func append(_ row: [String]) throws {
            // The cells came from a table of ours: what had to be made harmless is so already.
            writer.buffer.appendRow(row, for: .machine)
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
            let (redacted, number) = redacted(row, table, order: order, &pseudonyms)
            if let number { held.append((number, redacted)) } else { try append(redacted) }
        }
        try release()
        try writer.flush()
    }

    /// The row as it may be passed on; the number of its pseudonym where it is one that its place would give away.
    private static func redacted(
        _ row: [String], _ table: borrowing RedactedTable, order: String, _ pseudonyms: inout RedactedValues
    ) -> ([String], Int?) {
        let own = SWENumber(text: table.cell("swe_number", of: row))
        let field = Column(name: table.cell("field", of: row))
        var redacted = row
        var number: Int?
        var replaced: [(value: String, by: String)] = []
        for (column, name) in table.names.enumerated() where kinds[name] == .name {
            guard let pseudonym = pseudonyms.pseudonym(of: row[column], own: own) else { continue }
            redacted[column] = RedactedValues.text(pseudonym)
            replaced.append((row[column], redacted[column]))
            if name == order { number = pseudonym }
        }
        // What a rule found may be the row's own reference or agency, which is then what has become of that.
        func become(_ name: String, of value: String) -> String? {
            guard let place = table.place(name), row[place] == value else { return nil }
            return redacted[place]
        }
        for (column, name) in table.names.enumerated() where kinds[name] == .value && !row[column].isEmpty {
            let value = row[column]
            if let kept = become("assignment_id", of: value) ?? become("agency", of: value) {
                redacted[column] = kept
            } else if !pseudonyms.isOfKind(value, field, own: own) {
                redacted[column] = ""
                replaced.append((value, "\u{2026}"))
            }
        }
        for (column, name) in table.names.enumerated() {
            switch kinds[name] {
            case .sentence: redacted[column] = pseudonyms.sentence(row[column], replaced)
            case .plain, .name, .value: break
            case nil: redacted[column] = ""
            }
        }
        return (redacted, number)
    }
}
