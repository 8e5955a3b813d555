import CPlatform

/// Finds words among bytes, fast.
public enum ByteSearch {
    public static func contains(_ text: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        place(of: word, in: text, from: 0) != nil
    }

    /// The first place from `from` on where the word stands, all of it among the next `within` bytes; nil where there is none.
    public static func place(
        of word: StaticString, in text: UnsafeRawBufferPointer, from: Int, within: Int = .max
    ) -> Int? {
        guard from < text.count, let base = text.baseAddress else { return nil }
        let place = cp_place(base + from, min(within, text.count - from), word.utf8Start, word.utf8CodeUnitCount)
        return place < 0 ? nil : from + place
    }

    /// Calls `found` at each place where the word's first letter and the one at `gap` stand, until it says that this is it.
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
