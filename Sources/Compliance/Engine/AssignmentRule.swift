import AgencyModel
import RuleBook

/// What every rule's file says of its rules: one, or several that are outcomes of one judgement.
public protocol RuleFile {
    static var rules: [Rule] { get }
    /// From when its rules apply; nil for those that always do.
    static var commencement: CommencementFamily? { get }
    /// Whether an assignment that it finds fault with is looked at by IMP and DATA alone.
    static var stopsAssessment: Bool { get }
}

extension RuleFile {
    @inlinable public static var commencement: CommencementFamily? { nil }
    @inlinable public static var stopsAssessment: Bool { false }

    /// Whether the code is one of its rules'.
    public static func has(_ code: RuleCode) -> Bool { rules.contains { $0.code == code } }
}

/// A rule that judges every assignment by itself, whatever is missing of it, with what is known of its authority and quarter.
public protocol AssignmentRule: RuleFile {
    static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict
}

/// A rule that judges one assessed assignment by itself, with what is known of its worker, authority and quarter.
public protocol AssessedRule: RuleFile {
    static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict
}

/// How many days of an assignment lie in its quarter, as far as its dates tell: one known date is enough to tell that none does.
enum DaysInQuarter {
    case none
    case unknown
    case some(Int)
}

extension Assignment {
    @inline(__always)
    func daysInQuarter(_ circumstances: Circumstances) -> DaysInQuarter {
        let (first, last) = (circumstances.quarterStart.dayNumber, circumstances.quarterEnd.dayNumber)
        let end = endDate?.dayNumber ?? Int32.max
        guard let start = startDate?.dayNumber else { return quarter != nil && end < first ? .none : .unknown }
        if end < start { return .none }
        guard quarter != nil else { return .unknown }
        let days = min(end, last) &- max(start, first) &+ 1
        return days > 0 ? .some(Int(days)) : .none
    }

    /// The first and last day of the assignment inside a quarter; nil where it has none, or no start date.
    @inlinable
    public func days(from first: CalendarDate, to last: CalendarDate) -> Int? {
        guard let startDate else { return nil }
        let start = max(startDate, first)
        let end = min(endDate ?? last, last)
        return end < start ? nil : Int(end.dayNumber - start.dayNumber) + 1
    }
}
