import CPlatform

/// Finds a word among bytes, fast.
public enum ByteSearch {
    public static func contains(_ text: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        cp_contains(text.baseAddress, text.count, word.utf8Start, word.utf8CodeUnitCount) != 0
    }
}
