import AgencyModel
import Foundation
import Intake
import RuleBook
import TestSupport
import Testing
import TextSource

/// The rows that the reader gives for a text, as lists of fields. A rejected line is one field with a mark.
func readCSV(
    _ bytes: [UInt8], separator: UInt8 = 0x2C, encoding: TextEncoding? = nil, window: Int = 256 << 10, limits: Limits = Limits()
) throws -> [[String]] {
    let folder = try TemporaryFolder()
    let source = try FileSource(path: try folder.write("x.csv", bytes))
    var reader = try CSVReader(
        TextStream(source, encoding: encoding ?? .marked(by: source.head)), limits: limits, window: window)
    reader.separate(by: separator)
    var rows: [[String]] = []
    while true {
        switch try reader.next() {
        case .end: return rows
        case .fields: rows.append((0..<reader.fieldCount).map { reader.field($0).text })
        case .broken: rows.append(["<broken \(reader.line)>"])
        case .tooLong: rows.append(["<too long \(reader.line)>"])
        }
    }
}

@Suite struct CSVReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let rows: [[String]]
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "plain", text: "a,b\n1,2\n", rows: [["a", "b"], ["1", "2"]]),
        Case(name: "no end of line", text: "a,b\n1,2", rows: [["a", "b"], ["1", "2"]]),
        Case(name: "CR LF", text: "a,b\r\n1,2\r\n", rows: [["a", "b"], ["1", "2"]]),
        Case(name: "CR alone, no LF anywhere", text: "a,b\r1,2\r", rows: [["a", "b"], ["1", "2"]]),
        Case(name: "a CR among LF is a character", text: "a,b\n3,4\r5,6\n", rows: [["a", "b"], ["3", "4\r5", "6"]]),
        Case(name: "CR at the very end", text: "a,b\n1,2\r", rows: [["a", "b"], ["1", "2"]]),
        Case(name: "blank lines", text: "\n\na,b\n\r\n1,2\n\n", rows: [["a", "b"], ["1", "2"]]),
        Case(name: "empty fields", text: ",\n,,\n\"\",x\n", rows: [["", ""], ["", "", ""], ["", "x"]]),
        Case(name: "quotes", text: "\"a,b\",\"c\"\"d\"\n", rows: [["a,b", "c\"d"]]),
        Case(name: "only doubled quotes", text: "\"\"\"\"\"\",x\n", rows: [["\"\"", "x"]]),
        Case(name: "line break inside quotes", text: "\"a\nb\",c\nd,e\n", rows: [["a\nb", "c"], ["d", "e"]]),
        Case(name: "CR LF inside quotes stays", text: "\"a\r\nb\",c\r\n", rows: [["a\r\nb", "c"]]),
        Case(name: "quoted last field, no line end", text: "x,\"y\"", rows: [["x", "y"]]),
        Case(name: "quoted last field, CR at the end", text: "x\n\"y\"\r", rows: [["x"], ["y"]]),
        Case(name: "quote inside an unquoted field", text: "a,b\nx\"y,2\n3,4\n", rows: [["a", "b"], ["<broken 2>"], ["3", "4"]]),
        Case(name: "text behind a closing quote", text: "a,b\n\"x\"y,2\n3,4\n", rows: [["a", "b"], ["<broken 2>"], ["3", "4"]]),
        Case(name: "space before a quote", text: "a, \"b\"\n1,2\n", rows: [["<broken 1>"], ["1", "2"]]),
        Case(name: "space behind a quote", text: "\"a\" ,b\n1,2\n", rows: [["<broken 1>"], ["1", "2"]]),
        Case(
            name: "never closed: the next physical line goes on", text: "a,b\n\"x,2\n3,4\n5,6",
            rows: [["a", "b"], ["<broken 2>"], ["3", "4"], ["5", "6"]]),
        Case(
            name: "broken on the second of two lines", text: "\"x\ny\"z,2\n3,4\n",
            rows: [["<broken 1>"], ["<broken 2>"], ["3", "4"]]),
        Case(name: "closed by the next line's quote", text: "\"x\n\",b\nc,d\n", rows: [["x\n", "b"], ["c", "d"]]),
        Case(name: "a comma and a combining accent", text: "a,b\r\nx,\u{301}y\r\n", rows: [["a", "b"], ["x", "\u{301}y"]]),
        Case(name: "characters of two to four bytes", text: "é,€\n𝄞,x\n", rows: [["é", "€"], ["𝄞", "x"]]),
        Case(name: "quoted empty at the end", text: "a,\"\"\n", rows: [["a", ""]]),
        Case(name: "nothing", text: "", rows: []),
        Case(name: "a single quote sign", text: "\"", rows: [["<broken 1>"]]),
        Case(name: "CR LF behind a quote, cut anywhere", text: "\"a\"\r\n\"b\"\r\n", rows: [["a"], ["b"]]),
    ]

    @Test(arguments: cases, [1, 2, 3, 7, 64 << 10])
    func tablesAreReadInSmallWindows(case: Case, window: Int) throws {
        #expect(try readCSV(Array(`case`.text.utf8), window: window) == `case`.rows)
    }

    @Test(arguments: cases, [TextEncoding.utf16LittleEndian, .utf16BigEndian])
    func tablesAreReadInUTF16(case: Case, encoding: TextEncoding) throws {
        var bytes: [UInt8] = encoding == .utf16LittleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
        for unit in `case`.text.utf16 {
            bytes +=
                encoding == .utf16LittleEndian ? [UInt8(unit & 0xFF), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        }
        for window in [1, 3, 64 << 10] { #expect(try readCSV(bytes, window: window) == `case`.rows) }
    }

    @Test func longFieldsCrossWindows() throws {
        let long = String(repeating: "é", count: 5000)
        for window in [64, 100, 4096] {
            #expect(try readCSV(Array("a,\"\(long)\"\n\(long),b\n".utf8), window: window) == [["a", long], [long, "b"]])
        }
    }

    @Test func aRowCanBeAsLongAsTheLimit() throws {
        var limits = Limits()
        limits.rowBytes = 100
        let fits = String(repeating: "x", count: 100)
        let text = "\(fits)\n\(fits)y\nshort\n"
        for window in [1, 16, 64 << 10] {
            #expect(try readCSV(Array(text.utf8), window: window, limits: limits) == [[fits], ["<too long 2>"], ["short"]])
        }
    }

    @Test func anUnclosedQuoteCostsOneLine() throws {
        var limits = Limits()
        limits.rowBytes = 1000
        let text = "a,b\n\"x,1\n" + String(repeating: "y,2\n", count: 2000)
        let rows = try readCSV(Array(text.utf8), window: 256, limits: limits)
        #expect(rows.count == 2002)
        #expect(rows[1] == ["<broken 2>"] || rows[1] == ["<too long 2>"])
        #expect(rows[2...].allSatisfy { $0 == ["y", "2"] })
    }

    @Test func linesAreCountedWithinQuotes() throws {
        let folder = try TemporaryFolder()
        let source = try FileSource(path: try folder.write("x.csv", "a\n\"1\n2\n3\"\n\nb\n\"\nc\n"))
        for window in [1, 64 << 10] {
            var reader = try CSVReader(TextStream(source, encoding: .utf8), window: window)
            reader.separate(by: 0x2C)
            var lines: [UInt32] = []
            while try reader.next() != .end { lines.append(reader.line) }
            #expect(lines == [1, 2, 6, 7, 8])
        }
    }

    /// Python's csv module is the independent reference for texts with correct quoting.
    @Test(arguments: 1...20) func pythonReadsTheSameRows(block: Int) throws {
        var state = UInt64(block)
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        struct Table {
            let bytes: [UInt8]
            let separator: UInt8
        }
        let pieces = ["a", "bc", "é", " ", "1,5", "\"", "\n", "\r\n", "x", "", "€", ",", ";", "\t", "|", "=1", "\r", "“", "𝄞"]
        let folder = try TemporaryFolder()
        let tables = try (0..<Figures.seeds).map { number in
            let separator = [",", ";", "\t", "|"][next(4)]
            let encoding = next(4)
            var text = ""
            for _ in 0..<next(60) {
                let cells = (0...next(5)).map { _ -> String in
                    // Windows-1252 does not have every character, and neither do the marks of UTF-16.
                    let cell = (0..<next(4)).map { _ in pieces[next(encoding == 3 ? pieces.count - 1 : pieces.count)] }.joined()
                    let mustQuote = cell.utf8.contains { [0x22, 0x0A, 0x0D, separator.utf8.first!].contains($0) }
                    return mustQuote || next(3) == 0 ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
                }
                text += cells.joined(separator: separator) + (next(2) == 0 ? "\n" : "\r\n")
            }
            // Without any LF, a CR would end lines, so the file would be another one.
            text += "end\n"
            let bytes: [UInt8] =
                switch encoding {
                case 0: Array(text.utf8)
                case 1: [0xEF, 0xBB, 0xBF] + Array(text.utf8)
                case 2: [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
                default: [UInt8](text.data(using: .windowsCP1252)!)
                }
            let names = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
            try folder.write("\(number).csv", bytes)
            try folder.write("\(number).txt", "\(separator)\(names[encoding])")
            return (Table(bytes: bytes, separator: separator.utf8.first!), encoding)
        }
        let script = """
            import csv, json, sys
            tables = []
            for number in range(int(sys.argv[2])):
                about = open(f'{sys.argv[1]}/{number}.txt', newline='').read()
                file = open(f'{sys.argv[1]}/{number}.csv', newline='', encoding=about[1:])
                tables.append([r for r in csv.reader(file, delimiter=about[0]) if r and r != ['']])
            print(json.dumps(tables))
            """
        let judged = try JSONDecoder().decode(
            [[[String]]].self, from: Data(Program.python(script, [folder.path, "\(tables.count)"]).output.utf8))
        #expect(judged.count == tables.count)
        for ((table, encoding), rows) in zip(tables, judged) {
            let window = [1, 7, 64, 64 << 10][next(4)]
            let ours = try readCSV(
                table.bytes, separator: table.separator, encoding: encoding == 3 ? .windows1252 : nil, window: window
            ).filter { $0 != [""] }
            #expect(ours == rows)
        }
        Figures.note("tables", tables.count)
        Figures.note("rows", judged.reduce(0) { $0 + $1.count })
    }

    @Test func brokenEncodingsAreFaults() throws {
        #expect(throws: TextFault.self) { try readCSV([0xFF, 0xFE, 0x41]) }
        #expect(throws: TextFault.self) { try readCSV([0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00]) }
        #expect(throws: TextFault.self) { try readCSV([0xFF, 0xFE, 0x00, 0xDC]) }
        for bytes: [UInt8] in [
            [0xC3], [0xE2, 0x82], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x41, 0xE9, 0x42], [0xFF],
        ] {
            for window in [1, 2, 64 << 10] {
                do {
                    _ = try readCSV(bytes, encoding: .utf8, window: window)
                    Issue.record("\(bytes) was read as UTF-8")
                } catch let fault as TextFault {
                    #expect(fault.isNotUTF8)
                }
            }
        }
    }

    @Test func everyByteOfWindows1252IsRead() throws {
        let bytes = [UInt8](1...255).filter { ![0x0A, 0x0D, 0x22, 0x2C].contains($0) }
        let rows = try readCSV(bytes, encoding: .windows1252)
        let text = try #require(rows.first?.first)
        #expect(text.unicodeScalars.count == bytes.count)
        #expect(text.unicodeScalars.filter { $0.value == 0xFFFD }.count == 5)
        #expect(text.contains("€") && text.contains("Ÿ") && text.contains("ÿ"))
    }

    @Test func aNULIsRefused() throws {
        let fault = #expect(throws: TextFault.self) { try readCSV(Array("a,b\n1,\u{0}\n".utf8)) }
        #expect(fault?.reason.contains("NUL") == true)
        #expect(fault?.line == 2)
    }

    /// Each table of Tests/Data/csv-answers is read as its answer says, and as Python reads it.
    @Test func everyTableIsReadAsItsAnswerSays() throws {
        let folder = Places.data + "/csv-answers"
        let names = Places.names(in: folder).filter { $0.hasSuffix(".json") }.map { $0.replacing(".json", with: "") }
        #expect(names.count >= 20)
        for name in names {
            let answer = try JSONDecoder().decode([[String]].self, from: Data(try Places.bytes("\(folder)/\(name).json")))
            let separator = ["semicolon": ";", "tab": "\t"][name] ?? ","
            let isOld = name == "windows-1252"
            let rows = try readCSV(
                try Places.bytes("\(folder)/\(name).csv"), separator: separator.utf8.first!,
                encoding: isOld ? .windows1252 : .utf8)
            #expect(rows == answer, "\(name)")
            #expect(try Self.readByPython("\(folder)/\(name).csv", separator, isOld ? "cp1252" : "utf-8") == answer, "\(name)")
        }
        #expect(throws: TextFault.self) { try readCSV(try Places.bytes(folder + "/not-utf-8.csv"), encoding: .utf8) }
    }

    private static func readByPython(_ path: String, _ separator: String, _ encoding: String) throws -> [[String]] {
        let script = """
            import csv, json, sys
            f = open(sys.argv[1], newline='', encoding=sys.argv[3])
            print(json.dumps([r for r in csv.reader(f, delimiter=sys.argv[2]) if r and r != ['']]))
            """
        return try JSONDecoder().decode(
            [[String]].self, from: Data(Program.python(script, [path, separator, encoding]).output.utf8))
    }
}

/// A large file is read in parts. Wherever it is cut, the records and lines are the same, or the cut is found to be wrong.
@Suite struct FilePartTests {
    @Test func partsGiveTheSameRecordsAsTheWholeFile() throws {
        var rows: [[String: String]] = []
        for index in 0..<3_000 {
            let long = index % 7 == 0 ? "Two\nlines \(index)" : index % 11 == 0 ? "A \"quoted\", one" : "Plain \(index)"
            rows.append(["assignment_id": "A-\(index)", "swe_number": "SW\(index + 1)", "agency": long])
        }
        let text = Checking.returnCSV(rows).replacing("\r\nA-9", with: "\r\n\r\n,,\r\nA-9")
        let folder = try TemporaryFolder()
        let path = try folder.write("a.csv", text)
        let book = try Checking.book()
        let source = try FileSource(path: path)
        let whole = try collected(source, [FilePart(start: 0, end: source.byteCount, isFirst: true, isLast: true)], book)
        #expect(whole?.count == 3_000)
        var wrongCuts = 0
        for size in stride(from: 3_000, through: 200_000, by: 7_919) {
            let parts = try FilePart.rows(of: source, size: size)
            #expect(parts.first?.start == 0 && parts.last?.end == source.byteCount)
            guard let found = try collected(source, parts, book) else {
                wrongCuts += 1
                continue
            }
            #expect(found == whole, "cut at \(parts.map(\.start))")
        }
        #expect(wrongCuts > 0, "a cut inside a quoted cell is noticed")
    }

    /// The assignment and line of each record; nil if a part reports that its cut was wrong.
    private func collected(_ source: FileSource, _ parts: [FilePart], _ book: RuleBook) throws -> [String]? {
        var records: [String] = []
        var linesBefore: UInt32 = 0
        for part in parts {
            let table = try InputFormats.tables(in: source, headers: book.headers)[0]
            let (collector, outcome) = try table.readAssignments(
                in: source, part: part, encoding: nil, ReadSettings(book: book, window: 4_096), progress: { _ in }
            ) { Collector(linesBefore: linesBefore) }
            guard let lines = outcome.lines else { return nil }
            records += collector.records
            linesBefore += lines
        }
        return records
    }

    private struct Collector: AssignmentReceiver {
        let linesBefore: UInt32
        var records: [String] = []
        mutating func receive(_ assignment: borrowing Assignment, unreadable: [UnreadableValue]) {
            records.append(
                "\(assignment.assignmentID?.text ?? "") \(assignment.line + linesBefore) \(assignment.agency?.text ?? "")")
        }
        mutating func note(_ note: ImportNote) {}
    }
}
