import AgencyModel

/// A cell of the published table: a figure, or a mark instead of one.
public enum PublishedFigure: Equatable, Sendable {
    case figure(Tenths)
    case mark(Mark)

    /// The marks that the Department for Education uses instead of a figure.
    public enum Mark: String, CaseIterable, Sendable {
        case confidential = "c", low, unreliable = "u", notAvailable = "x", notApplicable = "z", missing = ":"

        public var words: String {
            switch self {
            case .confidential: "suppressed"
            case .low: "rounds to zero"
            case .unreliable: "of low reliability"
            case .notAvailable, .missing: "not available"
            case .notApplicable: "does not apply"
            }
        }
    }

    public var tenths: Tenths? {
        if case .figure(let tenths) = self { tenths } else { nil }
    }
}

/// One row of the published table: an area in a year.
public struct PublishedArea: Sendable {
    /// `England`, the name of a region, an authority's three digits, or two codes with a slash for authorities that are published
    /// together.
    public let area: String
    /// The reporting year, which ends on 30 September.
    public let year: Int
    fileprivate var partFigures: [PublishedFigure] = []
    fileprivate var rateFigures: [PublishedFigure] = []

    public func part(_ part: WorkforcePart) -> PublishedFigure { partFigures[Int(part.rawValue)] }
    public func rate(_ indicator: WorkforceIndicator) -> PublishedFigure { rateFigures[Int(indicator.rawValue)] }

    /// The printed parts, for computing.
    public var figures: WorkforceFigures {
        var figures = WorkforceFigures()
        for part in WorkforcePart.allCases {
            figures[part] = self.part(part).tenths.map { Int128($0.value) * (WorkforceFigures.scale / 10) }
        }
        return figures
    }
}

/// The published indicators of the children's social work workforce (rules/published-indicators.csv, Open Government Licence v3.0).
public struct PublishedIndicators: Sendable {
    public static let england = "England"
    static let columns =
        ["year", "area"] + WorkforcePart.allCases.map(\.key) + WorkforceIndicator.allCases.map(\.publishedKey)

    /// Sorted by year and area.
    public private(set) var all: [PublishedArea] = []
    private var places: [Key: Int] = [:]
    /// The area of the joint row, for an authority that is published together with another.
    private var joint: [JointKey: String] = [:]

    private struct Key: Hashable {
        let year: Int
        let area: String
    }

    private struct JointKey: Hashable {
        let year: Int
        let authority: AuthorityCode
    }

    init() {}

    public subscript(year: Int, area: String) -> PublishedArea? { places[Key(year: year, area: area)].map { all[$0] } }

    /// The authority's own row, or the row that it shares.
    public subscript(year: Int, authority: AuthorityCode) -> PublishedArea? {
        self[year, authority.description] ?? joint[JointKey(year: year, authority: authority)].flatMap { self[year, $0] }
    }

    public var years: [Int] { Set(all.map(\.year)).sorted() }

    /// Adds the rows of a table. A row replaces one of an earlier table for the same year and area. Returns how many were replaced.
    mutating func read(_ table: RuleTable, _ problems: ProblemList) -> Int {
        var here: Set<Key> = []
        var replaced = 0
        for row in table.rows {
            let name = table[row, "area"]
            guard let year = table[row, "year"].read(wholeNumber), (2000...2100).contains(year) else {
                problems.add(table.file, row.line, "expected a year such as 2025.")
                continue
            }
            let codes = name.split(separator: "/", omittingEmptySubsequences: false).map { String($0).read(AuthorityCode.init) }
            let isNumbered = name.utf8.first.map { (0x30...0x39).contains($0) } ?? false
            guard !name.isEmpty, !isNumbered || codes.allSatisfy({ $0 != nil }) else {
                problems.add(
                    table.file, row.line, "expected England, a region, a code of three digits, or codes such as 314/318 in area.")
                continue
            }
            var area = PublishedArea(area: name, year: year)
            func read(_ column: String) -> PublishedFigure {
                let text = table[row, column]
                if let mark = PublishedFigure.Mark(rawValue: text) { return .mark(mark) }
                if let figure = text.read(Tenths.init) { return .figure(figure) }
                problems.add(
                    table.file, row.line,
                    "expected a figure with at most one decimal in \(column), or one of the marks \(PublishedFigure.Mark.allCases.map(\.rawValue).joined(separator: ", "))."
                )
                return .mark(.missing)
            }
            area.partFigures = WorkforcePart.allCases.map { read($0.key) }
            area.rateFigures = WorkforceIndicator.allCases.map { read($0.publishedKey) }
            let key = Key(year: year, area: name)
            guard here.insert(key).inserted else {
                problems.add(table.file, row.line, "\(name) appears twice for \(year); expected one row.")
                continue
            }
            if isNumbered, codes.count > 1 {
                for code in codes { joint[JointKey(year: year, authority: code!)] = name }
            }
            if let place = places[key] {
                all[place] = area
                replaced += 1
            } else {
                places[key] = all.count
                all.append(area)
            }
        }
        return replaced
    }
}
