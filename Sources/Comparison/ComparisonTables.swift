import AgencyModel
import Facts

/// The tables of a comparison. docs/guide/comparison.md describes their columns.
extension Comparison {
    /// All tables that the audience gets, in the order in which they are read.
    var tables: [ComparisonTable] {
        var tables = [
            totals, roles, supply, experience, lengths, breaches, changes, workers, atMedian, permanent,
        ]
        if audience != .public { tables.insert(agencyTable, at: 2) }
        if reference != nil { tables += [neighbourTable, national] }
        tables.append(leftOutTable)
        return tables
    }

    static let areaColumns = ["quarter", "area", "authority_code", "name", "region"]

    func areaCells(_ quarter: QuarterFigures, _ area: Area) -> [TableCell] {
        [
            .text(quarter.quarter.description), .text(area.kind.rawValue), .text(area.code), .text(area.name), .text(area.region),
        ]
    }

    /// Calls `body` for each area of each quarter.
    private func forEachArea(_ body: (QuarterFigures, Int, AreaFigures) -> Void) {
        for quarter in quarters {
            for (place, figures) in quarter.areas.enumerated() { body(quarter, place, figures) }
        }
    }

    func cell(_ quarter: QuarterFigures, _ place: Int, _ kind: CountKind, _ count: Int) -> TableCell {
        .shown(quarter.isShown(kind, of: place), .count(count))
    }

    func fullTime(_ quarter: Quarter, _ figures: AreaFigures) -> Int64? {
        figures.fullTimeEquivalents(book.parameters.fullTimeHours.value(on: quarter.lastDay))
    }

    private var totals: ComparisonTable {
        var table = ComparisonTable(
            "totals.csv",
            Comparison.areaColumns + ["authorities", "assignments", "workers", "full_time_equivalents", "hours", "cost"])
        forEachArea { quarter, place, figures in
            let isShown = quarter.showsAmount(.total, of: place)
            table.add(
                areaCells(quarter, figures.area) + [
                    .count(figures.authorities.count), cell(quarter, place, .assignments, figures.assignments),
                    cell(quarter, place, .workers, figures.workers.count),
                    .shown(quarter.showsAmount(.fullTime, of: place), fullTime(quarter.quarter, figures).map { .hundredths($0) }),
                    .shown(isShown, .quantity(figures.hours.quantity)), .shown(isShown, .money(figures.cost.toThePenny)),
                ])
        }
        return table
    }

    private var roles: ComparisonTable {
        var table = ComparisonTable(
            "roles.csv",
            Comparison.areaColumns + [
                "role", "assignments", "lowest", "lower_quartile", "median", "upper_quartile", "highest", "cap", "with_cap",
                "median_distance_to_cap", "above_cap", "above_cap_percent", "signed_off", "cap_undecided",
            ])
        forEachArea { quarter, place, figures in
            // Every role of every area has a row, so that the list of rows reveals nothing.
            for (slot, role) in figures.roles.enumerated() {
                table.add(
                    areaCells(quarter, figures.area) + [.text(RoleSlot.name(slot))]
                        + rateCells(quarter, place, slot, role) + capCells(quarter, place, slot, role))
            }
            let all = figures.roles
            let (capped, above) = (all.reduce(0) { $0 + $1.distances.count }, all.reduce(0) { $0 + $1.above })
            table.add(
                areaCells(quarter, figures.area) + [.text("all"), cell(quarter, place, .assignments, figures.assignments)]
                    + Array(repeating: TableCell.none, count: 6) + [
                        cell(quarter, place, .capped(RoleSlot.all), capped), .none,
                        cell(quarter, place, .above(RoleSlot.all), above),
                        aboveShare(quarter, place, RoleSlot.all, above, of: capped),
                        cell(quarter, place, .signedOff(RoleSlot.all), all.reduce(0) { $0 + $1.signedOff }),
                        cell(quarter, place, .undecided(RoleSlot.all), all.reduce(0) { $0 + $1.undecided }),
                    ])
        }
        return table
    }

    /// The count and the quartiles of the capped rate.
    func rateCells(_ quarter: QuarterFigures, _ place: Int, _ slot: Int, _ role: RoleFigures) -> [TableCell] {
        [cell(quarter, place, .role(slot), role.assignments)]
            + spread(role.quartiles, isShown: showsRates(quarter, place, slot))
    }

    /// Whether anything can be shown about the rates of a role.
    func showsRates(_ quarter: QuarterFigures, _ place: Int, _ slot: Int) -> Bool {
        let figures = quarter.areas[place].roles[slot]
        return quarter.isShown(.role(slot), of: place)
            && (figures.assignments == 0 || quarter.isOfMany(.role(slot), of: place))
    }

    /// Whether the median rate of a role can be shown.
    func showsMedianRate(_ quarter: QuarterFigures, _ place: Int, _ slot: Int) -> Bool {
        showsRates(quarter, place, slot) && showsMedian(of: quarter.areas[place].roles[slot].rates.count)
    }

    /// The share of assignments above the cap, among those with a cap; for a role or, with `RoleSlot.all`, for all roles.
    func aboveShare(_ quarter: QuarterFigures, _ place: Int, _ slot: Int, _ above: Int, of capped: Int) -> TableCell {
        shareCell(
            above, of: capped, isShown: quarter.isShown(.capped(slot), of: place) && quarter.isShown(.above(slot), of: place))
    }

    /// Whether a share reveals nothing about everybody in a small group: that it is true of all of them, or of none.
    func isShareOpen(_ part: Int, of whole: Int) -> Bool {
        audience == .analysts || whole == 0 || whole >= 2 * small || (part > 0 && part < whole)
    }

    func shareCell(_ part: Int, of whole: Int, isShown: Bool) -> TableCell {
        .shown(isShown && isShareOpen(part, of: whole), share(part, of: whole))
    }

    /// The lowest value, the quartiles and the highest value of an hourly rate.
    private func spread(_ quartiles: Quartiles?, isShown: Bool) -> [TableCell] {
        guard let quartiles else { return Array(repeating: isShown ? .none : .withheld, count: 5) }
        let (extremes, sides) = (showsExtremes, showsQuartiles(of: quartiles.count))
        return [
            .shown(isShown && extremes, .money(quartiles.lowestMoney)), .shown(isShown && sides, .money(quartiles.lowerMoney)),
            .shown(isShown && showsMedian(of: quartiles.count), .money(quartiles.medianMoney)),
            .shown(isShown && sides, .money(quartiles.upperMoney)), .shown(isShown && extremes, .money(quartiles.highestMoney)),
        ]
    }

    private func capCells(_ quarter: QuarterFigures, _ place: Int, _ slot: Int, _ role: RoleFigures) -> [TableCell] {
        let isCapped = quarter.isShown(.capped(slot), of: place) && showsRates(quarter, place, slot)
        let distance = role.distanceQuartiles.map { TableCell.money($0.medianMoney) }
        return [
            // The cap is the region's own figure and reveals nothing about anybody, except whether the role is there.
            .shown(
                !quarter.isClosed(.roles),
                role.caps.count == 1 ? .money(role.caps.first!) : role.caps.isEmpty ? nil : .text("several")),
            cell(quarter, place, .capped(slot), role.distances.count),
            .shown(isCapped && (role.distances.isEmpty || showsMedian(of: role.distances.count)), distance),
            cell(quarter, place, .above(slot), role.above),
            aboveShare(quarter, place, slot, role.above, of: role.distances.count),
            cell(quarter, place, .signedOff(slot), role.signedOff),
            cell(quarter, place, .undecided(slot), role.undecided),
        ]
    }

    private var agencyTable: ComparisonTable {
        var table = ComparisonTable(
            "agencies.csv",
            [
                "quarter", "agency", "authorities", "assignments", "workers", "hours", "cost", "fees_known", "lowest_fee",
                "lower_quartile_fee", "median_fee", "upper_quartile_fee", "highest_fee",
            ])
        for quarter in quarters {
            for (place, agency) in quarter.agencies.enumerated() {
                let isShown = quarter.isShown(.agency(place), of: quarter.top)
                let isOpen = quarter.showsAmount(.agency(place), of: quarter.top)
                let isNone = agency.fees.isEmpty && !quarter.isClosed(.agencies)
                func small(_ count: Int) -> Bool { audience != .analysts && (1..<self.small).contains(count) }
                table.add(
                    [
                        .text(quarter.quarter.description), .text(agencyName(agency.agency)),
                        .shown(isShown && !small(agency.authorities.count), .count(agency.authorities.count)),
                        .shown(isShown, .count(agency.assignments)),
                        ownWorkers(agency.workers.count, isShown),
                        .shown(isOpen, .quantity(agency.hours.quantity)), .shown(isOpen, .money(agency.cost.toThePenny)),
                        .shown(isShown && !small(agency.fees.count) || isNone, .count(agency.fees.count)),
                    ]
                        + spread(
                            Quartiles(agency.fees),
                            isShown: isNone || (isShown && quarter.isOfMany(.agency(place), of: quarter.top))))
            }
        }
        return table
    }

    /// Workers by agency or by kind of supply overlap in a way that no sum describes, so only the analysts see them, except zeros.
    private func ownWorkers(_ count: Int, _ isShown: Bool) -> TableCell {
        .shown(audience == .analysts || (count == 0 && isShown), .count(count))
    }

    func agencyName(_ agency: Int) -> String { agency == 0 ? "no agency given" : agencies[agency] }

    private var supply: ComparisonTable {
        var table = ComparisonTable(
            "supply.csv",
            Comparison.areaColumns + ["supply", "assignments", "share_percent", "workers", "teams", "hours", "cost", "median_rate"])
        forEachArea { quarter, place, figures in
            for (slot, supply) in figures.supply.enumerated() {
                let isShown = quarter.isShown(.supply(slot), of: place)
                let isOpen = quarter.showsAmount(.supply(slot), of: place)
                let isTeam = slot != Int(Supply.individual.rawValue)
                let rates = Quartiles(supply.rates)
                table.add(
                    areaCells(quarter, figures.area) + [
                        .text(Supply.allCases[slot].text), cell(quarter, place, .supply(slot), supply.assignments),
                        shareCell(
                            supply.assignments, of: figures.assignments,
                            isShown: isShown && quarter.isShown(.assignments, of: place)),
                        ownWorkers(supply.workers.count, isShown),
                        isTeam ? cell(quarter, place, .teams(slot), supply.teams.count) : TableCell.none,
                        .shown(isOpen, .quantity(supply.hours.quantity)), .shown(isOpen, .money(supply.cost.toThePenny)),
                        .shown(
                            (rates == nil && !quarter.isClosed(.supply))
                                || (isShown && quarter.isOfMany(.supply(slot), of: place) && showsMedian(of: supply.rates.count)),
                            rates.map { .money($0.medianMoney) }),
                    ])
            }
        }
        return table
    }

    func share(_ part: Int, of whole: Int) -> TableCell? {
        Quartiles.perMille(Int128(part), of: Int128(whole)).map { .perMille($0) }
    }

    private var experience: ComparisonTable {
        let names = ExperienceProof.allCases.map(\.name)
        var table = ComparisonTable(
            "experience.csv",
            Comparison.areaColumns + ["assignments"] + names + names.map { $0 + "_percent" })
        forEachArea { quarter, place, figures in
            let isWhole = quarter.isShown(.assignments, of: place)
            let counts = figures.experience.enumerated().map { cell(quarter, place, .experience($0.offset), $0.element) }
            let shares = figures.experience.enumerated().map { slot, count in
                shareCell(
                    count, of: figures.assignments, isShown: isWhole && quarter.isShown(.experience(slot), of: place))
            }
            table.add(
                areaCells(quarter, figures.area) + [cell(quarter, place, .assignments, figures.assignments)] + counts + shares)
        }
        return table
    }

    private var lengths: ComparisonTable {
        var table = ComparisonTable(
            "lengths.csv", Comparison.areaColumns + ["assignments", "lower_quartile_days", "median_days", "upper_quartile_days"])
        forEachArea { quarter, place, figures in
            let isShown = quarter.isShown(.assignments, of: place) && quarter.isOfMany(.total, of: place)
            let days = Quartiles(figures.days)
            let count = figures.days.count
            let isNone = count == 0 && !quarter.isClosed(.totals)
            table.add(
                areaCells(quarter, figures.area) + [
                    cell(quarter, place, .assignments, figures.assignments),
                    .shown(isNone || (isShown && showsQuartiles(of: count)), days.map { .count(Int($0.lower)) }),
                    .shown(isNone || (isShown && showsMedian(of: count)), days.map { .count(Int($0.median)) }),
                    .shown(isNone || (isShown && showsQuartiles(of: count)), days.map { .count(Int($0.upper)) }),
                ])
        }
        return table
    }

    private var breaches: ComparisonTable {
        let names = AgencyTotals.familyNames
        var table = ComparisonTable(
            "breaches.csv",
            Comparison.areaColumns + ["assignments"] + names.map { "in_breach_" + $0 } + names.map { "per_100_" + $0 })
        forEachArea { quarter, place, figures in
            let isWhole = quarter.isShown(.assignments, of: place)
            let counts = figures.breaches.enumerated().map { cell(quarter, place, .breach($0.offset), $0.element) }
            let rates = figures.breaches.enumerated().map { family, count in
                TableCell.shown(
                    isWhole && quarter.isShown(.breach(family), of: place) && isShareOpen(count, of: figures.assignments),
                    per100(count, figures.assignments))
            }
            table.add(
                areaCells(quarter, figures.area) + [cell(quarter, place, .assignments, figures.assignments)] + counts + rates)
        }
        return table
    }

    /// `count` for each hundred, to a tenth.
    func per100(_ count: Int, _ whole: Int) -> TableCell? {
        guard let tenths = Quartiles.perMille(Int128(count), of: Int128(whole)) else { return nil }
        return .hundredths(tenths * 10)
    }

    private var workers: ComparisonTable {
        var table = ComparisonTable(
            "workers.csv",
            Comparison.areaColumns + ["workers", "active_in_two_or_more", "joined_from_a_post_in_the_region", "left_a_post_here"])
        forEachArea { quarter, place, figures in
            let left: TableCell
            switch figures.area.kind {
            case .authority: left = cell(quarter, place, .left, figures.left)
            case .region, .all: left = .none
            }
            let isShared = figures.area.kind != .region || place == quarter.top
            table.add(
                areaCells(quarter, figures.area) + [
                    cell(quarter, place, .workers, figures.workers.count),
                    isShared ? cell(quarter, place, .sharedWorkers, figures.sharedWorkers) : TableCell.none,
                    cell(quarter, place, .joined, figures.joined), left,
                ])
        }
        return table
    }

    private var leftOutTable: ComparisonTable {
        var table = ComparisonTable("left-out.csv", ["authority_code", "quarter", "reason", "assignments", "cost"])
        for rest in leftOut {
            // What is outside is for others to publish, and its cost is only for the analysts.
            let isOutside = [.outsidePartnership, .outsideQuarters].contains(rest.reason)
            let isFew = audience != .analysts && (rest.assignments < small || isOutside)
            table.add([
                rest.authority.map { .text($0.description) } ?? .none, rest.quarter.map { .text($0.description) } ?? .none,
                .text(rest.reason.words), .shown(!isFew, .count(rest.assignments)),
                .shown(audience == .analysts, .money(rest.cost.toThePenny)),
            ])
        }
        return table
    }
}
