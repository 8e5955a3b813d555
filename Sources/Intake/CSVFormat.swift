import AgencyModel
import RuleBook
import TextSource

/// CSV: any text whose first row has the columns of a kind of table.
///
/// UTF-8, or UTF-16 with a byte order mark. If the bytes are not UTF-8, the file is read again from the start as Windows-1252.
public struct CSVFormat: InputFormat {
    public func recognise(_ file: InputHead) throws(TextFault) -> Recognition {
        if file.isXML || file.source.binaryFault != nil { return .other(because: nil) }
        let header: CSVHeader
        do {
            header = try CSVFormat.inEitherEncoding(file.source) { encoding, _ throws(TextFault) in
                var reader = try CSVReader(TextStream(file.source, encoding: encoding))
                return try CSVHeader.read(from: &reader)
            }
        } catch {
            return .other(because: error)
        }
        let plan = try TablePlan(header.names, line: header.line, mapping: file.headers, limits: Limits())
        return plan.map { .tables([CSVTable(kind: $0.kind)]) } ?? .other(because: TableKind.noneFault(line: header.line))
    }

    /// `read` also receives the line that showed that the bytes are not UTF-8; 0 if there was none.
    fileprivate static func inEitherEncoding<Value>(
        _ source: FileSource, _ read: (TextEncoding, _ notUTF8: UInt32) throws(TextFault) -> Value
    ) throws(TextFault) -> Value {
        do {
            return try read(.marked(by: source.head), 0)
        } catch  where error.isNotUTF8 {
            return try read(.windows1252, error.line)
        }
    }
}

/// The table of a CSV file.
struct CSVTable: InputTable {
    let kind: TableKind
    var what: String { kind.definition.what }
    var holdsAssignments: Bool { kind.definition.holdsAssignments }
    var holdsEvidence: Bool { kind.definition.holdsEvidence }

    func evidence(in source: FileSource, _ settings: ReadSettings) throws(TextFault) -> FileEvidence {
        if kind == .assignments { return FileEvidence() }
        return try CSVFormat.inEitherEncoding(source) { encoding, notUTF8 throws(TextFault) in
            var rows = try rows(of: source, encoding: encoding, settings)
            var evidence = FileEvidence()
            evidence.encoding = encoding
            evidence.fileNotes = notes(of: rows.plan, encoding, notUTF8, settings)
            evidence.readings = rows.plan.readings
            try rows.plan.readEvidence(&rows, settings, into: &evidence)
            return evidence
        }
    }

    /// Only for UTF-8, because the start of every row can be recognised only there.
    func parts(of source: FileSource, size: Int) throws(TextFault) -> [FilePart] {
        guard TextEncoding.marked(by: source.head) == .utf8 else { return [] }
        return try FilePart.rows(of: source, size: size)
    }

    func readAssignments<Receiver: AssignmentReceiver>(
        in source: FileSource, part: FilePart?, encoding: TextEncoding?, _ settings: ReadSettings, progress: (Int) -> Void,
        into fresh: () -> Receiver
    ) throws(TextFault) -> (receiver: Receiver, outcome: PartOutcome) {
        func read(_ encoding: TextEncoding, _ notUTF8: UInt32) throws(TextFault) -> (Receiver, PartOutcome) {
            var receiver = fresh()
            let outcome = try readAssignments(source, part, encoding, notUTF8, settings, progress, into: &receiver)
            return (receiver, outcome)
        }
        if let encoding = part == nil ? encoding : .utf8 { return try read(encoding, 0) }
        return try CSVFormat.inEitherEncoding(source, read)
    }

    private func readAssignments<Receiver: AssignmentReceiver>(
        _ source: FileSource, _ part: FilePart?, _ encoding: TextEncoding, _ notUTF8: UInt32, _ settings: ReadSettings,
        _ progress: (Int) -> Void, into receiver: inout Receiver
    ) throws(TextFault) -> PartOutcome {
        var rows = try rows(of: source, encoding: encoding, part: part, settings)
        let isFirst = part?.isFirst ?? true
        if isFirst { for note in notes(of: rows.plan, encoding, notUTF8, settings) { receiver.note(note) } }
        let plan = rows.plan
        let (counts, readings) = try plan.readAssignments(&rows, settings, progress: progress, into: &receiver)
        var outcome = PartOutcome(counts: counts, lines: rows.lines, encoding: encoding)
        if isFirst { outcome.readings = plan.readings }
        outcome.readings.add(readings)
        return outcome
    }

    /// The rows, if the header is still the same as when the file was recognised.
    private func rows(
        of source: FileSource, encoding: TextEncoding, part: FilePart? = nil, _ settings: ReadSettings
    ) throws(TextFault) -> CSVRows {
        guard let rows = try CSVRows(source, encoding: encoding, part: part, settings), rows.plan.kind == kind else {
            throw .changed
        }
        return rows
    }

    /// What to report about the header and the encoding.
    private func notes(
        of plan: TablePlan, _ encoding: TextEncoding, _ notUTF8: UInt32, _ settings: ReadSettings
    ) -> [ImportNote] {
        let notes = plan.unknownNames(settings.book.headers, limits: settings.limits)
        return encoding == .windows1252 ? notes + [.readAsWindows1252(line: notUTF8)] : notes
    }
}
