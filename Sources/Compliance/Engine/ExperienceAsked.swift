import AgencyModel
import RuleBook

/// What three years' experience asks, in the figures of a day.
public struct ExperienceAsked: Sendable {
    /// Qualifying days before the start.
    public let days: Int
    /// Months that the authority may declare in their place.
    public let months: Int

    /// In force on the day; nil where none are yet.
    @inline(__always)
    public init?(_ parameters: Parameters, on day: CalendarDate) {
        guard let days = parameters.experienceDays.value(on: day), let months = parameters.declaredMonths.value(on: day) else {
            return nil
        }
        (self.days, self.months) = (days, months)
    }

    /// In force on the day, or before the rule's first day its first figures: for how an assignment would do, not whether the rule is kept.
    public init(_ parameters: Parameters, onOrBefore day: CalendarDate) {
        days = parameters.experienceDays.value(on: day) ?? parameters.experienceDays.entries.first?.value ?? .max
        months = parameters.declaredMonths.value(on: day) ?? parameters.declaredMonths.entries.first?.value ?? .max
    }

    /// What the experience rests on. `shown` are the days that the history shows: nil where it has nothing to say of the worker.
    @inline(__always)
    public func proof(shown: Int?, declared: Int?, isVerified: Bool?) -> ExperienceProof {
        if let shown, shown >= days { return .proven }
        guard let declared, declared >= months else { return .nothing }
        return isVerified == true ? .verified : .declared
    }
}

extension EmploymentHistory {
    /// A worker whose history speaks: of a DIRECT spell, whatever its setting. Of the others the declaration alone counts.
    @inline(__always)
    func employed(_ number: SWENumber) -> Worker? { worker(number).flatMap { hasDirectSpell($0) ? $0 : nil } }

    /// The qualifying days before the day; nil where the history has no DIRECT spell of the worker.
    public func daysShown(of number: SWENumber, before day: CalendarDate) -> Int? {
        employed(number).map { qualifyingDays($0, before: day) }
    }
}
