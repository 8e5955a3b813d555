import AgencyModel
import ByteWriting
import Facts
import Markup
import Wording

/// `comparison.html`: one page for directors that shows who pays what for the same role, and why. It names authorities and, if the
/// audience allows, agencies, but no worker and no assignment.
struct ComparisonPage {
    let comparison: Comparison
    let identity: RunIdentity
    let tables: [ComparisonTable]
    var page: Page
    /// The newest quarter, which the charts show.
    let quarter: QuarterFigures
    /// The largest number of authorities in a chart; if there are more, it shows only the highest.
    static let mostRows = 40

    static func write(
        _ comparison: Comparison, _ tables: [ComparisonTable], identity: RunIdentity, to sink: ByteSink
    ) throws {
        guard let quarter = comparison.quarters.last else { return }
        let title = "Agency social workers compared: \(comparison.title), \(comparison.periodInWords)"
        var page = ComparisonPage(
            comparison: comparison, identity: identity, tables: tables, page: Page(title: title), quarter: quarter)
        page.write(title)
        try sink(page.page.buffer)
    }

    private mutating func write(_ title: String) {
        page.raw("<header>\n")
        page.element("h1", "", title)
        page.element(
            "p", "class=\"quiet\"",
            "Compared by agency-check \(identity.toolVersion) with rules \(identity.rulesDigest.prefix(12))"
                + (identity.stamp.map { ", \($0)" } ?? "") + ". \(audienceInWords)")
        page.raw("</header>\n<main id=\"main\">\n")
        writeAnswer()
        writeContents()
        writeRates()
        writeCaps()
        writeCost()
        writeChanges()
        writeMedian()
        writePermanent()
        writeSupply()
        writeExperience()
        writeBreaches()
        if comparison.audience != .public { writeAgencies() }
        writeWorkers()
        if comparison.reference != nil {
            writeNeighbours()
            writeNational()
        }
        writeWithheld()
        writeLeftOut()
        writeMethod()
        page.raw("</main>\n<footer>\n")
        page.paragraph(
            "This page was made on your own machine and asks for nothing from elsewhere."
                + (comparison.audience == .public
                    ? "" : " It is for \(comparison.audience.rawValue): do not pass it to anyone else."))
        page.raw("</footer>\n")
        page.end()
    }

    private var audienceInWords: String {
        switch comparison.audience {
        case .analysts:
            "For the partnership's own analysts: nothing is withheld. To pass it on, make the members' or the public version."
        case .members: "For members: counts below \(comparison.small) are withheld."
        case .public: "For the public: counts below \(comparison.small), single rates and agencies are withheld."
        }
    }

    private mutating func writeAnswer() {
        let headlines = comparison.headlines
        // Starts with senior social workers, the role that regions discuss most.
        let first = headlines.first { $0.title.contains(CoreRole.seniorSocialWorker.inWords) } ?? headlines.first
        page.raw("<section class=\"verdict\" aria-label=\"Who pays most?\">\n")
        if let first {
            page.element("p", "class=\"word\"", first.title)
            page.paragraph(first.because)
        } else {
            page.element("p", "class=\"word\"", "No role can be compared in \(quarter.quarter.inWords)")
            page.paragraph("Fewer than two authorities have rates for the same role that may be shown.")
        }
        page.raw("</section>\n")
        let rest = headlines.filter { $0.title != first?.title }
        if !rest.isEmpty {
            page.raw("<ul>\n")
            for headline in rest { page.element("li", "", "\(headline.title). \(headline.because)") }
            page.raw("</ul>\n")
        }
        writeFigures()
    }

    private mutating func writeFigures() {
        let (top, place) = (quarter.areas[quarter.top], quarter.top)
        let above = top.roles.reduce(0) { $0 + $1.above }
        let isShown = quarter.showsAmount(.total, of: place)
        let figures: [(TableCell, String)] = [
            (.count(top.authorities.count), "authorities, \(quarter.quarter)"),
            (comparison.cell(quarter, place, .assignments, top.assignments), "assignments"),
            (comparison.cell(quarter, place, .workers, top.workers.count), "workers"),
            (
                .shown(
                    quarter.showsAmount(.fullTime, of: place), comparison.fullTime(quarter.quarter, top).map { .hundredths($0) }),
                "full-time equivalents"
            ),
            (comparison.cell(quarter, place, .above(RoleSlot.all), above), "assignments above the cap"),
            (.shown(isShown, .text(Words.pounds(top.cost.toThePenny))), "cost: hours times charge rate"),
        ]
        page.raw("<ul class=\"figures\">\n")
        for (figure, name) in figures {
            page.raw("<li><b>")
            page.text(figure.inWords)
            page.raw("</b>")
            page.text(name)
            page.raw("</li>\n")
        }
        page.raw("</ul>\n")
    }

    private mutating func writeContents() {
        page.raw("<nav aria-label=\"On this page\">\n<ul>\n")
        for (id, name) in [
            ("rates", "Rates by role"), ("caps", "Above the cap"), ("cost", "Cost and numbers"),
            ("changes", "Changes over the quarters"),
            ("median", "At the region's median rate"), ("permanent", "Compared with permanent pay"),
            ("supply", "How workers are supplied"),
            ("experience", "Experience and length"), ("breaches", "Breaches of the rules"),
            comparison.audience == .public ? nil : ("agencies", "Agencies and their fees"), ("workers", "Shared workers and moves"),
            comparison.reference == nil ? nil : ("neighbours", "Compared with statistical neighbours"),
            comparison.reference == nil ? nil : ("national", "The published figures"),
            ("withheld", "Withheld figures"), ("left-out", "Assignments left out"), ("method", "How the figures are worked out"),
        ].compactMap({ $0 }) {
            page.raw("<li><a href=\"#\(id)\">\(name)</a></li>\n")
        }
        page.raw("</ul>\n</nav>\n")
    }

    /// The name of an area as the heading of a row.
    func name(_ area: Area) -> String { area.kind == .authority ? "\(area.code) \(area.name)" : area.name }

    // MARK: Rates

    private static func pence(_ tenThousandths: Int64) -> Int { Int(Quartiles.floor(Int128(tenThousandths) + 50, 100)) }

    /// Shown instead of a section whose breakdown is withheld.
    static let isWithheldWhole = "All of this is withheld: see what is withheld."

    private mutating func writeRates() {
        page.heading(2, "Rates by role", id: "rates")
        page.paragraph(
            "The capped rate in \(quarter.quarter.inWords), pounds an hour: pay with the employer's costs, without the agency's fee. Authorities are in the order of their medians."
        )
        if quarter.isClosed(.roles) { return page.paragraph(ComparisonPage.isWithheldWhole) }
        for role in CoreRole.allCases {
            let slot = RoleSlot.of(role)
            guard quarter.areas[quarter.top].roles[slot].assignments > 0 else { continue }
            page.heading(3, "\(role.inWords.prefix(1).uppercased())\(role.inWords.dropFirst())", id: "rates-\(role.text)")
            let ranked = comparison.ranked(quarter, role)
            if !ranked.isEmpty { page.figure(rateChart(role, ranked.map { ($0.place, $0.figures) })) }
            writeRateTable(role, ranked.map(\.place))
        }
    }

    private func rateChart(_ role: CoreRole, _ ranked: [(place: Int, figures: RoleFigures)]) -> Chart {
        let rows = ranked.prefix(ComparisonPage.mostRows).map { place, figures in
            let quartiles = figures.quartiles!
            let sides = comparison.showsQuartiles(of: quartiles.count) && quartiles.count > 1
            let extremes = comparison.showsExtremes && quartiles.count > 1
            let pence = ComparisonPage.pence
            return Chart.RateRow(
                label: quarter.areas[place].area.name,
                strip: comparison.audience == .analysts ? figures.rates.map(pence) : [],
                box: sides ? (pence(quartiles.lower), pence(quartiles.median), pence(quartiles.upper)) : nil,
                whiskers: extremes ? (pence(quartiles.lowest), pence(quartiles.highest)) : nil, median: pence(quartiles.median),
                cap: figures.caps.count == 1 ? pence(figures.caps.first!.tenThousandths) : nil)
        }
        let parts = [
            comparison.audience == .analysts ? "Each dot is one rate." : nil, "The thick bar is the median.",
            ranked.contains { comparison.showsQuartiles(of: $0.figures.rates.count) } ? "The box shows the middle half." : nil,
            comparison.showsExtremes ? "The line reaches from the lowest to the highest." : nil,
            rows.contains { $0.hasCap } ? "The dashed line is the cap." : "No cap is on file.",
            ranked.count > rows.count ? "The \(rows.count) highest of \(ranked.count) authorities." : nil,
        ]
        return .rates(
            "\(role.inWords.prefix(1).uppercased())\(role.inWords.dropFirst()): rates by authority, \(quarter.quarter)",
            parts.compactMap { $0 }.joined(separator: " ") + " The figures are in the table below.", rows)
    }

    private mutating func writeRateTable(_ role: CoreRole, _ ranked: [Int]) {
        let slot = RoleSlot.of(role)
        let rest = quarter.authorities.filter { !ranked.contains($0) && quarter.areas[$0].roles[slot].assignments > 0 }
        let sums = quarter.areas.indices.filter {
            quarter.areas[$0].area.kind != .authority && quarter.areas[$0].roles[slot].assignments > 0
        }
        page.beginTable(
            "\(role.text) \(role.inWords): capped rates, pounds an hour, \(quarter.quarter)",
            [
                .init("Authority"), .init("Assignments", .number), .init("Lowest", .number), .init("Lower quartile", .number),
                .init("Median", .number), .init("Upper quartile", .number), .init("Highest", .number),
            ])
        for place in ranked + rest + sums {
            page.row(
                [name(quarter.areas[place].area)]
                    + comparison.rateCells(quarter, place, slot, quarter.areas[place].roles[slot]).map(\.inWords))
        }
        page.endTable()
    }

    // MARK: Caps

    private mutating func writeCaps() {
        page.heading(2, "Above the cap", id: "caps")
        if quarter.isClosed(.roles) { return page.paragraph(ComparisonPage.isWithheldWhole) }
        let capped = quarter.areas.indices.filter { place in
            quarter.areas[place].roles.contains { !$0.distances.isEmpty || $0.undecided > 0 }
        }
        guard !capped.isEmpty else {
            return page.paragraph(
                "No rate could be compared with a cap: no cap is on file for these regions, roles and dates, or the caps do not apply. Enter the regions' caps in caps.csv."
            )
        }
        func sums(_ place: Int) -> (capped: Int, above: Int, signed: Int, undecided: Int) {
            let roles = quarter.areas[place].roles
            return (
                roles.reduce(0) { $0 + $1.distances.count }, roles.reduce(0) { $0 + $1.above },
                roles.reduce(0) { $0 + $1.signedOff }, roles.reduce(0) { $0 + $1.undecided }
            )
        }
        func isShareShown(_ place: Int) -> Bool {
            quarter.isShown(.capped(RoleSlot.all), of: place) && quarter.isShown(.above(RoleSlot.all), of: place)
        }
        let bars = capped.filter { quarter.authorities.contains($0) }.compactMap { place -> (Int, Int64)? in
            let sums = sums(place)
            guard isShareShown(place), comparison.isShareOpen(sums.above, of: sums.capped),
                let share = Quartiles.perMille(Int128(sums.above), of: Int128(sums.capped))
            else {
                return nil
            }
            return (place, share)
        }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        if !bars.isEmpty {
            page.figure(
                .bars(
                    "Share of assignments above the cap, \(quarter.quarter)", "The figures are in the table below.",
                    bars.prefix(ComparisonPage.mostRows).map { place, share in
                        .init(
                            label: quarter.areas[place].area.name, value: Int(share), shown: TableCell.perMille(share).inWords)
                    }))
        }
        page.beginTable(
            "Assignments against the caps, \(quarter.quarter)",
            [
                .init("Authority"), .init("Compared with a cap", .number), .init("Above it", .number), .init("Share", .number),
                .init("Of those signed off", .number), .init("Not decided", .number),
            ])
        for place in capped {
            let sums = sums(place)
            page.row(
                [name(quarter.areas[place].area)]
                    + [
                        comparison.cell(quarter, place, .capped(RoleSlot.all), sums.capped),
                        comparison.cell(quarter, place, .above(RoleSlot.all), sums.above),
                        comparison.aboveShare(quarter, place, RoleSlot.all, sums.above, of: sums.capped),
                        comparison.cell(quarter, place, .signedOff(RoleSlot.all), sums.signed),
                        comparison.cell(quarter, place, .undecided(RoleSlot.all), sums.undecided),
                    ].map(\.inWords))
        }
        page.endTable()
        page.paragraph(
            "Not decided: there is a cap, and the rate is not known in full: a PAYE rate without on-costs that is not already above the cap, or no rate at all. Such assignments are neither above the cap nor within it, and in no share. An assignment whose rate changed is above its cap where one of its rates is."
        )
        page.paragraph(
            "By role, with the median distance to the cap: roles.csv. Every rate above its cap with who signed it off: check, cap-breaches.csv."
        )
    }

    // MARK: Cost

    private mutating func writeCost() {
        page.heading(2, "Cost and numbers", id: "cost")
        let shown = quarter.authorities.filter { quarter.showsAmount(.total, of: $0) }.sorted { left, right in
            let (a, b) = (quarter.areas[left].cost.units, quarter.areas[right].cost.units)
            return a != b ? a > b : left < right
        }
        if !shown.isEmpty {
            page.figure(
                .bars(
                    "Cost of agency workers, \(quarter.quarter)", "Hours times charge rate. The figures are in the table below.",
                    shown.prefix(ComparisonPage.mostRows).map { place in
                        let cost = quarter.areas[place].cost.toThePenny
                        return .init(
                            label: quarter.areas[place].area.name, value: Int(cost.tenThousandths / 100), shown: Words.pounds(cost))
                    }))
        }
        write(
            "totals.csv", "Cost and numbers, \(quarter.quarter)",
            ["Authorities", "Assignments", "Workers", "Full-time equivalents", "Hours", "Cost"])
    }

    /// Writes a table of the comparison as in its file, but only the rows of the newest quarter.
    mutating func write(
        _ file: String, _ caption: String, _ columns: [String], first: String = "Authority", from start: Int = 5,
        only places: [Int]? = nil, where isKept: ([TableCell]) -> Bool = { _ in true }
    ) {
        guard let table = tables.first(where: { $0.file == file }) else { return }
        let rows = table.rows.filter { $0[0].inWords == quarter.quarter.description && isKept($0) }
        let kept = places ?? Array(start..<(start + columns.count))
        page.beginTable(
            caption,
            [.init(first)]
                + zip(columns, kept).map { name, place in
                    .init(name, rows.contains { $0[place].isNumber } ? .number : .short)
                })
        for row in rows.prefix(1000) {
            let name = [row[2].plain, row[3].inWords].filter { !$0.isEmpty }.joined(separator: " ")
            page.row([first == "Authority" ? name : row[1].inWords] + kept.map { row[$0].inWords })
        }
        page.endTable()
        if rows.count > 1000 { page.paragraph("\(Words.grouped(rows.count - 1000)) more rows are in \(file).") }
    }
}
