import AgencyModel
import ByteWriting
import CXLSXWriter
import SafeFiles
import Wording

/// `exceptions.xlsx`: the exception list for people, with a sheet for each family of rules and one for accepted findings.
public final class ExceptionsWorkbook {
    private let path: String
    private let workbook: UnsafeMutablePointer<lxw_workbook>
    private var sheets: [String: Sheet] = [:]
    private var formats: [Style: UnsafeMutablePointer<lxw_format>] = [:]
    private var text: [CChar] = []
    private var scratch = ByteBuffer()
    /// The number of rows of each sheet, to compare with what was written.
    private var rowCounts: [Int] = []

    private struct Sheet {
        var worksheet: UnsafeMutablePointer<lxw_worksheet>
        var nextRow: UInt32 = 1
        var part = 1
        /// Its index in the workbook.
        let place: Int
    }

    private enum Style: Hashable {
        case header, plain, date, money, moneyExact, number, error, warning, notice, title
    }

    private static let columns: [(name: String, width: Double)] = [
        ("Severity", 10), ("Rule", 11), ("Authority", 10), ("Quarter", 10), ("Assignment", 18), ("SWE number", 15), ("Agency", 26),
        ("Field", 20), ("Found", 16), ("Expected", 16), ("What is wrong and what to do", 80), ("What to do about this rule", 60),
        ("File", 32), ("Line", 8),
    ]
    /// The number of rows that Excel allows, including the header.
    private static let mostRows: UInt32 = 1_048_576
    /// The number of characters that Excel allows in a cell.
    private static let mostCharacters = 32_000

    private init(path: String, temporary folder: String) throws(OutputFault) {
        self.path = path
        var options = lxw_workbook_options()
        options.constant_memory = 1
        guard
            let workbook = folder.withCString({ folder -> UnsafeMutablePointer<lxw_workbook>? in
                options.tmpdir = UnsafeMutablePointer(mutating: folder)
                return workbook_new_opt(path, &options)
            })
        else { throw OutputFault("exceptions.xlsx could not be made: there is not enough memory.") }
        self.workbook = workbook
        // A fixed date, so that the same findings give the same bytes.
        var properties = lxw_doc_properties()
        properties.created = 1_577_836_800
        workbook_set_properties(workbook, &properties)
    }

    /// Writes the workbook to the folder.
    public static func write(
        _ findings: FindingOrder, accepted: AcceptedFindings, named name: String, into folder: OutputFolder
    ) throws {
        let book = try ExceptionsWorkbook(path: folder.path(of: name), temporary: folder.path(of: "."))
        book.makeFormats()
        try book.writeOverview(findings, accepted)
        for family in RuleFamily.allCases { book.sheets[family.prefix] = try book.newSheet(family.prefix) }
        if !accepted.positions.isEmpty { book.sheets[acceptedName] = try book.newSheet(acceptedName) }
        var advice: [RuleCode: String] = [:]
        for (position, view) in findings.enumerated() {
            let code = view.finding.rule
            if advice[code] == nil { advice[code] = view.text.map { plain($0.whatToDo) } ?? "" }
            try book.append(view, advice[code]!, to: accepted[position] == nil ? code.family.prefix : acceptedName)
        }
        try book.close()
        try WorkbookProof.check(folder.path(of: name), rows: book.rowCounts)
        try folder.adopt(name)
    }

    private static let acceptedName = "Accepted"

    /// The rule's advice without the markup of its page.
    private static func plain(_ text: String) -> String { text.split(separator: "`").joined() }

    // MARK: Formats

    private func makeFormats() {
        func make(_ style: Style, _ set: (UnsafeMutablePointer<lxw_format>) -> Void) {
            guard let format = workbook_add_format(workbook) else { return }
            format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
            set(format)
            formats[style] = format
        }
        func colours(_ style: Style, _ background: UInt32, _ ink: UInt32) {
            make(style) {
                format_set_bold($0)
                format_set_bg_color($0, lxw_color_t(background))
                format_set_font_color($0, lxw_color_t(ink))
            }
        }
        make(.header) {
            format_set_bold($0)
            format_set_bg_color($0, 0x12436D)
            format_set_font_color($0, 0xFFFFFF)
            format_set_text_wrap($0)
        }
        make(.plain) { format_set_text_wrap($0) }
        make(.date) { format_set_num_format($0, "dd/mm/yyyy") }
        make(.money) { format_set_num_format($0, "£#,##0.00") }
        make(.moneyExact) { format_set_num_format($0, "£#,##0.00##") }
        make(.number) { format_set_num_format($0, "#,##0.##########") }
        make(.title) {
            format_set_bold($0)
            format_set_font_size($0, 14)
        }
        colours(.error, 0x801650, 0xFFFFFF)
        colours(.warning, 0xF9C9AE, 0x0B0C0C)
        colours(.notice, 0xD4E8E6, 0x0B0C0C)
    }

    // MARK: Sheets

    private func added(_ name: String) throws(OutputFault) -> UnsafeMutablePointer<lxw_worksheet> {
        guard let worksheet = workbook_add_worksheet(workbook, name) else {
            throw OutputFault(
                "exceptions.xlsx could not be made: there is not enough memory or disk space, or too few files may be open. Allow more and run again."
            )
        }
        return worksheet
    }

    private func newSheet(_ name: String) throws(OutputFault) -> Sheet {
        let worksheet = try added(name)
        worksheet_freeze_panes(worksheet, 1, 0)
        for (column, definition) in ExceptionsWorkbook.columns.enumerated() {
            worksheet_set_column(worksheet, UInt16(column), UInt16(column), definition.width, nil)
            worksheet_write_string(worksheet, 0, UInt16(column), definition.name, formats[.header])
        }
        worksheet_set_landscape(worksheet)
        worksheet_fit_to_pages(worksheet, 1, 0)
        worksheet_repeat_rows(worksheet, 0, 0)
        rowCounts.append(1)
        return Sheet(worksheet: worksheet, place: rowCounts.count - 1)
    }

    private func writeOverview(_ findings: FindingOrder, _ accepted: AcceptedFindings) throws(OutputFault) {
        let worksheet = try added("Overview")
        worksheet_set_column(worksheet, 0, 0, 14, nil)
        worksheet_set_column(worksheet, 1, 1, 46, nil)
        worksheet_set_column(worksheet, 2, 4, 11, nil)
        worksheet_write_string(worksheet, 0, 0, "Exceptions", formats[.title])
        for (column, name) in ["Sheet", "Contents", "Errors", "Warnings", "Notices"].enumerated() {
            worksheet_write_string(worksheet, 2, UInt16(column), name, formats[.header])
        }
        var counts: [RuleFamily: [Int]] = [:]
        var acceptedCounts = [0, 0, 0]
        for (position, view) in findings.enumerated() {
            let column = 2 - Int(view.severity.rawValue)
            if accepted[position] != nil {
                acceptedCounts[column] += 1
            } else {
                counts[view.finding.rule.family, default: [0, 0, 0]][column] += 1
            }
        }
        var rows = RuleFamily.allCases.map { ($0.prefix, $0.inWords, counts[$0] ?? [0, 0, 0]) }
        if !accepted.positions.isEmpty {
            rows.append((ExceptionsWorkbook.acceptedName, "Findings that the authority has accepted", acceptedCounts))
        }
        rowCounts.append(2 + rows.count)
        for (index, row) in rows.enumerated() {
            let line = UInt32(index + 3)
            worksheet_write_url_opt(worksheet, line, 0, "internal:'\(row.0)'!A1", nil, row.0, nil)
            worksheet_write_string(worksheet, line, 1, row.1, formats[.plain])
            for (column, number) in row.2.enumerated() {
                worksheet_write_number(worksheet, line, UInt16(column + 2), Double(number), formats[.number])
            }
        }
    }

    private func append(_ view: FindingView, _ advice: String, to name: String) throws(OutputFault) {
        guard var sheet = sheets[name] else { return }
        if sheet.nextRow == ExceptionsWorkbook.mostRows {
            endFilter(sheet)
            let part = sheet.part + 1
            sheet = try newSheet("\(name) (\(part))")
            sheet.part = part
        }
        let (worksheet, row) = (sheet.worksheet, sheet.nextRow)
        // Some programs do not work out the height of wrapped text. This must come before the cells, because the start of the row
        // is written with the first cell.
        scratch.removeAll()
        view.appendMessage(to: &scratch)
        worksheet_set_row(worksheet, row, ExceptionsWorkbook.height(scratch.count, advice.utf8.count), nil)
        func string(_ column: UInt16, _ style: Style = .plain, _ fill: (inout ByteBuffer) -> Void) {
            scratch.removeAll()
            fill(&scratch)
            write(worksheet, row, column, style)
        }
        let severity: Style =
            switch view.severity {
            case .error: .error
            case .warning: .warning
            case .notice: .notice
            }
        string(0, severity) { $0.append(view.severity.name) }
        string(1) { $0.append(view.finding.rule.description) }
        string(2) { $0.append(view.authority?.description ?? "") }
        string(3) { $0.append(view.quarter?.description ?? "") }
        string(4) { $0.append(view.assignmentID) }
        string(5) { buffer in
            guard let worker = view.worker else { return }
            buffer.append("SW")
            buffer.append(number: Int(worker.number))
        }
        string(6) { $0.append(view.agency) }
        string(7) { view.appendField(to: &$0) }
        typed(view.finding.found, worksheet, row, 8) { view.appendFound(to: &$0) }
        typed(view.finding.expected, worksheet, row, 9) { view.appendExpected(to: &$0) }
        string(10) { view.appendMessage(to: &$0) }
        string(11) { $0.append(advice) }
        string(12) { $0.append(view.file ?? "") }
        if view.line > 0 { worksheet_write_number(worksheet, row, 13, Double(view.line), formats[.plain]) }
        sheet.nextRow += 1
        rowCounts[sheet.place] += 1
        sheets[name] = sheet
    }

    /// The height in points of a row for a message and advice of these lengths: 15 for each line, and eight lines at most.
    private static func height(_ message: Int, _ advice: Int) -> Double {
        let lines = max(1, (message + 69) / 70, (advice + 51) / 52)
        return Double(15 * min(lines, 8))
    }

    /// Writes money and dates with their own types, and everything else as text, which a spreadsheet never runs.
    private func typed(
        _ value: FindingValue, _ worksheet: UnsafeMutablePointer<lxw_worksheet>, _ row: UInt32, _ column: UInt16,
        _ fill: (inout ByteBuffer) -> Void
    ) {
        switch value {
        case .money(let money):
            let style: Style = money.tenThousandths % 100 == 0 ? .money : .moneyExact
            worksheet_write_number(worksheet, row, column, Double(money.tenThousandths) / 10_000, formats[style])
        case .number(let number):
            worksheet_write_number(worksheet, row, column, Double(number), formats[.number])
        case .quantity(let quantity):
            worksheet_write_number(
                worksheet, row, column, Double(quantity.billionths) / Double(Quantity.scale), formats[.number])
        // Excel has no dates before 1900.
        case .date(let date) where date.parts.year >= 1900:
            let (year, month, day) = date.parts
            var moment = lxw_datetime(year: Int32(year), month: Int32(month), day: Int32(day), hour: 0, min: 0, sec: 0)
            worksheet_write_datetime(worksheet, row, column, &moment, formats[.date])
        default:
            scratch.removeAll()
            fill(&scratch)
            write(worksheet, row, column, .plain)
        }
    }

    /// Writes the scratch text, or nothing if it is empty.
    private func write(_ worksheet: UnsafeMutablePointer<lxw_worksheet>, _ row: UInt32, _ column: UInt16, _ style: Style) {
        if scratch.count == 0 { return }
        // A text cell is not run, but it would be if somebody edited it or saved the sheet as CSV.
        scratch.makeHarmless()
        if scratch.count > ExceptionsWorkbook.mostCharacters {
            let short = String(decoding: scratch.bytes, as: UTF8.self).unicodeScalars.prefix(ExceptionsWorkbook.mostCharacters / 2)
            scratch.removeAll()
            scratch.append(String(short) + "\u{2026}")
        }
        text.removeAll(keepingCapacity: true)
        for byte in scratch.bytes {
            // A NUL must not end the text early, and U+FFFE and U+FFFF, which XML does not have, become U+FFFD.
            let isNoCharacter =
                byte >= 0xBE && text.count >= 2 && text[text.count - 1] == CChar(bitPattern: 0xBF)
                && text[text.count - 2] == CChar(bitPattern: 0xEF)
            text.append(byte == 0 ? 0x20 : CChar(bitPattern: isNoCharacter ? 0xBD : byte))
        }
        text.append(0)
        worksheet_write_string(worksheet, row, column, text, formats[style])
    }

    private func endFilter(_ sheet: Sheet) {
        guard sheet.nextRow > 1 else { return }
        worksheet_autofilter(sheet.worksheet, 0, 0, sheet.nextRow - 1, UInt16(ExceptionsWorkbook.columns.count - 1))
    }

    private func close() throws(OutputFault) {
        for sheet in sheets.values { endFilter(sheet) }
        let code = workbook_close(workbook)
        guard code == LXW_NO_ERROR else {
            throw OutputFault(
                "exceptions.xlsx could not be written: \(String(cString: lxw_strerror(code))). Is the disk full?")
        }
    }
}
