import AgencyModel
import ByteWriting
import Facts
import Outputs
import RuleBook
import SafeFiles

/// The assignments of returns, written to two files for each return: a table and an XML document.
struct AssignmentSheets: AssignmentTaker {
    private let profile: SubmissionProfile
    private let folder: OutputFolder
    private let rows: Rows
    private let blockBytes: Int
    /// Whether a file is closed until it is written to. A run may have more returns than files that can be open.
    private let closesIdleFiles: Bool
    /// The files in progress, in the order in which they were begun.
    private var sheets: [Sheet] = []
    private var places: [ReturnKey: Int] = [:]
    private var recent: Int?

    private struct Sheet {
        let key: ReturnKey
        let table: OutputFile
        let document: OutputFile
        var tableRows = ByteBuffer()
        var documentRows = ByteBuffer()
    }

    init(_ profile: SubmissionProfile, _ values: SubmissionValues, _ summary: RunSummary, into folder: OutputFolder) {
        self.profile = profile
        self.folder = folder
        rows = Rows(profile, values)
        // All buffers together take a few megabytes, however many returns the run has.
        blockBytes = max(4 << 10, min(64 << 10, (8 << 20) / max(1, summary.returns.count)))
        closesIdleFiles = summary.returns.count > 64
    }

    /// Writes one assignment. Call it for all assignments of a return, in order.
    mutating func take(_ assignment: borrowing Assignment) throws {
        // An assignment without an authority or quarter belongs to no submission: DATA001 and the problems of the returns in its
        // file say so.
        guard let authority = assignment.authority, let quarter = assignment.quarter else { return }
        let key = ReturnKey(authority: authority, quarter: quarter)
        if recent == nil || sheets[recent!].key != key { recent = try places[key] ?? begin(key) }
        let place = recent!
        rows.append(assignment, to: &sheets[place])
        if sheets[place].tableRows.count > blockBytes || sheets[place].documentRows.count > blockBytes { try flush(place) }
    }

    /// Begins the files of a return without assignments.
    mutating func takeNilReturn(of key: ReturnKey) throws { _ = try begin(key) }

    /// Begins the files of a return, and returns their index.
    private mutating func begin(_ key: ReturnKey) throws -> Int {
        var sheet = Sheet(
            key: key, table: try folder.begin(AssignmentSheets.name("assignments.csv", of: key)),
            document: try folder.begin(AssignmentSheets.name("assignments.xml", of: key)))
        sheet.tableRows.appendRow(profile.assignments.map(\.header), for: .machine)
        sheet.documentRows.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(profile.rootElement) profile=\"")
        sheet.documentRows.appendEscaped(profile.name)
        sheet.documentRows.append("\" version=\"")
        sheet.documentRows.appendEscaped(profile.version)
        sheet.documentRows.append("\">\n<\(profile.headerElement)><AuthorityCode>\(key.authority)</AuthorityCode>")
        sheet.documentRows.append("<Quarter>\(key.quarter)</Quarter></\(profile.headerElement)>\n<\(profile.listElement)>\n")
        if closesIdleFiles { rest(sheet) }
        places[key] = sheets.count
        sheets.append(sheet)
        return sheets.count - 1
    }

    private static func name(_ file: String, of key: ReturnKey) -> String {
        SubmissionWriter.folderName(key) + "/" + file
    }

    private mutating func flush(_ place: Int) throws {
        try sheets[place].table.write(sheets[place].tableRows.bytes)
        try sheets[place].document.write(sheets[place].documentRows.bytes)
        sheets[place].tableRows.removeAll()
        sheets[place].documentRows.removeAll()
        if closesIdleFiles { rest(sheets[place]) }
    }

    private func rest(_ sheet: Sheet) {
        sheet.table.rest()
        sheet.document.rest()
    }

    /// Finishes the files. Call it once, after the last assignment.
    mutating func finish() throws {
        for place in sheets.indices {
            sheets[place].documentRows.append("</\(profile.listElement)>\n</\(profile.rootElement)>\n")
            try flush(place)
            let key = sheets[place].key
            try folder.end(sheets[place].table, AssignmentSheets.name("assignments.csv", of: key))
            try folder.end(sheets[place].document, AssignmentSheets.name("assignments.xml", of: key))
        }
    }

    /// Writes a row of the table and an element of the document together, so that each value is formatted once.
    private struct Rows {
        private let values: SubmissionValues
        private let columns: [Column]
        /// The start and end tag of each column in order. The bytes between two values of an assignment are one slice of it.
        private let tags: [UInt8]
        private let rowStart: [UInt8]
        private let rowEnd: [UInt8]

        private struct Column {
            let field: SubmissionProfile.AssignmentField
            let format: SubmissionProfile.Format
            /// The offset of the start tag in `tags`.
            let startTag: Int
            let endTag: Int
        }

        init(_ profile: SubmissionProfile, _ values: SubmissionValues) {
            self.values = values
            var tags: [UInt8] = []
            columns = profile.assignments.map { item in
                let start = tags.count
                tags += "<\(item.element)>".utf8
                let middle = tags.count
                tags += "</\(item.element)>".utf8
                return Column(field: item.field, format: item.format, startTag: start, endTag: middle)
            }
            self.tags = tags
            rowStart = Array("<\(profile.rowElement)>".utf8)
            rowEnd = Array("</\(profile.rowElement)>\n".utf8)
        }

        func append(_ assignment: borrowing Assignment, to sheet: inout Sheet) {
            sheet.documentRows.append(rowStart)
            // The end tag of a value is written together with the start tag of the next.
            var open: Int?
            for index in columns.indices {
                if index > 0 { sheet.tableRows.append(0x2C) }
                let start = sheet.tableRows.count
                values.append(columns[index].field, columns[index].format, of: assignment, to: &sheet.tableRows)
                guard sheet.tableRows.count > start else {
                    if let from = open { sheet.documentRows.append(tags[from..<columns[index].startTag]) }
                    open = nil
                    continue
                }
                sheet.documentRows.append(tags[(open ?? columns[index].startTag)..<columns[index].endTag])
                open = columns[index].endTag
                sheet.documentRows.appendEscaped(sheet.tableRows.bytes[start...])
                sheet.tableRows.quoteCell(from: start)
            }
            if let from = open { sheet.documentRows.append(tags[from...]) }
            sheet.tableRows.endRow()
            sheet.documentRows.append(rowEnd)
        }
    }
}
