/// A figure of the published table of children's social work workforce indicators, from which rates are computed.
///
/// The names are those of the Department for Education's table (Children's social work workforce, 2017 to 2025).
public enum WorkforcePart: UInt8, CaseIterable, Sendable {
    case inpostFTE, inpostHeadcount, startersFTE, startersHeadcount, leaversFTE, leaversHeadcount
    case agencyFTE, agencyHeadcount, agencyCoverFTE, vacancyFTE, caseHoldersFTE, cases, workingDaysLostFTE

    /// The column in rules/published-indicators.csv.
    public var key: String {
        switch self {
        case .inpostFTE: "inpost_fte"
        case .inpostHeadcount: "inpost_headcount"
        case .startersFTE: "starters_fte"
        case .startersHeadcount: "starters_headcount"
        case .leaversFTE: "leavers_fte"
        case .leaversHeadcount: "leavers_headcount"
        case .agencyFTE: "agency_fte"
        case .agencyHeadcount: "agency_headcount"
        case .agencyCoverFTE: "agency_cover_fte"
        case .vacancyFTE: "vacancy_fte"
        case .caseHoldersFTE: "case_holders_fte"
        case .cases: "cases"
        case .workingDaysLostFTE: "working_days_lost_fte"
        }
    }

    /// The name on a page.
    public var words: String {
        switch self {
        case .inpostFTE: "social workers in post, FTE"
        case .inpostHeadcount: "social workers in post, people"
        case .startersFTE: "starters in the year, FTE"
        case .startersHeadcount: "starters in the year, people"
        case .leaversFTE: "leavers in the year, FTE"
        case .leaversHeadcount: "leavers in the year, people"
        case .agencyFTE: "agency workers, FTE"
        case .agencyHeadcount: "agency workers, people"
        case .agencyCoverFTE: "agency workers covering vacancies, FTE"
        case .vacancyFTE: "vacancies, FTE"
        case .caseHoldersFTE: "workers holding cases, FTE"
        case .cases: "cases held"
        case .workingDaysLostFTE: "working days lost to sickness, FTE"
        }
    }

    /// Whether the published figure is rounded to one decimal place. People and cases are whole numbers.
    public var isRounded: Bool {
        switch self {
        case .inpostHeadcount, .startersHeadcount, .leaversHeadcount, .agencyHeadcount, .cases: false
        case .inpostFTE, .startersFTE, .leaversFTE, .agencyFTE, .agencyCoverFTE, .vacancyFTE, .caseHoldersFTE, .workingDaysLostFTE:
            true
        }
    }
}

/// A figure with one decimal place, as in the published table of rates and full-time equivalents, and never in binary floating
/// point.
public struct Tenths: Equatable, Comparable, Hashable, Sendable {
    public let value: Int

    public init(_ value: Int) { self.value = value }

    /// Reads digits with at most one decimal place and at most 9 digits before the point. Nil for anything else, including a sign.
    public init?(_ bytes: Bytes) {
        guard let quantity = Quantity(bytes), quantity.billionths % (Quantity.scale / 10) == 0 else { return nil }
        value = Int(quantity.billionths / (Quantity.scale / 10))
    }

    public static func < (left: Tenths, right: Tenths) -> Bool { left.value < right.value }

    /// The median, or the mean of the two middle figures, half a tenth up. Nil if there are no figures.
    public static func median(_ figures: [Tenths]) -> Tenths? {
        if figures.isEmpty { return nil }
        let sorted = figures.sorted()
        let middle = sorted.count / 2
        if sorted.count % 2 == 1 { return sorted[middle] }
        return Tenths((sorted[middle - 1].value + sorted[middle].value + 1) / 2)
    }
}

extension Tenths: CustomStringConvertible {
    /// `12.5`; `12.0` with its decimal place, so that figures are aligned.
    public var description: String { "\(value / 10).\(value % 10)" }
}

/// The parts for one area and year, or for one census, kept exactly in billionths, so that nothing is rounded twice.
///
/// 128 bits are needed because a census can give any nine digits for each worker, and their sum must not overflow.
public struct WorkforceFigures: Equatable, Sendable {
    public static let scale: Int128 = 1_000_000_000
    private var values = [Int128?](repeating: nil, count: WorkforcePart.allCases.count)

    public init() {}

    /// Nil if the figure is not known.
    public subscript(part: WorkforcePart) -> Int128? {
        get { values[Int(part.rawValue)] }
        set { values[Int(part.rawValue)] = newValue }
    }

    /// The figure to one decimal place, half up.
    public func tenths(_ part: WorkforcePart) -> Tenths? {
        self[part].map { Tenths(Int(clamping: ($0 * 20 + WorkforceFigures.scale) / (WorkforceFigures.scale * 2))) }
    }
}
