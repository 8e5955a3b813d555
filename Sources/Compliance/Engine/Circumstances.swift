import AgencyModel
import RuleBook

/// What a rule can know besides the assignment: the rule book, the worker's history, the authority and the quarter.
///
/// It is made for one authority and quarter and never changes, so it can be passed to thirty rules for each record without a copy.
public final class Circumstances: Sendable {
    public let book: RuleBook
    public let history: EmploymentHistory
    private let records: AuthorityRecords

    private let code: AuthorityCode?
    private let quarter: Quarter?
    /// The authority in the table; nil if the assignment's is missing or not in it.
    public let authority: AuthorityTable.Authority?
    public let quarterStart: CalendarDate
    public let quarterEnd: CalendarDate
    /// The figures in force on the last day of the quarter; nil if there are none.
    public let chargeTolerance: Money?
    public let lowestRate: Money?
    public let highestRate: Money?
    public let hoursFactor: Quantity?
    public let leastHoursPercent: Quantity?
    public let plausibleDays: PlausibleDays?
    /// What the authority says about itself for the quarter.
    public let record: AuthorityRecord?
    /// By `CommencementFamily`.
    private let commencements: [Commencement]
    /// The commencement of each family, for this quarter.
    private let begun: [Begun]
    /// The region's own cool-off in months.
    private let regionalCooloff: Int?
    /// By role, for the authority's region; nil if the authority has none.
    let caps: [Dated<Money>]?

    public init(
        book: RuleBook, history: EmploymentHistory = EmploymentHistory(), records: AuthorityRecords = AuthorityRecords(),
        authority code: AuthorityCode? = nil, quarter: Quarter? = nil
    ) {
        self.book = book
        self.history = history
        self.records = records
        self.code = code
        self.quarter = quarter
        authority = code.flatMap { book.authorities[$0] }
        // Without a quarter, the newest figures apply. Rules that need the days of the quarter check for it first.
        quarterStart = quarter?.firstDay ?? CalendarDate(year: 1, month: 1, day: 1)!
        quarterEnd = quarter?.lastDay ?? CalendarDate(year: 9999, month: 12, day: 31)!
        if let code, let quarter { record = records[code, quarter] } else { record = nil }
        let region = authority?.region
        caps = region.map { book.caps(region: $0) }
        regionalCooloff = region.flatMap { book.cooloffMonths(region: $0) }
        commencements = CommencementFamily.allCases.map { book.commencement($0, region: region) }
        let end = quarterEnd
        begun = commencements.map { Begun($0, quarterEnd: end) }
        let parameters = book.parameters
        chargeTolerance = parameters.chargeTolerance.value(on: quarterEnd)
        lowestRate = parameters.lowestRate.value(on: quarterEnd)
        highestRate = parameters.highestRate.value(on: quarterEnd)
        hoursFactor = parameters.hoursFactor.value(on: quarterEnd)
        leastHoursPercent = parameters.leastHoursPercent.value(on: quarterEnd)
        if let first = parameters.earliestDate.value(on: quarterEnd), let years = parameters.yearsAfterQuarter.value(on: quarterEnd)
        {
            let last = quarter == nil ? quarterEnd : quarterEnd.adding(months: 12 * min(years, 10_000))
            plausibleDays = PlausibleDays(first: first, last: last, years: years)
        } else {
            plausibleDays = nil
        }
    }

    /// The days that a date of the return can plausibly be. Without a quarter, there is no last one.
    public struct PlausibleDays: Sendable {
        let first: CalendarDate
        let last: CalendarDate
        /// The number of years from the end of the quarter to the last of them.
        let years: Int
    }

    /// `Commencement.applies` for one quarter, as two days to compare with the start and end.
    private struct Begun {
        private static let never = Int32.max
        /// The first start for which the family applies.
        let start: Int32
        /// The first end for which it applies. A running assignment counts as ending at the latest possible day.
        let end: Int32

        init(_ commencement: Commencement, quarterEnd: CalendarDate) {
            start = commencement.newFrom?.dayNumber ?? Begun.never
            if let legacyFrom = commencement.legacyFrom, legacyFrom <= quarterEnd {
                end = legacyFrom.dayNumber
            } else {
                end = Begun.never
            }
        }

        @inline(__always)
        func holds(start: CalendarDate, end: CalendarDate?) -> Bool {
            start.dayNumber >= self.start || (end?.dayNumber ?? Begun.never - 1) >= self.end
        }
    }

    /// Whether these circumstances are those of the authority and quarter.
    @inline(__always)
    public func hold(for code: AuthorityCode?, _ quarter: Quarter?) -> Bool { code == self.code && quarter == self.quarter }

    /// The circumstances of an authority and quarter: these, where they are theirs.
    public func settled(for code: AuthorityCode?, _ quarter: Quarter?) -> Circumstances {
        if hold(for: code, quarter) { return self }
        return Circumstances(book: book, history: history, records: records, authority: code, quarter: quarter)
    }

    public func commencement(_ family: CommencementFamily) -> Commencement { commencements[Int(family.rawValue)] }

    /// Whether rules of that commencement apply to an assignment, in a known quarter (rule catalogue, Commencement); those without one
    /// always do.
    @inline(__always)
    public func applies(_ family: CommencementFamily?, start: CalendarDate, end: CalendarDate?) -> Bool {
        guard let family else { return true }
        return begun[Int(family.rawValue)].holds(start: start, end: end)
    }

    @inline(__always)
    public func applies(_ family: CommencementFamily?, to assignment: borrowing AssessedAssignment) -> Bool {
        applies(family, start: assignment.start, end: assignment.row.endDate)
    }

    /// The months of cool-off in force on the day: the region's own, otherwise the national figure.
    @inline(__always)
    public func cooloffMonths(on day: CalendarDate) -> Int? { regionalCooloff ?? book.parameters.cooloffMonths.value(on: day) }

    /// The day whose figures apply for requirements that last as long as the assignment: the later of its start and the first day
    /// of the quarter.
    @inline(__always)
    public func ongoingDay(start: CalendarDate) -> CalendarDate { max(start, quarterStart) }
}

/// The authority records of a run, one for each authority and quarter.
public struct AuthorityRecords: Sendable {
    private var records: [UInt32: (record: AuthorityRecord, file: Int)] = [:]

    public init() {}

    private static func key(_ authority: AuthorityCode, _ quarter: Quarter) -> UInt32 {
        UInt32(authority.number) << 16 | UInt32(quarter.index)
    }

    public subscript(authority: AuthorityCode, quarter: Quarter) -> AuthorityRecord? {
        records[AuthorityRecords.key(authority, quarter)]?.record
    }

    /// The authorities and quarters with records, sorted.
    public var keys: [ReturnKey] {
        records.values.map { ReturnKey(authority: $0.record.authority, quarter: $0.record.quarter) }.sorted()
    }

    /// The file of the record. Files are numbered in the order of their names.
    public func file(_ authority: AuthorityCode, _ quarter: Quarter) -> Int? {
        records[AuthorityRecords.key(authority, quarter)]?.file
    }

    /// Returns false if there already is a record for the authority and quarter; the new one is then not added.
    public mutating func add(_ record: AuthorityRecord, file: Int) -> Bool {
        let key = AuthorityRecords.key(record.authority, record.quarter)
        if records[key] != nil { return false }
        records[key] = (record, file)
        return true
    }
}
