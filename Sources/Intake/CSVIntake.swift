import AgencyModel
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
}

/// Which field of a row is which column, settled once for a file.
struct CSVPlan {
    let kind: CSVKind
    let fieldCount: Int
    /// In the order of the fields.
    let fields: [(index: Int, column: Column)]
    let unknown: [String]
    let headerLine: UInt32
    /// What is to be said of the names.
    let readings: FileReadings

    /// Throws where the file is none of the three kinds, lacks a required column, or names one twice.
    init(_ header: CSVHeader, mapping: HeaderMapping) throws(TextFault) {
        let columns = header.names.map { $0.isEmpty ? nil : mapping.column(for: $0) }
        let known = Set(columns.compactMap { $0 })
        if known.contains(.assignmentID) {
            kind = .assignments
        } else if known.contains(.employment), known.contains(.setting) {
            kind = .employmentHistory
        } else if known.contains(.costMonth1) {
            kind = .authorityRecords
        } else {
            throw TextFault(
                "its first row has none of the columns that say what it is: assignment_id (assignments), employment and setting (employment history) or cost_month_1 (authority record). Put the column names in the first row",
                line: header.line, column: 1)
        }
        var fields: [(Int, Column)] = []
        var unknown: [String] = []
        var readings = FileReadings()
        var seen: [String: Int] = [:]
        var columnPlaces: [Column: Int] = [:]
        for (index, name) in header.names.enumerated() {
            if !name.isEmpty, let other = seen.updateValue(index, forKey: HeaderMapping.normalForm(name)) {
                throw TextFault(
                    "the column \u{201C}\(name)\u{201D} stands twice, as number \(other + 1) and \(index + 1). Leave one",
                    line: header.line, column: 1)
            }
            guard let column = columns[index], kind.columns.contains(column) else {
                if !unknown.contains(name) { unknown.append(name) }
                continue
            }
            if let other = columnPlaces.updateValue(index, forKey: column) {
                throw TextFault(
                    "\u{201C}\(header.names[other])\u{201D} and \u{201C}\(name)\u{201D} are both \(column.name). Leave one of the two columns",
                    line: header.line, column: 1)
            }
            fields.append((index, column))
            readings.noteName(name, of: column, line: header.line)
        }
        let lacking = kind.required.filter { $0.allSatisfy { columnPlaces[$0] == nil } }
        guard lacking.isEmpty else {
            let names = lacking.map { columns in
                let near = unknown.first { name in mapping.suggestion(for: name).map { columns.contains($0) } ?? false }
                return columns.map(\.name).joined(separator: " or ") + (near.map { " (is it \u{201C}\($0)\u{201D}?)" } ?? "")
            }
            throw TextFault(
                "it lacks the column\(names.count > 1 ? "s" : "") \(names.joined(separator: ", ")). Add it, or name your own column for it in header-aliases.csv",
                line: header.line, column: 1)
        }
        fieldCount = header.names.count
        self.fields = fields
        self.unknown = unknown
        self.readings = readings
        headerLine = header.line
    }
}

/// Reads CSV files into records.
public enum CSVIntake {
    /// What the file's header says that it holds.
    public static func kind(of source: FileSource, encoding: TextEncoding, mapping: HeaderMapping) throws(TextFault) -> CSVKind {
        var reader = try CSVReader(TextStream(source, encoding: encoding))
        return try CSVPlan(CSVHeader.read(from: &reader), mapping: mapping).kind
    }

    /// Streams the assignments of a file to the receiver, or of a part of a UTF-8 file: then lines are counted from the part's own first line.
    public static func readAssignments<Receiver: AssignmentReceiver>(
        _ source: FileSource, encoding: TextEncoding, part: FilePart? = nil, book: RuleBook, defaults: RecordDefaults,
        limits: Limits = Limits(), window: Int = 256 << 10, progress: (Int) -> Void = { _ in }, into receiver: inout Receiver
    ) throws(TextFault) -> PartOutcome {
        var reader = try CSVReader(TextStream(source, encoding: encoding), limits: limits, window: window)
        let plan = try CSVPlan(CSVHeader.read(from: &reader), mapping: book.headers)
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
            for name in plan.unknown { receiver.note(.unknownColumn(name: name, line: plan.headerLine)) }
            if encoding == .windows1252 { receiver.note(.readAsWindows1252) }
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
        for (index, column) in plan.fields {
            let value = reader.field(index)
            if !value.isEmpty { builder.set(column, trimmed(value)) }
        }
        builder.finish(into: &receiver)
    }

    /// Reads an employment history or authority records.
    public static func readEvidence(
        _ source: FileSource, encoding: TextEncoding, book: RuleBook, defaults: RecordDefaults, limits: Limits = Limits()
    ) throws(TextFault) -> FileEvidence {
        var reader = try CSVReader(TextStream(source, encoding: encoding), limits: limits)
        let plan = try CSVPlan(CSVHeader.read(from: &reader), mapping: book.headers)
        var evidence = FileEvidence()
        evidence.encoding = encoding
        for name in plan.unknown { evidence.notes.append(EvidenceNote(.unknownColumn(name: name), line: plan.headerLine)) }
        if encoding == .windows1252 { evidence.notes.append(EvidenceNote(.readAsWindows1252, line: 0)) }
        evidence.readings = plan.readings
        switch plan.kind {
        case .employmentHistory: try read(&reader, plan, limits, SpellBuilder(), into: &evidence)
        case .authorityRecords: try read(&reader, plan, limits, AuthorityRecordBuilder(defaults: defaults, command: defaults), into: &evidence)
        case .assignments: break
        }
        return evidence
    }

    private static func read<Builder: EvidenceBuilder>(
        _ reader: inout CSVReader, _ plan: CSVPlan, _ limits: Limits, _ fresh: Builder, into evidence: inout FileEvidence
    ) throws(TextFault) {
        var builder = fresh
        while let row = try nextRow(&reader, plan) {
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
                        "its quoting is broken: a quote stands inside a cell, or a quoted cell does not end. Write a quote inside a cell twice"
                )
            case .tooLong:
                return .rejected(reason: "it is longer than a row can be. Look for a quote that is not closed, or split the row")
            case .fields:
                if reader.fieldCount == plan.fieldCount {
                    if isBlank(&reader) { continue }
                    return .whole
                }
                if isBlank(&reader) { continue }
                let few = reader.fieldCount < plan.fieldCount
                return .rejected(
                    reason:
                        "it has \(reader.fieldCount) cells where the header has \(plan.fieldCount). Look for a \(few ? "missing" : "stray") separator or a line break inside a cell"
                )
            }
        }
    }

    @inline(__always)
    private static func isBlank(_ reader: inout CSVReader) -> Bool {
        for index in 0..<reader.fieldCount where !trimmed(reader.field(index)).isEmpty { return false }
        return true
    }
}
