import AgencyModel
import CheckRun
import Compliance
import Reports
import RuleBook
import SafeFiles

/// Writes the submission of each return of a run into `submission/301-2026-Q1/`: the assignments as CSV and XML with its schema,
/// the general data, what stops it, and the manifest.
public final class SubmissionWriter {
    private let result: CheckResult
    private let summary: RunSummary
    private let folder: OutputFolder
    private let values: SubmissionValues
    private let identity: RunIdentity
    private let profile: SubmissionProfile
    /// By the return's place in the summary.
    private var sheets: [AssignmentSheets?]
    private let places: [FileJudge.ReturnKey: Int]
    private var recent: (key: FileJudge.ReturnKey, place: Int)?
    private let blockBytes: Int
    /// One value before it is quoted and escaped.
    private var value = ByteBuffer()
    private let columns: [Column]
    private let rowStart: [UInt8]
    private let rowEnd: [UInt8]

    /// What is needed of a column of the profile for each assignment.
    private struct Column {
        let field: SubmissionProfile.AssignmentField
        let format: SubmissionProfile.Format
        /// The tags around a value.
        let start: [UInt8]
        let end: [UInt8]
    }

    /// The two files of one return's assignments, under way.
    private struct AssignmentSheets {
        let table: OutputFile
        let document: OutputFile
        var tableRows = ByteBuffer()
        var documentRows = ByteBuffer()
    }

    /// To be handed each assignment as it is read again, then finished.
    public init(_ result: CheckResult, _ summary: RunSummary, identity: RunIdentity, into folder: OutputFolder) throws {
        self.result = result
        self.summary = summary
        self.folder = folder
        self.identity = identity
        values = SubmissionValues(book: result.judgement.book)
        profile = result.judgement.book.submission
        columns = profile.assignments.map { item in
            Column(
                field: item.field, format: item.format, start: Array("<\(item.element)>".utf8),
                end: Array("</\(item.element)>".utf8))
        }
        rowStart = Array("<\(profile.rowElement)>".utf8)
        rowEnd = Array("</\(profile.rowElement)>\n".utf8)
        places = Dictionary(uniqueKeysWithValues: summary.returns.enumerated().map { ($1.key, $0) })
        sheets = Array(repeating: nil, count: summary.returns.count)
        // All buffers together a few megabytes, however many returns the run holds.
        blockBytes = max(4 << 10, min(64 << 10, (8 << 20) / max(1, summary.returns.count)))
    }

    /// The folder of a return below the output folder.
    public static func folderName(_ key: FileJudge.ReturnKey) -> String { "submission/\(key.authority)-\(key.quarter)" }

    private func name(_ file: String, of place: Int) -> String {
        SubmissionWriter.folderName(summary.returns[place].key) + "/" + file
    }

    // MARK: Assignments

    public func take(_ assignment: borrowing Assignment) throws {
        // Without authority or quarter it belongs to no submission: DATA001 and the problems of its file's returns say so.
        guard let authority = assignment.authority, let quarter = assignment.quarter else { return }
        let key = FileJudge.ReturnKey(authority: authority, quarter: quarter)
        if recent?.key != key { recent = (key, places[key]!) }
        let place = recent!.place
        if sheets[place] == nil { sheets[place] = try begin(place) }
        append(assignment, to: &sheets[place]!)
        if sheets[place]!.tableRows.count > blockBytes || sheets[place]!.documentRows.count > blockBytes { try flush(place) }
    }

    private func begin(_ place: Int) throws -> AssignmentSheets {
        var sheets = AssignmentSheets(
            table: try folder.begin(name("assignments.csv", of: place)),
            document: try folder.begin(name("assignments.xml", of: place)))
        for (index, item) in profile.assignments.enumerated() {
            if index > 0 { sheets.tableRows.append(0x2C) }
            let start = sheets.tableRows.count
            sheets.tableRows.append(item.header)
            sheets.tableRows.quoteCell(from: start)
        }
        sheets.tableRows.endRow()
        let key = summary.returns[place].key
        sheets.documentRows.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(profile.rootElement) profile=\"")
        sheets.documentRows.appendEscaped(profile.name)
        sheets.documentRows.append("\" version=\"")
        sheets.documentRows.appendEscaped(profile.version)
        sheets.documentRows.append("\">\n<\(profile.headerElement)><AuthorityCode>\(key.authority)</AuthorityCode>")
        sheets.documentRows.append("<Quarter>\(key.quarter)</Quarter></\(profile.headerElement)>\n<\(profile.listElement)>\n")
        return sheets
    }

    private func flush(_ place: Int) throws {
        try sheets[place]!.table.write(sheets[place]!.tableRows.bytes)
        try sheets[place]!.document.write(sheets[place]!.documentRows.bytes)
        sheets[place]!.tableRows.removeAll()
        sheets[place]!.documentRows.removeAll()
        if summary.returns.count > 64 {
            sheets[place]!.table.rest()
            sheets[place]!.document.rest()
        }
    }

    /// A row of the table and an element of the document: each value is made once.
    private func append(_ assignment: borrowing Assignment, to sheets: inout AssignmentSheets) {
        sheets.documentRows.append(rowStart)
        for (index, column) in columns.enumerated() {
            if index > 0 { sheets.tableRows.append(0x2C) }
            value.removeAll()
            values.append(column.field, column.format, of: assignment, to: &value)
            if value.count == 0 { continue }
            let start = sheets.tableRows.count
            sheets.tableRows.append(value.bytes)
            sheets.tableRows.quoteCell(from: start)
            sheets.documentRows.append(column.start)
            sheets.documentRows.appendEscaped(value.bytes)
            sheets.documentRows.append(column.end)
        }
        sheets.tableRows.endRow()
        sheets.documentRows.append(rowEnd)
    }

    // MARK: The rest of each folder

    /// Writes what needs the whole run. To be called once, after the last assignment.
    public func finish(_ findings: FindingOrder, _ details: RunDetails) throws {
        let problems = Problems(findings, summary)
        for place in summary.returns.indices {
            if sheets[place] == nil { sheets[place] = try begin(place) }
            sheets[place]!.documentRows.append("</\(profile.listElement)>\n</\(profile.rootElement)>\n")
            try flush(place)
            let manifestStart = folder.files.count
            try folder.end(sheets[place]!.table, name("assignments.csv", of: place))
            try folder.end(sheets[place]!.document, name("assignments.xml", of: place))
            sheets[place] = nil
            try folder.write(name("assignments.xsd", of: place)) { file in
                try file.write(SubmissionSchema(profile).text)
            }
            let return_ = summary.returns[place]
            try folder.write(name("authority.csv", of: place)) { file in
                let general = GeneralData(return_, details, findings, values)
                try file.write(general.table.bytes)
            }
            try folder.write(name("problems.csv", of: place)) { file in
                try ExceptionsCSV.write(problems.of(place).lazy.map { findings[Int($0)] }) { try file.write($0.bytes) }
            }
            let written = Array(folder.files[manifestStart...])
            try folder.write(name("manifest.json", of: place)) { file in
                try file.write(
                    SubmissionManifest(return_, details, result, identity, profile, files: written).json.bytes)
            }
        }
    }

    /// The findings that stop each return, in the order of the exception list.
    private struct Problems {
        /// Places in the order, by return.
        private var byReturn: [[Int32]]

        init(_ findings: FindingOrder, _ summary: RunSummary) {
            func key(_ place: CheckedReturn.FindingPlace) -> UInt64 { UInt64(place.file) << 32 | UInt64(place.finding) }
            var returns: [UInt64: [Int]] = [:]
            for (place, return_) in summary.returns.enumerated() {
                for blocker in return_.blockers { returns[key(blocker), default: []].append(place) }
            }
            byReturn = Array(repeating: [], count: summary.returns.count)
            guard !returns.isEmpty else { return }
            for (position, view) in findings.enumerated() {
                for place in returns[key(view.place)] ?? [] { byReturn[place].append(Int32(position)) }
            }
        }

        func of(_ place: Int) -> [Int32] { byReturn[place] }
    }
}
