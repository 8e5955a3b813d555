import AgencyModel

/// The dated figures of the rules. Every one carries its source in parameters.csv.
public struct Parameters: Sendable {
    public var chargeTolerance = Dated<Money>()
    public var lowestRate = Dated<Money>()
    public var highestRate = Dated<Money>()
    public var weeklyHours = Dated<Quantity>()
    public var hoursFactor = Dated<Quantity>()
    public var leastHoursPercent = Dated<Quantity>()
    /// Of the dates that can be meant: the first, and how many years after the quarter's end the last.
    public var earliestDate = Dated<CalendarDate>()
    public var yearsAfterQuarter = Dated<Int>()
    public var experienceDays = Dated<Int>()
    public var declaredMonths = Dated<Int>()
    public var declaredDifference = Dated<Int>()
    public var cooloffMonths = Dated<Int>()
    /// A post of a census that was shorter may have been probation, months.
    public var probationMonths = Dated<Int>()
    public var noticeWeeks = Dated<Quantity>()
    public var references = Dated<Int>()
    public var costDifferencePercent = Dated<Quantity>()
    public var regionWeeklyHours = Dated<Quantity>()
    public var rateSpreadPercent = Dated<Quantity>()
    public var firstCensusYear = Dated<Int>()
    public var lastCensusYear = Dated<Int>()
    public var submissionMonths = Dated<Int>()
    /// Hours of a full-time week, for whole-time equivalents.
    public var fullTimeHours = Dated<Quantity>()
    /// How long after the end of a substantive post agency work in the region counts as a move, months.
    public var moveMonths = Dated<Int>()
    /// What an employer pays on top of a permanent salary, per cent of it. A partnership sets it; none is shipped.
    public var permanentOnCostPercent = Dated<Quantity>()
    /// Hours a year that a permanent full-time salary buys. A partnership sets it; none is shipped.
    public var permanentPaidHours = Dated<Quantity>()

    /// A parameter's key, what it is measured in, and where its value goes.
    struct Definition: Sendable {
        let key: String
        let wanted: String
        /// Whether the rule book is whole without it.
        var isOptional = false
        /// Nil where the text is not of the type; false where the day has a value already.
        let insert: @Sendable (inout Parameters, String, CalendarDate) -> Bool?
    }

    private static func money(_ key: String, _ path: WritableKeyPath<Parameters, Dated<Money>> & Sendable) -> Definition {
        Definition(key: key, wanted: "an amount in pounds such as 15.00") { parameters, text, day in
            text.read(Money.init).map { parameters[keyPath: path].insert($0, from: day) }
        }
    }
    private static func quantity(_ key: String, _ path: WritableKeyPath<Parameters, Dated<Quantity>> & Sendable) -> Definition {
        Definition(key: key, wanted: "a number such as 48 or 1.25") { parameters, text, day in
            text.read(Quantity.init).map { parameters[keyPath: path].insert($0, from: day) }
        }
    }
    private static func number(_ key: String, _ path: WritableKeyPath<Parameters, Dated<Int>> & Sendable) -> Definition {
        Definition(key: key, wanted: "a whole number such as 36") { parameters, text, day in
            text.read(wholeNumber).map { parameters[keyPath: path].insert($0, from: day) }
        }
    }

    private static func date(_ key: String, _ path: WritableKeyPath<Parameters, Dated<CalendarDate>> & Sendable) -> Definition {
        Definition(key: key, wanted: "a date such as 2000-01-31") { parameters, text, day in
            text.read(CalendarDate.init).map { parameters[keyPath: path].insert($0, from: day) }
        }
    }

    static let definitions: [Definition] = [
        money("DATA007.tolerance", \.chargeTolerance),
        money("DATA008.lowest_rate", \.lowestRate),
        money("DATA008.highest_rate", \.highestRate),
        quantity("DATA010.weekly_hours", \.weeklyHours),
        quantity("DATA011.factor", \.hoursFactor),
        date("DATA013.earliest", \.earliestDate),
        number("DATA013.years_after", \.yearsAfterQuarter),
        quantity("DATA019.percent", \.leastHoursPercent),
        number("EXP.required_days", \.experienceDays),
        number("EXP.declared_months", \.declaredMonths),
        number("EXP005.months_difference", \.declaredDifference),
        number("COOL001.months", \.cooloffMonths),
        number("COOL002.probation_months", \.probationMonths),
        quantity("NOTE001.weeks", \.noticeWeeks),
        number("REF001.references", \.references),
        quantity("AUTH003.percent", \.costDifferencePercent),
        quantity("REGION001.weekly_hours", \.regionWeeklyHours),
        quantity("REGION002.percent", \.rateSpreadPercent),
        number("census.first_year", \.firstCensusYear),
        number("census.last_year", \.lastCensusYear),
        number("submission.months", \.submissionMonths),
        quantity("compare.full_time_hours", \.fullTimeHours),
        number("compare.move_months", \.moveMonths),
        optional(quantity("permanent.on_cost_percent", \.permanentOnCostPercent)),
        optional(quantity("permanent.paid_hours", \.permanentPaidHours)),
    ]

    private static func optional(_ definition: Definition) -> Definition {
        var definition = definition
        definition.isOptional = true
        return definition
    }
}
