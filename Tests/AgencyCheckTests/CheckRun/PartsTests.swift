import AgencyModel
import ByteWriting
import CheckRun
import Compliance
import Facts
import Foundation
import Intake
import Reports
import RuleBook
import Synchronization
import TestSupport
import Testing
import TextSource
import Threads
import Wording

/// A large file is read by several cores in parts. Wherever it is cut, the outcome is that of one core, and a wrong cut is noticed.
@Suite struct PartsTests {
    private let book: RuleBook

    init() throws { book = try Checking.book() }

    /// The outcome of a run: findings, coverage, counts and rejected rows.
    private func outcome(_ path: String, threads: Int, partBytes: Int = 16 << 20) throws -> (text: String, parts: Int) {
        let result = CheckRun(book: book, threads: threads, partBytes: partBytes).run(InputList([path]))
        var rejected = ByteBuffer()
        try RejectedCSV.write(result) { rejected.append($0.bytes) }
        try CoverageCSV.write(result) { rejected.append($0.bytes) }
        try ExceptionsCSV.write(FindingOrder(result, threads: threads)) { rejected.append($0.bytes) }
        return (String(decoding: rejected.bytes, as: UTF8.self) + "\(result.counts)", result.judgement.parts.count - 1)
    }

    /// Compares one core with several for many sizes of part. Returns the largest number of parts.
    @discardableResult
    private func compare(_ name: String, _ text: String, sizes: some Sequence<Int>) throws -> Int {
        let folder = try TemporaryFolder()
        let path = try folder.write(name, text)
        let whole = try outcome(path, threads: 1)
        #expect(whole.parts == 1)
        var most = 0
        for size in sizes {
            let shared = try outcome(path, threads: 3, partBytes: size)
            #expect(shared.text == whole.text, "\(name) in parts of \(size) bytes")
            most = max(most, shared.parts)
        }
        return most
    }

    private func assignment(_ number: Int, more: String = "") -> String {
        """
          <Assignment>
            <AssignmentID>A-\(number)</AssignmentID><SWENumber>SW\(number % 40 + 1)</SWENumber>
            <Role>SW</Role> <StartDate>2026-01-12</StartDate><Engagement>UMBRELLA</Engagement>
            <PayRate>\(number % 13 == 0 ? "90" : "36").00</PayRate><ChargeRate>41.00</ChargeRate><WeeklyHours>30</WeeklyHours>\(more)
          </Assignment>

        """
    }

    private func document(
        _ records: String, header: String = "<AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter>",
        assignments: String = "<Assignments>", root: String = "<AgencyReturn version=\"1\">", behind: String = ""
    ) -> String {
        "<?xml version=\"1.0\"?>\n\(root)\n<Header>\(header)</Header>\n\(assignments)\n\(records)</Assignments>\n\(behind)</AgencyReturn>\n"
    }

    private let sizes = stride(from: 1_500, through: 40_000, by: 3_733)

    @Test func anXMLReturnIsReadInParts() throws {
        let records = (0..<200).map { number in
            let more =
                switch number % 7 {
                case 0: "<CostCentre>x</CostCentre>"
                case 1: "<!-- <Assignment> -->"
                case 2 where number > 100 && number < 110: "<CapReason><![CDATA[a </Assignment>\n <Assignment> b]]></CapReason>"
                case 3: "<PayRate>37.00</PayRate>"
                case 4: "<Agency>Larch &amp; Co\nand another line</Agency>"
                case 5: "<ApprovedDate>soon</ApprovedDate><Other\(number)/>"
                default: ""
                }
            return assignment(number, more: more)
        }.joined()
        let evidence =
            "<EmploymentHistory><Employment><SWENumber>SW1</SWENumber><AuthorityCode>992</AuthorityCode><StartDate>2018-01-01</StartDate><Employment>DIRECT</Employment><Setting>CHILD_FAMILY</Setting></Employment><Employment><SWENumber>HC1</SWENumber></Employment></EmploymentHistory><Authority><CostMonth1>1</CostMonth1></Authority>"
        #expect(try compare("r.xml", document(records, behind: evidence), sizes: sizes) > 10)
    }

    /// If the text at a cut only looks like a record, or is inside something that its part does not show, the file is read on one
    /// core.
    @Test(arguments: ["comment", "cdata", "namespace", "prefix", "header behind", "two headers", "unknown", "root", "bad header"])
    func wrongCutsAreNoticed(kind: String) throws {
        let plain = (0..<60).map { assignment($0) }.joined()
        let text =
            switch kind {
            case "comment": document("<!--\n\(plain)\n-->\n" + assignment(99))
            case "cdata":
                document("<Assignment><AssignmentID>A</AssignmentID><CapReason><![CDATA[\n\(plain)]]></CapReason></Assignment>")
            case "namespace": document(plain, assignments: "<Assignments xmlns=\"urn:x\">")
            case "prefix": document(plain + "<x:Assignment/>" + plain, root: "<AgencyReturn version=\"1\" xmlns:x=\"urn:x\">")
            case "header behind": document(plain, behind: "<Header><Quarter>2025-Q4</Quarter></Header>")
            case "two headers": document(plain, assignments: "<Header/><Assignments>")
            case "unknown": document("<Old>\n\(plain)</Old>\n" + assignment(99))
            case "root": document(plain, root: "<AgencyReturn version=\"2\">")
            default: document(plain, header: "<AuthorityCode>99</AuthorityCode><Quarter>2026-Q1</Quarter>")
            }
        try compare("r.xml", text, sizes: sizes)
    }

    @Test func anXMLReturnCutShortIsRefusedInParts() throws {
        let whole = document((0..<60).map { assignment($0) }.joined())
        #expect(whole.count > 10_000)
        for length in stride(from: 4_000, to: whole.count - 3, by: 2_111) {
            let text = String(whole.prefix(length))
            try compare("r.xml", text, sizes: [2_000, 5_000])
            let found = try Checking.findings([("r.xml", text)], book: book)
            #expect(found.map(\.rule) == ["IMP001"], "\(length) characters")
        }
    }

    @Test func aCSVReturnIsReadInParts() throws {
        let rows = (0..<300).map { number -> [String: String] in
            var row = ["assignment_id": "A-\(number % 290)", "swe_number": "SW\(number % 40 + 1)"]
            switch number % 6 {
            case 0: row["agency"] = number == 150 ? "Two\nlines, \"quoted\"" : "One line, \"quoted\""
            case 1: row["pay_rate"] = "90.00"
            case 2: row["start_date"] = "31/02/2026"
            default: break
            }
            return row
        }
        let text = Checking.returnCSV(rows).replacing("\"A-7\"", with: "\"A-7\",\"one more\"").replacing(
            "\"A-50\"", with: "\"A-50\"x")
        #expect(try compare("r.csv", text, sizes: sizes) > 10)
    }

    @Test func theLimitOnRecordsApplies() throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write("r.csv", Checking.returnCSV((0..<20).map { ["assignment_id": "A-\($0)"] }))
        let xml = try folder.write("r.xml", document((0..<20).map { assignment($0) }.joined()))
        for path in [csv, xml] {
            for (records, partBytes) in [(20, 16 << 20), (19, 16 << 20), (20, 1_500), (19, 1_500)] {
                var limits = Limits()
                limits.records = records
                let run = CheckRun(book: book, threads: 2, limits: limits, partBytes: partBytes)
                let result = run.run(InputList([path]))
                #expect(result.files[0].isRefused == (records < 20), "\(path), at most \(records)")
            }
        }
    }

    /// What is read again is the same, whatever the parts of the first reading were, for a return that is in two files.
    @Test func detailsDoNotDependOnParts() throws {
        let folder = try TemporaryFolder()
        func rows(_ from: Int, _ to: Int, _ agency: String) -> String {
            Checking.returnCSV(
                (from..<to).map {
                    [
                        "assignment_id": "A-\($0)", "swe_number": "SW\($0 % 7 + 1)", "agency": $0 % 3 == 0 ? agency : "Beech",
                        "authority_code": $0 % 5 == 0 ? "992" : "991", "pay_rate": $0 % 11 == 0 ? "90" : "36.00",
                    ]
                })
        }
        let files = [try folder.write("a.csv", rows(0, 40, "Larch")), try folder.write("b.csv", rows(40, 70, "LARCH"))]
        func details(threads: Int, partBytes: Int) throws -> (text: String, parts: Int) {
            let run = CheckRun(book: book, threads: threads, partBytes: partBytes, takesDigests: true)
            let result = run.run(InputList(files))
            let read = try files.indices.map { file in
                var details = FileDetails(result.judgement, file: file)
                try result.reread(file: file) { assignment, place in details.take(assignment, at: place) }
                details.finish()
                return details
            }
            let all = RunDetails(read)
            var text = ByteBuffer()
            try AgenciesCSV.write(all) { text.append($0.bytes) }
            try CapBreachesCSV.write(all) { text.append($0.bytes) }
            text.append("\(all.workers.sorted { $0.key < $1.key })")
            return (String(decoding: text.bytes, as: UTF8.self), result.judgement.parts.count - 1)
        }
        let whole = try details(threads: 1, partBytes: 16 << 20)
        #expect(whole.parts == 2 && whole.text.contains("Larch") && !whole.text.contains("LARCH"))
        let inParts = try details(threads: 2, partBytes: 1_500)
        #expect(inParts.parts > 6 && inParts.text == whole.text)
    }

    /// If one of several fails, the first failure is the result, and nothing more is begun.
    @Test func aParallelFailureIsThrown() {
        struct Failure: Error, Equatable { let place: Int }
        for threads in [1, 2, 8] {
            let begun = Mutex(0)
            #expect(throws: Failure(place: 3)) {
                try inParallel(10_000, threads: threads) { place throws(Failure) -> Int in
                    begun.withLock { $0 += 1 }
                    if place == 3 { throw Failure(place: place) }
                    return place
                }
            }
            #expect(begun.withLock { $0 } < 10_000)
            #expect(inParallel(100, threads: threads) { $0 } == Array(0..<100))
        }
    }

    /// A file that is written to between its two passes, or while a part is read, is refused.
    @Test func aFileThatChangesBetweenPassesIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("r.csv", Checking.returnCSV([[:]]))
        let source = try FileSource(path: path)
        let again = try FileSource(path: path)
        #expect(source.version == again.version)
        #expect(throws: Never.self) { try source.checkUnchanged() }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("x".utf8))
        try handle.close()
        #expect(try FileSource(path: path).version != again.version)
        #expect(throws: TextFault.changed) { try source.checkUnchanged() }
    }
}
