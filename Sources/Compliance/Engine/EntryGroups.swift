import AgencyModel

/// Assignments of all files that share a key: no dictionary, no strings.
///
/// Most keys stand alone. A first pass over the assignments notes each key in a table of bits and so finds the few that may be shared;
/// a second keeps those alone, and they are sorted.
struct EntryGroups: Sendable {
    struct Item: Sendable {
        let key: UInt64
        let file: UInt32
        let entry: UInt32
    }

    /// How many assignments had a key.
    private(set) var keyCount = 0
    private var items: [Item] = []

    /// `each` hands the key of every assignment to its closure, with file and entry; it is called twice. `count` is how many there are
    /// at most.
    init(count: Int, _ each: ((_ key: UInt64, _ file: Int, _ entry: Int) -> Void) -> Void) {
        var seen = KeyBits(count: count)
        var candidates: [UInt64] = []
        var keys = 0
        each { key, _, _ in
            keys += 1
            if !seen.insert(key) { candidates.append(key) }
        }
        keyCount = keys
        guard !candidates.isEmpty else { return }
        // Few, as a rule: their table is small enough to stay at hand.
        var shared = KeyBits(count: candidates.count * 2)
        for key in candidates { _ = shared.insert(key) }
        seen = KeyBits(count: 0)
        candidates = []
        var items: [Item] = []
        each { key, file, entry in
            if shared.contains(key) { items.append(Item(key: key, file: UInt32(file), entry: UInt32(entry))) }
        }
        items.sort { ($0.key, $0.file, $0.entry) < ($1.key, $1.file, $1.entry) }
        self.items = items
    }

    /// Calls `body` with each run of two or more of one key, in the order of files and entries.
    func forEachShared(_ body: (ArraySlice<Item>) -> Void) {
        var start = 0
        while start < items.count {
            var end = start + 1
            while end < items.count, items[end].key == items[start].key { end += 1 }
            if end - start > 1 { body(items[start..<end]) }
            start = end
        }
    }

    /// A set of keys that may also say yes to a key that is not in it, never no to one that is: 8 to 16 bits a key.
    private struct KeyBits {
        private var words: [UInt64]
        private let mask: UInt64

        init(count: Int) {
            var bits = 1024
            while bits < count * 8 { bits *= 2 }
            words = Array(repeating: 0, count: bits / 64)
            mask = UInt64(bits - 1)
        }

        @inline(__always)
        mutating func insert(_ key: UInt64) -> Bool {
            let bit = mixed(key) & mask
            let old = words[Int(bit >> 6)]
            words[Int(bit >> 6)] = old | 1 << (bit & 63)
            return old >> (bit & 63) & 1 == 0
        }

        @inline(__always)
        func contains(_ key: UInt64) -> Bool {
            let bit = mixed(key) & mask
            return words[Int(bit >> 6)] >> (bit & 63) & 1 == 1
        }
    }
}
