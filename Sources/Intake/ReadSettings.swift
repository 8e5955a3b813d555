import RuleBook
import TextSource

/// The settings for reading inputs: the rule book, the defaults of records, the limits.
public struct ReadSettings: Sendable {
    public let book: RuleBook
    public let defaults: RecordDefaults
    public let limits: Limits
    /// The number of bytes of a CSV file that are read at a time.
    public let window: Int

    public init(book: RuleBook, defaults: RecordDefaults = RecordDefaults(), limits: Limits = Limits(), window: Int = 256 << 10) {
        self.book = book
        self.defaults = defaults
        self.limits = limits
        self.window = window
    }

    /// The years of which a census can be read.
    var censusYears: ClosedRange<Int> {
        let first = book.parameters.firstCensusYear.entries.last?.value ?? 0
        return first...max(first, book.parameters.lastCensusYear.entries.last?.value ?? 0)
    }
}
