import AgencyModel
import ByteWriting
import Facts
import SafeFiles

/// A copy of an output that can be sent to a supplier, without workers' numbers, free text, raw rows or submissions.
public enum RedactedCopy {
    /// The tables that are copied, and the column by which their rows are sorted.
    private static let tables: [(name: String, order: String)] = [
        ("exceptions.csv", "assignment_id"), ("cap-breaches.csv", "assignment_id"), ("agencies.csv", "agency"),
        ("coverage.csv", "rule"),
    ]
    /// The tables in which each row says which agency it is about.
    private static let hasAgency: Set<String> = ["exceptions.csv", "agencies.csv"]

    /// Only the column decides what happens to a cell, whatever rule the row is about.
    private enum Kind {
        /// Codes, dates, amounts and counts.
        case plain
        /// A name that identifies the row: replaced completely if it identifies somebody.
        case name
        /// What a rule found or expected: kept if it is of the same kind as the row's field.
        case value
        /// Our own sentence around values.
        case sentence
    }
    /// A column that is not listed is emptied: workers' numbers, reasons, and anything that is added later.
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

    /// Copies what can be copied from an output; with an agency, only its rows. `regions` are the names that a rule may give as a
    /// value. Returns the names of the tables that were there.
    public static func write(
        from source: String, agency: String?, regions: [String], into folder: OutputFolder
    ) throws -> [String] {
        var names: [String] = []
        var pseudonyms = try RedactedValues(knownFrom: source, regions: regions)
        for (name, order) in tables {
            // A table that does not say which agency a row belongs to would show one agency the rows of others.
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
            // The cells come from one of our tables, so they are already protected against being run as formulas.
            writer.buffer.appendRow(row, for: .machine)
            try writer.flushIfFull()
        }
        try append(table.names)
        // A row whose position would reveal the value comes after the others of its return.
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

    /// The row as it can be passed on, and the number of its pseudonym if its position would reveal the value.
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
        // A found value may be the row's own reference or agency, and is then replaced in the same way.
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
