import AgencyModel
import ByteWriting
import Testing

/// Reads a text with one of the model's byte readers.
func read<Value>(_ text: String, _ reader: (Bytes) -> Value?) -> Value? {
    var copy = text
    return copy.withUTF8 { reader($0) }
}

@Suite struct ValueTests {
    @Test(arguments: [
        ("2026-01-31", "2026-01-31"), ("31/01/2026", "2026-01-31"), ("1/2/2026", "2026-02-01"), ("01/2/2026", "2026-02-01"),
        ("1/02/2026", "2026-02-01"), ("29/02/2024", "2024-02-29"), ("2000-02-29", "2000-02-29"), ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
    ])
    func datesAreRead(text: String, iso: String) {
        #expect(read(text, CalendarDate.init)?.description == iso)
    }

    @Test(arguments: [
        "31/02/2026", "2026-02-29", "1900-02-29", "2026-13-01", "12/13/2026", "2026-1-1", "01-02-2026", "2026/01/02", "1/2/26",
        "46023", "2026-01-01 00:00", "0000-01-01", "", "1//2026", "/1/2026", "32/01/2026", "2026-00-10", "aa/bb/cccc", "2026-01-0x",
    ])
    func otherDatesAreNotRead(text: String) {
        #expect(read(text, CalendarDate.init) == nil)
    }

    @Test func everyDayOfFourCenturiesIsConvertedBothWays() {
        var day = CalendarDate(year: 1899, month: 12, day: 31)!
        for _ in 0..<150_000 {
            let next = day.adding(days: 1)
            let (year, month, number) = next.parts
            #expect(CalendarDate(year: year, month: month, day: number) == next)
            #expect(next > day)
            day = next
        }
    }

    @Test(arguments: [
        ("2025-11-30", 3, "2026-02-28"), ("2023-11-30", 3, "2024-02-29"), ("2025-12-31", 3, "2026-03-31"),
        ("2025-08-31", 3, "2025-11-30"), ("2025-10-12", 3, "2026-01-12"), ("2024-02-29", 12, "2025-02-28"),
    ])
    func addingMonthsStopsAtTheLastDay(day: String, months: Int, sum: String) {
        #expect(read(day, CalendarDate.init)?.adding(months: months).description == sum)
    }

    @Test(arguments: [
        ("41.20", 412_000), ("£41.20", 412_000), ("£ 41.2", 412_000), ("0", 0), ("1,036.00", 10_360_000),
        ("1,234,567", 12_345_670_000),
        ("38.0001", 380_001), ("007", 70_000), ("12,345", 123_450_000),
    ])
    func moneyIsRead(text: String, tenThousandths: Int) {
        #expect(read(text, Money.init)?.tenThousandths == Int64(tenThousandths))
    }

    @Test(arguments: [
        "-1", "+1", "1.23456", "1.00000", ".5", "5.", "1,23", "1,2345", ",123", "1,,234", "1234,567", "£", "£-4", "41.20p", "4 1",
        "1e3",
        "1,234.5,6", "forty", "99999999999999999999", "€4", "1,234,56",
    ])
    func otherMoneyIsNotRead(text: String) {
        #expect(read(text, Money.init) == nil)
    }

    /// Digits, the point, and their neighbours in ASCII, in every order.
    @Test func shortAmountsAreReadLikeLongOnes() {
        func byFigure(_ text: String) -> Int64? {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
                parts.count == 1 || parts[1].count <= 4
            else { return nil }
            let decimals = parts.count == 1 ? "" : String(parts[1])
            return Int64(parts[0] + decimals + String(repeating: "0", count: 4 - decimals.count))
        }
        var texts = [""]
        for _ in 1...5 {
            texts = [""] + texts.flatMap { text in ["0", "7", "9", ".", "/", ":", "n"].map { text + $0 } }
            texts = Array(Set(texts))
        }
        for place in 0...9 {
            for count in 1...9 {
                var text = Array(repeating: "8", count: count)
                text.insert(".", at: min(place, count))
                texts += [text.joined(), text.joined().replacing("8", with: "9"), String(repeating: "8", count: count) + ":"]
            }
        }
        for text in texts where !text.isEmpty { #expect(read(text, Money.init)?.tenThousandths == byFigure(text), "\(text)") }
    }

    @Test func moneyIsWrittenPlainly() {
        #expect(Money(tenThousandths: 412_000).description == "41.20")
        #expect(Money(tenThousandths: 380_001).description == "38.0001")
        #expect(Money(tenThousandths: 380_010).description == "38.001")
        #expect(Money(tenThousandths: -500).description == "-0.05")
    }

    @Test(arguments: [("37", "37"), ("37.5", "37.5"), ("0.25", "0.25"), ("37.400000000000006", "37.400000001"), ("4.0", "4")])
    func quantitiesAreRead(text: String, written: String) {
        #expect(read(text, Quantity.init)?.description == written)
    }

    @Test(arguments: ["-1", "37.", ".5", "1,000", "4 weeks", "", "£4", "1e2", "٣"])
    func otherQuantitiesAreNotRead(text: String) {
        #expect(read(text, Quantity.init) == nil)
    }

    @Test func decimalsBeyondTheScaleDecideComparisons() {
        #expect(read("48.0000000001", Quantity.init)! > Quantity(whole: 48))
        #expect(read("47.9999999999", Quantity.init)! <= Quantity(whole: 48))
        #expect(read("3.99999999999", Quantity.init)! <= Quantity(whole: 4))
    }

    @Test(arguments: [("SW000123", "SW123"), ("sw123", "SW123"), ("Sw1", "SW1"), ("SW9999999999", "SW9999999999")])
    func socialWorkEnglandNumbersHaveANormalForm(text: String, normal: String) {
        #expect(read(text, SWENumber.init)?.normalForm == normal)
    }

    @Test(arguments: ["SW", "SW0", "SW0000000000", "SW12345678901", "SW 123", "HC123", "123", "SW12a", "S W12", ""])
    func otherNumbersAreNotValid(text: String) {
        #expect(read(text, SWENumber.init) == nil)
    }

    @Test(arguments: ["2026-q1", "2026Q1", "2026-Q0", "2026-Q5", "26-Q1", "Q1-2026", "2026-Q1 ", "0000-Q1", ""])
    func otherQuartersAreNotRead(text: String) {
        #expect(read(text, Quarter.init) == nil)
    }

    @Test func aQuarterHasItsDays() {
        for (quarter, first, last) in [
            ("2026-Q1", "2026-01-01", "2026-03-31"), ("2024-Q2", "2024-04-01", "2024-06-30"),
            ("2025-Q3", "2025-07-01", "2025-09-30"),
            ("2025-Q4", "2025-10-01", "2025-12-31"),
        ] {
            let value = read(quarter, Quarter.init)
            #expect(value?.description == quarter)
            #expect(value?.firstDay.description == first)
            #expect(value?.lastDay.description == last)
        }
    }

    @Test func yesAndNoHaveTheirSpellings() {
        for text in ["Y", "y", "Yes", "YES", "true", "TRUE", "1"] { #expect(read(text, yesOrNo) == true) }
        for text in ["N", "n", "No", "no", "False", "FALSE", "0"] { #expect(read(text, yesOrNo) == false) }
        for text in ["", "2", "ja", "yes!", "T", "on", "yess"] { #expect(read(text, yesOrNo) == nil) }
    }

    @Test func wholeNumbersAreOnlyDigits() {
        #expect(read("36", wholeNumber) == 36)
        for text in ["", "36.0", "-1", "+1", "1,000", "two", "1234567890123456789"] { #expect(read(text, wholeNumber) == nil) }
    }

    @Test func codesCanBeInAnyCase() {
        #expect(read("ssw", CoreRole.init) == .seniorSocialWorker)
        #expect(read("Iro", CoreRole.init) == .independentReviewingOfficer)
        #expect(read("project_team", Supply.init) == .projectTeam)
        #expect(read("project team", Supply.init) == nil)
        #expect(read("S", CoreRole.init) == nil)
    }

    @Test func authorityCodesAreThreeDigits() {
        #expect(read("007", AuthorityCode.init)?.description == "007")
        for text in ["7", "0301", "30a", "", "3 1"] { #expect(read(text, AuthorityCode.init) == nil) }
    }

    /// A finding keeps every value that it is given.
    @Test func findingsKeepTheirValues() {
        let values: [FindingValue] = [
            .none, .money(Money(tenThousandths: -7)), .date(CalendarDate(dayNumber: -30_000)), .number(-4),
            .quantity(Quantity(billionths: 5)),
            .phrase(.below), .column(.capReason), .role(.teamManager), .engagement(.limited), .practiceManager(.supplier),
            .claim(.none), .family(.REGION),
            .authority(AuthorityCode(number: 999)), .quarter(Quarter(index: 65_000)), .region(8),
            .text(TextRef(offset: 1 << 30, count: 70_000)),
            .wording(TextRef(offset: 0, count: 0)), .place(file: 70_000, line: .max), .stretch(offset: 1 << 38, count: 1 << 20),
        ]
        for value in values {
            let finding = Finding(
                RuleCode(.REGION, 2), of: .assignment(5), field: .column(.agency), found: value, expected: value, value, value)
            for kept in [finding.found, finding.expected, finding.first, finding.second] { #expect("\(kept)" == "\(value)") }
            #expect("\(finding.field)" == "\(FindingValue.column(.agency))")
        }
        #expect(MemoryLayout<Finding>.stride <= 48)
        let written = Finding(RuleCode(.IMP, 2), of: .other(3), field: .text(TextRef(offset: 9, count: 4)))
        #expect("\(written.field)" == "\(FindingValue.text(TextRef(offset: 9, count: 4)))")
        #expect(!written.subject.isAssignment && written.subject.index == 3)
    }

    /// A date that is computed can be later than those that can be read.
    @Test(arguments: [(1, 1, 1), (999, 12, 31), (2024, 2, 29), (9999, 12, 15)]) func datesAreWrittenUnchanged(
        _ year: Int, _ month: Int, _ day: Int
    ) throws {
        let read = try #require(CalendarDate(year: year, month: month, day: day))
        for date in [read, read.adding(months: 3), read.adding(days: 400)] {
            var written = ByteBuffer()
            written.append(date)
            #expect(String(decoding: written.bytes, as: UTF8.self) == date.description)
        }
    }

    @Test func theShortTextsAgreeWithTheColumns() {
        let text = Array("A".utf8)
        text.withUnsafeBufferPointer { text in
            var assignment = Assignment()
            (assignment.assignmentID, assignment.jobTitle, assignment.agency) = (text, text, text)
            (assignment.teamReference, assignment.capReason) = (text, text)
            var columns: [Column] = []
            assignment.forEachShortText { column, _ in columns.append(column) }
            #expect(columns == Column.shortTexts)
        }
    }
}
