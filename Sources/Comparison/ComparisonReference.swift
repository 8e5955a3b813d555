import AgencyModel
import ByteWriting
import RuleBook
import Wording

/// Each authority beside its statistical neighbours, and the published figures beside the comparison.
extension Comparison {
    /// An authority's statistical neighbours in a quarter: the rank and index of each that is compared.
    func neighbours(_ quarter: QuarterFigures, of place: Int) -> [(rank: Int, place: Int)] {
        guard let reference else { return [] }
        let codes = reference.neighbours(of: AuthorityCode(number: UInt16(quarter.areas[place].area.number)))
        return codes.enumerated().compactMap { index, code in
            quarter.authorities.first { quarter.areas[$0].area.number == Int(code.number) }.map { (index + 1, $0) }
        }
    }

    /// The figures that are compared with the neighbours'. Each is in another table too, and is shown or withheld as it is there.
    func neighbourMeasures(_ quarter: QuarterFigures, _ place: Int) -> [Measure] {
        let all = measures(quarter, place)
        let roles = quarter.areas[place].roles
        let (capped, above) = (roles.reduce(0) { $0 + $1.distances.count }, roles.reduce(0) { $0 + $1.above })
        let share = Measure(
            name: "above_cap_percent", value: Quartiles.perMille(Int128(above), of: Int128(capped)),
            isShown: quarter.isShown(.capped(RoleSlot.all), of: place) && quarter.isShown(.above(RoleSlot.all), of: place)
                && isShareOpen(above, of: capped)
        ) { .perMille($0) }
        return all.filter { Comparison.besideNeighbours.contains($0.name) } + [share]
            + all.filter { $0.name.hasPrefix("median_rate_") }
    }

    private static let besideNeighbours = ["assignments", "full_time_equivalents", "cost"]

    /// The median of the values that are shown, so that it reveals nothing more; nil if none is shown.
    static func middle(of measures: [Measure]) -> Measure? {
        guard let first = measures.first, let middle = Quartiles(measures.compactMap(\.open).sorted())?.median else { return nil }
        return Measure(name: first.name, value: middle, isShown: true, cell: first.cell)
    }

    var neighbourTable: ComparisonTable {
        let names = Comparison.besideNeighbours + ["above_cap_percent"] + CoreRole.core.map { "median_rate_" + $0.text }
        var table = ComparisonTable(
            "neighbours.csv", ["quarter", "authority_code", "name", "rank", "neighbour_code", "neighbour_name"] + names)
        for quarter in quarters {
            let measures = quarter.authorities.map { neighbourMeasures(quarter, $0) }
            for place in quarter.authorities {
                let neighbours = neighbours(quarter, of: place)
                if neighbours.isEmpty { continue }
                let area = quarter.areas[place].area
                let start: [TableCell] = [.text(quarter.quarter.description), .text(area.code), .text(area.name)]
                for (rank, other) in [(0, place)] + neighbours {
                    let neighbour = quarter.areas[other].area
                    table.add(
                        start + [.count(rank), .text(neighbour.code), .text(neighbour.name)] + measures[other].map(\.shown))
                }
                let middles = names.indices.map { index in
                    Comparison.middle(of: neighbours.map { measures[$0.place][index] })
                }
                table.add(start + [.text("median"), .none, .none] + middles.map { $0?.shown ?? .none })
            }
        }
        return table
    }

    // MARK: Published figures

    /// The published indicators that are shown beside a comparison.
    static let publishedIndicators: [WorkforceIndicator] = [.agencyRate, .vacancyRate, .turnover, .caseload]

    /// The newest year with published figures.
    var publishedYear: Int? { reference?.published.years.last }

    /// What the Department says about the figures of these areas in that year.
    func publishedNotes(of areas: [String]) -> [String] {
        publishedYear.flatMap { reference?.notes(on: $0, of: areas) } ?? []
    }

    private static func cell(_ figure: PublishedFigure?, _ indicator: WorkforceIndicator) -> TableCell {
        switch figure {
        case nil: .none
        case .mark(let mark): .text(mark.words)
        case .figure(let tenths):
            indicator == .caseload ? .tenths(Int64(tenths.value)) : .perMille(Int64(tenths.value))
        }
    }

    /// The published figures of the newest year for the authorities compared, their regions and England.
    var national: ComparisonTable {
        var table = ComparisonTable(
            "national.csv",
            ["year", "area", "authority_code", "name", "region", "published_as"] + Comparison.publishedIndicators.map(\.key) + [
                "notes"
            ])
        guard let published = reference?.published, let year = publishedYear else { return table }
        func add(_ area: [String], _ row: PublishedArea?) {
            let name = row.map { $0.area == area[1] || $0.area == area[2] ? "" : $0.area } ?? ""
            table.add(
                [.text(String(year))] + area.map { .text($0) } + [.text(name)]
                    + Comparison.publishedIndicators.map { Comparison.cell(row?.rate($0), $0) }
                    + [.text(row.map { publishedNotes(of: [$0.area]).joined(separator: " ") } ?? "")])
        }
        let areas = Set(quarters.flatMap { $0.areas.map(\.area) })
        for area in areas.filter({ $0.kind == .authority }).sorted(by: { $0.number < $1.number }) {
            let code = AuthorityCode(number: UInt16(area.number))
            add(["authority", area.code, area.name, area.region], published[year, code])
        }
        for area in areas.filter({ $0.kind == .region }).sorted(by: { $0.number < $1.number }) {
            add(["region", "", area.name, area.name], published[year, area.name])
        }
        add(["england", "", PublishedIndicators.england, ""], published[year, PublishedIndicators.england])
        return table
    }
}

// MARK: - On the page

extension ComparisonPage {
    mutating func writeNeighbours() {
        page.heading(2, "Compared with statistical neighbours", id: "neighbours")
        let rows = quarter.authorities.compactMap { place -> [String]? in
            let neighbours = comparison.neighbours(quarter, of: place)
            if neighbours.isEmpty { return nil }
            let own = comparison.neighbourMeasures(quarter, place)
            let others = neighbours.map { comparison.neighbourMeasures(quarter, $0.place) }
            let wanted = ["median_rate_SW", "median_rate_SSW", "above_cap_percent"]
            return [name(quarter.areas[place].area), Words.grouped(neighbours.count)]
                + wanted.flatMap { name -> [String] in
                    let index = own.firstIndex { $0.name == name }!
                    let middle = Comparison.middle(of: others.map { $0[index] })
                    return [own[index].shown.inWords, (middle?.shown ?? TableCell.none).inWords]
                }
        }
        if rows.isEmpty {
            return page.paragraph(
                "No authority of \(quarter.quarter) is compared together with one of its ten statistical neighbours (neighbours.csv of the rules)."
            )
        }
        page.paragraph(
            "The ten authorities most like each other by the Department for Education's model of 2025, as far as they are compared here. The middle is the median of those neighbours' figures that are shown."
        )
        page.table(
            "Each authority and the middle of its neighbours, \(quarter.quarter)",
            [
                .init("Authority"), .init("Neighbours here", .number), .init("Social worker, median", .number),
                .init("Neighbours", .number), .init("Senior social worker, median", .number), .init("Neighbours", .number),
                .init("Above the cap", .number), .init("Neighbours", .number),
            ], rows)
        page.paragraph("Each neighbour separately, with cost, full-time equivalents and every role: neighbours.csv.")
    }

    mutating func writeNational() {
        page.heading(2, "The published figures", id: "national")
        guard let year = comparison.publishedYear, let table = tables.first(where: { $0.file == "national.csv" }) else {
            return page.paragraph("The rules contain no published figures.")
        }
        page.paragraph(
            "What the Department for Education has published for the year to 30 September \(year) (Children's social work workforce, Open Government Licence v3.0): from the authorities' censuses, not from these returns. Definitions: agency-check health."
        )
        page.table(
            "Published indicators, \(year)",
            [
                .init("Area"), .init("Agency rate", .number), .init("Vacancy rate", .number), .init("Turnover", .number),
                .init("Caseload", .number),
            ],
            table.rows.map { row in
                let joint = row[5].plain
                let name = [row[2].plain, row[3].plain].filter { !$0.isEmpty }.joined(separator: " ")
                return [joint.isEmpty ? name : "\(name) (published as \(joint))"] + row[6...].dropLast().map(\.inWords)
            })
        var notes: [String] = []
        for note in table.rows.map({ $0.last!.plain }) where !note.isEmpty && !notes.contains(note) { notes.append(note) }
        for note in notes { page.paragraph(note) }
    }
}
