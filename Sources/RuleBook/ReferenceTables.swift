import AgencyModel

/// The figures from which an indicator is amber and red, in its own unit.
public struct HealthThreshold: Equatable, Sendable {
    public let amberFrom: Tenths
    public let redFrom: Tenths
}

/// The tables of published figures and of a partnership's own thresholds. They are read only for a comparison or a health check;
/// `check` does not need them and starts faster without them.
public struct ReferenceTables: Sendable {
    public private(set) var published = PublishedIndicators()
    /// By authority, with the closest first (rules/neighbours.csv, Open Government Licence v3.0).
    private var neighbours: [AuthorityCode: [AuthorityCode]] = [:]
    private var thresholds: [WorkforceIndicator: Dated<HealthThreshold>] = [:]
    private var workingDays: [Int: Int] = [:]
    /// What the Department says about its figures, by year and area.
    private var notes: [NotedArea: String] = [:]

    private struct NotedArea: Hashable {
        let year: Int
        let area: String
    }

    /// What your own folder replaces, in words, one line each.
    public private(set) var shadowed: [String] = []
    /// The files that were read: the path, and a name that does not depend on the folder.
    public private(set) var files: [(path: String, name: String)] = []

    static let tables = [
        "health-thresholds.csv", "health-working-days.csv", "neighbours.csv", "published-indicators.csv", "published-notes.csv",
    ]

    /// The statistical neighbours, with the closest first; empty if the authority has none.
    public func neighbours(of authority: AuthorityCode) -> [AuthorityCode] { neighbours[authority] ?? [] }

    /// The threshold in force on the day; nil if the partnership has set none.
    public func threshold(_ indicator: WorkforceIndicator, on day: CalendarDate) -> HealthThreshold? {
        thresholds[indicator]?.value(on: day)
    }
    public var hasThresholds: Bool { !thresholds.isEmpty }

    /// The working days of the year that ends on 30 September of `year`; nil if the table does not have the year.
    public func workingDays(in year: Int) -> Int? { workingDays[year] }

    /// The notes on the published figures of these areas in the year, each once. Areas are named as in the table of figures.
    public func notes(on year: Int, of areas: [String]) -> [String] {
        var found: [String] = []
        for area in areas {
            if let note = notes[NotedArea(year: year, area: area)], !found.contains(note) { found.append(note) }
        }
        return found
    }

    /// Reads the shipped folder and, if given, your own folder over it. Rows of your tables of published figures, neighbours and
    /// working days are added, and replace rows for the same year and area, authority or year. Your thresholds replace the whole
    /// shipped table.
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
