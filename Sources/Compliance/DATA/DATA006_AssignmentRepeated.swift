import AgencyModel

/// The authority and quarter already have this assignment_id (exact text) with the same rate_from (missing counts as a value) in
/// this run. The finding is on all but the first, by file name and then line.
public enum DATA006_AssignmentRepeated: RuleFile {
    public static let rules = [Rule(.DATA, 6, .error, field: .assignmentID, places: ["first"])]

    /// The assignments that may share an authority, quarter and reference, or have references that look alike, grouped by a hash.
    static func groups(_ files: [FileJudge]) -> EntryGroups {
        EntryGroups(count: files.reduce(0) { $0 + $1.ledger.entries.count }) { add in
            for (file, judge) in files.enumerated() {
                judge.ledger.forEachID { index, entry, id in
                    guard entry.authority != 0xFFFF, entry.quarter != 0xFFFF, !id.isEmpty else { return }
                    let seed = UInt64(entry.authority) << 16 | UInt64(entry.quarter)
                    add(LookAlikeKey.key(of: id, seed: mixed(seed)), file, index)
                }
            }
        }
    }

    static func judge(_ run: inout RunJudgement, _ groups: EntryGroups) {
        run.count(.undecided, of: Self.self, times: run.assignmentCount - groups.keyCount)
        run.count(.clear, of: Self.self, times: groups.keyCount)
        groups.forEachShared { same in
            // Different references can have the same key, so the texts are compared.
            var parts = RateParts()
            var firsts: [First: EntryGroups.Item] = [:]
            for item in same {
                let (file, entry) = (Int(item.file), Int(item.entry))
                let ledger = run.parts[file].ledger
                let key = First(reference: RateParts.Reference(ledger, entry), rateFrom: ledger.rateFrom(entry))
                let place = parts.place(of: key.reference, rateFrom: key.rateFrom)
                if !place.isFirst { run.noteFurtherPart(file, entry) }
                guard let first = firsts[key] else {
                    firsts[key] = item
                    continue
                }
                let line = run.parts[Int(first.file)].ledger.line(Int(first.entry))
                run.addRepeat(
                    rules[0].code, item: item, id: String(decoding: key.reference.id, as: UTF8.self),
                    first: .place(file: Int(first.file), line: line))
            }
        }
    }

    private struct First: Hashable {
        let reference: RateParts.Reference
        let rateFrom: CalendarDate?
    }
}

extension RunJudgement {
    fileprivate mutating func addRepeat(_ rule: RuleCode, item: EntryGroups.Item, id: String, first: FindingValue) {
        let text = keepText(id, in: Int(item.file))
        add(rule, file: Int(item.file), entry: Int(item.entry), field: .assignmentID, found: .text(text), first)
    }
}
