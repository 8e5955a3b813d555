import AgencyModel
import Health
import Testing

/// What counts as personal data and what does not, value by value.
@Suite struct PersonMaskTests {
    /// The worker in all the tests below.
    private static let worker = SWENumber(number: 765_432)
    private static var mask: PersonMask {
        var mask = PersonMask()
        mask.know(worker)
        return mask
    }

    /// The digits of a text, in any script and with anything between them.
    private static func digits(_ text: String) -> String {
        text.unicodeScalars.compactMap { $0.properties.numericValue }.filter { $0 >= 0 && $0 <= 9 }.map { "\(Int($0))" }.joined()
    }

    static let separators = [
        "", " ", "  ", "-", "--", ".", "/", "_", ":", ": ", "#", " #", ",", ";", "\\", "|", "+", "=", "~", "*", "'", "\u{2019}",
        "(", "[", " - ",
        " \u{2013} ", "\u{2014}", "\u{A0}", "\u{202F}", "\u{2009}", "\u{200A}", "\u{2007}", "\u{3000}", "\u{200B}", "\u{200C}",
        "\u{200D}",
        "\u{2060}", "\u{FEFF}", "\u{AD}", "\u{2010}", "\u{2011}", "\u{2212}", "\u{30FB}", "\u{B7}", "\u{2116}", "\t", "\n",
        "\u{180E}", "\u{34F}",
        "\u{202E}", "\u{2066}",
    ]
    static let scripts: [UInt32] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0xF20, 0x1040, 0x17E0,
        0x1810, 0xFF10,
        0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1FBF0,
    ]
    static let numbers: [String] = {
        var forms = [
            "SW765432", "sw765432", "Sw765432", "sW 765432", "SWE765432", "SWE 765432", "SWE-765432", "SW(765432)", "SW (765432)",
            "SW[765432]",
            "SW No. 765432", "SW No 765432", "SW no.765432", "SWNo765432", "SWENo765432", "SWENo: 765432", "SW nr 765432",
            "SW number 765432",
            "SW Number: 765432", "SW num. 765432", "SWE number 765432", "SWE registration number 765432", "SW ref: 765432",
            "SW ID 765432",
            "SWE ID: 765432", "SW England 765432", "S W 765432", "S.W.765432", "S. W. 765432", "S-W-765432", "S/W 765432",
            "S_W_765432",
            "S\u{A0}W\u{A0}765432", "SW000765432", "SW765 432", "SW 765 432", "SW 765-432", "SW76-54-32", "SW 7 6 5 4 3 2",
            "S W 7 6 5 4 3 2",
            "S.W.7.6.5.4.3.2", "SW7\u{200B}6\u{200B}5\u{200B}4\u{200B}3\u{200B}2", "S\u{200B}W\u{2060}7\u{AD}65432", "SSW765432",
            "PL-SW765432",
            "PL/SW765432/2", "xSW765432x", "SW765432.csv", "return of SW765432 (2).csv", "2026-Q1 SW765432", "Agency of SW765432",
            "\u{FF33}\u{FF37}765432", "\u{FF33}\u{FF37}\u{FF17}\u{FF16}\u{FF15}\u{FF14}\u{FF13}\u{FF12}",
            "\u{1D412}\u{1D416}765432",
            "\u{24C8}\u{24CC}765432", "\u{405}W765432", "\u{455}w765432", "S\u{332}W\u{332}765432", "SW\u{2776}\u{2460}765432",
            "SW\u{2077}\u{2076}\u{2075}\u{2074}\u{B3}\u{B2}", "SW\u{2466}\u{2465}\u{2464}\u{2463}\u{2462}\u{2461}",
            "765432", "765-432", "765 432", "76 54 32", "7.6.5.4.3.2", "000765432", "REF-765432", "REF765432A", "2026-01-765432",
            "765432/2",
            "765\u{2009}432", "765\u{200B}432", "\u{FF17}\u{FF16}\u{FF15}\u{FF14}\u{FF13}\u{FF12}", "(765)(432)", "765,432",
            "765432.csv",
            "765-432 return.csv", "folder/765 432/return.csv",
        ]
        forms += separators.map { "SW\($0)765432" }
        forms += scripts.map { zero in
            "SW" + String(String.UnicodeScalarView([7, 6, 5, 4, 3, 2].map { Unicode.Scalar(zero + $0)! }))
        }
        return forms
    }()

    @Test func moreThanAHundredFormsAreTested() { #expect(Set(Self.numbers).count >= 100) }

    @Test(arguments: numbers) func aNumberIsMaskedInEveryForm(_ form: String) {
        for text in [form, "before " + form, form + " behind"] {
            let masked = Self.mask.masked(text)
            #expect(!Self.digits(masked).contains("765432") && masked.contains("\u{2026}"), "\(text) became \(masked)")
        }
    }

    @Test(arguments: [
        "AB123456C", "ab123456c", "AB 12 34 56 C", "AB-12-34-56-C", "AB.12.34.56.C", "AB 123456 C", "A B 1 2 3 4 5 6 C",
        "QQ123456A",
        "AB\u{A0}12\u{A0}34\u{A0}56\u{A0}C", "AB\u{200B}123456C",
        "\u{FF21}\u{FF22}\u{FF11}\u{FF12}\u{FF13}\u{FF14}\u{FF15}\u{FF16}\u{FF23}",
        "NI: AB123456D", "(AB123456B)", "PL/AB123456B/1", "AB_12_34_56_C", "AB/12/34/56/C", "ab 12 34 56 a", "NI AB123456C.csv",
    ])
    func aNationalInsuranceNumberIsMasked(_ form: String) {
        #expect(!Self.digits(PersonMask().masked(form)).contains("123456"), "\(PersonMask().masked(form))")
    }

    @Test(arguments: [
        "jane.doe@council.gov.uk", "JANE.DOE@COUNCIL.GOV.UK", "jane@council", "j.d+sw@a-b.org", "<jane.doe@council.gov.uk>",
        "mailto:jane.doe@council.gov.uk", "jane.doe\u{FF20}council.gov.uk", "jane.doe@council\u{FF0E}gov\u{FF0E}uk",
        "jane doe@council.gov.uk",
        "jane.doe @ council.gov.uk", "\"jane doe\"@council.gov.uk", "ja\u{200B}ne.doe@coun\u{AD}cil.gov.uk",
        "reference jane.doe@council.gov.uk-2",
        "jos\u{E9}@council.gov.uk", "in/jane.doe@council.gov.uk.csv", "o'jane@council.gov.uk",
    ])
    func anAddressIsMasked(_ form: String) {
        let masked = PersonMask().masked(form)
        #expect(!masked.contains("@") && !masked.contains("council") && !masked.contains("\u{FF20}"), "\(masked)")
    }

    /// Assignments, amounts, dates, places in files, codes, digests and our own words.
    static let nobodies: [String] = [
        "A-1", "A-17", "E-15", "PL-1", "PL-1001", "REF-2026-001", "991-0001", "ASG000123", "SSW-12", "AP-765", "IRO 12", "TM-4",
        "S-12", "W-12",
        "2026/01/0017", "LARCH-100001", "123456", "654321", "765431", "7654321", "1765432", "76543", "C-765-431", "PO 4500012345",
        "R/2026/17", "AB-123456", "AB123456", "AB123456E", "ABC123456C",
        "A1234567C", "GB12345C", "x-2026-Q1", "2026-Q1", "2025-Q4", "2026-01-31", "31/01/2026", "31 January 2026", "1 October 2025",
        "46023",
        "\u{A3}41.20", "41.20", "0.35", "1,095", "\u{A3}12,300.00", "12300.00", "960.00", "37.5", "300", "28.65", "13.0 %",
        "37 hours",
        "301", "991", "992 2026-Q1", "E09000001", "return.csv", "return-991.csv", "return 2026-Q1.csv", "return-2026-04-17.csv",
        "in/good.csv:12",
        "line 12", "line 1,234", "row 65536", "12 of 60 workers", "4 weeks", "36 months", "SW", "SSW", "SW, SSW, AP, TM, IRO",
        "one of SW, SSW, AP, TM, IRO", "SW and up to 10 digits", "Social Worker", "Senior Social Worker", "Social Worker (Level 3)",
        "Band 7",
        "Grade 10 SW", "Swindon 12", "Swale Borough 4", "swap 12", "switch-2", "answer 42", "its way 12", "was 12", "news 24",
        "Westminster SW1A 2AA",
        "Kensington SW7 2AZ", "SW19 5NE", "Larch Locums (fictional)", "Agency 4 U", "24-7 Staffing", "Beech & Oak 2000 Ltd",
        "rate @ 41.20",
        "2 @ 41.20", "@", "a @ b", "user@", "w-0123456789abcdef", "rules 1a2b3c4d5e6f",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "0.1.0", "1.10.2", "version 0.1.0", "agency-check/findings/1", "SARIF 2.1.0", "SHA-256", "UTF-8", "Windows-1252",
        "ISO 8601", "RFC 4180",
        "CAP001", "DATA012", "IMP003", "EXP007", "REGION002", "S251", "A4", "Q1", "H1 2026", "M25", "of 100,000 a year",
        "of 123456 a year",
        "to 202601 a file", "from 12 34 56 a man", "column 34 (AH)", "07700 900123", "+44 20 7946 0958", "EC1A 1BB",
        "10 Downing Street",
        "cost_month_1", "employer_ni", "swe_number", "SWENumber", "SWENo", "\u{2116} 12", "50 %", "100.0 %", "1/2", "3 \u{D7} 4",
        "\u{BD}",
    ]

    @Test func moreThanAHundredOtherValuesAreTested() { #expect(Set(Self.nobodies).count >= 100) }

    @Test(arguments: nobodies) func otherValuesAreNotMasked(_ text: String) {
        #expect(Self.mask.masked(text) == text)
        #expect(Self.mask.masked(text, in: .sentence) == text)
    }

    /// Amounts and line numbers in our own words, even if they happen to be a worker's number.
    @Test(arguments: ["It cost \u{A3}765,432 in all.", "765,432 rows read", "0.765432", "\u{A3}765432.00", "SW1"])
    func amountsAreNotMasked(
        _ text: String
    ) {
        if text == "SW1" { return #expect(Self.mask.masked(text, in: .sentence) == "SW\u{2026}") }
        #expect(Self.mask.masked(text, in: .sentence) == text)
    }

    /// The worker's own number is masked however short it is; with one or two digits, only if nothing else is beside it.
    @Test(
        arguments: [
            ("123", 123, "\u{2026}"), ("A-123", 123, "A-\u{2026}"), ("12-3", 123, "\u{2026}"), ("7", 7, "\u{2026}"),
            ("007", 7, "\u{2026}"),
            ("A-7", 7, "A-7"), ("7-2", 7, "7-2"), ("1234", 123, "1234"), ("A-124", 123, "A-124"),
        ] as [(String, UInt64, String)])
    func theOwnNumberIsMasked(text: String, number: UInt64, expected: String) {
        #expect(PersonMask().masked(text, own: SWENumber(number: number)) == expected)
    }

    @Test func longTextsTakeTimeInProportion() {
        let clock = ContinuousClock()
        for piece in ["S", "S.", "SW", "SW ", "s w ", "1 ", "0 ", "a.", "a@", "\"", "AB1", "@ ", "\u{200B}", "7654 "] {
            let text = String(repeating: piece, count: 20_000 / piece.utf8.count)
            let time = clock.measure { _ = Self.mask.masked(text, own: Self.worker) }
            #expect(time < .seconds(5), "\(piece): \(time)")
        }
    }

    @Test func bytesThatAreNotTextAreKept() {
        for bytes: [UInt8] in [
            [0xFF, 0x53, 0x57, 0x31, 0xC3], [0xF0, 0x9F], [0xE2, 0x80], [0x80, 0x30], [0xED, 0xA0, 0x80, 0x31],
        ] {
            _ = bytes.withUnsafeBufferPointer { Self.mask.masked($0) }
        }
    }
}
