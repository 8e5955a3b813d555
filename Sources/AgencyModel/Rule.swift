/// A family of rules: a folder in Compliance, the letters of a rule's code.
public enum RuleFamily: UInt8, CaseIterable, Sendable {
    case IMP, DATA, CAP, EXP, TEAM, COOL, NOTE, REF, AUTH, REGION

    public var prefix: String { RuleFamily.prefixes[Int(rawValue)] }
    private static let prefixes = ["IMP", "DATA", "CAP", "EXP", "TEAM", "COOL", "NOTE", "REF", "AUTH", "REGION"]

    /// The family in the words of the return's own compliance columns; nil for those a return does not declare on.
    public var returnFamily: ReturnFamily? {
        switch self {
        case .CAP: .caps
        case .EXP: .experience
        case .TEAM: .teams
        case .COOL: .cooloff
        case .NOTE: .notice
        case .REF: .references
        case .IMP, .DATA, .AUTH, .REGION: nil
        }
    }
}

/// A rule's stable code: its family and number, `CAP001`.
public struct RuleCode: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let family: RuleFamily
    public let number: UInt8

    public init(_ family: RuleFamily, _ number: UInt8) {
        self.family = family
        self.number = number
    }

    public var description: String { RuleCode.names[Int(family.rawValue) * 32 + Int(number & 31)] }
    /// By family and number, for every code that there can be: a finding's code is written far more often than made.
    private static let names = RuleFamily.allCases.flatMap { family in (0..<32).map { family.prefix + padded($0, 3) } }

    /// The order of the catalogue.
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

/// What is fixed of a rule: its code, its severity, the column it looks at first, and the places of its message that its
/// findings fill beside found and expected (two at most).
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

/// What became of one rule on one record. Undecided (something needed is missing) never counts as a pass.
public enum Verdict: UInt8, Sendable {
    case notApplicable, undecided, clear, breach
}
