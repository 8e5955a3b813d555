import AgencyModel

/// A value that holds from a day on, until a later one takes over.
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

    /// In order of the days.
    public private(set) var entries: [Entry] = []
    /// The last of them: nearly always the one that is asked for.
    @usableFromInline private(set) var newest: Entry?

    public init() {}

    /// False where a value from that day is there already.
    mutating func insert(_ value: Value, from day: CalendarDate) -> Bool {
        let place = entries.firstIndex { $0.from >= day } ?? entries.count
        if place < entries.count, entries[place].from == day { return false }
        entries.insert(Entry(from: day, value: value), at: place)
        newest = entries.last
        return true
    }

    /// The value in force on the day; nil where none is yet: then nothing is decided.
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

/// From when on a family of rules applies. Nil: never.
public struct Commencement: Equatable, Sendable {
    /// Assignments that start on or after this day.
    public var newFrom: CalendarDate?
    /// From this day on also those that started before.
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

    /// The day by which something that comes before a rate is agreed is due: the day from which the rate holds, where it changed during
    /// the assignment; else the day of the offer; else the start. Never earlier than legacy_from for an assignment that only
    /// legacy_from brings in.
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

/// The families of the table of commencement.
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
