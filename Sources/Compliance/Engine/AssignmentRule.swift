import AgencyModel
import RuleBook

/// The rules of a rule file: one, or several that are outcomes of one judgement.
public protocol RuleFile {
    static var rules: [Rule] { get }
    /// The commencement of its rules; nil if they always apply.
    static var commencement: CommencementFamily? { get }
    /// Whether only IMP and DATA look at an assignment with a finding of this file.
    static var stopsAssessment: Bool { get }
}

extension RuleFile {
    @inlinable public static var commencement: CommencementFamily? { nil }
    @inlinable public static var stopsAssessment: Bool { false }

    /// Whether the code belongs to one of its rules.
    public static func has(_ code: RuleCode) -> Bool { rules.contains { $0.code == code } }
}

/// A rule that judges every assignment on its own, whatever is missing, with what is known about its authority and quarter.
public protocol AssignmentRule: RuleFile {
    static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict
}

/// A rule that judges one assessed assignment on its own, with what is known about its worker, authority and quarter.
public protocol AssessedRule: RuleFile {
    static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict
}

/// The number of days of an assignment in its quarter, as far as its dates show: one known date is enough to show that it has none.
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

    /// The number of days of the assignment in a period; nil if it has none, or no start date.
    @inlinable
    public func days(from first: CalendarDate, to last: CalendarDate) -> Int? {
        guard let startDate else { return nil }
        let start = max(startDate, first)
        let end = min(endDate ?? last, last)
        return end < start ? nil : Int(end.dayNumber - start.dayNumber) + 1
    }
}
