import AgencyModel

/// The findings of one file as they are made, with the texts that they name.
public struct FindingList: Sendable {
    public private(set) var findings: [Finding] = []
    public var texts = TextPool()
    /// What the next finding is about.
    var subject = Subject.other(0)
    /// For each region and role without a cap where one was needed: one finding for the run.
    private(set) var missingCaps: Set<MissingCap> = []

    public struct MissingCap: Hashable, Sendable {
        public let region: Int
        public let role: CoreRole
    }

    public init() {}

    /// Adds a finding about the current subject. Returns the verdict, so that a rule can end with it.
    @discardableResult
    mutating func breach(
        _ rule: RuleCode, field: FindingValue, found: FindingValue = .none, expected: FindingValue = .none,
        _ first: FindingValue = .none, _ second: FindingValue = .none
    ) -> Verdict {
        findings.append(Finding(rule, of: subject, field: field, found: found, expected: expected, first, second))
        return .breach
    }

    /// `1 day`, `68 days`.
    mutating func days(_ count: Int) -> FindingValue { .wording(texts.keep(wording: count == 1 ? "1 day" : "\(count) days")) }

    mutating func add(_ finding: Finding) { findings.append(finding) }

    /// Withdraws the findings of a rule about some assignments.
    mutating func takeBack(_ rule: RuleCode, of entries: Set<Int>) {
        findings.removeAll { $0.rule == rule && $0.subject.isAssignment && entries.contains($0.subject.index) }
    }

    mutating func noteMissingCap(region: Int, role: CoreRole) -> Verdict {
        missingCaps.insert(MissingCap(region: region, role: role))
        return .breach
    }
}

/// The texts that findings name, one after another.
public struct TextPool: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var wordings: [String: TextRef] = [:]

    public init() {}

    /// Keeps a text, cut at a character boundary if it is longer than 16 MB.
    public mutating func keep(_ text: Bytes) -> TextRef {
        let ref = TextRef(offset: bytes.count, count: text.wholeCharacters(TextRef.mostBytes))
        bytes.append(contentsOf: text[..<ref.count])
        return ref
    }

    public mutating func keep(_ text: String) -> TextRef {
        var copy = text
        return copy.withUTF8 { keep($0) }
    }

    /// Keeps words of our own, each text only once.
    public mutating func keep(wording: String) -> TextRef {
        if let ref = wordings[wording] { return ref }
        let ref = keep(wording)
        wordings[wording] = ref
        return ref
    }

    public func bytes(of ref: TextRef) -> ArraySlice<UInt8> { bytes[ref.offset..<(ref.offset + ref.count)] }

    public func text(_ ref: TextRef) -> String { String(decoding: bytes(of: ref), as: UTF8.self) }
}
