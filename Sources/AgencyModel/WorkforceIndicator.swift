/// A rate of the children's social work workforce, as the Department for Education defines it.
///
/// The definitions are from *Children's social work workforce, methodology* (Department for Education). docs/decisions/health.md
/// says how well each agrees with the published table, 2017 to 2025.
public enum WorkforceIndicator: UInt8, CaseIterable, Sendable {
    case caseload, vacancyRate, agencyRate, turnover, absence
    case agencyRateHeadcount, turnoverHeadcount, agencyCoverRate, vacancyCoverRate

    /// The indicators of the health check. The others are only in the published table.
    public static let ofHealthCheck: [WorkforceIndicator] = [.caseload, .vacancyRate, .agencyRate, .turnover, .absence]

    /// How an indicator is computed: a numerator divided by one part or by the sum of two.
    public struct Definition: Sendable {
        public let numerator: WorkforcePart
        /// The numerator can be one of the parts: agency FTE ÷ (agency FTE + social workers in post).
        public let denominator: [WorkforcePart]
        /// 100 for a percentage, 1 for cases for each worker.
        public let times: Int128
        /// Whether the denominator is also multiplied by the working days of the year.
        public let byWorkingDays: Bool

        /// Starters in the year for each hundred social workers in post at its end, FTE. The counterpart of turnover; the
        /// Department prints the parts but not the rate.
        public static let starterRate = Definition(
            numerator: .startersFTE, denominator: [.inpostFTE], times: 100, byWorkingDays: false)

        /// The rate to one decimal place, half up. Nil if a part is not known or the denominator is zero.
        public func rate(of figures: WorkforceFigures, workingDays: Int) -> Tenths? {
            guard let (numerator, denominator) = fraction(of: figures, workingDays: workingDays) else { return nil }
            return Tenths(Int(clamping: (numerator * 20 + denominator) / (denominator * 2)))
        }

        /// The rate as an exact fraction.
        fileprivate func fraction(of figures: WorkforceFigures, workingDays: Int) -> (Int128, Int128)? {
            guard let numerator = figures[numerator] else { return nil }
            var sum: Int128 = 0
            for part in denominator {
                guard let value = figures[part] else { return nil }
                sum += value
            }
            guard sum > 0 else { return nil }
            return (numerator * times, sum * (byWorkingDays ? Int128(workingDays) : 1))
        }
    }

    public var definition: Definition {
        func percent(_ numerator: WorkforcePart, _ denominator: WorkforcePart..., byWorkingDays: Bool = false) -> Definition {
            Definition(numerator: numerator, denominator: denominator, times: 100, byWorkingDays: byWorkingDays)
        }
        switch self {
        case .caseload:
            return Definition(numerator: .cases, denominator: [.caseHoldersFTE], times: 1, byWorkingDays: false)
        case .vacancyRate: return percent(.vacancyFTE, .vacancyFTE, .inpostFTE)
        case .agencyRate: return percent(.agencyFTE, .agencyFTE, .inpostFTE)
        case .turnover: return percent(.leaversFTE, .inpostFTE)
        case .absence: return percent(.workingDaysLostFTE, .inpostFTE, byWorkingDays: true)
        case .agencyRateHeadcount: return percent(.agencyHeadcount, .agencyHeadcount, .inpostHeadcount)
        case .turnoverHeadcount: return percent(.leaversHeadcount, .inpostHeadcount)
        case .agencyCoverRate: return percent(.agencyCoverFTE, .agencyFTE)
        case .vacancyCoverRate: return percent(.agencyCoverFTE, .vacancyFTE)
        }
    }

    /// The name in tables: thresholds, health.csv.
    public var key: String {
        switch self {
        case .caseload: "caseload"
        case .vacancyRate: "vacancy_rate"
        case .agencyRate: "agency_rate"
        case .turnover: "turnover"
        case .absence: "absence"
        case .agencyRateHeadcount: "agency_rate_headcount"
        case .turnoverHeadcount: "turnover_headcount"
        case .agencyCoverRate: "agency_cover_rate"
        case .vacancyCoverRate: "vacancy_cover_rate"
        }
    }

    /// The column of the printed rate in rules/published-indicators.csv.
    public var publishedKey: String {
        switch self {
        case .caseload: "caseload_fte"
        case .vacancyRate: "vacancy_rate_fte"
        case .agencyRate: "agency_rate_fte"
        case .turnover: "turnover_rate_fte"
        case .absence: "absence_rate_fte"
        case .agencyRateHeadcount: "agency_rate_headcount"
        case .turnoverHeadcount: "turnover_rate_headcount"
        case .agencyCoverRate: "agency_cover_rate_fte"
        case .vacancyCoverRate: "vacancy_agency_cover_rate_fte"
        }
    }

    public var title: String {
        switch self {
        case .caseload: "Caseload"
        case .vacancyRate: "Vacancy rate"
        case .agencyRate: "Agency rate"
        case .turnover: "Turnover"
        case .absence: "Absence"
        case .agencyRateHeadcount: "Agency rate, people"
        case .turnoverHeadcount: "Turnover, people"
        case .agencyCoverRate: "Agency workers who cover vacancies"
        case .vacancyCoverRate: "Vacancies covered by agency workers"
        }
    }

    /// The unit after a figure: `%`, or nothing for cases.
    public var unit: String { definition.times == 100 ? "%" : "" }

    /// The definition in words.
    public var words: String {
        switch self {
        case .caseload: "Cases held, divided by the FTE of the workers, agency workers included, who hold at least one."
        case .vacancyRate: "Vacancies (FTE), divided by vacancies and social workers in post together (FTE)."
        case .agencyRate: "Agency workers (FTE), divided by agency workers and social workers in post together (FTE)."
        case .turnover: "Leavers in the year (FTE), divided by social workers in post at its end (FTE)."
        case .absence:
            "Working days lost to sickness, divided by the days that the social workers in post (FTE) had to work in the year."
        case .agencyRateHeadcount: "Agency workers, divided by agency workers and social workers in post together (people)."
        case .turnoverHeadcount: "Leavers in the year, divided by social workers in post at its end (people)."
        case .agencyCoverRate: "Agency workers who cover a vacancy, divided by all agency workers (FTE)."
        case .vacancyCoverRate: "Agency workers who cover a vacancy, divided by vacancies (FTE)."
        }
    }

    /// The indicator to one decimal place, half up. Nil if a part is not known or the denominator is zero. `workingDays` are those
    /// of the year and matter only for absence.
    public func rate(of figures: WorkforceFigures, workingDays: Int) -> Tenths? {
        definition.rate(of: figures, workingDays: workingDays)
    }

    // MARK: Comparison with printed rates

    /// How a printed rate agrees with the rate computed from its printed parts.
    public enum Agreement: Sendable {
        case equal
        /// Not equal, but equal for some parts that round to the printed ones.
        case withinRounding
        case outside
    }

    /// Compares a printed rate with its printed parts. Nil if a part is not printed or the denominator is zero.
    public func agreement(printed: Tenths, figures: WorkforceFigures, workingDays: Int) -> Agreement? {
        guard let computed = rate(of: figures, workingDays: workingDays) else { return nil }
        if computed == printed { return .equal }
        let half = WorkforceFigures.scale / 20
        // Every indicator increases with its numerator and decreases with the rest of its denominator.
        func moved(_ sign: Int128) -> WorkforceFigures {
            var moved = figures
            for part in Set([definition.numerator] + definition.denominator) where part.isRounded {
                let direction = part == definition.numerator ? sign : -sign
                moved[part] = max(0, figures[part]! + direction * half)
            }
            return moved
        }
        // A printed p means p - 0.05 to p + 0.05, in twentieths: 2p - 1 to 2p + 1.
        let printed = Int128(printed.value)
        if let (numerator, denominator) = definition.fraction(of: moved(-1), workingDays: workingDays),
            numerator * 20 > (printed * 2 + 1) * denominator
        {
            return .outside
        }
        if let (numerator, denominator) = definition.fraction(of: moved(1), workingDays: workingDays),
            numerator * 20 < (printed * 2 - 1) * denominator
        {
            return .outside
        }
        return .withinRounding
    }
}
