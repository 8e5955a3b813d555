import AgencyModel
import CheckRun
import Facts
@testable import Intake
import RuleBook
import TestSupport
import Testing
import TextSource

/// A file may hold several tables: each is read by itself, and findings name the sheet and its row. The format here is made up: a page for
/// each sheet, its name in square brackets, cells parted by bars.
@Suite struct SheetsTests {
    private struct Pages: InputFormat {
        func recognise(_ file: InputHead) throws(TextFault) -> Recognition {
            guard file.source.head.starts(with: "%pages\n".utf8) else { return .other(because: nil) }
            var tables: [any InputTable] = []
            for (place, page) in try Pages.pages(of: file.source).enumerated() {
                let plan = try TablePlan(page.header, line: 1, mapping: file.headers, limits: Limits())
                if let plan { tables.append(Page(place: place, name: page.name, kind: plan.kind)) }
            }
            return .tables(tables)
        }

        static func pages(of source: FileSource) throws(TextFault) -> [(name: String, header: [String], rows: [[String]])] {
            var bytes: [UInt8] = []
            try source.forEachBlock { bytes += $0 }
            return String(decoding: bytes, as: UTF8.self).split(separator: "[").dropFirst().map { page in
                let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
                let rows = lines.dropFirst().map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
                return (String(lines[0].dropLast()), rows[0], Array(rows.dropFirst()))
            }
        }
    }

    private struct Page: InputTable {
        let place: Int
        let name: String
        let kind: TableKind
        var sheet: String? { name }
        var placeName: String { "row" }
        var what: String { kind.definition.what }
        var holdsAssignments: Bool { kind.definition.holdsAssignments }
        var holdsEvidence: Bool { kind.definition.holdsEvidence }

        private func rows(_ source: FileSource, _ settings: ReadSettings) throws(TextFault) -> PageRows {
            let page = try Pages.pages(of: source)[place]
            let plan = try TablePlan(page.header, line: 1, mapping: settings.book.headers, limits: settings.limits)
            return PageRows(plan!, page.rows)
        }

        func evidence(in source: FileSource, _ settings: ReadSettings) throws(TextFault) -> FileEvidence {
            var rows = try rows(source, settings)
            var evidence = FileEvidence()
            try rows.plan.readEvidence(&rows, settings, into: &evidence)
            return evidence
        }

        func readAssignments<Receiver: AssignmentReceiver>(
            in source: FileSource, part: FilePart?, encoding: TextEncoding?, _ settings: ReadSettings, progress: (Int) -> Void,
            into fresh: () -> Receiver
        ) throws(TextFault) -> (receiver: Receiver, outcome: PartOutcome) {
            var rows = try rows(source, settings)
            var receiver = fresh()
            let (counts, readings) = try rows.plan.readAssignments(&rows, settings, progress: progress, into: &receiver)
            return (receiver, PartOutcome(counts: counts, lines: nil, encoding: .utf8, readings: readings))
        }
    }

    /// Short rows are filled up; a row that begins with an exclamation mark cannot be read; `fault` is where reading ends.
    private struct PageRows: TableRows, ~Copyable {
        let plan: TablePlan
        let rows: [[String]]
        private var place = -1
        private let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4_096)

        init(_ plan: TablePlan, _ rows: [[String]]) { (self.plan, self.rows) = (plan, rows) }
        deinit { room.deallocate() }

        mutating func next() throws(TextFault) -> TableRow {
            repeat { place += 1 } while place < rows.count && rows[place].allSatisfy(\.isEmpty)
            guard place < rows.count else { return .end }
            if rows[place][0] == "fault" { throw TextFault("the sheet is broken", line: line) }
            return rows[place][0] == "!" ? .rejected(reason: "it has an exclamation mark. Delete it") : .cells
        }
        var line: UInt32 { UInt32(place + 2) }
        var row: RawRow { .text(rows[place].joined(separator: "|")) }
        func isEmpty(_ index: Int) -> Bool { index >= rows[place].count || rows[place][index].isEmpty }
        mutating func cell(_ index: Int) -> Bytes {
            if isEmpty(index) { return Bytes(rebasing: room[..<0]) }
            let end = room.update(fromContentsOf: rows[place][index].utf8)
            return trimmed(Bytes(rebasing: room[..<end]))
        }
        var bytesRead: Int { place }
        var byteCount: Int { rows.count }
    }

    private func page(_ name: String, _ csv: String, then more: String = "") -> String {
        "[\(name)]\n" + csv.replacing("\"", with: "").replacing(",", with: "|").replacing("\r\n", with: "\n") + more
    }

    private func run(_ text: String) throws -> CheckResult {
        let folder = try TemporaryFolder()
        try folder.write("export.csv", "%pages\n" + text)
        try folder.write("plain.csv", Checking.returnCSV([["assignment_id": "B-1", "swe_number": "SW7"]]))
        let formats: [any InputFormat] = [Pages()] + InputFormats.all
        let run = CheckRun(book: try Checking.book(), threads: 2, takesDigests: true, formats: formats)
        #expect(run.workers(in: InputList([folder.path])).contains { $0.number == 100_001 })
        let result = run.run(InputList([folder.path]))
        var assignments = 0
        if !result.files.contains(where: \.isRefused) {
            try result.reread { assignment, _ in assignments += assignment.assignmentID == nil ? 0 : 1 }
            #expect(assignments == result.judgement.assignmentCount)
        }
        return result
    }

    @Test func eachSheetIsATableOfItsOwn() throws {
        let january = Checking.returnCSV([[:], ["assignment_id": "A-2", "start_date": "soon"]])
        let february = Checking.returnCSV([["assignment_id": "A-3", "swe_number": "SW100002"]])
        let result = try run(
            page("January", january, then: "!|x\n\nA-9|\n") + page("Notes", "name,price\nx,1\n") + page("February", february)
                + page("Posts", Checking.historyCSV([[:]])))
        #expect(
            result.files.map { "\($0.input.name): \($0.what), \($0.counts.read)" } == [
                "export.csv[January]: assignments, 4", "export.csv[February]: assignments, 1",
                "export.csv[Posts]: employment history, 1", "plain.csv: assignments, 1",
            ])
        #expect(Set(result.files.prefix(3).map(\.digest)).count == 1 && result.files[0].digest != nil)
        let rows = Checking.rows(result)
        let unreadable = rows.first { $0.rule == "IMP004" && $0.found == "soon" }
        #expect(unreadable?.file == "export.csv[January]" && unreadable?.line == 3)
        let rejected = rows.first { $0.rule == "IMP003" }
        #expect(rejected?.file == "export.csv[January]" && rejected?.line == 4)
    }

    @Test func aFaultNamesTheSheetAndItsRow() throws {
        let result = try run(
            page("January", Checking.returnCSV([[:]])) + page("February", Checking.returnCSV([[:]]), then: "fault\n"))
        let refused = Checking.rows(result).filter { $0.rule == "IMP001" }
        #expect(refused.map(\.file) == ["export.csv[February]"] && refused.map(\.line) == [3])
        #expect(refused.first?.message.contains("(row 3)") == true)
        #expect(result.files.map(\.isRefused) == [false, true, false])
    }
}
