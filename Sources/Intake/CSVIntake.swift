import AgencyModel
import CPlatform
import RuleBook
import TextSource

/// Which records a CSV file holds; its header says so.
public enum CSVKind: Sendable {
    case assignments, employmentHistory, authorityRecords

    var columns: [Column] {
        switch self {
        case .assignments: Column.ofAssignment
        case .employmentHistory: Column.ofSpell
        case .authorityRecords: Column.ofAuthorityRecord
        }
    }

    /// The columns that must be there; of an inner list one is enough.
    var required: [[Column]] {
        switch self {
        case .assignments:
            [[.assignmentID], [.sweNumber], [.startDate], [.engagement], [.payRate], [.chargeRate], [.role, .jobTitle]]
        case .employmentHistory: [[.sweNumber], [.authorityCode], [.startDate], [.employment], [.setting]]
        case .authorityRecords: [[.authorityCode], [.quarter], [.costMonth1]]
        }
    }

    var inWords: String {
        switch self {
        case .assignments: "a file of assignments"
        case .employmentHistory: "an employment history"
        case .authorityRecords: "authority records"
        }
    }
}

/// Which field of a row is which column, settled once for a file.
struct CSVPlan {
    let kind: CSVKind
    let header: CSVHeader
    /// In the order of the fields.
    let fields: [(index: Int, column: Column)]
    var fieldCount: Int { header.names.count }

    /// The places of the columns that are left out: of a name that is not known, and of no name.
    private let unknown: [Int]
    private let nameless: [Int]
    /// What is to be said of the names.
    let readings: FileReadings

    /// Throws where the file is none of the three kinds, lacks a required column, or names one twice.
    init(_ header: CSVHeader, mapping: HeaderMapping, limits: Limits) throws(TextFault) {
        self.header = header
        func fault(_ reason: String) -> TextFault { TextFault(reason, line: header.line, column: 1) }
        let forms = header.names.map { HeaderMapping.normalForm($0) }
        let columns = forms.map { mapping.column(ofForm: $0) }
        let known = Set(columns.compactMap { $0 })
        if known.contains(.assignmentID) {
            kind = .assignments
        } else if known.contains(.employment), known.contains(.setting) {
            kind = .employmentHistory
        } else if known.contains(.costMonth1) {
            kind = .authorityRecords
        } else {
            throw fault(
                "its first row has none of the columns that say what it is: assignment_id (assignments), employment and setting (employment history) or cost_month_1 (authority record). Put the column names in the first row"
            )
        }
        var fields: [(Int, Column)] = []
        var unknown: [Int] = []
        var nameless: [Int] = []
        var readings = FileReadings()
        var seen: [String: Int] = [:]
        var columnPlaces: [Column: Int] = [:]
        for (index, name) in header.names.enumerated() {
            if name.isEmpty {
                nameless.append(index)
                continue
            }
            if let other = seen.updateValue(index, forKey: forms[index]) {
                throw fault(
                    "the column \u{201C}\(UnknownName.shown(name))\u{201D} appears twice, as column \(ColumnPlace.named(other)) and \(ColumnPlace.named(index)). Delete one"
                )
            }
            guard let column = columns[index], kind.columns.contains(column) else {
                unknown.append(index)
                continue
            }
            if let other = columnPlaces.updateValue(index, forKey: column) {
                throw fault(
                    "\u{201C}\(header.names[other])\u{201D}, column \(ColumnPlace.named(other)), and \u{201C}\(name)\u{201D}, column \(ColumnPlace.named(index)), are both \(column.name). Delete one of the two columns"
                )
            }
            fields.append((index, column))
            readings.noteName(name, of: column, line: header.line)
        }
        self.fields = fields
        self.unknown = unknown
        self.nameless = nameless
        self.readings = readings
        let lacking = kind.required.filter { $0.allSatisfy { columnPlaces[$0] == nil } }
        guard lacking.isEmpty else {
            let likely = unknown.prefix(limits.namedUnknown).map { ($0, mapping.suggestion(for: header.names[$0])) }
            let names = lacking.map { columns in
                let near = likely.first { place, column in column.map { columns.contains($0) } ?? false }?.0
                return columns.map(\.name).joined(separator: " or ")
                    + (near.map {
                        " (is it \u{201C}\(UnknownName.shown(header.names[$0]))\u{201D}, column \(ColumnPlace.named($0))?)"
                    } ?? "")
            }
            let it = names.count > 1 ? "them" : "it"
            throw fault(
                "it does not have the column\(names.count > 1 ? "s" : "") \(names.joined(separator: ", ")). Add \(it), or name your own column\(names.count > 1 ? "s" : "") for \(it) in header-aliases.csv"
            )
        }
    }

    /// What is to be said of the columns that are left out.
    func unknownNames(_ mapping: HeaderMapping, limits: Limits) -> [ImportNote] {
        var notes = UnknownName.notes(
            unknown.enumerated().map { number, place in
                UnknownName(
                    name: header.names[place], line: header.line,
                    words: number < limits.namedUnknown ? words(of: header.names[place], mapping) : "")
            }, limit: limits.namedUnknown
        ) { more in
            "\(more) more column\(more == 1 ? " is" : "s are") not known, the first of them column \(ColumnPlace.named(unknown[limits.namedUnknown])), so \(more == 1 ? "its" : "their") values were left out. Check that it is the right file, or remove the columns that the return format does not have"
        }
        if let first = nameless.first {
            let what =
                nameless.count == 1
                ? "Column \(ColumnPlace.named(first)) has no name, so its values were left out. Give it a name or delete it"
                : "\(nameless.count) columns have no name, the first of them column \(ColumnPlace.named(first)), so their values were left out. Give them names or delete them"
            notes.append(.unknownName(name: "", words: what, line: header.line))
        }
        return notes
    }

    private func words(of name: String, _ mapping: HeaderMapping) -> String {
        let shown = UnknownName.shown(name)
        if mapping.column(for: name) != nil {
            return
                "The column \(shown) does not belong to \(kind.inWords), so its values were left out. Leave it, or move it to a file of its own kind"
        }
        // A column that is there already is not the one that is meant: to rename this one would make two of it.
        let meant = mapping.suggestion(for: name).flatMap { column in
            kind.columns.contains(column) && !fields.contains { $0.column == column } ? column : nil
        }
        return
            "The column \(shown) is not known, so its values were left out. \(meant.map { "Did you mean \($0.name)? " } ?? "")If it is a column of the return format, add its name to header-aliases.csv"
    }

    /// What is wrong with a row of another number of cells than the header.
    func fault(ofCells count: Int) -> String {
        let cells = "it has \(count) cell\(count == 1 ? "" : "s") where the header has \(fieldCount)"
        if count < fieldCount {
            let first = ColumnPlace.named(count, header.names[count])
            let missing =
                fieldCount - count == 1 ? "the cell of column \(first) is missing" : "those from column \(first) on are missing"
            return "\(cells): \(missing). Look for a missing separator or a line break inside a cell"
        }
        return
            "\(cells): column \(ColumnPlace.named(fieldCount)) has no heading. Look for a stray separator, or a comma in a cell without quotes"
    }

    /// The cell of a row that holds the text of other rows: a stray quote took it up to the next quote, within the letter of RFC 4180, and
    /// then it has a line end and as many separators as a row. Of text that somebody typed a separator is followed by a space. The cells of
    /// which DATA014 says any line end are left to it.
    func cellThatHoldsRows(_ reader: inout CSVReader) -> Int? {
        for index in 0..<reader.fieldCount where !saysLineBreak(index) {
            let cell = reader.field(index)
            guard cp_holds_line_break(cell.baseAddress, cell.count) != 0 else { continue }
            var separators = 0
            for place in cell.indices where cell[place] == reader.separator {
                if place + 1 == cell.count || cell[place + 1] != 0x20 { separators += 1 }
            }
            if separators >= fieldCount - 1 { return index }
        }
        return nil
    }

    private func saysLineBreak(_ index: Int) -> Bool {
        guard kind == .assignments, let field = fields.first(where: { $0.index == index }) else { return false }
        return Column.shortTexts.contains(field.column)
    }

    func fault(ofCellWithRows index: Int) -> String {
        "its cell in column \(ColumnPlace.named(index, header.names[index])) has taken in the rows after it: the quote that opens the cell is closed only further down. Delete that quote and the next one"
    }
}

/// Reads CSV files into records.
public enum CSVIntake {
    /// What the file's header says that it holds.
    public static func kind(of source: FileSource, encoding: TextEncoding, mapping: HeaderMapping) throws(TextFault) -> CSVKind {
        var reader = try CSVReader(TextStream(source, encoding: encoding))
        return try CSVPlan(CSVHeader.read(from: &reader), mapping: mapping, limits: Limits()).kind
    }

    /// Streams the assignments of a file to the receiver (`notUTF8` is the line that showed that it is not UTF-8), or of a part of a UTF-8 file: then lines are counted from the part's own first line.
    public static func readAssignments<Receiver: AssignmentReceiver>(
        _ source: FileSource, encoding: TextEncoding, notUTF8: UInt32 = 0, part: FilePart? = nil, book: RuleBook,
        defaults: RecordDefaults, limits: Limits = Limits(), window: Int = 256 << 10, progress: (Int) -> Void = { _ in },
        into receiver: inout Receiver
    ) throws(TextFault) -> PartOutcome {
        var reader = try CSVReader(TextStream(source, encoding: encoding), limits: limits, window: window)
        let plan = try CSVPlan(CSVHeader.read(from: &reader), mapping: book.headers, limits: limits)
        // Where the text read begins in the file, and where in the file's text.
        var base = 0
        var textOffset = 0
        if let part {
            base = source.textStart
            if !part.isFirst {
                let separator = reader.separator
                reader = try CSVReader(TextStream(source, from: part.start), limits: limits, window: window)
                reader.separate(by: separator)
                base = part.start
                textOffset = part.start - source.textStart
            }
        }
        if part?.isFirst ?? true {
            for note in plan.unknownNames(book.headers, limits: limits) { receiver.note(note) }
            if encoding == .windows1252 { receiver.note(.readAsWindows1252(line: notUTF8)) }
        }
        let end = part.map { $0.isLast ? Int.max : $0.end } ?? .max
        let byteCount = part.map { $0.end - $0.start } ?? source.byteCount
        var builder = AssignmentBuilder(jobs: book.jobs, command: defaults)
        var counts = RowCounts()
        var isWhole = end == .max
        while let row = try nextRow(&reader, plan) {
            if base + reader.rowOffset >= end {
                isWhole = base + reader.rowOffset == end
                break
            }
            try take(
                row, &reader, plan, textOffset: textOffset, byteCount: byteCount, &counts, &builder, limits, progress,
                into: &receiver)
        }
        counts.values = (counts.read - counts.rejected) * plan.fields.count
        var outcome = PartOutcome(counts: counts, lines: isWhole ? reader.line - 1 : nil)
        if part?.isFirst ?? true { outcome.readings = plan.readings }
        outcome.readings.add(builder.readings)
        return outcome
    }

    @inline(__always)
    private static func take<Receiver: AssignmentReceiver>(
        _ row: Row, _ reader: inout CSVReader, _ plan: CSVPlan, textOffset: Int, byteCount: Int, _ counts: inout RowCounts,
        _ builder: inout AssignmentBuilder, _ limits: Limits, _ progress: (Int) -> Void, into receiver: inout Receiver
    ) throws(TextFault) {
        counts.read += 1
        if counts.read & 0x3FFF == 0 { progress(reader.place) }
        guard counts.read <= limits.records else { throw .tooManyRecords(limits, line: reader.line) }
        if counts.read == 1_000 { receiver.expect(byteCount / (reader.place / 1_000 + 1)) }
        if case .rejected(let reason) = row {
            counts.rejected += 1
            guard counts.rejected <= limits.rejectedRows else {
                throw TextFault(
                    "more than \(limits.rejectedRows) of its rows cannot be read, the last of them because \(reason)",
                    line: reader.line,
                    column: 1)
            }
            return receiver.note(
                .rowRejected(
                    reason: reason, line: reader.line, offset: textOffset + reader.rowOffset, count: reader.rowLength))
        }
        builder.start(line: reader.line)
        for (index, column) in plan.fields where !reader.isEmpty(index) { builder.set(column, trimmed(reader.field(index))) }
        builder.finish(into: &receiver)
    }

    /// Reads an employment history or authority records.
    public static func readEvidence(
        _ source: FileSource, encoding: TextEncoding, notUTF8: UInt32 = 0, book: RuleBook, defaults: RecordDefaults,
        limits: Limits = Limits(), window: Int = 256 << 10
    ) throws(TextFault) -> FileEvidence {
        var reader = try CSVReader(TextStream(source, encoding: encoding), limits: limits, window: window)
        let plan = try CSVPlan(CSVHeader.read(from: &reader), mapping: book.headers, limits: limits)
        var evidence = FileEvidence()
        evidence.encoding = encoding
        evidence.fileNotes = plan.unknownNames(book.headers, limits: limits)
        if encoding == .windows1252 { evidence.fileNotes.append(.readAsWindows1252(line: notUTF8)) }
        evidence.readings = plan.readings
        switch plan.kind {
        case .employmentHistory: try read(&reader, plan, limits, SpellBuilder(), into: &evidence)
        case .authorityRecords:
            try read(&reader, plan, limits, AuthorityRecordBuilder(defaults: defaults, command: defaults), into: &evidence)
        case .assignments: break
        }
        return evidence
    }

    private static func read<Builder: EvidenceBuilder>(
        _ reader: inout CSVReader, _ plan: CSVPlan, _ limits: Limits, _ fresh: Builder, into evidence: inout FileEvidence
    ) throws(TextFault) {
        var builder = fresh
        while let row = try nextRow(&reader, plan) {
            guard evidence.counts.read < limits.records else { throw .tooManyRecords(limits, line: reader.line) }
            let place = RawRow.stretch(offset: reader.rowOffset, count: reader.rowLength)
            if case .rejected(let reason) = row {
                evidence.counts.read += 1
                evidence.counts.rejected += 1
                guard evidence.counts.rejected <= limits.rejectedRows else {
                    throw TextFault(
                        "more than \(limits.rejectedRows) of its rows cannot be read, the last of them because \(reason)",
                        line: reader.line, column: 1)
                }
                evidence.notes.append(EvidenceNote(.rejected(reason: reason, row: place), line: reader.line))
                continue
            }
            for (index, column) in plan.fields { builder.set(column, trimmed(reader.field(index))) }
            evidence.counts.values += plan.fields.count
            builder.finish(line: reader.line, row: place, into: &evidence)
        }
    }

    private enum Row {
        case whole
        case rejected(reason: String)
    }

    /// The next row with anything in it; nil at the end.
    @inline(__always)
    private static func nextRow(_ reader: inout CSVReader, _ plan: CSVPlan) throws(TextFault) -> Row? {
        while true {
            switch try reader.next() {
            case .end: return nil
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
                if reader.fieldCount == plan.fieldCount {
                    if isBlank(&reader) { continue }
                    if reader.rowLines > 1, let cell = plan.cellThatHoldsRows(&reader) {
                        return .rejected(reason: plan.fault(ofCellWithRows: cell))
                    }
                    return .whole
                }
                if isBlank(&reader) { continue }
                return .rejected(reason: plan.fault(ofCells: reader.fieldCount))
            }
        }
    }

    @inline(__always)
    private static func isBlank(_ reader: inout CSVReader) -> Bool {
        for index in 0..<reader.fieldCount where !trimmed(reader.field(index)).isEmpty { return false }
        return true
    }
}
