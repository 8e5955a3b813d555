import Foundation
import Intake
import TestSupport
import Testing
import TextSource

@Suite struct XMLTests {
    private func check(_ bytes: [UInt8], limits: Limits = Limits()) throws -> TextFault? {
        let folder = try TemporaryFolder()
        let path = try folder.write("x.xml", bytes)
        do throws(TextFault) {
            try XMLCheck.read(FileSource(path: path), limits: limits)
            return nil
        } catch {
            return error
        }
    }

    private func check(_ text: String, limits: Limits = Limits()) throws -> TextFault? {
        try check(Array(text.utf8), limits: limits)
    }

    /// The expected results beside the files, for the parser.
    @Test func hostileFilesGiveTheirExpectedResults() throws {
        let folder = Places.data + "/hostile-xml"
        let rows = try Places.text(folder + "/EXPECTED.tsv").split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
        #expect(rows.count == 17)
        var refused = 0
        for row in rows {
            var fault: TextFault?
            do throws(TextFault) {
                try XMLCheck.read(FileSource(path: folder + "/" + row[0]))
            } catch {
                fault = error
            }
            if fault != nil { refused += 1 }
            if row[1] == "accept" {
                #expect(fault == nil, "\(row[0]): \(fault?.reason ?? "")")
            } else if row[1] == "reject" {
                #expect(fault != nil, "\(row[0]) was accepted")
            } else {
                // Either is right, because our limit on attributes is named.
                #expect(fault?.reason.contains("attributes") == true)
            }
        }
        Figures.note("refused", refused)
        Figures.note("accepted", rows.count - refused)
    }

    @Test func veryLargeInputsAreRefusedQuickly() throws {
        let many = "<a " + (0..<100_000).map { "b\($0)=\"\"" }.joined(separator: " ") + "/>"
        #expect(try check(many) != nil)
        #expect(try check("<a b=\"" + String(repeating: "x", count: 11 << 20) + "\"/>") != nil)
        #expect(try check("<" + String(repeating: "n", count: 11 << 20) + "/>") != nil)
        #expect(try check("<a>" + String(repeating: "x", count: 11 << 20) + "</a>") != nil)
        let entities = "<!DOCTYPE a [" + (0..<200_000).map { "<!ENTITY e\($0) \"x\">" }.joined() + "]><a/>"
        #expect(try check(entities)?.reason.contains("DOCTYPE") == true)
        let quadratic =
            "<!DOCTYPE a [<!ENTITY e \"" + String(repeating: "x", count: 100_000) + "\">]><a>"
            + String(repeating: "&e;", count: 10_000) + "</a>"
        #expect(try check(quadratic)?.reason.contains("DOCTYPE") == true)
    }

    @Test(arguments: [
        "", "<", "<a>", "<a></b>", "<a/><b/>", "text", "<a>&nosuch;</a>", "<a>&#0;</a>", "<a b=1/>", "<a b=\"1\" b=\"2\"/>",
        "<x:a/>",
        "<a>\u{1}</a>", "<a><![CDATA[", "<?xml version=\"1.0\" encoding=\"UTF-7\"?><a/>", "<a>]]></a>", "<a",
    ])
    func notWellFormedXMLIsRefused(text: String) throws {
        #expect(try check(text) != nil)
    }

    @Test func faultsGiveTheirPlace() throws {
        let fault = try check("<a>\n<b>\n</c>\n</a>")
        #expect(fault?.line == 3)
        #expect((fault?.column ?? 0) > 0)
    }

    @Test func aFileCutAnywhereIsRefused() throws {
        let whole = Array(try Places.text(Places.samples + "/xml/return-991-2025-Q4.xml").utf8)
        for length in stride(from: 1, to: whole.count - 2, by: 97) { #expect(try check(Array(whole[..<length])) != nil) }
    }
}
