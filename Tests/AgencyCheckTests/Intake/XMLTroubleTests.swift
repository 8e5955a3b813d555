import AgencyModel
import Compliance
import Foundation
import Intake
import TestSupport
import Testing
import TextSource

/// The message about a file that is not well-formed XML: what is wrong, where, what to do, and never the parser's own number.
@Suite struct XMLTroubleTests {
    private static func fault(_ bytes: [UInt8], in folder: TemporaryFolder) throws -> TextFault? {
        let path = try folder.write("x.xml", bytes)
        do throws(TextFault) {
            try XMLCheck.read(FileSource(path: path))
            return nil
        } catch {
            return error
        }
    }

    private func reason(_ text: String) throws -> String? {
        try Self.fault(Array(text.utf8), in: TemporaryFolder())?.reason
    }

    /// All the words are ours, and none is the parser's.
    private static func isPlain(_ reason: String) -> Bool {
        !reason.contains("code") && !reason.contains("no XML") && !reason.contains("XML_") && reason.contains(". ")
    }

    private static var samples: [String] {
        ["xml/return-991-2025-Q4.xml", "census/census-991-2025.xml"].map { Places.samples + "/" + $0 }
    }

    /// A small return with everything that XML has: a declaration, a comment, an instruction, CDATA, entities, attributes, two-byte
    /// letters.
    private static let everything = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- a comment --><?hint x?>
        <AgencyReturn version="1"><Header><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter></Header>
        <Assignments><Assignment kind='x'><AssignmentID>A&#45;1</AssignmentID><Agency>Caf\u{E9} &amp; Co</Agency>
        <CapReason><![CDATA[a < b]]></CapReason></Assignment></Assignments></AgencyReturn>
        """

    /// A file that was cut off anywhere is reported as cut off, and no other error is found in it.
    @Test func aFileCutAtAnyByteIsReportedAsCutOff() throws {
        let folder = try TemporaryFolder()
        let whole = Array(Self.everything.utf8)
        #expect(try Self.fault(whole, in: folder) == nil)
        var tries = 0
        for length in 1..<whole.count {
            let fault = try #require(try Self.fault(Array(whole[..<length]), in: folder), "\(length) bytes were taken")
            #expect(fault.reason.hasPrefix("it ends "), "\(length) bytes: \(fault.reason)")
            #expect(fault.reason.contains("Get the complete file"), "\(length) bytes: \(fault.reason)")
            #expect(fault.line > 0, "\(length) bytes")
            tries += 1
        }
        for path in Self.samples {
            // The start of a long file, and samples of the rest.
            let whole = try Places.bytes(path)
            let end = whole.lastIndex(of: UInt8(ascii: ">"))!
            for length in Array(1..<2_000) + Array(stride(from: 2_000, to: end, by: 211)) + Array(end - 40..<end) where length < end
            {
                let fault = try #require(try Self.fault(Array(whole[..<length]), in: folder), "\(path), \(length) bytes were taken")
                #expect(fault.reason.hasPrefix("it ends "), "\(path), \(length) bytes: \(fault.reason)")
                tries += 1
            }
        }
        Figures.note("cuts", tries)
    }

    /// A byte is changed, removed or added: refusals are given in words.
    @Test func aChangedByteIsRefusedInWords() throws {
        let folder = try TemporaryFolder()
        let whole = Array(Self.everything.utf8)
        var tries = 0
        var reasons: Set<String> = []
        for place in stride(from: 0, to: whole.count, by: 2) {
            for byte in "<>&;\"=-/:x\u{1}\u{0}".utf8 {
                for change in 0..<2 {
                    var bytes = whole
                    if change == 0 { bytes[place] = byte } else { bytes.insert(byte, at: place) }
                    tries += 1
                    guard let fault = try Self.fault(bytes, in: folder) else { continue }
                    reasons.insert(fault.reason)
                }
            }
            var bytes = whole
            bytes.remove(at: place)
            tries += 1
            if let fault = try Self.fault(bytes, in: folder) { reasons.insert(fault.reason) }
        }
        #expect(reasons.count > 10)
        for reason in reasons { #expect(Self.isPlain(reason), "\(reason)") }
        Figures.note("changes", tries)
        Figures.note("reasons", reasons.count)
    }

    /// What is wrong, what the sentence must name, and the corrected text, which is read.
    @Test(arguments: [
        ("<a>x & y</a>", "&amp;", "<a>x &amp; y</a>"), ("<a>x &y</a>", "&amp;", "<a>x &amp;y</a>"),
        ("<a>caf&eacute;</a>", "as themselves", "<a>caf\u{E9}</a>"), ("<a>x < y</a>", "&lt;", "<a>x &lt; y</a>"),
        ("<a b=\"<\"/>", "&lt;", "<a b=\"&lt;\"/>"), ("<a b=1/>", "name=\"value\"", "<a b=\"1\"/>"),
        ("<a b/>", "name=\"value\"", "<a b=\"b\"/>"), ("<a b=\"1\" b=\"2\"/>", "Delete one", "<a b=\"1\"/>"),
        ("<a b=\"1\"c=\"2\"/>", "space", "<a b=\"1\" c=\"2\"/>"), ("<a></b>", "end tag", "<a></a>"),
        ("<a/>x", "Remove it, or export", "<a/>"), ("<a/><b/>", "Remove it, or export", "<a/>"),
        ("<a>&#0;</a>", "the character itself", "<a>0</a>"), ("<a>&#x;</a>", "the character itself", "<a>x</a>"),
        ("<a>\u{1}</a>", "Remove it", "<a></a>"), ("<a>]]></a>", "]]&gt;", "<a>]]&gt;</a>"),
        ("<a><!-- x -- y --></a>", "comment", "<a></a>"), ("<x:a/>", "colons", "<a/>"),
        ("\n<?xml version=\"1.0\"?><a/>", "blank lines", "<?xml version=\"1.0\"?><a/>"),
        ("<?xml version='1.0'?><a/><?xml version='1.0'?>", "very start", "<?xml version='1.0'?><a/>"),
        ("<?xml version=1?><a/>", "<?xml version=\"1.0\"", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>"),
        ("<?xml?><a/>", "<?xml version=\"1.0\"", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>"),
        ("<b>< a</b>", "&lt;", "<b>&lt; a</b>"),
    ])
    func everyXMLErrorHasItsSentence(text: String, names: String, mended: String) throws {
        let reason = try #require(try reason(text))
        #expect(reason.contains(names), "\(reason)")
        #expect(Self.isPlain(reason), "\(reason)")
        #expect(try self.reason(mended) == nil)
    }

    /// `faults/blank-before-declaration.xml`: following the advice corrects it.
    @Test func aBlankBeforeTheDeclarationIsReported() throws {
        let path = Places.data + "/faults/blank-before-declaration.xml"
        let found = Checking.rows(try Checking.run([path]))
        let message = try #require(found.first { $0.rule == "IMP001" }?.message)
        #expect(message.contains("Remove everything before it, including blank lines and spaces"))
        #expect(found.first?.line == 2)
        let text = try Places.text(path)
        let mended = String(text[text.firstIndex(of: "<")!...])
        #expect(try Checking.findings([("r.xml", mended)]).allSatisfy { $0.rule != "IMP001" })
    }

    /// `faults/element-in-wrong-case.xml`: the message gives the right name, with which it is read.
    @Test func anElementInTheWrongCaseIsNamedCorrectly() throws {
        let path = Places.data + "/faults/element-in-wrong-case.xml"
        let found = Checking.rows(try Checking.run([path])).filter { $0.rule == "IMP002" }
        #expect(found.map(\.field) == ["payrate"])
        #expect(found.first?.message.contains("It should be written PayRate") == true)
        #expect(found.first?.message.contains("header-aliases") == false)
        let mended = try Places.text(path).replacing("payrate>", with: "PayRate>")
        #expect(try Checking.findings([("r.xml", mended)]).allSatisfy { $0.rule != "IMP002" && $0.field != "pay_rate" })
    }

    @Test(arguments: [("agencyreturn", "AgencyReturn"), ("Agency_Return", "AgencyReturn"), ("MESSAGE", "Message")])
    func anOutermostElementIsNamedCorrectly(written: String, right: String) throws {
        let found = try Checking.findings([("r.xml", "<\(written)/>")])
        #expect(found.first?.message.contains("its outermost element \(written) should be written \(right)") == true)
    }

    /// Each piece of advice about an element is followed, and the finding is gone.
    @Test(arguments: [
        (
            "<Assignments><Assignment><pay_rate>36</pay_rate></Assignment></Assignments>", "pay_rate",
            "It should be written PayRate", "PayRate"
        ),
        (
            "<Assignments><Assignment><HourlyPayRate>36</HourlyPayRate></Assignment></Assignments>", "HourlyPayRate",
            "Did you mean PayRate?", "PayRate"
        ),
        ("<Authority><CostMonth_1>1</CostMonth_1></Authority>", "CostMonth_1", "It should be written CostMonth1", "CostMonth1"),
        (
            "<Assignments><Assignment><x:PayRate xmlns:x=\"urn:x\">36</x:PayRate></Assignment></Assignments>", "x:PayRate",
            "remove xmlns", "PayRate"
        ),
    ])
    func adviceOnElementsWorks(inside: String, name: String, advice: String, right: String) throws {
        func findings(_ inside: String) throws -> [FoundRow] {
            let header = "<Header><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter></Header>"
            return try Checking.findings([("r.xml", "<AgencyReturn version=\"1\">\(header)\(inside)</AgencyReturn>")]).filter {
                $0.rule == "IMP002"
            }
        }
        let found = try findings(inside)
        #expect(found.map(\.field) == [name])
        #expect(found.first?.message.contains(advice) == true, "\(found.first?.message ?? "")")
        #expect(found.first?.message.contains("header-aliases") == false)
        let mended = inside.replacing("<\(name)", with: "<\(right)").replacing("</\(name)", with: "</\(right)")
            .replacing(" xmlns:x=\"urn:x\"", with: "")
        #expect(try findings(mended) == [])
    }

    /// An element that contains complete rows and is only written differently refuses the file, because the rows would be lost with
    /// only a warning.
    @Test(arguments: [
        ("<assignments><Assignment/></assignments>", "assignments", "Assignments"),
        ("<Assignments><assignment/></Assignments>", "assignment", "Assignment"),
        ("<Assignments><Assignment/><ASSIGNMENT/></Assignments>", "ASSIGNMENT", "Assignment"),
        ("<Employment_History><Employment/></Employment_History>", "Employment_History", "EmploymentHistory"),
        ("<EmploymentHistory><employment/></EmploymentHistory>", "employment", "Employment"),
        ("<authority/>", "authority", "Authority"), ("<header/>", "header", "Header"),
    ])
    func rowElementsInTheWrongCaseRefuseTheFile(inside: String, name: String, right: String) throws {
        func findings(_ inside: String) throws -> [FoundRow] {
            let header = "<Header><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter></Header>"
            return try Checking.findings([("r.xml", "<AgencyReturn version=\"1\">\(header)\(inside)</AgencyReturn>")])
        }
        let found = try findings(inside)
        #expect(found.map(\.rule) == ["IMP001"])
        #expect(found.first?.message.contains("element \(name) should be written \(right)") == true)
        // The advice works if it is followed; two headers are a different error.
        let mended = inside.replacing("<\(name)", with: "<\(right)").replacing("</\(name)", with: "</\(right)")
        #expect(try findings(mended).allSatisfy { $0.rule != "IMP001" || right == "Header" })
    }

    @Test func theRightPlaceOfAnElementIsNamed() throws {
        let text =
            "<AgencyReturn version=\"1\"><Header><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter><PayRate>1</PayRate></Header></AgencyReturn>"
        let found = try Checking.findings([("r.xml", text)]).filter { $0.rule == "IMP002" }
        #expect(found.first?.message.contains("It belongs in Assignment: move it there") == true)
    }
}
