import AgencyModel
import RuleBook
import TextSource

/// The result of `next` for a table.
enum TableRow {
    case cells
    /// The row cannot be read, and why.
    case rejected(reason: String)
    case end
}

/// The rows of a table below its header, one after another: of a CSV file or a sheet.
///
/// A format with rows of cells provides them in this form, and everything from the cells to the records is the same for all such
/// formats.
protocol TableRows: ~Copyable {
    /// Moves to the next row that is not empty.
    mutating func next() throws(TextFault) -> TableRow
    /// The line, or the row of the sheet, where the row starts, from 1.
    var line: UInt32 { get }
    /// The row as it is in the file, for the list of rejected rows.
    var row: RawRow { get }
    /// Whether a cell is completely empty.
    func isEmpty(_ index: Int) -> Bool
    /// A cell of the row, without white space at either end. Valid until the next row.
    mutating func cell(_ index: Int) -> Bytes
    /// The number of bytes read, and in all: for the progress, and to estimate the number of rows to come.
    var bytesRead: Int { get }
    var byteCount: Int { get }
}

extension TablePlan {
    /// Streams the rows of a table of assignments to the receiver.
    ///
    /// It is inlined for rows of a known type, so that each cell is read directly.
    @inline(__always)
    func readAssignments<Rows: TableRows & ~Copyable, Receiver: AssignmentReceiver>(
        _ rows: inout Rows, _ settings: ReadSettings, progress: (Int) -> Void, into receiver: inout Receiver
    ) throws(TextFault) -> (counts: RowCounts, readings: FileReadings) {
        var builder = AssignmentBuilder(jobs: settings.book.jobs, command: settings.defaults)
        var counts = RowCounts()
        reading: while true {
            let row = try rows.next()
            if case .end = row { break reading }
            counts.read += 1
            if counts.read & 0x3FFF == 0 { progress(rows.bytesRead) }
            guard counts.read <= settings.limits.records else { throw .tooManyRecords(settings.limits, line: rows.line) }
            if counts.read == 1_000 { receiver.expect(rows.byteCount / (rows.bytesRead / 1_000 + 1)) }
            if case .rejected(let reason) = row {
                counts.rejected += 1
                try checkRejected(counts, settings.limits, reason, line: rows.line)
                receiver.note(.rowRejected(reason: reason, line: rows.line, row: rows.row))
                continue
            }
            builder.start(line: rows.line)
            for (index, column) in fields where !rows.isEmpty(index) { builder.set(column, rows.cell(index)) }
            builder.finish(into: &receiver)
        }
        counts.values = (counts.read - counts.rejected) * fields.count
        return (counts, builder.readings)
    }

    /// Reads the rows of an employment history or of authority records. For assignments, it reads none.
    @inline(__always)
    func readEvidence<Rows: TableRows & ~Copyable>(
        _ rows: inout Rows, _ settings: ReadSettings, into evidence: inout FileEvidence
    ) throws(TextFault) {
        switch kind {
        case .assignments: break
        case .employmentHistory: try read(&rows, settings.limits, SpellBuilder(), into: &evidence)
        case .authorityRecords:
            let builder = AuthorityRecordBuilder(defaults: settings.defaults, command: settings.defaults)
            try read(&rows, settings.limits, builder, into: &evidence)
        }
    }

    @inline(__always)
    private func read<Rows: TableRows & ~Copyable, Builder: EvidenceBuilder>(
        _ rows: inout Rows, _ limits: Limits, _ fresh: Builder, into evidence: inout FileEvidence
    ) throws(TextFault) {
        var builder = fresh
        reading: while true {
            let row = try rows.next()
            if case .end = row { break reading }
            guard evidence.counts.read < limits.records else { throw .tooManyRecords(limits, line: rows.line) }
            if case .rejected(let reason) = row {
                evidence.counts.read += 1
                evidence.counts.rejected += 1
                try checkRejected(evidence.counts, limits, reason, line: rows.line)
                evidence.notes.append(EvidenceNote(.rejected(reason: reason, row: rows.row), line: rows.line))
                continue
            }
            let place = rows.row
            for (index, column) in fields { builder.set(column, rows.cell(index)) }
            evidence.counts.values += fields.count
            builder.finish(line: rows.line, row: place, into: &evidence)
        }
    }

    private func checkRejected(_ counts: RowCounts, _ limits: Limits, _ reason: String, line: UInt32) throws(TextFault) {
        guard counts.rejected > limits.rejectedRows else { return }
        throw TextFault(
            "more than \(limits.rejectedRows) of its rows cannot be read, the last of them because \(reason)", line: line, column: 1
        )
    }
}
