import AgencyModel

/// From which figure on an indicator is amber, and from which red, in the indicator's own unit.
public struct HealthThreshold: Equatable, Sendable {
    public let amberFrom: Tenths
    public let redFrom: Tenths
}

/// Tables of published figures and of what a partnership holds itself to. Read only where a comparison asks for them: `check` needs
/// none of them, and starts faster without.
public struct ReferenceTables: Sendable {
    public private(set) var published = PublishedIndicators()
    /// By authority, the closest first (rules/neighbours.csv, Open Government Licence v3.0).
    private var neighbours: [AuthorityCode: [AuthorityCode]] = [:]
    private var thresholds: [WorkforceIndicator: Dated<HealthThreshold>] = [:]
    private var workingDays: [Int: Int] = [:]
    /// What the Department says of its figures, by year and area.
    private var notes: [NotedArea: String] = [:]

    private struct NotedArea: Hashable {
        let year: Int
        let area: String
    }

    /// What the laid-over folder takes the place of, in words, a line each.
    public private(set) var shadowed: [String] = []
    /// The files that they were read from: the path, and the name whatever the folder.
    public private(set) var files: [(path: String, name: String)] = []

    static let tables = [
        "health-thresholds.csv", "health-working-days.csv", "neighbours.csv", "published-indicators.csv", "published-notes.csv",
    ]

    /// The statistical neighbours, the closest first; none for an authority that has none.
    public func neighbours(of authority: AuthorityCode) -> [AuthorityCode] { neighbours[authority] ?? [] }

    /// The threshold in force on the day; nil where a partnership has set none.
    public func threshold(_ indicator: WorkforceIndicator, on day: CalendarDate) -> HealthThreshold? {
        thresholds[indicator]?.value(on: day)
    }
    public var hasThresholds: Bool { !thresholds.isEmpty }

    /// The working days of the year that ends on 30 September of `year`; nil for a year that the table does not have.
    public func workingDays(in year: Int) -> Int? { workingDays[year] }

    /// What stands beside the published figures of these areas in the year, each note once. An area is named as in the table of figures.
    public func notes(on year: Int, of areas: [String]) -> [String] {
        var found: [String] = []
        for area in areas {
            if let note = notes[NotedArea(year: year, area: area)], !found.contains(note) { found.append(note) }
        }
        return found
    }

    /// Reads the shipped folder with, if given, another laid over it. Rows of the upper folder's tables of published figures, of
    /// neighbours and of working days are added, and take the place of those for the same year and area, authority or year; its
    /// thresholds take the place of the whole shipped table.
    public static func load(shipped: String, over: String? = nil) throws(RuleBookProblems) -> ReferenceTables {
        let problems = ProblemList()
        let folders = RuleFolders(shipped: shipped, over: over)
        var tables = ReferenceTables()
        for (depth, (path, name)) in folders.layers(of: "published-indicators.csv").enumerated() {
            let table = RuleTable(path: path, name: name, columns: PublishedIndicators.columns, problems: problems)
            let replaced = tables.published.read(table, problems)
            if depth > 0 { tables.shadowed.append(added("published-indicators.csv", table.rows.count, replaced)) }
        }
        for (depth, (path, name)) in folders.layers(of: "neighbours.csv").enumerated() {
            let table = RuleTable(
                path: path, name: name, columns: ["authority_code", "rank", "neighbour_code"], problems: problems)
            let (read, replaced) = tables.readNeighbours(table, problems)
            if depth > 0 { tables.shadowed.append(added("neighbours.csv", read, replaced)) }
        }
        for (path, name) in folders.layers(of: "health-working-days.csv") {
            tables.readWorkingDays(
                RuleTable(path: path, name: name, columns: ["year", "working_days", "source"], problems: problems), problems)
        }
        for (path, name) in folders.layers(of: "published-notes.csv") {
            tables.readNotes(
                RuleTable(path: path, name: name, columns: ["year", "area", "note", "source"], problems: problems), problems)
        }
        tables.readThresholds(
            folders.table(
                "health-thresholds.csv", columns: ["indicator", "effective_from", "amber_from", "red_from", "source"], problems),
            problems)
        tables.shadowed += folders.shadowed
        tables.files = Self.tables.flatMap { folders.layers(of: $0) }
        if !problems.all.isEmpty { throw RuleBookProblems(all: problems.all) }
        return tables
    }

    private static func added(_ name: String, _ rows: Int, _ replaced: Int) -> String {
        "\(name): \(rows - replaced) added, \(replaced) used instead of shipped ones"
    }

    private mutating func readNeighbours(_ table: RuleTable, _ problems: ProblemList) -> (read: Int, replaced: Int) {
        var here: [AuthorityCode: [Int: AuthorityCode]] = [:]
        for row in table.rows {
            guard let authority = table[row, "authority_code"].read(AuthorityCode.init),
                let neighbour = table[row, "neighbour_code"].read(AuthorityCode.init),
                let rank = table[row, "rank"].read(wholeNumber), (1...10).contains(rank)
            else {
                problems.add(table.file, row.line, "expected an authority's code, a rank from 1 to 10, and a neighbour's code.")
                continue
            }
            if authority == neighbour {
                problems.add(table.file, row.line, "\(authority) is its own neighbour; expected another authority.")
            } else if here[authority]?.values.contains(neighbour) ?? false {
                problems.add(table.file, row.line, "\(neighbour) is twice a neighbour of \(authority); expected ten authorities.")
            } else if here[authority, default: [:]].updateValue(neighbour, forKey: rank) != nil {
                problems.add(table.file, row.line, "\(authority) has two neighbours of rank \(rank); expected one.")
            }
        }
        var replaced = 0
        for (authority, ranks) in here {
            let list = ranks.sorted { $0.key < $1.key }.map(\.value)
            if neighbours.updateValue(list, forKey: authority) != nil { replaced += 1 }
        }
        return (here.count, replaced)
    }

    private mutating func readWorkingDays(_ table: RuleTable, _ problems: ProblemList) {
        var here: Set<Int> = []
        for row in table.rows {
            guard let year = table[row, "year"].read(wholeNumber), let days = table[row, "working_days"].read(wholeNumber),
                (2000...2100).contains(year), (1...366).contains(days), !table[row, "source"].isEmpty
            else {
                problems.add(table.file, row.line, "expected a year, its working days (1 to 366) and a source.")
                continue
            }
            if !here.insert(year).inserted {
                problems.add(table.file, row.line, "\(year) appears twice; expected one row.")
            }
            workingDays[year] = days
        }
    }

    private mutating func readNotes(_ table: RuleTable, _ problems: ProblemList) {
        var here: Set<NotedArea> = []
        for row in table.rows {
            let (area, note) = (table[row, "area"], table[row, "note"])
            guard let year = table[row, "year"].read(wholeNumber), (2000...2100).contains(year), !area.isEmpty, !note.isEmpty,
                !table[row, "source"].isEmpty
            else {
                problems.add(table.file, row.line, "expected a year, an area as in published-indicators.csv, a note and a source.")
                continue
            }
            if !here.insert(NotedArea(year: year, area: area)).inserted {
                problems.add(table.file, row.line, "\(area) appears twice for \(year); expected one row.")
            }
            notes[NotedArea(year: year, area: area)] = note
        }
    }

    private mutating func readThresholds(_ table: RuleTable, _ problems: ProblemList) {
        let indicators = WorkforceIndicator.ofHealthCheck
        for row in table.rows {
            guard let indicator = indicators.first(where: { $0.key == table[row, "indicator"] }) else {
                problems.add(
                    table.file, row.line,
                    "\(table[row, "indicator"]) is not an indicator; expected one of \(indicators.map(\.key).joined(separator: ", "))."
                )
                continue
            }
            guard let day = table[row, "effective_from"].read(CalendarDate.init) else {
                problems.add(
                    table.file, row.line, "expected the day from which it holds in effective_from, such as 2026-01-31.")
                continue
            }
            guard let amber = table[row, "amber_from"].read(Tenths.init), let red = table[row, "red_from"].read(Tenths.init),
                amber < red
            else {
                problems.add(
                    table.file, row.line,
                    "expected figures with at most one decimal, amber_from below red_from: a higher figure is worse.")
                continue
            }
            if table[row, "source"].isEmpty {
                problems.add(table.file, row.line, "expected a source: who set the threshold, and when.")
            }
            if !thresholds[indicator, default: Dated()].insert(HealthThreshold(amberFrom: amber, redFrom: red), from: day) {
                problems.add(table.file, row.line, "\(indicator.key) has two thresholds from \(day); expected one.")
            }
        }
    }
}
