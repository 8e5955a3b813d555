/// A family of rules: a folder in Compliance, the letters of a rule's code. In the order of the catalogue.
public enum RuleFamily: UInt8, CaseIterable, Sendable {
    case IMP, DATA, CAP, EXP, TEAM, COOL, NOTE, REF, AUTH, REGION

    /// All that is fixed of a family beside its rules. Whatever else knows families is made from this table: the columns of the return and
    /// of our outputs, the words of the report, the sets and the counts.
    private var entry: Entry {
        switch self {
        case .IMP: Entry("Files, rows and values that could not be read", holdsUpSubmission: true)
        case .DATA: Entry("Values that are missing or do not fit together", column: "data", holdsUpSubmission: true)
        case .CAP: Entry("Price caps", declared: ("caps", "price caps", .capsCompliance, .capsExplanation))
        case .EXP:
            Entry(
                "Three years' permanent experience",
                declared: ("experience", "three years' experience", .experienceCompliance, .experienceExplanation))
        case .TEAM:
            Entry(
                "Direct management of project teams and packages",
                declared: ("teams", "direct management of teams", .teamsCompliance, .teamsExplanation))
        case .COOL: Entry("Cool-off period", declared: ("cooloff", "cool-off", .cooloffCompliance, .cooloffExplanation))
        case .NOTE: Entry("Notice", declared: ("notice", "notice", .noticeCompliance, .noticeExplanation))
        case .REF: Entry("References", declared: ("references", "references", .referencesCompliance, .referencesExplanation))
        case .AUTH: Entry("The authority's own record", holdsUpSubmission: true)
        case .REGION: Entry("Across authorities")
        }
    }

    private struct Entry {
        typealias Declared = (name: String, words: String, compliance: Column, explanation: Column)
        let about: String
        let column: String?
        let declared: Declared?
        let holdsUpSubmission: Bool

        init(_ about: String, column: String? = nil, declared: Declared? = nil, holdsUpSubmission: Bool = false) {
            self.about = about
            self.column = column ?? declared?.name
            self.declared = declared
            self.holdsUpSubmission = holdsUpSubmission
        }
    }

    private static let entries = allCases.map(\.entry)
    private static let prefixes = allCases.map { String(describing: $0) }
    /// Those of which one error keeps a return from being sent.
    private static let holdingUp = FamilySet(allCases.filter(\.entry.holdsUpSubmission))

    /// The letters of the codes: `CAP`.
    public var prefix: String { RuleFamily.prefixes[Int(rawValue)] }
    /// What the family is about, as the report has it.
    public var inWords: String { RuleFamily.entries[Int(rawValue)].about }
    /// The end of the names of its columns in `agencies.csv` and `breaches.csv`: `errors_caps`. Nil for a family without a column there.
    public var column: String? { RuleFamily.entries[Int(rawValue)].column }
    /// Whether one error of it keeps a return from being sent.
    public var holdsUpSubmission: Bool { RuleFamily.holdingUp.contains(self) }
    /// What the return's authority record says of it; nil for those a return does not declare on.
    public var returnFamily: ReturnFamily? {
        entry.declared.map { ReturnFamily(self, $0.name, $0.words, $0.compliance, $0.explanation) }
    }

    /// The family with these letters, in capitals.
    public init?(letters: some StringProtocol) {
        guard let family = RuleFamily.allCases.first(where: { $0.prefix == letters }) else { return nil }
        self = family
    }
}

/// A family on which an authority declares its compliance.
public struct ReturnFamily: Equatable, Sendable {
    public let family: RuleFamily
    /// As the columns of the return begin: `caps`.
    public let name: String
    /// In a sentence: `price caps`.
    public let words: String
    public let complianceColumn: Column
    public let explanationColumn: Column

    fileprivate init(_ family: RuleFamily, _ name: String, _ words: String, _ compliance: Column, _ explanation: Column) {
        (self.family, self.name, self.words) = (family, name, words)
        (complianceColumn, explanationColumn) = (compliance, explanation)
    }

    /// In the order of the authority record.
    public static let allCases = RuleFamily.allCases.compactMap(\.returnFamily)
}

/// A value for each family.
public struct ByFamily<Value> {
    @usableFromInline var values: [Value]

    public init(repeating value: Value) { values = Array(repeating: value, count: RuleFamily.allCases.count) }

    public subscript(family: RuleFamily) -> Value {
        get { values[Int(family.rawValue)] }
        set { values[Int(family.rawValue)] = newValue }
    }
    public subscript(family: ReturnFamily) -> Value {
        get { self[family.family] }
        set { self[family.family] = newValue }
    }

    /// Those of the families that an authority declares on, in the order of the authority record.
    public var declared: [Value] { ReturnFamily.allCases.map { self[$0] } }

    /// Changes the values of some families.
    @inlinable @inline(__always)
    public mutating func change(_ families: FamilySet, _ change: (inout Value) -> Void) {
        var rest = families.bits
        values.withUnsafeMutableBufferPointer { values in
            while rest != 0 {
                change(&values[rest.trailingZeroBitCount])
                rest &= rest &- 1
            }
        }
    }

    /// Changes every value.
    public mutating func changeAll(_ change: (RuleFamily, inout Value) -> Void) {
        for family in RuleFamily.allCases { change(family, &values[Int(family.rawValue)]) }
    }
}

extension ByFamily: Sendable where Value: Sendable {}

/// A set of families, one bit each.
public struct FamilySet: Equatable, Sendable {
    /// A seventeenth family needs a wider set: the registry says so before a run begins.
    public static let most = UInt16.bitWidth

    @usableFromInline var bits: UInt16 = 0

    @inlinable public init() {}

    public init(_ families: [RuleFamily]) { for family in families { insert(family) } }

    @inlinable public var isEmpty: Bool { bits == 0 }
    @inlinable public func contains(_ family: RuleFamily) -> Bool { bits >> UInt16(family.rawValue) & 1 == 1 }
    @inlinable public mutating func insert(_ family: RuleFamily) { bits |= 1 << UInt16(family.rawValue) }
    @inlinable public mutating func formUnion(_ other: FamilySet) { bits |= other.bits }
    @inlinable public func union(_ other: FamilySet) -> FamilySet {
        var sum = self
        sum.formUnion(other)
        return sum
    }
}
