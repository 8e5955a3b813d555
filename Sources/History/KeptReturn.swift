import AgencyModel

/// One authority's return for a quarter, as a run found it, to be stored.
public struct KeptReturn: Sendable {
    public let authority: AuthorityCode
    public let quarter: Quarter
    public let rows: Int
    /// An assignment whose rate changed has several rows and counts once.
    public let assignments: Int
    /// Hours multiplied by charge rate.
    public let cost: Money
    /// The SHA-256 of the rule book.
    public let rulesDigest: String
    public let toolVersion: String
    public let record: AuthorityRecord?
    /// Of each family that an authority declares on, in the order of the authority record.
    public let coverage: [FamilyCoverage]
    /// The SHA-256 of each file that it was read from.
    public let files: [String]

    public struct FamilyCoverage: Equatable, Sendable {
        public let family: ReturnFamily
        public let assessed: Int
        public let inError: Int
        public let undecided: Int

        public init(_ family: ReturnFamily, assessed: Int, inError: Int, undecided: Int) {
            self.family = family
            self.assessed = assessed
            self.inError = inError
            self.undecided = undecided
        }
    }

    public init(
        authority: AuthorityCode, quarter: Quarter, rows: Int, assignments: Int, cost: Money, rulesDigest: String,
        toolVersion: String,
        record: AuthorityRecord?, coverage: [FamilyCoverage], files: [String] = []
    ) {
        self.authority = authority
        self.quarter = quarter
        self.rows = rows
        self.assignments = assignments
        self.cost = cost
        self.rulesDigest = rulesDigest
        self.toolVersion = toolVersion
        self.record = record
        self.coverage = coverage
        self.files = files
    }

    /// The return's id in a store.
    public static func id(_ authority: AuthorityCode, _ quarter: Quarter) -> Int64 {
        Int64(authority.number) << 16 | Int64(quarter.index)
    }

    var id: Int64 { KeptReturn.id(authority, quarter) }
}

/// What the run worked out about an assignment, besides its own columns.
public struct KeptJudgement: Sendable {
    public var isAssessed = false
    /// The cap in force when the assignment was judged; nil if there was none on file.
    public var cap: Money?
    /// Whether the cap rules applied; nil if the assignment was not assessed.
    public var capApplies: Bool?
    /// The evidence of experience; nil if the rules did not look at it.
    public var experience: ExperienceProof?

    public init() {}
}

/// A finding as it is stored: without values or words.
public struct KeptFinding: Sendable {
    public let rule: RuleCode
    public let severity: Severity
    /// The number of the assignment in its return, from 0; nil for a finding about the return.
    public let assignment: Int?
    public let field: String?

    public init(rule: RuleCode, severity: Severity, assignment: Int?, field: String?) {
        self.rule = rule
        self.severity = severity
        self.assignment = assignment
        self.field = field
    }
}

/// A file with data that is stored.
public struct KeptFile: Hashable, Sendable {
    /// A file with employment evidence and no return. It stays when returns are deleted.
    public static let employmentHistory = "employment history"
    public static let census = "census"

    public let name: String
    /// SHA-256, hexadecimal.
    public let digest: String
    public let kind: String
    public let byteCount: Int

    /// Of an absolute path, only the last component is kept: the rest is about the computer and not about the file.
    public init(name: String, digest: String, kind: String, byteCount: Int) {
        self.name = name.hasPrefix("/") ? String(name.split(separator: "/").last ?? "") : name
        self.digest = digest
        self.kind = kind
        self.byteCount = byteCount
    }

    var isEvidence: Bool { kind == KeptFile.employmentHistory || kind == KeptFile.census }
}
