import AgencyModel
import ByteWriting
import Facts
import Outputs
import RuleBook
import SafeFiles

/// The assignments of returns, each return's in two files: a table and an XML document.
struct AssignmentSheets: AssignmentTaker {
    private let profile: SubmissionProfile
    private let folder: OutputFolder
    private let rows: Rows
    private let blockBytes: Int
    /// Whether a file gives its descriptor back until it is written to: a run may have more returns than it may have files open.
    private let restsFiles: Bool
    /// Under way, in the order in which they were begun.
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
        // All buffers together a few megabytes, however many returns the run holds.
        blockBytes = max(4 << 10, min(64 << 10, (8 << 20) / max(1, summary.returns.count)))
        restsFiles = summary.returns.count > 64
    }

    /// Takes one assignment; to be called for all of a return, in order.
    mutating func take(_ assignment: borrowing Assignment) throws {
        // Without authority or quarter it belongs to no submission: DATA001 and the problems of its file's returns say so.
        guard let authority = assignment.authority, let quarter = assignment.quarter else { return }
        let key = ReturnKey(authority: authority, quarter: quarter)
        if recent == nil || sheets[recent!].key != key { recent = try places[key] ?? begin(key) }
        let place = recent!
        rows.append(assignment, to: &sheets[place])
        if sheets[place].tableRows.count > blockBytes || sheets[place].documentRows.count > blockBytes { try flush(place) }
    }

    /// Begins the files of a return that has no assignment.
    mutating func takeNone(of key: ReturnKey) throws { _ = try begin(key) }

    /// Begins the files of a return; gives their place.
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
        if restsFiles { rest(sheet) }
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
        if restsFiles { rest(sheets[place]) }
    }

    private func rest(_ sheet: Sheet) {
        sheet.table.rest()
        sheet.document.rest()
    }

    /// Ends the files. To be called once, after the last assignment.
    mutating func finish() throws {
        for place in sheets.indices {
            sheets[place].documentRows.append("</\(profile.listElement)>\n</\(profile.rootElement)>\n")
            try flush(place)
            let key = sheets[place].key
            try folder.end(sheets[place].table, AssignmentSheets.name("assignments.csv", of: key))
            try folder.end(sheets[place].document, AssignmentSheets.name("assignments.xml", of: key))
        }
    }

    /// A row of the table and an element of the document: each value is made once.
    private struct Rows {
        private let values: SubmissionValues
        private let columns: [Column]
        /// The start and end tag of each column in turn: from one value to the next of the same assignment is one piece of it.
        private let tags: [UInt8]
        private let rowStart: [UInt8]
        private let rowEnd: [UInt8]

        private struct Column {
            let field: SubmissionProfile.AssignmentField
            let format: SubmissionProfile.Format
            /// Where they begin in `tags`.
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
            // The end tag of a value is written with the start tag of the next.
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
