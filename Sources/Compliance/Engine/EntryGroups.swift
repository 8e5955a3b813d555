/// Assignments of all files that share a key, found by sorting a flat array: no dictionary, no strings.
struct EntryGroups {
    struct Item {
        let key: UInt64
        let file: UInt32
        let entry: UInt32
    }

    private(set) var items: [Item] = []

    init(capacity: Int) { items.reserveCapacity(capacity) }

    mutating func add(key: UInt64, file: Int, entry: Int) {
        items.append(Item(key: key, file: UInt32(file), entry: UInt32(entry)))
    }

    /// Calls `body` with each run of two or more of one key, in the order of files and entries.
    mutating func forEachShared(_ body: (ArraySlice<Item>) -> Void) {
        items.sort { ($0.key, $0.file, $0.entry) < ($1.key, $1.file, $1.entry) }
        var start = 0
        while start < items.count {
            var end = start + 1
            while end < items.count, items[end].key == items[start].key { end += 1 }
            if end - start > 1 { body(items[start..<end]) }
            start = end
        }
    }

}
