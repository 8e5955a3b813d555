import AgencyModel

/// An assignment_id (exact text) already seen for this authority and quarter in this run: on all but the first by file name, then
/// line.
public enum DATA006_AssignmentRepeated: RuleFile {
    public static let rules = [Rule(.DATA, 6, .error, field: .assignmentID, places: ["first"])]

    /// The assignments that may share authority, quarter and reference: by a hash of them.
    static func groups(_ files: [FileJudge]) -> EntryGroups {
        EntryGroups(count: files.reduce(0) { $0 + $1.ledger.entries.count }) { add in
            for (file, judge) in files.enumerated() {
                judge.ledger.forEachID { index, entry, id in
                    guard entry.authority != 0xFFFF, entry.quarter != 0xFFFF, !id.isEmpty else { return }
                    let seed = UInt64(entry.authority) << 16 | UInt64(entry.quarter)
                    add(hash(of: id, seed: mixed(seed)), file, index)
                }
            }
        }
    }

    static func judge(_ run: inout RunJudgement, _ groups: EntryGroups) {
        run.count(.undecided, of: Self.self, times: run.assignmentCount - groups.keyCount)
        run.count(.clear, of: Self.self, times: groups.keyCount)
        groups.forEachShared { same in
            // Two different references may share a key: the texts decide.
            for (place, item) in same.enumerated().dropFirst() {
                guard let first = same.prefix(place).first(where: { isRepeat(item, of: $0, run) }) else { continue }
                let ledger = run.parts[Int(item.file)].ledger
                let id = String(decoding: ledger.id(Int(item.entry)), as: UTF8.self)
                let line = run.parts[Int(first.file)].ledger.line(Int(first.entry))
                run.addRepeat(rules[0].code, item: item, id: id, first: .place(file: Int(first.file), line: line))
            }
        }
    }

    private static func isRepeat(_ item: EntryGroups.Item, of first: EntryGroups.Item, _ run: RunJudgement) -> Bool {
        let (mine, other) = (run.parts[Int(item.file)].ledger, run.parts[Int(first.file)].ledger)
        let (entry, before) = (mine.entries[Int(item.entry)], other.entries[Int(first.entry)])
        return entry.authority == before.authority && entry.quarter == before.quarter
            && mine.id(Int(item.entry)) == other.id(Int(first.entry))
    }
}

extension RunJudgement {
    fileprivate mutating func addRepeat(_ rule: RuleCode, item: EntryGroups.Item, id: String, first: FindingValue) {
        let text = keepText(id, in: Int(item.file))
        add(rule, file: Int(item.file), entry: Int(item.entry), field: .assignmentID, found: .text(text), first)
    }
}
