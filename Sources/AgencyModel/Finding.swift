/// A range of a text pool.
public struct TextRef: Hashable, Sendable {
    /// A finding keeps the count in 24 bits.
    public static let mostBytes = 0xFF_FFFF

    public let offset: Int
    public let count: Int
    public init(offset: Int, count: Int) {
        self.offset = offset
        self.count = count
    }
}

/// A value in a finding. It is typed, so that each writer can render it in its own way.
public enum FindingValue: Sendable {
    case none
    case money(Money)
    case date(CalendarDate)
    case number(Int)
    case quantity(Quantity)
    case phrase(Phrase)
    case column(Column)
    case role(CoreRole)
    case engagement(Engagement)
    case practiceManager(PracticeManager)
    case claim(ComplianceClaim)
    /// A family that an authority declares on.
    case family(RuleFamily)
    case authority(AuthorityCode)
    case quarter(Quarter)
    /// A region, as an index of the rule book's list.
    case region(Int)
    /// Text that somebody wrote: only for the user's own files, and never for a message.
    case text(TextRef)
    /// Our own words, kept as text because they are put together at run time.
    case wording(TextRef)
    /// A line of an input. Files are numbered in the order of their names.
    case place(file: Int, line: UInt32)
    /// A range of the input's text, for rejected rows.
    case stretch(offset: Int, count: Int)
}

/// A finding without its words, which are made when it is written. It takes 48 bytes.
public struct Finding: Sendable {
    public let rule: RuleCode
    /// The assignment or place that the finding is about.
    public let subject: Subject
    private var kinds: (UInt8, UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0, 0)
    private var fieldPayload: UInt8 = 0
    private var payloads: (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)

    public init(
        _ rule: RuleCode, of subject: Subject, field: FindingValue = .none, found: FindingValue = .none,
        expected: FindingValue = .none, _ first: FindingValue = .none, _ second: FindingValue = .none
    ) {
        self.rule = rule
        self.subject = subject
        (kinds.1, payloads.0) = Finding.pack(found)
        (kinds.2, payloads.1) = Finding.pack(expected)
        (kinds.3, payloads.2) = Finding.pack(first)
        (kinds.4, payloads.3) = Finding.pack(second)
        let (kind, payload) = Finding.pack(field)
        kinds.0 = kind
        if case .text = field {
            // A column name as written uses the last place. The rules that need it do not have a second one.
            precondition(kinds.4 == 0, "a finding with a written field has no second place")
            payloads.3 = payload
        } else {
            fieldPayload = UInt8(truncatingIfNeeded: payload)
        }
    }

    public var field: FindingValue {
        let value = Finding.unpack(kinds.0, Int64(fieldPayload))
        if case .text = value { return Finding.unpack(kinds.0, payloads.3) }
        return value
    }
    public var found: FindingValue { Finding.unpack(kinds.1, payloads.0) }
    public var expected: FindingValue { Finding.unpack(kinds.2, payloads.1) }
    public var first: FindingValue { Finding.unpack(kinds.3, payloads.2) }
    public var second: FindingValue { Finding.unpack(kinds.4, payloads.3) }

    /// Two numbers in one value: 40 bits and 24 bits.
    private static func pair(_ high: Int, _ low: Int) -> Int64 { Int64(high) << 24 | Int64(low & 0xFF_FFFF) }

    private static func pack(_ value: FindingValue) -> (UInt8, Int64) {
        switch value {
        case .none: (0, 0)
        case .money(let money): (1, money.tenThousandths)
        case .date(let date): (2, Int64(date.dayNumber))
        case .number(let number): (3, Int64(number))
        case .quantity(let quantity): (4, quantity.billionths)
        case .phrase(let phrase): (5, Int64(phrase.rawValue))
        case .column(let column): (6, Int64(column.rawValue))
        case .role(let role): (7, Int64(role.rawValue))
        case .engagement(let engagement): (8, Int64(engagement.rawValue))
        case .practiceManager(let manager): (9, Int64(manager.rawValue))
        case .claim(let claim): (10, Int64(claim.rawValue))
        case .authority(let code): (11, Int64(code.number))
        case .quarter(let quarter): (12, Int64(quarter.index))
        case .region(let index): (13, Int64(index))
        case .text(let ref): (14, pair(ref.offset, ref.count))
        case .wording(let ref): (15, pair(ref.offset, ref.count))
        case .place(let file, let line): (16, Int64(file) << 32 | Int64(line))
        case .stretch(let offset, let count): (17, pair(offset, count))
        case .family(let family): (18, Int64(family.rawValue))
        }
    }

    private static func unpack(_ kind: UInt8, _ payload: Int64) -> FindingValue {
        let ref = TextRef(offset: Int(payload >> 24), count: Int(payload & 0xFF_FFFF))
        return switch kind {
        case 1: .money(Money(tenThousandths: payload))
        case 2: .date(CalendarDate(dayNumber: Int32(truncatingIfNeeded: payload)))
        case 3: .number(Int(payload))
        case 4: .quantity(Quantity(billionths: payload))
        case 5: .phrase(Phrase(rawValue: UInt8(payload))!)
        case 6: .column(Column(rawValue: UInt8(payload))!)
        case 7: .role(CoreRole(rawValue: UInt8(payload))!)
        case 8: .engagement(Engagement(rawValue: UInt8(payload))!)
        case 9: .practiceManager(PracticeManager(rawValue: UInt8(payload))!)
        case 10: .claim(ComplianceClaim(rawValue: UInt8(payload))!)
        case 11: .authority(AuthorityCode(number: UInt16(payload)))
        case 12: .quarter(Quarter(index: UInt16(payload)))
        case 13: .region(Int(payload))
        case 14: .text(ref)
        case 15: .wording(ref)
        case 16: .place(file: Int(payload >> 32), line: UInt32(truncatingIfNeeded: payload))
        case 17: .stretch(offset: ref.offset, count: ref.count)
        case 18: .family(RuleFamily(rawValue: UInt8(payload))!)
        default: .none
        }
    }
}

/// What a finding is about: an assignment in the ledger, or another place (a file, a row, an authority record).
public struct Subject: Hashable, Sendable {
    public let code: UInt32
    private static let otherBit: UInt32 = 1 << 31

    public static func assignment(_ index: Int) -> Subject { Subject(code: UInt32(index)) }
    public static func other(_ index: Int) -> Subject { Subject(code: UInt32(index) | otherBit) }

    public var isAssignment: Bool { code & Subject.otherBit == 0 }
    public var index: Int { Int(code & ~Subject.otherBit) }
}
