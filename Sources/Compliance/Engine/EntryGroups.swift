import AgencyModel
import CPlatform

/// Assignments of all files that share a key, found without a dictionary or strings.
///
/// Most keys occur once. A first pass over the assignments records each key in a bit table and so finds the few that may be shared.
/// A second pass keeps only those, which are then sorted.
struct EntryGroups: Sendable {
    struct Item: Sendable {
        let key: UInt64
        let file: UInt32
        let entry: UInt32
    }

    /// How many assignments had a key.
    private(set) var keyCount = 0
    private var items: [Item] = []

    /// `each` passes the key of every assignment to its closure, with file and entry; it is called twice. `count` is the largest
    /// possible number of keys.
    init(count: Int, _ each: ((_ key: UInt64, _ file: Int, _ entry: Int) -> Void) -> Void) {
        var seen = KeyBits(count: count)
        var candidates: [UInt64] = []
        var keys = 0
        // The table is larger than the cache, so several of its words are prefetched at a time and none is waited for.
        var batch = InlineArray<32, UInt64>(repeating: 0)
        func insert(_ count: Int) {
            for index in 0..<count { seen.ask(for: batch[index]) }
            for index in 0..<count where !seen.insert(batch[index]) { candidates.append(batch[index]) }
        }
        each { key, _, _ in
            batch[keys & 31] = key
            keys += 1
            if keys & 31 == 0 { insert(32) }
        }
        insert(keys & 31)
        keyCount = keys
        guard !candidates.isEmpty else { return }
        // Usually few, so their table is small enough for the cache.
        let shared = KeyBits(count: candidates.count * 2)
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

    /// Calls `body` with each group of two or more with the same key, in the order of files and entries.
    func forEachShared(_ body: (ArraySlice<Item>) -> Void) {
        var start = 0
        while start < items.count {
            var end = start + 1
            while end < items.count, items[end].key == items[start].key { end += 1 }
            if end - start > 1 { body(items[start..<end]) }
            start = end
        }
    }

    /// A set of keys that may also contain a key that was not added (one in a hundred), but never misses one that was. Three bits
    /// of one word represent a key, so that one memory access is enough. There are 8 to 16 bits for each key.
    private struct KeyBits: ~Copyable {
        private let words: UnsafeMutablePointer<UInt64>
        private let mask: Int

        init(count: Int) {
            var size = 16
            while size * 8 < count { size *= 2 }
            words = .allocate(capacity: size)
            words.initialize(repeating: 0, count: size)
            mask = size - 1
        }

        deinit { words.deallocate() }

        @inline(__always)
        private func place(of key: UInt64) -> (word: Int, bits: UInt64) {
            let hash = mixed(key)
            return (
                Int(truncatingIfNeeded: hash >> 18) & mask,
                1 &<< (hash & 63) | 1 &<< (hash >> 6 & 63) | 1 &<< (hash >> 12 & 63)
            )
        }

        /// Prefetches the word of the key.
        @inline(__always)
        func ask(for key: UInt64) { cp_ask(words + place(of: key).word) }

        /// Returns whether it is new.
        @inline(__always)
        func insert(_ key: UInt64) -> Bool {
            let (word, bits) = place(of: key)
            let old = words[word]
            words[word] = old | bits
            return old & bits != bits
        }

        @inline(__always)
        func contains(_ key: UInt64) -> Bool {
            let (word, bits) = place(of: key)
            return words[word] & bits == bits
        }
    }
}
