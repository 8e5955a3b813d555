import AgencyModel
import RuleBook

/// The requirement of three years' experience, in the figures of a given day.
public struct ExperienceAsked: Sendable {
    /// Qualifying days before the start.
    public let days: Int
    /// The months that the authority can declare instead.
    public let months: Int

    /// The figures in force on the day; nil if there are none yet.
    @inline(__always)
    public init?(_ parameters: Parameters, on day: CalendarDate) {
        guard let days = parameters.experienceDays.value(on: day), let months = parameters.declaredMonths.value(on: day) else {
            return nil
        }
        (self.days, self.months) = (days, months)
    }

    /// The figures in force on the day or, before the rule's first day, its first figures: they show how the assignment would be
    /// judged, not whether the rule is met.
    public init(_ parameters: Parameters, onOrBefore day: CalendarDate) {
        days = parameters.experienceDays.value(on: day) ?? parameters.experienceDays.entries.first?.value ?? .max
        months = parameters.declaredMonths.value(on: day) ?? parameters.declaredMonths.entries.first?.value ?? .max
    }

    /// The evidence of the experience. `shown` is the number of days in the history; nil if it has nothing about the worker.
    @inline(__always)
    public func proof(shown: Int?, declared: Int?, isVerified: Bool?) -> ExperienceProof {
        if let shown, shown >= days { return .proven }
        guard let declared, declared >= months else { return .nothing }
        return isVerified == true ? .verified : .declared
    }
}

extension EmploymentHistory {
    /// A worker with a DIRECT spell in any setting, so that the history decides. For all others, only the declaration counts.
    @inline(__always)
    func employed(_ number: SWENumber) -> Worker? { worker(number).flatMap { hasDirectSpell($0) ? $0 : nil } }

    /// The qualifying days before the day; nil if the history has no DIRECT spell of the worker.
    public func daysShown(of number: SWENumber, before day: CalendarDate) -> Int? {
        employed(number).map { qualifyingDays($0, before: day) }
    }
}
