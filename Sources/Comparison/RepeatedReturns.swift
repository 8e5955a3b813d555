import AgencyModel
import Facts

/// An authority's return for a quarter that is in several files.
public struct RepeatedReturn: Sendable {
    public let authority: AuthorityCode
    public let quarter: Quarter
    /// The names of the files, sorted.
    public let files: [String]
    /// The number of references that are in more than one of them.
    public let shared: Int
    /// Whether two of the files are versions of the return and not parts of it: half of the references of one, or more, are in the
    /// other.
    public let isTwice: Bool

    /// All of a run, sorted by quarter and authority.
    public static func all(in result: CheckResult) -> [RepeatedReturn] {
        result.judgement.filesOfReturns().mapValues { $0.keys.filter { $0 < result.files.count }.sorted() }
            .filter { $0.value.count > 1 }
            .sorted { ($0.key.quarter, $0.key.authority) < ($1.key.quarter, $1.key.authority) }
            .map { key, files in RepeatedReturn(key, files, result) }
    }

    private init(_ key: ReturnKey, _ places: [Int], _ result: CheckResult) {
        let run = result.judgement
        (authority, quarter) = (key.authority, key.quarter)
        files = places.map { result.files[$0].input.name }
        /// A reference in another file with another day from which a rate applies is a part of the assignment, not a version of it.
        struct Row: Hashable {
            let id: [UInt8]
            let rateFrom: CalendarDate?
        }
        let references = places.map { file -> Set<Row> in
            var references: Set<Row> = []
            for place in run.parts(of: file) {
                let ledger = run.parts[place].ledger
                for entry in ledger.entries.indices where ledger.entries[entry].returnKey == key {
                    references.insert(Row(id: Array(ledger.id(entry)), rateFrom: ledger.rateFrom(entry)))
                }
            }
            return references
        }
        var (seen, again): (Set<Row>, Set<Row>) = ([], [])
        var isTwice = false
        for (place, some) in references.enumerated() {
            again.formUnion(some.intersection(seen))
            seen.formUnion(some)
            for other in references[..<place] {
                let least = min(some.count, other.count)
                if least > 0, some.intersection(other).count * 2 >= least { isTwice = true }
            }
        }
        shared = Set(again.map(\.id)).count
        self.isTwice = isTwice
    }
}
