import AgencyModel
import ByteWriting
import Facts
import Markup
import RuleBook
import Threads
import Wording

/// `health.html`: the health check as a page that can be published, in the style of the report. Figures based on one to four people
/// are not shown.
public struct HealthPage {
    private let run: HealthRun
    private let tables: ReferenceTables
    private let identity: RunIdentity
    private var page: Page
    /// The largest number of bars in a chart. If there are more, it says so and shows the highest.
    private static let mostBars = 40

    public static func write(_ run: HealthRun, _ tables: ReferenceTables, identity: RunIdentity, to sink: ByteSink) throws {
        var page = HealthPage(run, tables, identity)
        page.write()
        try sink(page.page.buffer)
    }

    private init(_ run: HealthRun, _ tables: ReferenceTables, _ identity: RunIdentity) {
        self.run = run
        self.tables = tables
        self.identity = identity
        page = Page(title: HealthPage.title(run))
    }

    private static func title(_ run: HealthRun) -> String {
        let years = Set(run.results.map(\.year)).sorted().map { "\($0)" }.joined(separator: ", ")
        let authorities = Set(run.results.map(\.authority)).count
        if authorities == 1 { return "Workforce health check: \(run.results[0].name), \(years)" }
        return "Workforce health check: \(authorities) authorities, \(years)"
    }

    private mutating func write() {
        page.raw("<header>\n")
        page.element("h1", "", HealthPage.title(run))
        page.element(
            "p", "class=\"quiet\"",
            "Computed by agency-check \(identity.toolVersion) with rules \(identity.rulesDigest.prefix(12))"
                + (identity.stamp.map { ", \($0)" } ?? "")
                + ". From the authorities' own children's social work workforce censuses, beside the published figures.")
        page.raw("</header>\n<main id=\"main\">\n")
        writeVerdict()
        writeContents()
        writeOverview()
        for indicator in WorkforceIndicator.ofHealthCheck { write(indicator) }
        writeMovement()
        writeAuthorities()
        writeMethod()
        writeFiles()
        page.raw("</main>\n<footer>\n")
        page.paragraph(
            "Contains public sector information licensed under the Open Government Licence v3.0: Children's social work workforce, 2017 to 2025, and the statistical neighbour model, 2025, Department for Education."
        )
        page.raw("</footer>\n")
        page.end()
    }

    // MARK: The answer

    private mutating func writeVerdict() {
        let graded = run.results.flatMap { result in result.indicators.compactMap { shownGrade(result, $0) } }
        let (red, amber) = (graded.count { $0 == .red }, graded.count { $0 == .amber })
        let isGood = !graded.isEmpty && red == 0
        page.raw("<section class=\"verdict\(isGood ? " good" : "")\" aria-label=\"The health check in short\">\n")
        if !tables.hasThresholds {
            page.element("p", "class=\"word\"", "Compared, not graded")
            page.paragraph(
                "No thresholds are set. A partnership sets its own in health-thresholds.csv, in a folder of its own rules; none is shipped."
            )
        } else if graded.isEmpty {
            page.element("p", "class=\"word\"", "Nothing could be graded")
            page.paragraph("No threshold is in force for these figures, or the figures are missing or too small to show.")
        } else {
            page.element(
                "p", "class=\"word\"",
                "\(red) red, \(amber) amber, \(graded.count - red - amber) green of \(Words.count(graded.count, "figure"))")
            page.paragraph(
                "Graded against the thresholds that the partnership has set itself. A higher figure is worse.")
        }
        page.raw("</section>\n")
    }

    private mutating func writeContents() {
        page.raw("<nav aria-label=\"On this page\">\n<ul>\n")
        var links = [("overview", "Overview")]
        links += WorkforceIndicator.ofHealthCheck.map { ($0.key.replacingUnderscores, $0.title) }
        links += [
            ("movement", "Starters and leavers"), ("authorities", "Each authority"), ("method", "How it is computed"),
            ("files", "Files"),
        ]
        for (id, name) in links { page.raw("<li><a href=\"#\(id)\">\(name)</a></li>\n") }
        page.raw("</ul>\n</nav>\n")
    }

    private mutating func writeOverview() {
        page.heading(2, "Overview", id: "overview")
        page.beginTable(
            "The five indicators of each census" + (tables.hasThresholds ? ", with their grades" : ""),
            [.init("Authority"), .init("Year", .number)] + WorkforceIndicator.ofHealthCheck.map { .init($0.title, .number) })
        for result in run.results {
            page.row(
                ["\(result.authority) \(result.name)", "\(result.year)"]
                    + result.indicators.map { row in
                        shown(result, row) + (shownGrade(result, row).map { " (\($0.rawValue))" } ?? "")
                    })
        }
        page.endTable()
        page.paragraph("Caseload is cases a full-time worker; the others are per cent.")
        var notes: [String] = []
        for result in run.results {
            for note in result.publishedNotes where !notes.contains(note) { notes.append(note) }
        }
        for note in notes { page.paragraph("On the published figures: \(note)") }
    }

    // MARK: Each indicator

    private mutating func write(_ indicator: WorkforceIndicator) {
        page.heading(2, indicator.title, id: indicator.key.replacingUnderscores)
        page.paragraph(indicator.words)
        let latest = latestOfEach()
        var bars: [(label: String, value: Tenths)] = []
        for result in latest {
            if let row = result[indicator], let value = row.value, !result.census.isHidden(indicator) {
                bars.append(("\(result.authority) \(result.name), \(result.year)", value))
            }
        }
        bars.sort { ($1.value, $0.label) < ($0.value, $1.label) }
        let isCut = bars.count > HealthPage.mostBars
        bars = Array(bars.prefix(HealthPage.mostBars))
        bars += comparators(indicator, latest)
        if bars.isEmpty {
            page.paragraph("No figure can be shown.")
        } else {
            page.figure(
                .bars(
                    "\(indicator.title) of the latest census of each authority"
                        + (isCut ? ", the \(HealthPage.mostBars) highest" : ""),
                    "The figures are in the table below.",
                    bars.map {
                        Chart.Bar(label: $0.label, value: $0.value.value, shown: $0.value.description + indicator.unit)
                    }))
        }
        page.beginTable(
            "\(indicator.title) beside the published figures",
            [
                .init("Authority"), .init("Year", .number), .init("This census", .number), .init("As published", .number),
                .init("Region", .number), .init("Neighbours, median", .number), .init("England", .number), .init("Grade", .short),
            ])
        for result in run.results {
            guard let row = result[indicator] else { continue }
            page.row([
                "\(result.authority) \(result.name)", "\(result.year)", shown(result, row),
                HealthPage.text(row.published, indicator),
                HealthPage.text(row.region, indicator), neighbours(result, row.neighbours, row.neighboursCounted, indicator.unit),
                HealthPage.text(row.england, indicator),
                gradeText(result, row),
            ])
        }
        page.endTable()
    }

    /// The latest census of each authority.
    private func latestOfEach() -> [AuthorityHealth] {
        run.results.enumerated().filter { place, result in
            place + 1 == run.results.count || run.results[place + 1].authority != result.authority
        }.map(\.element)
    }

    /// The regions of the latest censuses, and England, each year once.
    private func comparators(_ indicator: WorkforceIndicator, _ latest: [AuthorityHealth]) -> [(label: String, value: Tenths)] {
        var regions: [String: Tenths] = [:]
        var england: [String: Tenths] = [:]
        for result in latest {
            guard let row = result[indicator] else { continue }
            if let name = result.region, let value = row.region?.tenths { regions["\(name), published \(result.year)"] = value }
            if let value = row.england?.tenths { england["England, published \(result.year)"] = value }
        }
        return (regions.sorted { $0.key < $1.key } + england.sorted { $0.key < $1.key }).map { ($0.key, $0.value) }
    }

    // MARK: Starters and leavers

    private mutating func writeMovement() {
        page.heading(2, "Starters and leavers", id: "movement")
        page.paragraph(
            "People who came to and left the authority's employment in the year, and starters for each hundred social workers in post at its end (FTE). The Department publishes the parts of that rate; it is computed from them. Leavers for each hundred are the turnover above."
        )
        page.beginTable(
            "Starters and leavers, and starters for each hundred in post",
            [
                .init("Authority"), .init("Year", .number), .init("Starters", .number), .init("Leavers", .number),
                .init("Starter rate", .number), .init("As published", .number), .init("Region", .number),
                .init("Neighbours, median", .number), .init("England", .number),
            ])
        for result in run.results {
            let starters = result.starters
            func cell(_ rate: Tenths?) -> String { rate.map { $0.description + "%" } ?? "none" }
            page.row([
                "\(result.authority) \(result.name)", "\(result.year)", shown(result, .startersHeadcount),
                shown(result, .leaversHeadcount),
                result.census.isHidden(.starterRate)
                    ? HealthPage.notShown : starters.value.map { $0.description + "%" } ?? "not known",
                cell(starters.published), cell(starters.region),
                neighbours(result, starters.neighbours, starters.neighboursCounted, "%"), cell(starters.england),
            ])
        }
        page.endTable()
    }

    // MARK: Each authority

    private mutating func writeAuthorities() {
        page.heading(2, "Each authority", id: "authorities")
        for result in run.results {
            page.heading(3, "\(result.authority) \(result.name), \(result.year)", id: "a\(result.authority)-\(result.year)")
            for note in result.notes { page.paragraph(note) }
            page.beginTable(
                "Parts of the figures of \(result.authority) for \(result.year)",
                [.init("Part"), .init("This census", .number), .init("As published", .number)])
            for part in WorkforcePart.allCases where part != .agencyCoverFTE {
                page.row([
                    part.words.capitalisedFirst, shown(result, part),
                    HealthPage.text(result.publishedRow?.part(part), isWhole: !part.isRounded),
                ])
            }
            page.endTable()
        }
    }

    // MARK: Method and files

    private mutating func writeMethod() {
        page.heading(2, "How it is computed", id: "method")
        page.table(
            "Definitions", [.init("Indicator"), .init("How it is worked out")],
            WorkforceIndicator.ofHealthCheck.map { [$0.title, $0.words] })
        let days = Set(run.results.compactMap { result in result.workingDays.map { "\(result.year): \($0)" } }).sorted()
        if !days.isEmpty { page.paragraph("Working days of a full-time post, for absence: \(days.joined(separator: ", ")).") }
        page.paragraph(
            "In post means employed by the authority on the census's reference date. The year is the twelve months that end on it. The neighbours are the ten statistical neighbours of the Department for Education's model of 2025; the middle of their published rates is shown, and of how many."
        )
        page.paragraph(
            "People are counted without duplicates, as in the published figures: records of one authority with the same number, birth date, sex and ethnic origin are one person. FTE counts every record, and records of agency workers are never merged."
        )
        page.paragraph(
            "A figure that rests on one to four people is shown as \u{201C}fewer than 5\u{201D}, and a rate that would give it away is not shown. Starters and leavers are hidden together, because the one follows from the other. Published figures are as the Department publishes them."
        )
        if tables.hasThresholds {
            page.beginTable(
                "Thresholds in force",
                [.init("Indicator"), .init("Year", .number), .init("Amber from", .number), .init("Red from", .number)])
            for indicator in WorkforceIndicator.ofHealthCheck {
                var years: Set<Int> = []
                for result in run.results {
                    guard let threshold = result[indicator]?.threshold, years.insert(result.year).inserted else { continue }
                    page.row([
                        indicator.title, "\(result.year)", threshold.amberFrom.description + indicator.unit,
                        threshold.redFrom.description + indicator.unit,
                    ])
                }
            }
            page.endTable()
        }
        if !tables.shadowed.isEmpty {
            page.table(
                "Your own tables, used instead of the shipped ones", [.init("From your folder")], tables.shadowed.map { [$0] })
        }
    }

    private mutating func writeFiles() {
        page.heading(2, "Files", id: "files")
        page.beginTable("Censuses that were read", [.init("File"), .init("Authority"), .init("SHA-256")])
        for file in run.files where file.authority != nil {
            page.raw("<tr><th scope=\"row\">")
            page.text(PrintedText.line(file.name))
            page.raw("</th><td>\(file.authority!)</td><td class=\"hash\">\(file.digest)</td></tr>\n")
        }
        page.endTable()
        for (caption, list) in [
            ("Second censuses, which were not counted", run.repeated), ("Files that could not be used", run.refused),
            ("Files that were skipped", run.passedOver),
        ] where !list.isEmpty {
            page.table(
                caption, [.init("File"), .init("Why")],
                list.map { [PrintedText.line($0.name), PrintedText.line($0.reason) + "."] })
        }
    }

    // MARK: Cells

    /// Shown for a count. A rate is not shown at all, so that it is not read as a rate below 5 per cent.
    static let fewer = "fewer than 5"
    static let notShown = "not shown"

    private func shown(_ result: AuthorityHealth, _ row: IndicatorHealth) -> String {
        guard let value = row.value else { return "not known" }
        return result.census.isHidden(row.indicator) ? HealthPage.notShown : value.description + row.indicator.unit
    }

    private func shown(_ result: AuthorityHealth, _ part: WorkforcePart) -> String {
        if result.census.isHidden(part) {
            return result.census.isSmall(part) ? HealthPage.fewer : HealthPage.notShown
        }
        guard let tenths = result.census.figures.tenths(part) else { return "not known" }
        return HealthPage.grouped(tenths, isWhole: !part.isRounded)
    }

    private func shownGrade(_ result: AuthorityHealth, _ row: IndicatorHealth) -> Grade? {
        result.census.isHidden(row.indicator) ? nil : row.grade
    }

    private func gradeText(_ result: AuthorityHealth, _ row: IndicatorHealth) -> String {
        if let grade = shownGrade(result, row) { return grade.rawValue }
        return row.grade == nil ? row.threshold == nil ? "no threshold" : "not known" : HealthPage.notShown
    }

    private func neighbours(_ result: AuthorityHealth, _ median: Tenths?, _ counted: Int, _ unit: String) -> String {
        guard let median else { return result.neighbourCount == 0 ? "none" : "not available" }
        let share =
            counted == result.neighbourCount
            ? "\(result.neighbourCount)" : "\(counted) of \(result.neighbourCount)"
        return median.description + unit + " (\(share))"
    }

    private static func text(_ figure: PublishedFigure?, _ indicator: WorkforceIndicator) -> String {
        switch figure {
        case .figure(let tenths): tenths.description + indicator.unit
        case .mark(let mark): mark.words
        case nil: "none"
        }
    }

    private static func text(_ figure: PublishedFigure?, isWhole: Bool) -> String {
        switch figure {
        case .figure(let tenths): grouped(tenths, isWhole: isWhole)
        case .mark(let mark): mark.words
        case nil: "none"
        }
    }

    private static func grouped(_ tenths: Tenths, isWhole: Bool) -> String {
        Words.grouped(tenths.value / 10) + (isWhole ? "" : ".\(tenths.value % 10)")
    }
}

extension String {
    /// For the page's anchors, such as `agency-rate`.
    fileprivate var replacingUnderscores: String { String(map { $0 == "_" ? "-" : $0 }) }
    fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
