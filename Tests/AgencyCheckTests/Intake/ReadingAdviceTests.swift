import AgencyModel
import Foundation
import RuleBook
import TestSupport
import Testing

/// For messages about a CSV file: what they tell the user to do is done, and the finding is gone. Also tests how they refer to a
/// column, by letter and number.
@Suite struct ReadingAdviceTests {
    private let header = "authority_code,quarter,assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate"
    private let row = "991,2026-Q1,A-1,SW100001,SW,2026-01-12,UMBRELLA,36.00,41.00"

    private func findings(_ text: String, book: RuleBook? = nil) throws -> [FoundRow] {
        try Checking.findings([("r.csv", text)], book: book).filter { $0.rule.hasPrefix("IMP") }
    }

    private func message(_ text: String) throws -> String { try #require(try findings(text).first).message }

    @Test func aSuggestedColumnIsRead() throws {
        let text = "\(header),Agency fees\n\(row),5.00\n"
        #expect(try message(text).contains("Did you mean agency_fee?"))
        #expect(try findings(text.replacing("Agency fees", with: "agency_fee")) == [])
    }

    @Test(arguments: ["Cost Centre", "Kosten, gesamt", "x", "=SUM(A1)"]) func aNameAddedToTheAliasesIsRead(name: String) throws {
        let text = "\(header),\"\(name)\"\n\(row),Larch\n"
        #expect(try message(text).contains("add its name to header-aliases.csv"))
        let folder = try TemporaryFolder()
        for file in Places.names(in: Places.sampleRules) {
            try folder.write(file, try Places.bytes(Places.sampleRules + "/" + file))
        }
        try folder.write("header-aliases.csv", "alias,column\n\"\(name)\",agency\n")
        #expect(try findings(text, book: try Checking.book(over: folder.path)) == [])
    }

    /// Renaming the column would make two with one name, and the file would be refused.
    @Test func anExistingColumnIsNotSuggested() throws {
        let text = "\(header),Charge rates\n\(row),41\n"
        #expect(try !message(text).contains("Did you mean"))
    }

    @Test func aColumnOfAnotherKindOfFileIsNamed() throws {
        #expect(try message("\(header),leaving_reason\n\(row),OTHER\n").contains("does not belong to a file of assignments"))
    }

    @Test func aColumnWithoutANameIsReportedByItsLetter() throws {
        let wide = header + (10...33).map { ",x\($0)" }.joined() + ","
        let text = "\(wide)\n\(row)\(String(repeating: ",", count: 25))\n"
        let found = try #require(try findings(text).first { $0.field.isEmpty })
        #expect(found.message == "Column 34 (AH) has no name, so its values were left out. Give it a name or delete it.")
        #expect(try findings(text.replacing("x33,\n", with: "x33,agency\n")).allSatisfy { !$0.field.isEmpty })
        let two = try message("\(header),,\n\(row),1,2\n")
        #expect(two.hasPrefix("2 columns have no name, the first of them column 10 (J), so their values were left out."))
    }

    @Test func aMissingColumnIsSuggested() throws {
        let text = "\(header),notes\n\(row),\n".replacing("pay_rate", with: "pay rates")
        #expect(
            try message(text).contains(
                "it does not have the column pay_rate (is it \u{201C}pay rates\u{201D}, column 8 (H)?). Add it, or name your own column for it"
            ))
        #expect(try findings(text.replacing("pay rates", with: "pay_rate")).allSatisfy { $0.rule != "IMP001" })
        #expect(try message("\(header),Role\n\(row),SW\n").contains("appears twice, as column 5 (E) and 10 (J)"))
    }

    @Test func aShortOrLongRowNamesItsCells() throws {
        #expect(
            try message("\(header)\n\(row.dropLast(6))\n").contains(
                "it has 8 cells where the header has 9: the cell of column 9 (I, charge_rate) is missing"))
        #expect(
            try message("\(header)\nA\n").contains(
                "it has 1 cell where the header has 9: those from column 2 (B, quarter) on are missing"))
        #expect(
            try message("\(header)\n\(row),1\n").contains("it has 10 cells where the header has 9: column 10 (J) has no heading"))
        #expect(try findings("\(header),agency\n\(row),1\n") == [])
    }

    @Test(arguments: [2, 3, 700]) func theFirstLineThatIsNotUTF8IsNamed(line: Int) throws {
        let plain = (2..<line).map { _ in row + ",Caf\u{E9}\n" }.joined()
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "r.csv", Array("\(header),agency\n\(plain)\(row),Caf".utf8) + [0xE9] + Array(" Staff\n\(row),x\n".utf8))
        let found = Checking.rows(try Checking.run([path])).filter { $0.rule == "IMP005" }
        #expect(found.map(\.message).allSatisfy { $0.hasPrefix("The file is not UTF-8, first on line \(line), and was read") })
        #expect(found.count == 1)
        // Saved as UTF-8, it is no longer reported.
        try folder.write("r.csv", "\(header),agency\n\(plain)\(row),Caf\u{E9} Staff\n\(row),x\n")
        #expect(Checking.rows(try Checking.run([path])).allSatisfy { $0.rule != "IMP005" })
    }

    @Test(arguments: [0, 25, 26, 51, 52, 701, 702]) func columnsAreLetteredAsInASpreadsheet(place: Int) throws {
        let letters = [0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"][place]!
        let names = (0..<place).map { "x\($0)," }.joined() + ",\(header)"
        let cells = String(repeating: ",", count: place) + ",\(row)"
        let found = try findings("\(names)\n\(cells)\n")
        #expect(found.contains { $0.message.hasPrefix("Column \(place + 1) (\(letters)) has no name") })
    }
}
