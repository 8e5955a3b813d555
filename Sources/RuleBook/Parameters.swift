import AgencyModel

/// The dated figures of the rules. Each has its source in parameters.csv.
public struct Parameters: Sendable {
    public var chargeTolerance = Dated<Money>()
    public var lowestRate = Dated<Money>()
    public var highestRate = Dated<Money>()
    public var weeklyHours = Dated<Quantity>()
    public var hoursFactor = Dated<Quantity>()
    public var leastHoursPercent = Dated<Quantity>()
    /// The first plausible date, and the number of years after the end of the quarter for the last.
    public var earliestDate = Dated<CalendarDate>()
    public var yearsAfterQuarter = Dated<Int>()
    public var experienceDays = Dated<Int>()
    public var declaredMonths = Dated<Int>()
    public var declaredDifference = Dated<Int>()
    public var cooloffMonths = Dated<Int>()
    /// A census post shorter than this number of months may have been a probation.
    public var probationMonths = Dated<Int>()
    public var noticeWeeks = Dated<Quantity>()
    public var references = Dated<Int>()
    public var costDifferencePercent = Dated<Quantity>()
    public var regionWeeklyHours = Dated<Quantity>()
    public var rateSpreadPercent = Dated<Quantity>()
    public var firstCensusYear = Dated<Int>()
    public var lastCensusYear = Dated<Int>()
    public var submissionMonths = Dated<Int>()
    /// Hours of a full-time week, for full-time equivalents.
    public var fullTimeHours = Dated<Quantity>()
    /// The number of months after the end of a substantive post in which agency work in the region counts as a move.
    public var moveMonths = Dated<Int>()
    /// What an employer pays on top of a permanent salary, in per cent of it. A partnership sets it; none is shipped.
    public var permanentOnCostPercent = Dated<Quantity>()
    /// The hours a year that a permanent full-time salary pays for. A partnership sets them; none are shipped.
    public var permanentPaidHours = Dated<Quantity>()

    /// The key of a parameter, its unit, and where its value is kept.
    struct Definition: Sendable {
        let key: String
        let wanted: String
        /// Whether the rule book is complete without it.
        var isOptional = false
        /// Returns nil if the text is not of the type, and false if the day already has a value.
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
