import AgencyModel
import RuleBook
import TextSource

/// Which cell of a row is which column, worked out once for each table from the names in its header.
struct TablePlan {
    let kind: TableKind
    /// The names in the header as written, and the line of the header.
    let names: [String]
    let line: UInt32
    /// In the order of the cells.
    let fields: [(index: Int, column: Column)]
    private let definition: TableDefinition

    /// The indexes of the columns that are left out, because their name is not known or missing.
    private let unknown: [Int]
    private let nameless: [Int]
    /// What to report about the names.
    let readings: FileReadings

    /// Nil if the table is of no known kind. Throws if it lacks a required column, or names one twice.
    init?(_ names: [String], line: UInt32, mapping: HeaderMapping, limits: Limits) throws(TextFault) {
        func fault(_ reason: String) -> TextFault { TextFault(reason, line: line, column: 1) }
        let forms = names.map { HeaderMapping.normalForm($0) }
        let columns = forms.map { mapping.column(ofForm: $0) }
        guard let kind = TableKind.of(Set(columns.compactMap { $0 })) else { return nil }
        let definition = kind.definition
        (self.kind, self.names, self.line, self.definition) = (kind, names, line, definition)
        var fields: [(Int, Column)] = []
        var unknown: [Int] = []
        var nameless: [Int] = []
        var readings = FileReadings()
        var seen: [String: Int] = [:]
        var columnPlaces: [Column: Int] = [:]
        for (index, name) in names.enumerated() {
            if name.isEmpty {
                nameless.append(index)
                continue
            }
            if let other = seen.updateValue(index, forKey: forms[index]) {
                throw fault(
                    "the column \u{201C}\(UnknownName.shown(name))\u{201D} appears twice, as column \(ColumnPlace.named(other)) and \(ColumnPlace.named(index)). Delete one"
                )
            }
            guard let column = columns[index], definition.columns.contains(column) else {
                unknown.append(index)
                continue
            }
            if let other = columnPlaces.updateValue(index, forKey: column) {
                throw fault(
                    "\u{201C}\(names[other])\u{201D}, column \(ColumnPlace.named(other)), and \u{201C}\(name)\u{201D}, column \(ColumnPlace.named(index)), are both \(column.name). Delete one of the two columns"
                )
            }
            fields.append((index, column))
            readings.noteName(name, of: column, line: line)
        }
        self.fields = fields
        self.unknown = unknown
        self.nameless = nameless
        self.readings = readings
        let lacking = definition.required.filter { $0.allSatisfy { columnPlaces[$0] == nil } }
        guard lacking.isEmpty else {
            let likely = unknown.prefix(limits.namedUnknown).map { ($0, mapping.suggestion(for: names[$0])) }
            let missing = lacking.map { columns in
                let near = likely.first { place, column in column.map { columns.contains($0) } ?? false }?.0
                return columns.map(\.name).joined(separator: " or ")
                    + (near.map {
                        " (is it \u{201C}\(UnknownName.shown(names[$0]))\u{201D}, column \(ColumnPlace.named($0))?)"
                    } ?? "")
            }
            let it = missing.count > 1 ? "them" : "it"
            throw fault(
                "it does not have the column\(missing.count > 1 ? "s" : "") \(missing.joined(separator: ", ")). Add \(it), or name your own column\(missing.count > 1 ? "s" : "") for \(it) in header-aliases.csv"
            )
        }
    }

    /// What to report about the columns that are left out.
    func unknownNames(_ mapping: HeaderMapping, limits: Limits) -> [ImportNote] {
        var notes = UnknownName.notes(
            unknown.enumerated().map { number, place in
                UnknownName(
                    name: names[place], line: line,
                    words: number < limits.namedUnknown ? words(of: names[place], mapping) : "")
            }, limit: limits.namedUnknown
        ) { more in
            "\(more) more column\(more == 1 ? " is" : "s are") not known, the first of them column \(ColumnPlace.named(unknown[limits.namedUnknown])), so \(more == 1 ? "its" : "their") values were left out. Check that it is the right file, or remove the columns that the return format does not have"
        }
        if let first = nameless.first {
            let what =
                nameless.count == 1
                ? "Column \(ColumnPlace.named(first)) has no name, so its values were left out. Give it a name or delete it"
                : "\(nameless.count) columns have no name, the first of them column \(ColumnPlace.named(first)), so their values were left out. Give them names or delete them"
            notes.append(.unknownName(name: "", words: what, line: line))
        }
        return notes
    }

    private func words(of name: String, _ mapping: HeaderMapping) -> String {
        let shown = UnknownName.shown(name)
        if mapping.column(for: name) != nil {
            return
                "The column \(shown) does not belong to \(definition.inWords), so its values were left out. Leave it, or move it to a file of its own kind"
        }
        // A column that is already there is not the one meant: renaming this one would make it the second.
        let meant = mapping.suggestion(for: name).flatMap { column in
            definition.columns.contains(column) && !fields.contains { $0.column == column } ? column : nil
        }
        return
            "The column \(shown) is not known, so its values were left out. \(meant.map { "Did you mean \($0.name)? " } ?? "")If it is a column of the return format, add its name to header-aliases.csv"
    }
}
