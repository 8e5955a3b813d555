import AgencyModel
import Foundation
import TestSupport
import Testing
import TextSource

/// For every refusal of a file (IMP001) that gives advice: the advice is followed, and the file is read. The sentences are searched
/// for in the sources, so that a new one must be added here.
@Suite struct RefusalTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        /// The beginning of the message, as in the source.
        let words: String
        let wrong: [UInt8]
        let mended: [UInt8]
        var name = "r.csv"
        var testDescription: String { words }

        init(_ words: String, _ wrong: [UInt8], _ mended: [UInt8], name: String = "r.csv") {
            (self.words, self.wrong, self.mended, self.name) = (words, wrong, mended, name)
        }
        init(_ words: String, _ wrong: String, _ mended: String) {
            self.init(words, Array(wrong.utf8), Array(mended.utf8))
        }
    }

    private static let csv =
        "authority_code,quarter,assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate\n"
        + "991,2026-Q1,A-1,SW100001,SW,2026-01-12,UMBRELLA,36.00,41.00\n"
    private static func utf16(_ text: String) -> [UInt8] {
        [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    }
    private static let assignment = "<Assignments><Assignment><AssignmentID>A-1</AssignmentID></Assignment></Assignments>"
    private static let header = "<Header><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter></Header>"
    private static let xml = "<AgencyReturn version=\"1\">\(header)\(assignment)</AgencyReturn>"
    private static let worker =
        "<CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>SW100001</SWENo><RoleStartDate>2020-01-01</RoleStartDate></CSWWWorker>"
    private static func census(
        collection: String = "CSWW", day: String = "<Year>2025</Year><ReferenceDate>2025-09-30</ReferenceDate>",
        authority: String = "991",
        workers: String = worker
    ) -> String {
        """
        <Message><Header><CollectionDetails><Collection>\(collection)</Collection>\(day)</CollectionDetails>\
        <Source><LEA>\(authority)</LEA></Source></Header>\(workers)</Message>
        """
    }

    static let refusals: [Refusal] = [
        Refusal("it is empty. Export it again", "", csv),
        Refusal("it has no header row. Put the names of the columns in the first row", "\n\n", csv),
        Refusal("its first row has none of the columns that say what it is", "A,B\n1,2\n", csv),
        Refusal("it does not have the column", csv.replacing("pay_rate", with: "my rate"), csv),
        Refusal("the column \u{201C}", csv.replacing("charge_rate", with: "pay_rate"), csv),
        Refusal(
            "\u{201C}",
            csv.replacing("charge_rate\n", with: "charge_rate,Hourly Pay Rate\n").replacing("41.00\n", with: "41.00,36.00\n"), csv),
        Refusal("its first line names a separator that is not a comma", "sep=|\n" + csv, "sep=,\n" + csv),
        Refusal("the quoting of its header row is broken", "a\"b," + csv, "\"a\"\"b\"," + csv.replacing("\n991", with: "\nx,991")),
        Refusal("its first row is longer than a header can be", String(repeating: "x", count: 1 << 21), csv),
        Refusal("its UTF-16 is broken at the end", utf16(csv) + [0x41], Array(csv.utf8)),
        Refusal("its UTF-16 is broken. Save it again", utf16(csv) + [0x00, 0xD8, 0x41, 0x00], Array(csv.utf8)),
        Refusal("it is an Excel workbook (.xlsx)", [0x50, 0x4B, 0x03, 0x04, 0], Array(csv.utf8)),
        Refusal("it is an old Excel workbook (.xls)", [0xD0, 0xCF, 0x11, 0xE0, 0], Array(csv.utf8)),
        Refusal("it is a compressed archive", [0x1F, 0x8B, 8, 0], Array(csv.utf8)),
        Refusal("it is a PDF", Array("%PDF-1.7\n".utf8), Array(csv.utf8)),
        Refusal("its outermost element is not AgencyReturn", "<Return/>", xml),
        Refusal("it says that its format version is not 1", xml.replacing("\"1\"", with: "\"2\""), xml),
        Refusal("it has two headers. Delete one", xml.replacing(header, with: header + header), xml),
        Refusal(
            "its header comes after its records. Put it first",
            xml.replacing(header, with: "").replacing(
                "</AgencyReturn>", with: header + "</AgencyReturn>"), xml),
        Refusal("it has a document type (DOCTYPE)", "<!DOCTYPE AgencyReturn>" + xml, xml),
        Refusal(
            "its XML declaration names the encoding", "<?xml version=\"1.0\" encoding=\"EBCDIC\"?>" + xml,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml),
        Refusal("it has ", "<AgencyReturn version=\"1\">" + String(repeating: "<a>", count: 40), xml),
        Refusal("its XML is not well formed: ", xml.replacing("A-1", with: "A & 1"), xml.replacing("A-1", with: "A &amp; 1")),
        Refusal("it ends ", String(xml.dropLast(4)), xml),
        Refusal("it is a message for a collection other than the social work", census(collection: "SWDF"), census()),
        Refusal("its header names neither its year nor its reference date", census(day: ""), census()),
        Refusal("it is a census for a year outside ", census(day: "<Year>2013</Year>"), census()),
        Refusal("its header does not name the authority", census(authority: ""), census()),
        Refusal("it contains no worker", census(workers: ""), census()),
    ]

    /// Refusals that a test with a file's text cannot produce, and why.
    static let others = [
        "it could not be opened. Check that the file is still there": "the file goes between two calls",
        "it could not be opened (": "a fault of the system",
        "it could not be read. Check the disk": "a disk that fails: Tests/Reliability",
        "it could not be read to its end. Check the disk": "a disk that fails: Tests/Reliability",
        "there is not enough memory to read it": "Tests/Reliability, resources",
        "it was changed while it was read": "followed below",
        "it has more than ": "limits of gigabytes and of 25 million rows: LimitTests, with lower ones",
        "more than ": "250,000 rejected rows: LimitTests, with a lower limit",
        "you do not have permission to read it": "whoever runs as root may read all",
        "its name has characters that are not UTF-8": "InputNameTests",
        "there is no such file. Check the name": "followed below",
        "it is a link that leads in a circle": "followed below",
        "it is a folder where a file is needed": "followed below",
        "it is not an ordinary file but a device or a pipe": "followed below",
        "it is not UTF-8": "never said: the file is read again as Windows-1252",
        "the root is found": "never said", "the header is read": "never said",
    ]

    @Test(arguments: refusals) func refusedFilesAreReadOnceCorrected(refusal: Refusal) throws {
        let folder = try TemporaryFolder()
        func refused(_ bytes: [UInt8]) throws -> FoundRow? {
            let path = try folder.write(refusal.name, bytes)
            return Checking.rows(try Checking.run([path])).first { $0.rule == "IMP001" }
        }
        let message = try #require(try refused(refusal.wrong)).message
        #expect(message.hasPrefix("The file was not read: " + refusal.words), "\(message)")
        // What is wrong and what to do: at least two sentences.
        #expect(message.dropFirst("The file was not read: ".count).contains(". "), "\(message)")
        let after = try refused(refusal.mended)
        #expect(after == nil, "\(after?.message ?? "")")
    }

    /// Every sentence with which the readers of `check` refuse a file is in the list.
    @Test func theAdviceOfEveryRefusalIsFollowed() throws {
        var sentences: [String] = []
        for folder in ["TextSource", "Intake"] {
            for name in Places.names(in: Places.root + "/Sources/" + folder) {
                let source = try Places.text(Places.root + "/Sources/\(folder)/\(name)")
                for match in source.matches(of: /(?:TextFault|fault)\(\s*"((?:[^"\\]|\\u\{[0-9A-F]+\})*)/) {
                    sentences.append(String(match.1).replacing("\\u{201C}", with: "\u{201C}"))
                }
            }
        }
        #expect(sentences.count > 25)
        let known = Self.refusals.map(\.words) + Self.others.keys
        for sentence in sentences where !sentence.isEmpty {
            #expect(
                known.contains { sentence.hasPrefix($0) || $0.hasPrefix(sentence) }, "nothing follows \u{201C}\(sentence)\u{201D}")
        }
    }

    /// The message for a path that is not a regular file.
    @Test func aPathThatIsNotAFileIsReadOnceCorrected() throws {
        let folder = try TemporaryFolder()
        func message(_ path: String) throws -> String? {
            Checking.rows(try Checking.run([path])).first { $0.rule == "IMP001" }?.message
        }
        let path = folder.path + "/r.csv"
        #expect(try message(path)?.contains("there is no such file. Check the name") == true)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
        #expect(try message(path)?.contains("it is a link that leads in a circle. Name the file itself") == true)
        try FileManager.default.removeItem(atPath: path)
        #expect(mkfifo(path, 0o600) == 0)
        #expect(try message(path)?.contains("Save the return as a file first") == true)
        try FileManager.default.removeItem(atPath: path)
        try folder.write("r.csv", Self.csv)
        #expect(try message(path) == nil)
    }
}
