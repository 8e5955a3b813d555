import AgencyModel

/// An assignment_id differs from another of the same authority and quarter only in details that are hard to see: case, white space,
/// invisible or look-alike characters, the form of an accent. The finding is on every assignment with such another one.
public enum DATA015_ReferenceLooksAlike: RuleFile {
    public static let rules = [Rule(.DATA, 15, .warning, field: .assignmentID, places: ["other"])]

    /// `groups` contain all references that may look alike (`LookAlikeKey`).
    static func judge(_ run: inout RunJudgement, _ groups: EntryGroups) {
        run.count(.undecided, of: Self.self, times: run.assignmentCount - groups.keyCount)
        run.count(.clear, of: Self.self, times: groups.keyCount)
        groups.forEachShared { same in
            // Usually this is one reference that is repeated.
            guard same.dropFirst().contains(where: { run.id($0) != run.id(same.first!) }) else { return }
            // References can share a key by chance, so their return and folded texts are compared. The first place of the first two
            // spellings is kept for each, because at least one of the two differs from any spelling.
            var spellings: [Reference: [(id: ArraySlice<UInt8>, item: EntryGroups.Item)]] = [:]
            for item in same {
                let (reference, id) = run.reference(item)
                if spellings[reference]?.count == 2 || spellings[reference]?.first?.id == id { continue }
                spellings[reference, default: []].append((id, item))
            }
            guard spellings.values.contains(where: { $0.count > 1 }) else { return }
            for item in same {
                let (reference, id) = run.reference(item)
                guard let known = spellings[reference], known.count > 1, let other = known.first(where: { $0.id != id }) else {
                    continue
                }
                let line = run.parts[Int(other.item.file)].ledger.line(Int(other.item.entry))
                run.addLookAlike(
                    rules[0].code, item, id: id, other: .place(file: Int(other.item.file), line: line))
            }
        }
    }

    /// A return and one of its references, folded. Texts that differ only in the form of their accents are equal.
    fileprivate struct Reference: Hashable {
        let authority: UInt16
        let quarter: UInt16
        let folded: String
    }
}

extension RunJudgement {
    fileprivate func id(_ item: EntryGroups.Item) -> ArraySlice<UInt8> { parts[Int(item.file)].ledger.id(Int(item.entry)) }

    fileprivate func reference(_ item: EntryGroups.Item) -> (DATA015_ReferenceLooksAlike.Reference, id: ArraySlice<UInt8>) {
        let entry = parts[Int(item.file)].ledger.entries[Int(item.entry)]
        let id = id(item)
        let folded = LookAlikeKey.folded(String(decoding: id, as: UTF8.self))
        return (.init(authority: entry.authority, quarter: entry.quarter, folded: folded), id)
    }

    fileprivate mutating func addLookAlike(
        _ rule: RuleCode, _ item: EntryGroups.Item, id: ArraySlice<UInt8>, other: FindingValue
    ) {
        let text = keepText(String(decoding: id, as: UTF8.self), in: Int(item.file))
        add(rule, file: Int(item.file), entry: Int(item.entry), field: .assignmentID, found: .text(text), other)
    }
}
