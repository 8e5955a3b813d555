import AgencyModel
import ByteWriting
import Facts
import Intake
import Wording

/// The text at the end of a run: a row for each authority and quarter, the rows read, and what to do next.
public struct SummaryTable {
    /// With `Style` characters.
    public let text: String

    /// `first` is the file to open first in the folder that was written.
    public init(
        _ result: CheckResult, _ summary: RunSummary, isVerbose: Bool, today: CalendarDate?,
        writtenTo out: String?, opening first: String?
    ) {
        let printed = PrintedText(result.judgement)
        var text = ""
        if isVerbose {
            for file in result.files {
                let census =
                    file.census.workers > 0
                    ? ": \(file.census.spells) of \(file.census.workers) workers with employment spells"
                        + SummaryTable.reasons(file.census)
                    : ""
                text += "\(printed.line(file.input.name)): \(file.what), \(Words.count(file.counts.read, "row"))\(census)\n"
            }
        }
        for (name, reason) in result.skipped { text += "\(printed.line(name)): not read, \(reason)\n" }
        if !isVerbose {
            var census = CensusCountsTotal()
            for file in result.files { census.add(file.census) }
            if census.counts.workers > 0 {
                text +=
                    "Censuses: \(census.counts.spells) of \(Words.count(census.counts.workers, "worker")) with employment spells\(SummaryTable.reasons(census.counts)).\n"
            }
        }
        for file in result.files where file.census.workers > 0 && file.census.spells == 0 {
            text +=
                "\(PrintedText.line(file.input.name)): no worker in this census has an employment spell, so it shows no experience and no post that ended\(SummaryTable.reasons(file.census)). Export it with SWENo and RoleStartDate.\n"
        }
        if !summary.returns.isEmpty {
            text += "Returns for \(Words.quarters(Set(summary.returns.map(\.quarter))))\n" + SummaryTable.table(summary) + "\n"
        }
        if let words = summary.rowsInWords { text += words + "\n" }
        for return_ in summary.returns {
            if return_.isNil {
                text +=
                    "\(return_.authority) \(return_.quarter): a nil return: no agency workers\(return_.record == nil ? ", and no authority record, so its costs and claims are empty" : "").\n"
            }
            if let obstacle = return_.obstacle { text += return_.words(of: obstacle) + "\n" }
        }
        if !summary.recordsAlone.isEmpty {
            let named = summary.recordsAlone.prefix(5).map { "\($0.authority) \($0.quarter)" }.joined(separator: ", ")
            let more = summary.recordsAlone.count - 5
            text +=
                "There is an authority record but no assignment of \(named)\(more > 0 ? " and \(Words.grouped(more)) more" : ""), so there is nothing to submit for it. Is a file missing? If there were no agency workers, enter yes in no_agency_workers in the record, or submit a nil return.\n"
        }
        let counts = result.counts
        text +=
            "\(Words.count(counts.read, "row")) read = \(Words.grouped(counts.checked)) checked + \(Words.grouped(counts.rejected)) rejected + \(Words.grouped(counts.withoutSpell)) history rows that give no spell.\n"
        let refused = result.files.filter(\.isRefused).count
        if refused > 0 {
            text += Style.red.text("\(Words.count(refused, "file")) refused: see IMP001.") + "\n"
        }
        text +=
            "\(Words.count(summary.errors, "error")), \(Words.count(summary.warnings, "warning")), \(Words.count(summary.notices, "notice"))."
            + (summary.errorsElsewhere > 0
                ? " \(Words.grouped(summary.errorsElsewhere)) of the errors \(summary.errorsElsewhere == 1 ? "belongs" : "belong") to no authority and quarter."
                : "") + "\n"
        for quarter in Set(summary.returns.map(\.quarter)).sorted() {
            guard let today, let window = result.judgement.book.submissionWindow(of: quarter) else { continue }
            text +=
                "\(Words.submissionDates(quarter, window))\(window.isInferred ? " (inferred)" : ""). \(Words.daysLeft(window, on: today))\n"
        }
        if let out { text += "Written to \(printed.line(out))\(first.map { ": open \($0) first" } ?? "").\n" }
        self.text = text
    }

    private struct CensusCountsTotal {
        var counts = CensusCounts()
        mutating func add(_ other: CensusCounts) {
            counts.workers += other.workers
            counts.spells += other.spells
            counts.notSWNumber += other.notSWNumber
            counts.noStartDate += other.noStartDate
            counts.agencyWithoutStartDate += other.agencyWithoutStartDate
            counts.agencyFlagUnknown += other.agencyFlagUnknown
        }
    }

    private static func reasons(_ census: CensusCounts) -> String {
        let agency = census.agencyWithoutStartDate == 1 ? "agency worker" : "agency workers"
        let reasons = [
            (census.notSWNumber, "without a Social Work England number"), (census.noStartDate, "without a start date"),
            (census.agencyFlagUnknown, "without an agency flag"),
            (census.agencyWithoutStartDate, "\(agency) without a start date, which the census does not ask for"),
        ].filter { $0.0 > 0 }.map { "\(Words.grouped($0.0)) \($0.1)" }
        return reasons.isEmpty ? "" : "; " + reasons.joined(separator: ", ")
    }

    private static func table(_ summary: RunSummary) -> String {
        var rows = [["Authority", "Quarter", "Assignments", "Errors", "Warnings", "Cap breaches", "Cost", "Submission"]]
        for return_ in summary.returns {
            rows.append([
                "\(return_.authority) \(shortened(return_.name))", return_.quarter.description, Words.grouped(return_.assignments),
                Words.grouped(return_.errors), Words.grouped(return_.warnings), Words.grouped(return_.capBreaches),
                "£" + Words.grouped(return_.cost),
                return_.isReady ? "ready" : "not ready",
            ])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
        var text = ""
        for (index, row) in rows.enumerated() {
            var line = ""
            for (column, cell) in row.enumerated() {
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                let isText = column < 2 || column == 7
                var shown = isText ? cell + gap : gap + cell
                if column == 7 { shown = cell }
                if index == 0 { shown = Style.bold.text(shown) }
                if index > 0, column == 7 {
                    shown = cell == "ready" ? Style.green.text(shown) : Style.red.text(shown)
                }
                line += (column == 0 ? "" : "  ") + shown
            }
            text += line + "\n"
        }
        return text
    }

    private static func shortened(_ name: String) -> String {
        name.count <= 32 ? name : name.prefix(31) + "\u{2026}"
    }
}
