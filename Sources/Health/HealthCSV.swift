import AgencyModel
import ByteWriting
import RuleBook

/// `health.csv`: a row for each authority, year and indicator, then its parts, then notes on the census (`note`). It is the
/// authority's own working file: small counts are shown and marked, so that nobody publishes them by mistake.
public enum HealthCSV {
    static let header =
        "authority_code,authority_name,region,year,reference_date,figure,unit,value,small_count,published,region_published,neighbours_median,neighbours_counted,england_published,grade,amber_from,red_from,notes\r\n"

    public static func write(_ results: [AuthorityHealth], to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append(header)
        for result in results {
            let published = result.publishedNotes.joined(separator: " ")
            for row in result.indicators {
                append(
                    result, row.indicator.key, row.indicator == .caseload ? "cases per FTE" : "per cent",
                    [
                        row.value?.description ?? "", result.census.isHidden(row.indicator) ? "yes" : "no", text(row.published),
                        text(row.region), row.neighbours?.description ?? "",
                        row.neighbours == nil ? "" : "\(row.neighboursCounted)",
                        text(row.england), row.grade?.rawValue ?? "", row.threshold?.amberFrom.description ?? "",
                        row.threshold?.redFrom.description ?? "", published,
                    ], into: &writer.buffer)
                try writer.flushIfFull()
            }
            let starters = result.starters
            append(
                result, "starter_rate", "per cent",
                [
                    starters.value?.description ?? "", result.census.isHidden(.starterRate) ? "yes" : "no",
                    starters.published?.description ?? "", starters.region?.description ?? "",
                    starters.neighbours?.description ?? "",
                    starters.neighbours == nil ? "" : "\(starters.neighboursCounted)", starters.england?.description ?? "", "", "",
                    "", published,
                ], into: &writer.buffer)
            for part in WorkforcePart.allCases where part != .agencyCoverFTE {
                append(
                    result, part.key, part.isRounded ? part == .workingDaysLostFTE ? "days" : "FTE" : "count",
                    [
                        HealthCSV.value(part, result.census.figures), result.census.isHidden(part) ? "yes" : "no",
                        text(result.publishedRow?.part(part), isWhole: !part.isRounded), "", "", "", "", "", "", "", "",
                    ], into: &writer.buffer)
                try writer.flushIfFull()
            }
            for note in result.notes {
                append(result, "note", "", ["", "", "", "", "", "", "", "", "", "", note], into: &writer.buffer)
                try writer.flushIfFull()
            }
        }
        try writer.flush()
    }

    private static func append(
        _ result: AuthorityHealth, _ figure: String, _ unit: String, _ cells: [String], into buffer: inout ByteBuffer
    ) {
        let what = [
            result.authority.description, result.name, result.region ?? "", "\(result.year)", result.referenceDate.description,
            figure, unit,
        ]
        buffer.appendRow(what + cells)
    }

    /// A figure, or the published mark instead of one.
    private static func text(_ figure: PublishedFigure?, isWhole: Bool = false) -> String {
        switch figure {
        case .figure(let tenths): isWhole ? "\(tenths.value / 10)" : tenths.description
        case .mark(let mark): mark.rawValue
        case nil: ""
        }
    }

    /// A part of a census: people and cases as whole numbers, others to one decimal place.
    static func value(_ part: WorkforcePart, _ figures: WorkforceFigures) -> String {
        guard let tenths = figures.tenths(part) else { return "" }
        return part.isRounded ? tenths.description : "\(tenths.value / 10)"
    }
}
