import AgencyModel
import ByteWriting
import Wording

/// The sections of the page after rates and cost.
extension ComparisonPage {
    mutating func writeChanges() {
        page.heading(2, "Changes over the quarters", id: "changes")
        guard comparison.quarters.count > 1 else {
            return page.paragraph(
                "Only \(quarter.quarter.inWords) is compared. Give the returns of more quarters to see what has changed.")
        }
        writeComings()
        let areas = Set(comparison.quarters.flatMap { $0.areas.map(\.area) }).filter { $0.kind == .authority }
            .sorted { $0.number < $1.number }
        let quarters = allQuarters
        writeSeries(
            "Cost by quarter", quarters, areas, measure: "cost", scale: 100)
        for role in [CoreRole.socialWorker, .seniorSocialWorker] {
            writeSeries("Median rate by quarter: \(role.inWords)", quarters, areas, measure: "median_rate_" + role.text, scale: 100)
        }
        writeChangeTable()
    }

    /// Every quarter from the first to the last, including those without a return.
    private var allQuarters: [Quarter] {
        let (first, last) = (comparison.quarters[0].quarter.index, quarter.quarter.index)
        return (first...last).map { Quarter(index: $0) }
    }

    /// Writes the authorities that began or ended during the quarters, and those that lack a return.
    private mutating func writeComings() {
        let first = comparison.quarters[0].quarter
        var seen: Set<Int> = []
        for figures in comparison.quarters { for place in figures.authorities { seen.insert(figures.areas[place].area.number) } }
        var notes: [String] = []
        for number in seen.sorted() {
            guard let authority = comparison.book.authorities[AuthorityCode(number: UInt16(number))] else { continue }
            if let from = authority.validFrom, from > first.firstDay {
                notes.append("\(authority.code) \(authority.name) began on \(from.inWords): before that it has no figures.")
            }
            if let to = authority.validTo, to < quarter.quarter.lastDay {
                notes.append(
                    "\(authority.code) \(authority.name) ended on \(to.inWords): after that its successors have the figures.")
            }
        }
        let counts = comparison.quarters.map { $0.authorities.count }
        if Set(counts).count > 1 {
            notes.append(
                "Not every quarter has the same authorities (\(comparison.quarters.map { "\($0.quarter): \($0.authorities.count)" }.joined(separator: ", "))), so the totals do not all compare like with like."
            )
        }
        if notes.isEmpty { return }
        page.raw("<ul>\n")
        for note in notes { page.element("li", "", note) }
        page.raw("</ul>\n")
    }

    private func measure(_ name: String, _ quarter: Quarter, _ area: Area) -> Measure? {
        guard let figures = comparison.figures(of: quarter), let place = figures.place(of: area) else { return nil }
        return comparison.measures(figures, place).first { $0.name == name }
    }

    /// Writes small charts of a measure over the quarters, with the figures below, for the authorities with the highest values in
    /// the newest quarter.
    private mutating func writeSeries(_ title: String, _ quarters: [Quarter], _ areas: [Area], measure name: String, scale: Int64) {
        let series = areas.map { area in (area: area, measures: quarters.map { measure(name, $0, area) }) }
            .filter { $0.measures.contains { $0?.open != nil } }
            .sorted { left, right in
                let (a, b) = (left.measures.last??.open ?? -1, right.measures.last??.open ?? -1)
                return a != b ? a > b : left.area.number < right.area.number
            }
        guard !series.isEmpty else { return }
        let shown = series.prefix(24)
        page.figure(
            .multiples(
                title + (name == "cost" ? " (scale from zero)" : " (scale from just below the lowest)")
                    + (series.count > shown.count ? ", the \(shown.count) highest" : ""),
                "One drawing for each authority, all on one scale. The figures are in the table below.",
                from: quarters[0].description, to: quarters[quarters.count - 1].description,
                startsAtNought: name == "cost",
                shown.map { series in
                    .init(
                        label: series.area.name, values: series.measures.map { $0?.open.map { Int($0 / scale) } },
                        shown: series.measures.last??.shown.inWords ?? "no return")
                }))
        page.beginTable(title, [.init("Authority")] + quarters.map { .init($0.description, .number) })
        for (area, measures) in series {
            page.row([self.name(area)] + measures.map { ($0?.shown ?? TableCell.none).inWords })
        }
        page.endTable()
    }

    private mutating func writeChangeTable() {
        let (before, year) = (comparison.earlier(quarter.quarter, by: 1), comparison.earlier(quarter.quarter, by: 4))
        if before == nil, year == nil {
            return page.paragraph("Neither the quarter before \(quarter.quarter) nor the one a year before is compared.")
        }
        page.beginTable(
            "Change of cost on the quarter before and on a year before, \(quarter.quarter)",
            [
                .init("Authority"), .init("Cost", .number), .init("On the quarter before", .number), .init("Per cent", .number),
                .init("On a year before", .number), .init("Per cent", .number),
            ])
        for (place, figures) in quarter.areas.enumerated() {
            func cost(_ other: QuarterFigures?) -> Measure? {
                other.flatMap { other in
                    other.place(of: figures.area).flatMap { place in comparison.measures(other, place).first { $0.name == "cost" } }
                }
            }
            guard let now = comparison.measures(quarter, place).first(where: { $0.name == "cost" }) else { continue }
            let changes =
                now.change(since: cost(before), isFew: comparison.isFew(quarter, place, since: before))
                + now.change(since: cost(year), isFew: comparison.isFew(quarter, place, since: year))
            page.row([name(figures.area), now.shown.inWords] + changes.map(\.inWords))
        }
        page.endTable()
        page.paragraph("Every measure of every quarter: changes.csv.")
    }

    // MARK: Money

    mutating func writeMedian() {
        page.heading(2, "At the region's median rate", id: "median")
        page.paragraph(
            "What the hours of \(quarter.quarter.inWords) cost at the capped rates that were paid, and what they would have cost had each been paid at the median of its region for the role. The agency's fee is outside both."
        )
        page.beginTable(
            "All roles, \(quarter.quarter)",
            [
                .init("Authority"), .init("Hours", .number), .init("Paid", .number), .init("At the region's median", .number),
                .init("More than that", .number),
            ])
        for (place, figures) in quarter.areas.enumerated() {
            let row = comparison.atMedian(quarter, place, nil)
            page.row([name(figures.area)] + [row.hours, row.paid, row.atMedian, row.difference].map(\.inWords))
        }
        page.endTable()
        page.paragraph("By role: at-median.csv.")
    }

    mutating func writePermanent() {
        page.heading(2, "Compared with permanent pay", id: "permanent")
        if let missing = comparison.permanentPayMissing(quarter.quarter) {
            page.paragraph("This could not be worked out: \(missing).")
        }
        if quarter.isClosed(.roles) { return page.paragraph(ComparisonPage.isWithheldWhole) }
        let rows = quarter.authorities.flatMap { place in
            CoreRole.allCases.compactMap { role -> [String]? in
                let cells = comparison.permanentCells(quarter, place, role)
                let isUsed = quarter.areas[place].roles[RoleSlot.of(role)].assignments > 0
                return cells.isEmpty || !isUsed ? nil : [name(quarter.areas[place].area), role.text] + cells.map(\.inWords)
            }
        }
        if rows.isEmpty { return }
        page.paragraph(
            "The median salary of the authority's own census (case holders for social workers, senior practitioners for senior social workers and advanced practitioners, first-line managers for team managers; none for independent reviewing officers), with on-costs, for the same hours."
        )
        page.table(
            "Agency and permanent cost of the same hours, \(quarter.quarter)",
            [
                .init("Authority"), .init("Role", .short), .init("Salaries", .number), .init("Median salary", .number),
                .init("Permanent, an hour", .number), .init("Agency hours", .number), .init("Agency cost", .number),
                .init("Permanent cost", .number), .init("Difference", .number),
            ], rows)
    }

    // MARK: Workers and supply

    mutating func writeSupply() {
        page.heading(2, "How workers are supplied", id: "supply")
        write(
            "supply.csv", "Individually, in project teams, in packages, \(quarter.quarter)",
            ["Supply", "Assignments", "Share", "Workers", "Teams", "Hours", "Cost", "Median rate"],
            where: { row in
                // A kind of supply that is not used is left out here; the file has it.
                if case .count(0) = row[6] { return false }
                return true
            })
    }

    mutating func writeExperience() {
        page.heading(2, "Experience and length", id: "experience")
        page.paragraph(
            "Proven: the employment history shows the days that are required. Verified: the authority has verified the months that are declared. Declared: the months are declared but not verified. None: there is neither a history nor a declaration."
        )
        write(
            "experience.csv", "How three years' experience is shown, \(quarter.quarter)",
            [
                "Assignments", "Proven", "Verified", "Declared", "None", "Proven, share", "Verified, share", "Declared, share",
                "None, share",
            ])
        write(
            "lengths.csv", "Days of an assignment, to the quarter's end while it runs, \(quarter.quarter)",
            ["Assignments", "Lower quartile", "Median", "Upper quartile"])
    }

    mutating func writeBreaches() {
        page.heading(2, "Breaches of the rules", id: "breaches")
        page.paragraph(
            "Assignments with an error in the family, for each hundred assignments of the return. A rate above the cap with both sign-offs in time is not an error."
        )
        let names = ["Data", "Price caps", "Experience", "Teams", "Cool-off", "Notice", "References"]
        write(
            "breaches.csv", "In breach, for each hundred assignments, \(quarter.quarter)", ["Assignments"] + names,
            only: [5] + Array((6 + names.count)..<(6 + 2 * names.count)))
        page.paragraph("The numbers themselves: breaches.csv.")
    }

    mutating func writeAgencies() {
        page.heading(2, "Agencies and their fees", id: "agencies")
        page.paragraph(
            "The fee is the agency's and the managed service provider's margin, pounds an hour, where the return says it.")
        write(
            "agencies.csv", "By agency, \(quarter.quarter)",
            [
                "Authorities", "Assignments", "Workers", "Hours", "Cost", "Fees known", "Lowest fee", "Lower quartile", "Median",
                "Upper quartile", "Highest fee",
            ], first: "Agency", from: 2)
    }

    mutating func writeWorkers() {
        page.heading(2, "Shared workers and moves", id: "workers")
        let months = comparison.book.parameters.moveMonths.value(on: quarter.quarter.lastDay) ?? 0
        page.paragraph(
            "Counts only. A worker is active in two authorities if both returns for the quarter have an assignment. A move is agency work in a region that begins within \(Words.count(months, "month")) of leaving a substantive post in the same region, according to the employment histories, the censuses and the declared last posts; it counts once, in the quarter in which it begins."
        )
        write(
            "workers.csv", "Shared workers and moves, \(quarter.quarter)",
            ["Workers", "Also active elsewhere", "Came from a post in the region", "Left a post here"])
    }

    // MARK: What is not shown

    mutating func writeWithheld() {
        page.heading(2, "What is withheld", id: "withheld")
        guard comparison.audience != .analysts else {
            return page.paragraph(
                "Nothing: this page is for the partnership's own analysts. Before it is passed on, make the members' or the public version."
            )
        }
        page.paragraph(
            "A \u{201C}c\u{201D} is a figure that exists but is not shown. Counts from 1 to \(comparison.small - 1) are withheld, and other counts with them, so that every withheld count could be one of at least \(comparison.small) numbers. With an authority's count its cost, hours, shares and medians go too. Hours, costs and full-time equivalents are also withheld where fewer than \(comparison.small) workers or one authority make them, or where one worker makes most of them; and no withheld amount can be worked out to within 15 per cent. Zeros are shown. Lowest and highest rates are left out; a median needs \(2 * comparison.small) values and quartiles \(4 * comparison.small)."
                + (comparison.audience == .public ? " Agencies are not named." : ""))
        for sentence in comparison.withheldWhole { page.paragraph(sentence) }
        page.table(
            "Counts withheld in all tables, and hours and costs",
            [
                .init("Quarter"), .init("Counts, for their own size", .number), .init("Counts, to protect those", .number),
                .init("Hours and costs", .number),
            ],
            comparison.quarters.compactMap { quarter in
                quarter.protection.map { protection in
                    [quarter.quarter.description]
                        + [
                            protection.withheldCounts.primary, protection.withheldCounts.secondary, protection.withheldAmounts,
                        ].map { Words.grouped($0) }
                }
            })
    }

    mutating func writeLeftOut() {
        page.heading(2, "What is left out", id: "left-out")
        guard let table = tables.first(where: { $0.file == "left-out.csv" }), !table.rows.isEmpty else {
            return page.paragraph("Nothing: every assignment that was read is in the figures.")
        }
        page.table(
            "Assignments that are in no figure",
            [.init("Authority"), .init("Quarter", .short), .init("Why"), .init("Assignments", .number), .init("Cost", .number)],
            table.rows.prefix(400).map { row in
                let code = row[0].plain
                let known = UInt16(code).flatMap { comparison.book.authorities[AuthorityCode(number: $0)]?.name }
                return [[code, known ?? ""].filter { !$0.isEmpty }.joined(separator: " "), row[1].inWords]
                    + row[2...].map(\.inWords)
            })
    }

    mutating func writeMethod() {
        page.heading(2, "How the figures are worked out", id: "method")
        let hours = comparison.book.parameters.fullTimeHours.value(on: quarter.quarter.lastDay)?.description ?? "not set"
        page.raw("<ul>\n")
        for line in [
            "Quarters are those of the calendar year, not of the financial year: Q1 is January to March.",
            "Every assignment that was read counts, assessed or not, except those left out above. A return's assignments, hours and cost add up to the same as in its check.",
            "An assignment whose rate changed has a row for each rate and counts once: under the last role, agency and rate, with the highest of its weekly hours, from its first day to its last. Hours and cost are those of all its rows. It is above its cap where one of its rates is, signed off where each of those is.",
            "A PAYE rate without on-costs counts in the quartiles as the pay rate only. Whether it is within the cap is not decided, unless it is already above it.",
            "Full-time equivalents: contracted weekly hours over \(hours), of every assignment of the return. Missing hours count as zero.",
            "Cost: hours worked in the quarter times the charge rate, without VAT, to the penny.",
            "Quartiles and medians are interpolated linearly between the two values nearest to their place (type 7, as in QUARTILE.INC) and rounded to a hundredth of a penny, half up; the page shows pennies.",
            "The cap is the region's for the role on the later of the assignment's first day and the quarter's.",
            "A worker is counted once in an area, however many assignments there are.",
            comparison.returnsFromHistory.map {
                "\(Words.count($0, "return")) \($0 == 1 ? "comes" : "come") from a history store. Breaches in \($0 == 1 ? "it" : "them") are those found when \($0 == 1 ? "it was" : "they were") added; caps and experience are worked out again, with today's rules and evidence. A store holds no assignment without authority or quarter, so none of these is listed as left out."
            },
        ].compactMap({ $0 }) {
            page.element("li", "", line)
        }
        page.raw("</ul>\n")
        if !identity.shadowed.isEmpty {
            page.table("Own rules, used instead of the shipped ones", [.init("From your folder")], identity.shadowed.map { [$0] })
        }
    }
}
