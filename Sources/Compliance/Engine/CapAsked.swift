import AgencyModel
import RuleBook

/// How a capped rate compares with the cap that its assignment needs, for the CAP rules, the reports and the comparison. A rate
/// equal to the cap is within it.
public enum RateAndCap: Sendable {
    case within, above
    /// A PAYE rate without on-costs whose pay rate is not above the cap: it is not known how much higher the capped rate is.
    case undecided

    @inlinable @inline(__always)
    public init(rate: Money, cap: Money, lacksOnCosts: Bool) {
        self = rate > cap ? .above : lacksOnCosts ? .undecided : .within
    }
}

extension Circumstances {
    /// Whether an assignment needs a cap: the family applies, and the role is not one without agreed caps. A missing role may be
    /// one of the five.
    @inline(__always)
    public func capsApply(role: CoreRole?, start: CalendarDate, end: CalendarDate?) -> Bool {
        role != .other && applies(CAP001_RateAboveCap.commencement, start: start, end: end)
    }

    /// The cap on file for the role on the day whose figures apply; nil if the role is missing or the region has none.
    @inline(__always)
    public func cap(role: CoreRole?, start: CalendarDate) -> Dated<Money>.Entry? {
        guard let role, role != .other else { return nil }
        return caps.flatMap { $0[Int(role.rawValue)].entry(on: ongoingDay(start: start)) }
    }

    /// The cap that an assignment needs; nil if it needs none or none is on file.
    public func capAsked(role: CoreRole?, start: CalendarDate, end: CalendarDate?) -> Dated<Money>.Entry? {
        capsApply(role: role, start: start, end: end) ? cap(role: role, start: start) : nil
    }

    @inline(__always)
    public func capsApply(to assignment: borrowing AssessedAssignment) -> Bool {
        capsApply(role: assignment.row.role, start: assignment.start, end: assignment.row.endDate)
    }

    @inline(__always)
    public func cap(for assignment: borrowing AssessedAssignment) -> Dated<Money>.Entry? {
        cap(role: assignment.row.role, start: assignment.start)
    }
}
