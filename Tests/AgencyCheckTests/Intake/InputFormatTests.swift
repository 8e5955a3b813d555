import AgencyModel
import CheckRun
import Facts
import Foundation
@testable import Intake
import RuleBook
import SafeFiles
import TestSupport
import Testing
import TextSource

/// Each file belongs to one format, which is recognised from its content.
@Suite struct InputFormatTests {
    private let book: RuleBook

    init() throws { book = try Checking.book() }

    private func head(_ bytes: [UInt8], named name: String = "x") throws -> InputHead {
        let folder = try TemporaryFolder()
        let path = try folder.write(name, bytes)
        return InputHead(try FileSource(path: path, mayBeBinary: true), headers: book.headers)
    }

    /// The file's format according to the list; the reason if it is refused.
    private func found(_ text: String) throws -> String { try found(Array(text.utf8)) }
    private func found(_ bytes: [UInt8]) throws -> String {
        let file = try head(bytes)
        do throws(TextFault) {
            return try InputFormats.tables(in: file.source, headers: book.headers).map(\.what).joined(separator: ", ")
        } catch {
            return error.reason
        }
    }

    private let census = "<Message><Header/></Message>"

    @Test func everyFormatIsRecognisedByItsContent() throws {
        let assignments = Checking.returnCSV([[:]])
        #expect(try found(assignments) == "assignments")
        #expect(try found(Checking.historyCSV([[:]])) == "employment history")
        #expect(try found(Checking.recordCSV([[:]])) == "authority records")
        #expect(try found("\u{FEFF}\n" + assignments.replacing(",", with: ";")) == "assignments")
        #expect(try found("<AgencyReturn version=\"1\"/>") == "return")
        #expect(try found("<?xml version=\"1.0\"?><!-- <AgencyReturn> -->\n" + census) == "census")
        // In any encoding.
        #expect(
            try found(Array(assignments.replacing("Larch", with: "L\u{1}rch").utf8).map { $0 == 1 ? 0xE4 : $0 }) == "assignments")
        for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
            #expect(try found([UInt8](("\u{FEFF}" + assignments).data(using: encoding)!)) == "assignments")
            #expect(try found([UInt8](("\u{FEFF}" + census).data(using: encoding)!)) == "census")
        }
    }

    @Test func anUnknownFormatIsRefusedByName() throws {
        #expect(try found("").contains("empty"))
        #expect(
            try found("name,price\nx,1\n").contains("assignment_id (assignments), employment and setting (employment history) or"))
        #expect(try found("{\"assignment_id\": \"A-1\"}\n").contains("quoting of its header row"))
        #expect(
            try found("<html><body/></html>").contains("outermost element is not AgencyReturn (a return) or Message (a census)"))
        #expect(try found("<AgencyReturn xmlns=\"urn:x\"/>").contains("outermost element"))
        #expect(try found("<message/>").contains("should be written Message"))
        #expect(try found([0x50, 0x4B, 3, 4, 0, 0]).contains("Excel workbook"))
        #expect(try found([0x25, 0x50, 0x44, 0x46]).contains("PDF"))
        // Recognised, but refused when it is read.
        #expect(try found("assignment_id,swe_number\n").contains("does not have the columns"))
        #expect(try found("<!DOCTYPE AgencyReturn><AgencyReturn/>").contains("document type"))
    }

    /// Another file in a folder is skipped, whether XML or text; a file named like a return is refused.
    @Test func anotherXMLFileIsPassedOver() throws {
        let folder = try TemporaryFolder()
        for name in ["a.csv", "picture.svg", "page.xml"] {
            try folder.write(name, name == "a.csv" ? Checking.returnCSV([[:]]) : "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        }
        let result = try Checking.run([folder.path], book: book)
        #expect(result.skipped.map(\.name) == ["picture.svg"])
        #expect(result.files.map(\.what) == ["assignments", "not read"] && result.files.map(\.isRefused) == [false, true])
    }

    /// Every file of the repository's data and samples, and every one that the fuzzer starts from.
    @Test func noTwoFormatsClaimOneFile() throws {
        var claimed: [String: Int] = [:]
        for folder in [Places.data, Places.samples, Places.root + "/Tests/Fuzz/Corpus", Places.rules] {
            for case let name as String in FileManager.default.enumerator(atPath: folder)! {
                let path = folder + "/" + name
                var isFolder: ObjCBool = false
                guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
                let bytes = try Places.bytes(path)
                // The fuzzer's first byte chooses the reader.
                for start in [bytes, Array(bytes.dropFirst())] where !start.isEmpty {
                    let file = try head(start)
                    var tables: [String] = []
                    var faults = 0
                    for format in InputFormats.all {
                        do throws(TextFault) {
                            if case .tables(let found) = try format.recognise(file) { tables += found.map(\.what) }
                        } catch {
                            faults += 1
                        }
                    }
                    #expect(tables.count <= 1, "\(name) is \(tables)")
                    for what in tables { claimed[what, default: 0] += 1 }
                }
            }
        }
        #expect(Set(claimed.keys) == ["assignments", "employment history", "authority records", "return", "census"])
        #expect(claimed.values.allSatisfy { $0 > 2 })
    }

    /// The digest is that of the file, however much of it each reader read.
    @Test func digestsAreTakenWhileReading() throws {
        let folder = try TemporaryFolder()
        let rows = (0..<2_000).map { ["assignment_id": "A-\($0)", "swe_number": "SW\($0 + 1)", "agency": "L\u{1}rch"] }
        var inputs = [
            try folder.write("large.csv", "\u{FEFF}" + Checking.returnCSV(rows)),
            try folder.write("windows.csv", Array(Checking.returnCSV(rows).utf8).map { $0 == 1 ? 0xE4 : $0 }),
            try folder.write("refused.csv", "name,price\n" + String(repeating: "x,1\n", count: 90_000)),
            try folder.write("broken.csv", Array(Checking.returnCSV(rows).utf8) + [0] + [UInt8](repeating: 65, count: 300_000)),
        ]
        for folder in ["every-rule", "xml", "census"] {
            inputs += Places.names(in: Places.samples + "/" + folder).map { Places.samples + "/\(folder)/" + $0 }
        }
        for (threads, partBytes) in [(1, 16 << 20), (2, 100_000)] {
            let run = CheckRun(book: book, threads: threads, partBytes: partBytes, takesDigests: true)
            let result = run.run(InputList(inputs))
            #expect(result.files.count == inputs.count)
            for file in result.files {
                #expect(file.digest == Digest.hex(of: try Places.bytes(file.input.path)), "\(file.input.name)")
            }
            // The second reading finds the same.
            var assignments = 0
            try result.reread { _, _ in assignments += 1 }
            #expect(assignments == result.judgement.assignmentCount && assignments > 4_000)
            for file in result.files where file.holdsEvidence { _ = try result.rereadEvidence(file) }
        }
    }

    /// A change between the two readings ends the second one, even if the length is the same.
    @Test func aFileThatWasChangedIsNotReadAgain() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.csv", Checking.returnCSV([[:]]))
        let history = try folder.write("h.csv", Checking.historyCSV([[:]]))
        let result = CheckRun(book: book, threads: 1, takesDigests: true).run(InputList([folder.path]))
        try folder.write("a.csv", Checking.returnCSV([["agency": "Beech Locums"]]).replacing("37", with: "36"))
        try folder.write("h.csv", try Places.text(history).replacing("2018", with: "2017"))
        #expect(throws: OutputFault.self) { try result.reread { _, _ in } }
        #expect(throws: OutputFault.self) { try result.rereadEvidence(result.files[1]) }
        #expect(result.files.map(\.input.path) == [path, history])
    }
}
