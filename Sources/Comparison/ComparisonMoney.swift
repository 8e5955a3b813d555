import AgencyModel

/// One figure of an area in a quarter, to compare with the same figure in another quarter.
struct Measure: Sendable {
    let name: String
    /// Nil if there is none.
    let value: Int64?
    let isShown: Bool
    /// Whether a difference of it may belong to few workers.
    var isAmount = false
    var isOfRole = false
    let cell: @Sendable (Int64) -> TableCell

    var shown: TableCell { .shown(isShown, value.map(cell)) }
    /// The value if it can be shown.
    var open: Int64? { isShown ? value : nil }

    /// The difference from an earlier value, also in tenths of a per cent of that value.
    func change(since earlier: Measure?, isFew: Bool) -> [TableCell] {
        guard let earlier, let value, let before = earlier.value else { return [.none, .none] }
        guard isShown, earlier.isShown, !(isFew && isAmount) else { return [.withheld, .withheld] }
        return [
            cell(value - before),
            Quartiles.perMille(Int128(value - before), of: Int128(before)).map { .perMille($0) } ?? .none,
        ]
    }
}

/// Changes over time, and what things would have cost at another price.
extension Comparison {
    /// The measures that are followed over the quarters.
    func measures(_ quarter: QuarterFigures, _ place: Int) -> [Measure] {
        let figures = quarter.areas[place]
        let isOpen = quarter.showsAmount(.total, of: place)
        var measures = [
            Measure(name: "assignments", value: Int64(figures.assignments), isShown: quarter.isShown(.assignments, of: place)) {
                .count(Int($0))
            },
            Measure(name: "workers", value: Int64(figures.workers.count), isShown: quarter.isShown(.workers, of: place)) {
                .count(Int($0))
            },
            Measure(
                name: "full_time_equivalents", value: fullTime(quarter.quarter, figures),
                isShown: quarter.showsAmount(.fullTime, of: place), isAmount: true
            ) {
                .hundredths($0)
            },
            Measure(name: "hours", value: figures.hours.quantity.billionths, isShown: isOpen, isAmount: true) {
                .quantity(Quantity(billionths: $0))
            },
            Measure(name: "cost", value: figures.cost.toThePenny.tenThousandths, isShown: isOpen, isAmount: true) {
                .money(Money(tenThousandths: $0))
            },
        ]
        for slot in RoleSlot.roles {
            let role = figures.roles[slot]
            let quartiles = role.quartiles
            measures.append(
                Measure(
                    name: "median_rate_" + CoreRole.allCases[slot].text, value: quartiles?.median,
                    isShown: (quartiles == nil && !quarter.isClosed(.roles)) || showsMedianRate(quarter, place, slot),
                    isOfRole: true
                ) { .money(Money(tenThousandths: $0)) })
        }
        return measures
    }

    var changes: ComparisonTable {
        var table = ComparisonTable(
            "changes.csv",
            Comparison.areaColumns + [
                "measure", "value", "change_on_quarter_before", "change_on_quarter_before_percent", "change_on_year_before",
                "change_on_year_before_percent",
            ])
        for quarter in quarters {
            let (before, yearBefore) = (earlier(quarter.quarter, by: 1), earlier(quarter.quarter, by: 4))
            for (place, figures) in quarter.areas.enumerated() {
                func old(_ other: QuarterFigures?) -> [Measure]? {
                    guard let other, let place = other.place(of: figures.area) else { return nil }
                    return measures(other, place)
                }
                let (last, year) = (old(before), old(yearBefore))
                // If roles are withheld, not even the fact that a role has a median is shown.
                for (index, measure) in measures(quarter, place).enumerated()
                where measure.value != nil && !(measure.isOfRole && quarter.isClosed(.roles)) {
                    table.add(
                        areaCells(quarter, figures.area) + [.text(measure.name), measure.shown]
                            + measure.change(since: last?[index], isFew: isFew(quarter, place, since: before))
                            + measure.change(since: year?[index], isFew: isFew(quarter, place, since: yearBefore)))
                }
            }
        }
        return table
    }

    /// Whether the area's amounts differ from an earlier quarter's by the amounts of few workers.
    func isFew(_ quarter: QuarterFigures, _ place: Int, since earlier: QuarterFigures?) -> Bool {
        guard let earlier, let protection = quarter.protection, let before = earlier.place(of: quarter.areas[place].area) else {
            return false
        }
        let difference = abs(quarter.areas[place].assignments - earlier.areas[before].assignments)
        return (1..<small).contains(difference) || protection.isFew(place, since: earlier.quarter)
    }

    // MARK: At the region's median

    struct AtMedian {
        let hours: TableCell
        let paid: TableCell
        let atMedian: TableCell
        let difference: TableCell
    }

    /// What was paid in the area for a role, or for all roles together (nil), and what it would have been at the region's median
    /// rates.
    func atMedian(_ quarter: QuarterFigures, _ place: Int, _ slot: Int?) -> AtMedian {
        let slots = slot.map { [$0] } ?? Array(0..<RoleSlot.count)
        let roles = slots.map { quarter.areas[place].roles[$0] }
        let isShown = quarter.showsAmount(.priced(slot ?? RoleSlot.all), of: place)
        let isMedianShown = isShown && quarter.showsAmount(.atMedian(slot ?? RoleSlot.all), of: place)
        // The median itself must not follow from the sum: every role with something in it must have a median that can be shown.
        let regions = quarter.areas[place].area.kind == .authority ? [quarter.areas[place].parent!] : regionPlaces(quarter, place)
        let hasMedian = slots.allSatisfy { slot in
            regions.allSatisfy { region in
                let role = quarter.areas[region].roles[slot]
                return role.priced == 0 || showsMedianRate(quarter, region, slot)
            }
        }
        var (hours, paid, atMedian) = (HoursSum(), Cost(), Cost())
        for role in roles {
            hours.billionths += role.pricedHours.billionths
            paid.add(role.paid)
            atMedian.add(role.atMedian)
        }
        let difference = paid.toThePenny - atMedian.toThePenny
        return AtMedian(
            hours: .shown(isShown, .quantity(hours.quantity)), paid: .shown(isShown, .money(paid.toThePenny)),
            // There is no such figure without a median that can be computed.
            atMedian: hasMedian ? .shown(isMedianShown, .money(atMedian.toThePenny)) : .none,
            difference: hasMedian ? .shown(isMedianShown, .money(difference)) : .none)
    }

    private func regionPlaces(_ quarter: QuarterFigures, _ place: Int) -> [Int] {
        quarter.areas[place].area.kind == .region
            ? [place] : quarter.areas.indices.filter { quarter.areas[$0].area.kind == .region }
    }

    var atMedian: ComparisonTable {
        var table = ComparisonTable(
            "at-median.csv",
            Comparison.areaColumns + ["role", "assignments", "hours", "paid", "at_region_median", "difference"])
        for quarter in quarters {
            for (place, figures) in quarter.areas.enumerated() {
                for slot in figures.roles.indices {
                    let row = atMedian(quarter, place, slot)
                    table.add(
                        areaCells(quarter, figures.area) + [
                            .text(RoleSlot.name(slot)), cell(quarter, place, .priced(slot), figures.roles[slot].priced), row.hours,
                            row.paid,
                            row.atMedian, row.difference,
                        ])
                }
                let row = atMedian(quarter, place, nil)
                let priced = figures.roles.reduce(0) { $0 + $1.priced }
                table.add(
                    areaCells(quarter, figures.area) + [
                        .text("all"), cell(quarter, place, .priced(RoleSlot.all), priced), row.hours, row.paid, row.atMedian,
                        row.difference,
                    ])
            }
        }
        return table
    }

    // MARK: Comparison with permanent pay

    /// Why nothing can be compared with permanent pay in the quarter, in words; nil if it can.
    func permanentPayMissing(_ quarter: Quarter) -> String? {
        let parameters = book.parameters
        let missing = [
            parameters.permanentOnCostPercent.value(on: quarter.lastDay) == nil ? "permanent.on_cost_percent" : nil,
            (parameters.permanentPaidHours.value(on: quarter.lastDay) ?? .zero) == .zero ? "permanent.paid_hours" : nil,
        ].compactMap { $0 }
        if !missing.isEmpty {
            return
                "\(missing.joined(separator: " and ")) \(missing.count == 1 ? "is" : "are") not set for \(quarter): what an employer pays on top of a salary (per cent) and the hours a year that it buys. A partnership sets them in parameters.csv of its own rules"
        }
        return salaries.isEmpty ? "no census of 2025 or later with salaries was given" : nil
    }

    /// What a permanent worker costs, in pounds an hour: salary with on-costs divided by the hours that it pays for, half a
    /// ten-thousandth up.
    func permanentHourly(_ salary: Money, _ quarter: Quarter) -> Money? {
        guard let onCosts = book.parameters.permanentOnCostPercent.value(on: quarter.lastDay),
            let hours = book.parameters.permanentPaidHours.value(on: quarter.lastDay), hours > .zero
        else { return nil }
        let scale = Int128(Quantity.scale)
        let divisor = 100 * Int128(hours.billionths)
        let amount = Int128(salary.tenThousandths) * (100 * scale + Int128(onCosts.billionths))
        return Money(tenThousandths: Int64(clamping: Quartiles.floor(2 * amount + divisor, 2 * divisor)))
    }

    var permanent: ComparisonTable {
        var table = ComparisonTable(
            "permanent-pay.csv",
            Comparison.areaColumns + [
                "role", "salaries", "median_salary", "permanent_cost_per_hour", "agency_hours", "agency_cost", "permanent_cost",
                "difference",
            ])
        for quarter in quarters {
            for place in quarter.authorities {
                for slot in 0..<RoleSlot.count {
                    let row = slot < CoreRole.allCases.count ? permanentCells(quarter, place, CoreRole.allCases[slot]) : []
                    let cells = row.isEmpty ? Array(repeating: TableCell.none, count: 7) : row
                    table.add(areaCells(quarter, quarter.areas[place].area) + [.text(RoleSlot.name(slot))] + cells)
                }
            }
        }
        return table
    }

    /// The role's salaries in the authority, and what its agency hours would have cost at them; empty if there are no salaries.
    func permanentCells(_ quarter: QuarterFigures, _ place: Int, _ role: CoreRole) -> [TableCell] {
        let (figures, slot) = (quarter.areas[place], RoleSlot.of(role))
        guard let orgRole = Comparison.orgRole(of: role) else { return [] }
        let own = salaries[AuthorityCode(number: UInt16(figures.area.number))] ?? []
        let sorted = own.filter { $0.orgRole == orgRole }.map(\.salary.tenThousandths).sorted()
        guard let quartiles = Quartiles(sorted) else { return [] }
        let isKnown = showsMedian(of: sorted.count)
        let isShown = quarter.showsAmount(.role(slot), of: place)
        let hourly = permanentHourly(quartiles.medianMoney, quarter.quarter)
        let (hours, cost) = (figures.roles[slot].hours.quantity, figures.roles[slot].cost.toThePenny)
        var permanent = Cost()
        if let hourly { permanent.add(hours: hours, rate: hourly) }
        return [
            .shown(audience == .analysts || sorted.count >= small, .count(sorted.count)),
            .shown(isKnown, .money(quartiles.medianMoney)),
            .shown(isKnown, hourly.map { .money($0) }), .shown(isShown, .quantity(hours)), .shown(isShown, .money(cost)),
            .shown(isShown && isKnown, hourly.map { _ in .money(permanent.toThePenny) }),
            .shown(isShown && isKnown, hourly.map { _ in .money(cost - permanent.toThePenny) }),
        ]
    }
}
