import AgencyModel

/// How many records each rule could judge. Rules that are outcomes of one judgement are counted together.
public struct Coverage: Sendable {
    public struct Counts: Equatable, Sendable {
        public var assessed = 0
        public var notApplicable = 0
        public var undecided = 0
    }

    /// Indexed by the judgement's place in the registry.
    private var counts: [Counts]
    private let assessedOnly: [Int]

    public init(_ rules: RuleRegistry) {
        counts = Array(repeating: Counts(), count: rules.files.count)
        assessedOnly = rules.assessedRules.map(\.place)
    }

    public subscript(place: Int) -> Counts {
        get { counts[place] }
        set { counts[place] = newValue }
    }

    @inline(__always)
    mutating func count(_ verdict: Verdict, of place: Int, times: Int = 1) {
        switch verdict {
        case .notApplicable: counts[place].notApplicable += times
        case .undecided: counts[place].undecided += times
        case .clear, .breach: counts[place].assessed += times
        }
    }

    /// Assignments that are left out of the assessment are undecided for every rule that looks only at assessed ones.
    mutating func leaveOut(_ assignments: Int) {
        for place in assessedOnly { counts[place].undecided += assignments }
    }

    mutating func add(_ other: Coverage) {
        for place in counts.indices {
            counts[place].assessed += other.counts[place].assessed
            counts[place].notApplicable += other.counts[place].notApplicable
            counts[place].undecided += other.counts[place].undecided
        }
    }
}
