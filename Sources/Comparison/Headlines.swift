import AgencyModel
import ByteWriting
import Wording

/// Who pays most for a role, and why, in words.
public struct Headline: Sendable {
    /// `Highest median rate for a senior social worker: Northmoor, £42.10`
    public let title: String
    /// The explanation, in a sentence.
    public let because: String
}

extension Comparison {
    /// The number of assignments that are in no figure.
    public var leftOutCount: Int { leftOut.reduce(0) { $0 + $1.assignments } }

    /// For each role, the authority with the highest median rate in the newest quarter.
    public var headlines: [Headline] {
        guard let quarter = quarters.last else { return [] }
        return CoreRole.core.compactMap { headline(quarter, $0) }
    }

    /// The authorities whose median for the role can be shown, from the highest to the lowest.
    func ranked(_ quarter: QuarterFigures, _ role: CoreRole) -> [(place: Int, figures: RoleFigures, median: Money)] {
        let slot = RoleSlot.of(role)
        return quarter.authorities.compactMap { place in
            let figures = quarter.areas[place].roles[slot]
            guard let quartiles = figures.quartiles, showsMedianRate(quarter, place, slot)
            else { return nil }
            return (place, figures, quartiles.medianMoney)
        }.sorted { ($1.median, $0.place) < ($0.median, $1.place) }
    }

    private func headline(_ quarter: QuarterFigures, _ role: CoreRole) -> Headline? {
        let ranked = ranked(quarter, role)
        guard ranked.count > 1, let first = ranked.first else { return nil }
        let same = ranked.prefix { $0.median == first.median }
        let names = same.prefix(3).map { quarter.areas[$0.place].area.name }.joined(separator: " and ")
        let more = same.count > 3 ? " and \(same.count - 3) more" : ""
        let article = role == .advancedPractitioner || role == .independentReviewingOfficer ? "an" : "a"
        return Headline(
            title:
                "Highest median rate for \(article) \(role.inWords): \(names)\(more), \(TableCell.pounds(first.median)) (\(quarter.quarter))",
            because: same.count > 1 ? "\(same.count) authorities pay the same." : because(quarter, first.place, role, first.figures)
        )
    }

    /// The difference from the region, the rates above the cap, and what most of them have in common.
    private func because(_ quarter: QuarterFigures, _ place: Int, _ role: CoreRole, _ figures: RoleFigures) -> String {
        let slot = RoleSlot.of(role)
        var reasons: [String] = []
        if let region = quarter.areas[place].parent, let own = figures.quartiles?.medianMoney,
            let median = quarter.areas[region].roles[slot].quartiles, showsMedianRate(quarter, region, slot)
        {
            let difference = own - median.medianMoney
            reasons.append(
                "its median is \(TableCell.pounds(difference)) above the \(TableCell.pounds(median.medianMoney)) of \(quarter.areas[region].area.name)"
            )
        }
        if figures.distances.isEmpty {
            reasons.append("no cap is on file to compare its rates with")
        } else {
            let cap = figures.caps.count == 1 ? "the cap of \(TableCell.pounds(figures.caps.first!))" : "their caps"
            guard quarter.isShown(.above(slot), of: place), quarter.isShown(.capped(slot), of: place) else {
                reasons.append("how many of its rates are above \(cap) is withheld")
                return "Because " + reasons.joined(separator: "; ") + "."
            }
            let all = Words.grouped(figures.distances.count)
            if figures.above == 0 {
                reasons.append("none of its \(all) rates with a cap is above \(cap)")
            } else {
                let signed =
                    quarter.isShown(.signedOff(slot), of: place)
                    ? ", \(figures.signedOff == 0 ? "none" : Words.grouped(figures.signedOff)) of them signed off" : ""
                reasons.append(
                    "\(Words.grouped(figures.above)) of its \(all) rates with a cap \(figures.above == 1 ? "is" : "are") above \(cap)\(signed)"
                )
            }
        }
        // That one agency or team accounts for most of an authority's rates is only for the partnership's own analysts.
        if audience == .analysts {
            let agency = figures.agencies.filter { $0.key > 0 }.max {
                ($0.value, agencies[$1.key]) < ($1.value, agencies[$0.key])
            }
            if let agency, agency.value > 1, agency.value * 2 >= figures.assignments {
                reasons.append(
                    "\(Words.grouped(agency.value)) of its \(Words.grouped(figures.assignments)) come from \(agencies[agency.key])")
            }
            if figures.inTeams > 0 {
                reasons.append(
                    "\(Words.grouped(figures.inTeams)) of its \(Words.grouped(figures.assignments)) \(figures.inTeams == 1 ? "is" : "are") in a project team or package"
                )
            }
        }
        return reasons.isEmpty ? "" : "Because " + reasons.joined(separator: "; ") + "."
    }
}
