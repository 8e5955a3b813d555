import AgencyModel
import ByteWriting
import RuleBook
import Threads

/// How a figure compares with the thresholds that a partnership has set.
public enum Grade: String, Sendable {
    case green, amber, red
}

/// One indicator of one census, beside the published figures of the same year.
public struct IndicatorHealth: Sendable {
    public let indicator: WorkforceIndicator
    /// Nil if the census lacks a part.
    public let value: Tenths?
    public let published: PublishedFigure?
    public let region: PublishedFigure?
    /// The median of the statistical neighbours' published rates, and how many of them have one.
    public let neighbours: Tenths?
    public let neighboursCounted: Int
    public let england: PublishedFigure?
    public let threshold: HealthThreshold?
    /// Nil without a value or a threshold. The figure is graded as shown, to one decimal place.
    public let grade: Grade?
}

/// Starters for each hundred in post, from a census and from the published parts. The Department prints no rate.
public struct StarterRates: Sendable {
    public let value: Tenths?
    public let published: Tenths?
    public let region: Tenths?
    public let neighbours: Tenths?
    public let neighboursCounted: Int
    public let england: Tenths?
}

/// One census, and the figures beside it.
public struct AuthorityHealth: Sendable {
    public let authority: AuthorityCode
    public let name: String
    /// Nil for an authority that is not in the authorities table.
    public let region: String?
    public let year: Int
    public let referenceDate: CalendarDate
    public let census: CensusFigures
    public let indicators: [IndicatorHealth]
    public let starters: StarterRates
    /// The authority's published row, its own or one that it shares.
    public let publishedRow: PublishedArea?
    /// The number of statistical neighbours, at most ten. Two that are published together count once.
    public let neighbourCount: Int
    public let workingDays: Int?
    public let notes: [String]
    /// What the Department says about the published figures beside the census.
    public let publishedNotes: [String]

    public subscript(indicator: WorkforceIndicator) -> IndicatorHealth? { indicators.first { $0.indicator == indicator } }
}

/// Compares censuses with the published figures.
public struct HealthCheck: Sendable {
    let book: RuleBook
    let tables: ReferenceTables

    public init(book: RuleBook, tables: ReferenceTables) {
        self.book = book
        self.tables = tables
    }

    /// `unreadable` are the census's values that could not be read, by element.
    public func assess(_ census: Census, unreadable: [(element: String, count: Int)] = []) -> AuthorityHealth {
        let entry = book.authorities[census.authority]
        let region = entry.map { book.authorities.regions[$0.region] }
        let figures = CensusFigures(census)
        let days = tables.workingDays(in: census.year)
        let own = tables.published[census.year, census.authority]
        let ofRegion = region.flatMap { tables.published[census.year, $0] }
        let england = tables.published[census.year, PublishedIndicators.england]
        let neighbours = neighbourRows(of: census.authority, year: census.year)
        let indicators = WorkforceIndicator.ofHealthCheck.map { indicator in
            let value =
                indicator.definition.byWorkingDays && days == nil
                ? nil : indicator.rate(of: figures.figures, workingDays: days ?? 0)
            let rates = neighbours.compactMap { $0.rate(indicator).tenths }
            let threshold = tables.threshold(indicator, on: census.referenceDate)
            return IndicatorHealth(
                indicator: indicator, value: value, published: own?.rate(indicator), region: ofRegion?.rate(indicator),
                neighbours: Tenths.median(rates), neighboursCounted: rates.count, england: england?.rate(indicator),
                threshold: threshold, grade: HealthCheck.grade(value, threshold))
        }
        func starterRate(_ figures: WorkforceFigures?) -> Tenths? {
            figures.flatMap { WorkforceIndicator.Definition.starterRate.rate(of: $0, workingDays: 0) }
        }
        let rates = neighbours.compactMap { starterRate($0.figures) }
        let starters = StarterRates(
            value: starterRate(figures.figures), published: starterRate(own?.figures), region: starterRate(ofRegion?.figures),
            neighbours: Tenths.median(rates), neighboursCounted: rates.count, england: starterRate(england?.figures))
        return AuthorityHealth(
            authority: census.authority, name: entry?.name ?? "not in the table of authorities", region: region, year: census.year,
            referenceDate: census.referenceDate, census: figures, indicators: indicators, starters: starters, publishedRow: own,
            neighbourCount: neighbourAreas(of: census.authority, year: census.year).count, workingDays: days,
            notes: notes(census, isKnown: entry != nil, own: own, days: days) + figures.notes
                + unreadable.map {
                    "\(CensusFigures.fewOr($0.count)) values of \($0.element) could not be read and count as missing."
                },
            publishedNotes: tables.notes(
                on: census.year, of: [own?.area ?? census.authority.description, region ?? "", PublishedIndicators.england]))
    }

    /// Red from its threshold upwards, amber from its own.
    static func grade(_ value: Tenths?, _ threshold: HealthThreshold?) -> Grade? {
        guard let value, let threshold else { return nil }
        return value >= threshold.redFrom ? .red : value >= threshold.amberFrom ? .amber : .green
    }

    private func notes(_ census: Census, isKnown: Bool, own: PublishedArea?, days: Int?) -> [String] {
        var notes: [String] = []
        if !isKnown {
            notes.append("\(census.authority) is not in authorities.csv, so it has no region here.")
        }
        if !tables.published.years.contains(census.year) {
            notes.append("No figures are published for \(census.year) yet, so there is nothing to compare the census with.")
        } else if let own, own.area != census.authority.description {
            notes.append(
                "The authority is published together with another (\(own.area)): its published figures are those of both.")
        }
        if days == nil {
            notes.append(
                "health-working-days.csv does not have the working days of \(census.year), so absence is not computed. Add them in a folder of your own."
            )
        }
        if census.referenceDate != CalendarDate(year: census.year, month: 9, day: 30) {
            notes.append(
                "The census's reference date is \(census.referenceDate.inWords), not 30 September \(census.year); its year ends on that day."
            )
        }
        return notes
    }

    /// The areas under which the neighbours are published in the year. Two that share a row count once.
    private func neighbourAreas(of authority: AuthorityCode, year: Int) -> [String] {
        var areas: [String] = []
        for code in tables.neighbours(of: authority) {
            let area = tables.published[year, code]?.area ?? code.description
            if !areas.contains(area) { areas.append(area) }
        }
        return areas
    }

    private func neighbourRows(of authority: AuthorityCode, year: Int) -> [PublishedArea] {
        neighbourAreas(of: authority, year: year).compactMap { tables.published[year, $0] }
    }
}
