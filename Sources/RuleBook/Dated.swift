import AgencyModel

/// A value that applies from a given day, until a later value replaces it.
public struct Dated<Value: Sendable>: Sendable {
    public struct Entry: Sendable {
        public let from: CalendarDate
        public let value: Value

        @inlinable
        init(from: CalendarDate, value: Value) {
            self.from = from
            self.value = value
        }
    }

    /// Sorted by day.
    public private(set) var entries: [Entry] = []
    /// The last entry, which is nearly always the one needed.
    @usableFromInline private(set) var newest: Entry?

    public init() {}

    /// Returns false if there is already a value from that day.
    mutating func insert(_ value: Value, from day: CalendarDate) -> Bool {
        let place = entries.firstIndex { $0.from >= day } ?? entries.count
        if place < entries.count, entries[place].from == day { return false }
        entries.insert(Entry(from: day, value: value), at: place)
        newest = entries.last
        return true
    }

    /// The value in force on the day; nil if there is none yet, in which case nothing is decided.
    @inlinable @inline(__always)
    public func value(on day: CalendarDate) -> Value? { entry(on: day)?.value }

    @inlinable @inline(__always)
    public func entry(on day: CalendarDate) -> Entry? {
        if let newest, newest.from <= day { return newest }
        return olderEntry(on: day)
    }

    @inlinable @inline(never)
    func olderEntry(on day: CalendarDate) -> Entry? {
        var place = entries.count
        while place > 0 {
            place -= 1
            if entries[place].from <= day { return entries[place] }
        }
        return nil
    }
}

/// When a family of rules starts to apply. Nil means never.
public struct Commencement: Equatable, Sendable {
    /// The family applies to assignments that start on or after this day.
    public var newFrom: CalendarDate?
    /// From this day, it also applies to assignments that started earlier.
    public var legacyFrom: CalendarDate?

    public init(newFrom: CalendarDate?, legacyFrom: CalendarDate?) {
        self.newFrom = newFrom
        self.legacyFrom = legacyFrom
    }

    /// Whether the family applies to an assignment in a quarter (rule catalogue, Commencement).
    @inlinable
    public func applies(start: CalendarDate, end: CalendarDate?, quarterEnd: CalendarDate) -> Bool {
        if let newFrom, start >= newFrom { return true }
        guard let legacyFrom, legacyFrom <= quarterEnd else { return false }
        return end == nil || end! >= legacyFrom
    }

    /// The last day for something that must be done before a rate is agreed. If the rate changed during the assignment, it is the
    /// day from which the rate applies; otherwise the day of the offer, and otherwise the start. For an assignment to which the
    /// family applies only because of legacy_from, it is never before legacy_from.
    public func dueDay(start: CalendarDate, rateFrom: CalendarDate? = nil, offer: CalendarDate? = nil) -> CalendarDate {
        var due = start
        if let rateFrom, rateFrom > start {
            due = rateFrom
        } else if let offer, offer <= start {
            due = offer
        }
        if let newFrom, start >= newFrom { return due }
        return max(due, legacyFrom ?? due)
    }
}

/// The families in the commencement table.
public enum CommencementFamily: UInt8, CaseIterable, Sendable {
    case caps, experience, teamsOngoing, teamsAtEngagement, cooloff, notice, references

    public var key: String {
        switch self {
        case .teamsOngoing: "teams_ongoing"
        case .teamsAtEngagement: "teams_at_engagement"
        case .caps, .experience, .cooloff, .notice, .references: String(describing: self)
        }
    }
}
