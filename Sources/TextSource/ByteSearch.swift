import CPlatform

/// Fast search for words in bytes.
public enum ByteSearch {
    public static func contains(_ text: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        place(of: word, in: text, from: 0) != nil
    }

    /// The first offset at or after `from` where the word begins, if all of it is within the next `within` bytes; otherwise nil.
    public static func place(
        of word: StaticString, in text: UnsafeRawBufferPointer, from: Int, within: Int = .max
    ) -> Int? {
        guard from < text.count, let base = text.baseAddress else { return nil }
        let place = cp_place(base + from, min(within, text.count - from), word.utf8Start, word.utf8CodeUnitCount)
        return place < 0 ? nil : from + place
    }

    /// Calls `found` at each offset where both the word's first letter and its letter at `gap` match, until it returns true.
    public static func contains(
        _ text: UnsafeRawBufferPointer, _ first: UInt8, _ second: UInt8, gap: Int, where found: (Int) -> Bool
    ) -> Bool {
        guard let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
        var place = 0
        while true {
            place = cp_find_pair(base, text.count, place, first, second, gap)
            if place >= text.count { return false }
            if found(place) { return true }
            place += 1
        }
    }
}
