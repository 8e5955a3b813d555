import AgencyModel
import Foundation
import RuleBook
import TestSupport
import Testing

/// The definitions of the rates, compared with every row of the published table.
@Suite struct PublishedTableTests {
    static func tables(over: String? = nil) throws -> ReferenceTables {
        try ReferenceTables.load(shipped: Places.rules, over: over)
    }

    struct Tally {
        var rows = 0
        var equal = 0
        var outside: [(area: PublishedArea, computed: Tenths, printed: Tenths)] = []
        /// In tenths of a per cent, truncated.
        var share: Int { rows == 0 ? 0 : equal * 1000 / rows }
    }

    /// The result of an indicator for the complete table. `days` replaces the table of working days.
    static func tally(_ indicator: WorkforceIndicator, days: Int? = nil) throws -> Tally {
        let tables = try Self.tables()
        var tally = Tally()
        for area in tables.published.all {
            guard let printed = area.rate(indicator).tenths else { continue }
            let days = try days ?? #require(tables.workingDays(in: area.year))
            guard let agreement = indicator.agreement(printed: printed, figures: area.figures, workingDays: days) else { continue }
            tally.rows += 1
            if agreement == .equal { tally.equal += 1 }
            if agreement == .outside {
                tally.outside.append((area, indicator.rate(of: area.figures, workingDays: days)!, printed))
            }
        }
        return tally
    }

    /// The share of rows for which the computed rate equals the printed one, in tenths of a per cent.
    @Test(
        arguments: [
            (.caseload, 950), (.vacancyRate, 950), (.agencyRate, 950), (.turnover, 920), (.absence, 950),
            (.agencyRateHeadcount, 950), (.turnoverHeadcount, 950),
            // These two are made from small figures rounded to one decimal place, and cannot reach 95 %: docs/decisions/health.md.
            (.agencyCoverRate, 900), (.vacancyCoverRate, 890),
        ] as [(WorkforceIndicator, Int)])
    func computedRatesEqualThePrintedOnes(_ indicator: WorkforceIndicator, _ least: Int) throws {
        let tally = try Self.tally(indicator)
        #expect(tally.rows > 1300)
        #expect(tally.share >= least, "\(indicator): \(tally.equal) of \(tally.rows)")
    }

    /// 253 days in every year are enough for the share; the 254 days of leap years are what the table itself supports.
    @Test func absenceIsDividedByTheWorkingDaysOfTheYear() throws {
        #expect(try Self.tally(.absence, days: 253).share >= 950)
        let tables = try Self.tables()
        for year in tables.published.years {
            var equal: [Int: Int] = [:]
            for days in 250...257 {
                for area in tables.published.all where area.year == year {
                    guard let printed = area.rate(.absence).tenths else { continue }
                    if WorkforceIndicator.absence.rate(of: area.figures, workingDays: days) == printed {
                        equal[days, default: 0] += 1
                    }
                }
            }
            let best = equal.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
            #expect(best == tables.workingDays(in: year), "\(year)")
        }
    }

    /// The rate of a region or of England without the authorities whose numerator is marked as of low reliability, or as not
    /// available although the denominator is printed. Nil if there are none; Inner and Outer London are not in the table of
    /// authorities.
    static func leavingOut(
        _ area: PublishedArea, _ indicator: WorkforceIndicator, _ book: RuleBook, _ tables: ReferenceTables
    ) throws -> (codes: [String], rate: Tenths, agreement: WorkforceIndicator.Agreement)? {
        let parts = Set([indicator.definition.numerator] + indicator.definition.denominator)
        var figures = area.figures
        var codes: [String] = []
        for row in tables.published.all where row.year == area.year && row.area.allSatisfy({ $0.isNumber || $0 == "/" }) {
            let code = AuthorityCode(number: UInt16(row.area.prefix(3))!)
            let region = book.authorities[code].map { book.authorities.regions[$0.region] }
            guard area.area == PublishedIndicators.england || area.area == region else { continue }
            let isDenominatorPrinted = indicator.definition.denominator.allSatisfy { row.figures[$0] != nil }
            let numerator = row.part(indicator.definition.numerator)
            guard numerator == .mark(.unreliable) || (isDenominatorPrinted && numerator == .mark(.notAvailable)) else { continue }
            codes.append(row.area)
            for part in parts { figures[part] = figures[part]! - (row.figures[part] ?? 0) }
        }
        let days = try #require(tables.workingDays(in: area.year))
        guard !codes.isEmpty, let printed = area.rate(indicator).tenths,
            let rate = indicator.rate(of: figures, workingDays: days),
            let agreement = indicator.agreement(printed: printed, figures: figures, workingDays: days)
        else { return nil }
        return (codes, rate, agreement)
    }

    /// Only rows of England and of regions differ by more than the rounding allows; the page lists every one.
    @Test func rowsThatDoNotAgreeAreListed() throws {
        var page = """
            # Rows that the published parts do not explain

            The tests write this page from `rules/published-indicators.csv`. Do not edit it. [health.md](health.md) gives the reasons.

            | indicator | rows | equal | share | within rounding | not explained |
            | --- | --- | --- | --- | --- | --- |

            """
        var lists = ""
        let (book, tables) = (try Checking.book(over: nil), try Self.tables())
        for indicator in WorkforceIndicator.allCases {
            let tally = try Self.tally(indicator)
            let within = tally.rows - tally.equal - tally.outside.count
            page +=
                "| \(indicator.title) | \(tally.rows) | \(tally.equal) | \(tally.share / 10).\(tally.share % 10) % | \(within) | \(tally.outside.count) |\n"
            if tally.outside.isEmpty { continue }
            lists +=
                "\n## \(indicator.title)\n\n| year | area | printed | from the printed parts | authorities left out | rate without them |\n| --- | --- | --- | --- | --- | --- |\n"
            for row in tally.outside {
                let other = try Self.leavingOut(row.area, indicator, book, tables)
                let words = other.map {
                    "\($0.rate)" + ($0.agreement == .outside ? "" : $0.agreement == .equal ? ", equal" : ", within rounding")
                }
                lists +=
                    "| \(row.area.year) | \(row.area.area) | \(row.printed) | \(row.computed) | \(other?.codes.joined(separator: ", ") ?? "–") | \(words ?? "–") |\n"
            }
            #expect(tally.outside.allSatisfy { $0.area.area.contains { !$0.isNumber && $0 != "/" } }, "\(indicator)")
        }
        page += lists
        let path = Places.root + "/docs/decisions/health-rows.md"
        if (try? Places.text(path)) != page {
            try page.write(toFile: path, atomically: true, encoding: .utf8)
            Issue.record(
                "docs/decisions/health-rows.md was out of date. It has been written again: check it and commit it.")
        }
    }

    /// England's computed rates are the printed ones, in some cases once authorities are left out whose part is not published.
    @Test func englandIsComputedAsPrinted() throws {
        let (book, tables) = (try Checking.book(over: nil), try Self.tables())
        var differing: Set<String> = []
        for year in tables.published.years {
            let england = try #require(tables.published[year, PublishedIndicators.england])
            for indicator in WorkforceIndicator.allCases {
                let computed = indicator.rate(of: england.figures, workingDays: try #require(tables.workingDays(in: year)))
                if computed == england.rate(indicator).tenths { continue }
                if try Self.leavingOut(england, indicator, book, tables)?.agreement == .equal { continue }
                differing.insert("\(year) \(indicator.key)")
            }
        }
        #expect(
            differing.sorted() == [
                "2023 agency_cover_rate", "2024 agency_cover_rate", "2024 agency_rate", "2024 agency_rate_headcount",
                "2024 vacancy_cover_rate",
            ])
    }

    /// No figure of a published table was edited after the table was made.
    @Test func theTablesHaveTheirDigests() throws {
        let page = try Places.text(Places.rules + "/published-indicators.README.md")
        let script = "import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest())"
        for name in ["published-indicators.csv", "neighbours.csv"] {
            let digest = try Program.python(script, [Places.rules + "/" + name]).output.prefix(64)
            #expect(digest.count == 64 && page.contains("    \(digest)  \(name)\n"), "\(name): \(digest)")
        }
    }

    @Test(
        .enabled(
            if: Places.isShared("data/csww_indicators_2017_to_2025.csv"), "the published tables are not part of the repository")
    )
    func theTablesAgreeWithThePublishedOnes() throws {
        let outcome = try Program.run(
            "/usr/bin/env", ["python3", Places.root + "/Scripts/published-tables", Places.shared + "/data", "--check"])
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

    @Test func theTablesKnowTheirAuthorities() throws {
        let tables = try Self.tables()
        let book = try Checking.book(over: nil)
        for authority in book.authorities.all where authority.validTo == nil {
            let neighbours = tables.neighbours(of: authority.code)
            #expect(neighbours.count == 10, "\(authority.code)")
            #expect(neighbours.allSatisfy { book.authorities[$0] != nil })
            #expect(tables.published[2025, authority.code] != nil, "\(authority.code)")
        }
        let areas = Set(tables.published.all.map(\.area))
        #expect(areas.isSuperset(of: book.authorities.regions))
        #expect(tables.published[2025, AuthorityCode(number: 318)]?.area == "314/318")
        #expect(tables.published[2020, AuthorityCode(number: 928)]?.area == "928")
    }

    /// Starting `check` does not read them.
    @Test func theRuleBookDoesNotReadThem() throws {
        let book = try Checking.book(over: nil)
        #expect(!book.files.contains { $0.name.contains("published-indicators") || $0.name.contains("neighbours") })
    }

    @Test(arguments: [
        ("health-thresholds.csv", "agency,2025-01-01,10,15,x", "agency is not an indicator"),
        ("health-thresholds.csv", "agency_rate,2025,10,15,x", "expected the day"),
        ("health-thresholds.csv", "agency_rate,2025-01-01,15,10,x", "amber_from below red_from"),
        ("health-thresholds.csv", "agency_rate,2025-01-01,1.25,10,x", "at most one decimal"),
        ("health-thresholds.csv", "agency_rate,2025-01-01,10,15,", "expected a source"),
        ("neighbours.csv", "301,11,302", "a rank from 1 to 10"), ("neighbours.csv", "301,1,301", "its own neighbour"),
        ("neighbours.csv", "301,1,302\n301,2,302", "twice a neighbour"), ("neighbours.csv", "301,1,302\n301,1,303", "rank 1"),
        ("health-working-days.csv", "2026,0,x", "its working days"), ("health-working-days.csv", "2026,253,", "a source"),
    ])
    func mistakesAreNamed(_ name: String, _ rows: String, _ expected: String) throws {
        let headers = [
            "health-thresholds.csv": "indicator,effective_from,amber_from,red_from,source",
            "neighbours.csv": "authority_code,rank,neighbour_code", "health-working-days.csv": "year,working_days,source",
        ]
        let folder = try TemporaryFolder()
        try folder.write(name, headers[name]! + "\n" + rows + "\n")
        do {
            _ = try Self.tables(over: folder.path)
            Issue.record("taken: \(rows)")
        } catch let problems as RuleBookProblems {
            let last = rows.split(separator: "\n").count + 1
            #expect(problems.all.count == 1)
            #expect(problems.all[0].line == last)
            #expect(problems.all[0].message.contains(expected), "\(problems.all[0])")
        }
    }

    @Test(arguments: [
        ("2025,30a", "expected England"), ("twenty,301", "expected a year"), ("2025,301/", "expected England"),
        ("2025,301", "expected a figure"),
    ])
    func mistakesOfThePublishedTableAreNamed(_ start: String, _ expected: String) throws {
        let folder = try TemporaryFolder()
        let header = try Places.text(Places.rules + "/published-indicators.csv").split(separator: "\n")[0]
        let cells = ["-1"] + Array(repeating: "1", count: 21)
        try folder.write("published-indicators.csv", "\(header)\n\(start),\(cells.joined(separator: ","))\n")
        do {
            _ = try Self.tables(over: folder.path)
            Issue.record("taken: \(start)")
        } catch let problems as RuleBookProblems {
            #expect(problems.all.first?.line == 2)
            #expect(problems.all.first?.message.contains(expected) ?? false, "\(problems.all)")
        }
    }
}
