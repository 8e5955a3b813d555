import AgencyModel
import Comparison
import Facts
import Keeping
import RuleBook
import SafeFiles
import Wording

/// The comparison of many authorities' returns.
public struct CompareTask: Sendable {
    public var settings = RunSettings()
    /// Only the authorities of this partnership or region.
    public var partnership: String?
    /// Only these quarters.
    public var quarters: ClosedRange<Quarter>?
    public var audience = Audience.analysts
    /// Counts below it are withheld from everybody except the partnership's own analysts.
    public var small = 5
    public var folder: String

    public init(folder: String) { self.folder = folder }

    public struct Outcome: Sendable {
        public let result: CheckResult
        public let comparison: Comparison
        /// Returns with parts in several files.
        public let inParts: [RepeatedReturn]
    }

    public func perform(_ surroundings: Surroundings) throws -> Outcome {
        try settings.checkLog()
        let folder = try surroundings.makeFolder { try OutputFolder(at: self.folder) }
        defer { folder.abandon() }
        let tables = try settings.referenceTables(surroundings)
        let store = try settings.openedStore()
        let book = try settings.book(surroundings)
        let scope = try scope(book)
        if let missing = audience.missing { throw TaskFault.noProtection(missing) }
        let (run, result) = try settings.run(with: book, takesDigests: true, store: store, surroundings)
        let repeated = RepeatedReturn.all(in: result).filter { quarters?.contains($0.quarter) ?? true }
        // Adding two versions of one return would count it twice.
        if repeated.contains(where: \.isTwice) { throw TaskFault.returnsTwice(repeated, PrintedText(result.judgement)) }
        let kept = store.map { HistoryFacts($0, run, result) }
        var collector = FactCollector(book: book, scope: scope, history: try kept?.history() ?? result.history)
        let facts = store.map { store in ReturnFacts(result) { store.key(of: $0) } } ?? ReturnFacts(result)
        facts.prepare(&collector)
        try result.reread { assignment, place in facts.give(assignment, at: place, to: &collector) }
        let returnsKept = try kept?.give(to: &collector)
        let comparison = Comparison(
            collector.finish(), returnsFromHistory: returnsKept, book: book, reference: tables, scope: scope, audience: audience,
            small: small)
        if comparison.isEmpty { throw TaskFault.nothingCompared(result) }
        let identity = RunIdentity(
            toolVersion: surroundings.toolVersion, rulesDigest: try book.digest(with: tables.files),
            shadowed: book.shadowed + tables.shadowed, stamp: settings.stamp)
        try comparison.write(result, identity: identity, to: folder)
        try settings.writeLog("compare", result, RunSummary(result), identity, folder)
        return Outcome(result: result, comparison: comparison, inParts: repeated)
    }

    private func scope(_ book: RuleBook) throws -> ComparisonScope {
        guard let partnership else { return ComparisonScope(quarters: quarters) }
        guard let known = book.partnership(named: partnership) else {
            throw TaskFault.noPartnership(known: Set(book.partnerships.map(\.name) + book.authorities.regions).sorted())
        }
        return ComparisonScope(partnership: known, quarters: quarters)
    }
}
