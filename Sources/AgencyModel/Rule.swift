/// A rule's code, which never changes: its family and number, such as `CAP001`.
public struct RuleCode: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let family: RuleFamily
    public let number: UInt8

    public init(_ family: RuleFamily, _ number: UInt8) {
        precondition(number < RuleCode.numbers, "a family has rules 1 to \(RuleCode.numbers - 1)")
        self.family = family
        self.number = number
    }

    public var description: String { RuleCode.names[Int(family.rawValue) * Int(RuleCode.numbers) + Int(number)] }
    /// Names for every possible code, by family and number, because codes are written far more often than made.
    private static let names = RuleFamily.allCases.flatMap { family in
        let letters = family.prefix
        return (0..<Int(numbers)).map { letters + padded($0, 3) }
    }
    private static let numbers: UInt8 = 64

    /// In the order of the catalogue.
    public static func < (left: RuleCode, right: RuleCode) -> Bool {
        (left.family.rawValue, left.number) < (right.family.rawValue, right.number)
    }
}

public enum Severity: UInt8, CaseIterable, Comparable, Sendable {
    case notice, warning, error

    public var name: String {
        switch self {
        case .notice: "notice"
        case .warning: "warning"
        case .error: "error"
        }
    }
    public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
}

/// The fixed properties of a rule: its code, its severity, the column it looks at first, and the placeholders of its message that
/// findings fill besides found and expected (at most two).
public struct Rule: Sendable {
    public let code: RuleCode
    public let severity: Severity
    public let field: Column?
    public let places: [String]

    public init(_ family: RuleFamily, _ number: UInt8, _ severity: Severity, field: Column? = nil, places: [String] = []) {
        code = RuleCode(family, number)
        self.severity = severity
        self.field = field
        self.places = places
    }
}

/// The result of one rule for one record. Undecided (something needed is missing) never counts as a pass.
public enum Verdict: UInt8, Sendable {
    case notApplicable, undecided, clear, breach
}
