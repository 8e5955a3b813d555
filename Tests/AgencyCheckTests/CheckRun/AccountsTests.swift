import ByteWriting
import CheckRun
import Foundation
import Intake
import Reports
import RuleBook
import TestSupport
import Testing
import TextSource

/// Nothing that is read is lost: what a run says it read is compared with a plain, slow count of the file's rows that does not use
/// the reader. It covers each kind of file, line end and encoding, with broken rows and rows at and above the limits, at every
/// position in a block and a part.
@Suite struct AccountsTests {
    /// A row of a file as the test writes it, and what must happen to it.
    struct Line {
        enum Fate { case blank, taken, rejected }
        var text: String
        var fate: Fate
    }

    enum Kind: String, CaseIterable { case assignments, history, records }
    enum LineEnd: String, CaseIterable {
        case lf = "\n"
        case crlf = "\r\n"
        case cr = "\r"
        /// LF and CR LF alternately.
        case mixed = ""

        func text(_ number: Int) -> String { self == .mixed ? (number % 2 == 0 ? "\n" : "\r\n") : rawValue }
    }
    enum Form: String, CaseIterable {
        case utf8, marked, utf16LittleEndian, utf16BigEndian, windows1252

        func bytes(_ text: String) -> [UInt8] {
            switch self {
            case .utf8: return Array(text.utf8)
            case .marked: return [0xEF, 0xBB, 0xBF] + Array(text.utf8)
            case .utf16LittleEndian: return [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            case .utf16BigEndian: return [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            case .windows1252: return text.unicodeScalars.map { UInt8($0.value) }
            }
        }
    }

    /// The content of a file, worked out without the reader.
    struct Expected: Equatable {
        var read = 0
        var rejected: [Int] = []
    }

    static let limit = 200
    private let book: RuleBook

    init() throws { book = try Checking.book() }

    private static func header(_ kind: Kind) -> String {
        switch kind {
        case .assignments:
            "assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate,authority_code,quarter,cap_reason"
        case .history: "swe_number,authority_code,start_date,employment,setting,registered,leaving_reason"
        case .records: "authority_code,quarter,cost_month_1,cost_month_2,caps_explanation"
        }
    }

    /// A row that is accepted, with its last cell filled up to a number of bytes of UTF-8.
    private static func row(_ kind: Kind, _ number: Int, bytes: Int = 0, letter: Character = "x", quoted: String = "") -> String {
        var start: String
        switch kind {
        case .assignments: start = "A-\(number),SW\(1000 + number),SW,2026-01-12,UMBRELLA,36.00,41.00,991,2026-Q1,"
        // The first of them has no number, so it does not count as a spell.
        case .history: start = "\(number % 5 == 0 ? "" : "SW\(1000 + number)"),992,2018-01-01,DIRECT,CHILD_FAMILY,yes,"
        case .records: start = "991,\(2000 + number)-Q1,1.00,2.00,"
        }
        if !quoted.isEmpty { return start + "\"\(quoted)\"" }
        while start.utf8.count < bytes { start.append(letter) }
        return start
    }

    /// The lines of a file: rows just below, at and above the limit, broken rows, short and long rows, blank rows, and quoted line
    /// breaks. The row after each of them must survive.
    private static func lines(_ kind: Kind, _ end: LineEnd, shift: Int) -> [Line] {
        var lines: [Line] = []
        func add(_ text: String, _ fate: Line.Fate) { lines.append(Line(text: text, fate: fate)) }
        func plain() { add(row(kind, lines.count), .taken) }
        // Moves everything that follows over the borders of the blocks, one byte at a time.
        add(row(kind, 0) + String(repeating: "y", count: shift), .taken)
        // At the limit, one byte below and above it, and far above it.
        for bytes in [limit - 1, limit, limit + 1, limit + 2, 3 * limit] {
            add(row(kind, lines.count, bytes: bytes), bytes > limit ? .rejected : .taken)
            plain()
        }
        let wide = row(kind, lines.count, bytes: 2 * limit, letter: "\u{E9}")
        add(wide, .rejected)
        plain()
        add(row(kind, lines.count) + "a\"b", .rejected)
        plain()
        add(row(kind, lines.count, quoted: "a") + "b", .rejected)
        add(",,", .blank)
        plain()
        add(row(kind, lines.count) + ",one too many", .rejected)
        add("A,B", .rejected)
        add("", .blank)
        plain()
        add(row(kind, lines.count, quoted: "two\(end == .cr ? "\r" : "\n")lines, one row"), .taken)
        plain()
        // Too long, with a line break within quotation marks: its first line is the rejected row, and what follows is a row of its
        // own.
        add(row(kind, lines.count, bytes: 2 * limit, letter: "z") + "\"", .rejected)
        plain()
        return lines
    }

    /// Counts the rows by the line ends that the test itself wrote between them.
    private static func file(_ kind: Kind, _ end: LineEnd, lines: [Line], closed: Bool) -> (text: String, expected: Expected) {
        var expected = Expected()
        var text = header(kind) + end.text(0)
        var number = 2
        for (place, line) in lines.enumerated() {
            switch line.fate {
            case .blank: break
            case .taken: expected.read += 1
            case .rejected:
                expected.read += 1
                expected.rejected.append(number)
            }
            number += line.text.unicodeScalars.count { $0 == (end == .cr ? "\r" : "\n") } + 1
            text += line.text
            if closed || place + 1 < lines.count { text += end.text(place) }
        }
        return (text, expected)
    }

    private func outcome(_ path: String, threads: Int = 1, partBytes: Int = 16 << 20, window: Int) -> (Expected, RowCounts) {
        var limits = Limits()
        limits.rowBytes = Self.limit
        let result = CheckRun(book: book, threads: threads, limits: limits, partBytes: partBytes, window: window).run(
            InputList([path]))
        var expected = Expected()
        expected.read = result.counts.read
        expected.rejected = Checking.rows(result).filter { $0.rule == "IMP003" }.map(\.line)
        return (expected, result.counts)
    }

    private func hold(
        _ path: String, _ expected: Expected, _ kind: Kind, _ what: String, threads: Int = 1, partBytes: Int = 16 << 20, window: Int
    ) {
        let (found, counts) = outcome(path, threads: threads, partBytes: partBytes, window: window)
        #expect(found == expected, "\(kind) \(what)")
        #expect(counts.rejected == expected.rejected.count, "\(kind) \(what)")
        #expect(counts.read == counts.checked + counts.rejected + counts.withoutSpell, "\(kind) \(what)")
        if kind != .history { #expect(counts.withoutSpell == 0) }
    }

    @Test(arguments: Kind.allCases, LineEnd.allCases) func rowsReadAreRowsInTheFile(kind: Kind, end: LineEnd) throws {
        let folder = try TemporaryFolder()
        var files = 0
        for form in Form.allCases {
            // Every position of a block border: the window stays and the text moves.
            for shift in 0..<(form == .utf8 ? 24 : 4) {
                let lines = Self.lines(kind, end, shift: shift)
                for closed in [true, false] {
                    let (text, expected) = Self.file(kind, end, lines: lines, closed: closed)
                    let path = try folder.write("f.csv", form.bytes(text))
                    for window in [64, 211] {
                        hold(path, expected, kind, "\(end) \(form) \(shift) \(closed) \(window)", window: window)
                        files += 1
                    }
                }
            }
        }
        Figures.note("files", files)
    }

    /// The limit is at the end of the file: with a line end, with only a CR, and without either.
    @Test(arguments: Kind.allCases) func theLimitAtTheEndOfTheFile(kind: Kind) throws {
        let folder = try TemporaryFolder()
        for end in ["", "\n", "\r\n", "\r"] {
            for bytes in Self.limit - 1...Self.limit + 2 {
                for window in [64, 100, 199, 200, 201, 202, 256 << 10] {
                    let text = Self.header(kind) + "\n" + Self.row(kind, 1) + "\n" + Self.row(kind, 2, bytes: bytes) + end
                    let path = try folder.write("f.csv", text)
                    hold(
                        path, Expected(read: 2, rejected: bytes > Self.limit ? [3] : []), kind,
                        "\(bytes) bytes and \(end.debugDescription)", window: window)
                }
            }
        }
    }

    /// Assignments read in parts on several cores, with every border between parts.
    @Test(arguments: [LineEnd.lf, .crlf, .mixed]) func rowsReadInPartsAreRowsInTheFile(end: LineEnd) throws {
        let folder = try TemporaryFolder()
        let lines = (0..<8).flatMap { Self.lines(.assignments, end, shift: $0) }
        let (text, expected) = Self.file(.assignments, end, lines: lines, closed: true)
        for form in [Form.utf8, .marked] {
            let path = try folder.write("f.csv", form.bytes(text))
            for size in stride(from: 600, through: 12_000, by: 61) {
                hold(path, expected, .assignments, "\(end) \(form) in parts of \(size)", threads: 3, partBytes: size, window: 512)
            }
        }
    }

    /// The file of the error: CR LF, and a second row above the limit.
    @Test func aLongRowBeforeCRLFDoesNotLoseTheNext() throws {
        let head = "authority_code,quarter,assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate,cap_reason"
        let rows = (1...4).map { number in
            "991,2026-Q1,A-\(number),SW90000\(number),SW,2026-01-12,UMBRELLA,36.00,41.00,"
                + (number == 2 ? String(repeating: "x", count: 1_100_000) : "court")
        }
        let folder = try TemporaryFolder()
        let path = try folder.write("long.csv", ([head] + rows).joined(separator: "\r\n") + "\r\n")
        let result = try Checking.run([path])
        #expect((result.counts.read, result.counts.checked, result.counts.rejected) == (4, 3, 1))
        let found = Checking.rows(result)
        #expect(found.filter { $0.rule == "IMP003" }.map(\.line) == [3])
        #expect(Set(found.filter { !$0.assignment.isEmpty }.map { "\($0.line) \($0.assignment)" }) == ["2 A-1", "4 A-3", "5 A-4"])
    }

    /// A rejected row that is cut is cut between characters, wherever the limit is.
    @Test(arguments: ["\u{E9}", "\u{20AC}", "\u{1D11E}"]) func aRejectedRowIsCutBetweenCharacters(letter: String) throws {
        let folder = try TemporaryFolder()
        for shift in 0..<5 {
            let row = Self.row(.assignments, 1) + String(repeating: "y", count: shift) + String(repeating: letter, count: 300)
            for form in letter == "\u{E9}" ? Form.allCases : Form.allCases.filter({ $0 != .windows1252 }) {
                let path = try folder.write(
                    "f.csv", form.bytes(Self.header(.assignments) + "\r\n\(row)\r\n" + Self.row(.assignments, 2)))
                var limits = Limits()
                limits.rowBytes = Self.limit
                let result = CheckRun(book: book, threads: 1, limits: limits).run(InputList([path]))
                var buffer = ByteBuffer()
                try RejectedCSV.write(result) { buffer.append($0.bytes) }
                let text = String(validating: buffer.bytes, as: UTF8.self)
                #expect(text != nil, "\(letter) at \(shift) in \(form)")
                #expect(text?.contains("\u{FFFD}") == false)
                #expect(text?.contains("A-1,SW1001") == true)
                #expect(result.counts.read == 2)
            }
        }
    }
}
