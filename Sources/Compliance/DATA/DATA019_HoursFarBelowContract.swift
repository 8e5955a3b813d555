import AgencyModel

/// The hours in the quarter are far below what the contracted week comes to: a timesheet or a month may be missing. Only if the
/// weekly hours are above zero and the assignment has a day in the quarter.
///
/// For an assignment in several parts, whose rate changed, there is a finding only if every part is below the limit and all parts
/// together are too: hours that were entered for one part are not missing from another.
public enum DATA019_HoursFarBelowContract: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 19, .warning, field: .hoursInQuarter, places: ["days", "percent"])
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        if let weekly = assignment.weeklyHours, weekly == .zero { return .notApplicable }
        return assignment.judgingHours(circumstances) { hours in
            guard let percent = circumstances.leastHoursPercent else { return .undecided }
            // worked < weekly × (days ÷ 7) × percent ÷ 100
            if ContractedHours(hours.weekly, days: hours.days, share: percent).areAtMost(hours.worked, times: 700) { return .clear }
            return findings.breach(
                rules[0].code, field: .column(.hoursInQuarter), found: .quantity(hours.worked),
                expected: .quantity(ContractedHours(hours.weekly, days: hours.days, share: Quantity(whole: 1)).inHundredths(by: 7)),
                findings.days(hours.days), .quantity(percent))
        }
    }

    /// Withdraws the findings about parts if the parts together do not confirm them. `groups` contain the rows of each reference.
    static func judgeParts(_ run: inout RunJudgement, _ groups: EntryGroups) {
        guard run.hasFurtherParts else { return }
        let findings = run.parts.map { part in
            part.findings.findings.reduce(into: [Int: Finding]()) { found, finding in
                if finding.rule == rules[0].code { found[finding.subject.index] = finding }
            }
        }
        var takenBack: [Int: Set<Int>] = [:]
        groups.forEachShared { same in
            var places = RateParts()
            var wholes: [Whole: [EntryGroups.Item]] = [:]
            for item in same {
                let (ledger, entry) = (run.parts[Int(item.file)].ledger, Int(item.entry))
                let reference = RateParts.Reference(ledger, entry)
                let repeats = places.place(of: reference, rateFrom: ledger.rateFrom(entry)).repeats
                wholes[Whole(reference: reference, repeats: repeats), default: []].append(item)
            }
            for parts in wholes.values where parts.count > 1 {
                let below = parts.compactMap { findings[Int($0.file)][Int($0.entry)] }
                let worked = below.reduce(Int128(0)) { sum, finding in
                    if case .quantity(let hours) = finding.found { sum + Int128(hours.billionths) } else { sum }
                }
                for item in parts {
                    guard let finding = findings[Int(item.file)][Int(item.entry)] else { continue }
                    if below.count < parts.count || !isBelow(worked, finding, run.parts[Int(item.file)].ledger, Int(item.entry)) {
                        takenBack[Int(item.file), default: []].insert(Int(item.entry))
                    }
                }
            }
        }
        for (part, entries) in takenBack { run.takeBack(rules[0].code, of: entries, in: part) }
    }

    private struct Whole: Hashable {
        let reference: RateParts.Reference
        let repeats: Int
    }

    /// Whether the hours are below what the row's weekly hours come to over the days of the assignment.
    private static func isBelow(_ worked: Int128, _ finding: Finding, _ ledger: AssignmentLedger, _ entry: Int) -> Bool {
        guard case .quantity(let percent) = finding.second, let quarter = ledger.entries[entry].returnQuarter else { return true }
        let first = max(ledger.entries[entry].start, quarter.firstDay.dayNumber)
        let last = min(ledger.entries[entry].end, quarter.lastDay.dayNumber)
        let contracted = ContractedHours(ledger.weeklyHours(entry), days: Int(last - first + 1), share: percent)
        return !contracted.areAtMost(worked, times: 700)
    }
}
