import AgencyModel

/// What references that look alike have in common. Case, white space, invisible and look-alike characters and the form of an accent
/// make no difference.
enum LookAlikeKey {
    private static let caseBits: UInt64 = 0x2020_2020_2020_2020

    /// A number that is equal for all references that look alike. Others may have the same number, so the folded texts must be
    /// compared.
    @inline(__always)
    static func key(of id: Bytes, seed: UInt64) -> UInt64 {
        var look = Look()
        let key = hash(of: id, seed: seed, setting: caseBits, &look)
        return look.isPlain ? key : slowKey(of: id, seed: seed)
    }

    /// Whether everything that was hashed is ASCII without spaces or control characters.
    private struct Look: HashedWords {
        private var odd: UInt64 = 0
        var isPlain: Bool { odd & 0x8080_8080_8080_8080 == 0 }

        @inline(__always)
        mutating func see(_ word: UInt64) { odd |= (word &- 0x2121_2121_2121_2121) | word }
    }

    @inline(never)
    private static func slowKey(of id: Bytes, seed: UInt64) -> UInt64 {
        // An accent can be part of its letter or follow it, so letters with an accent in either form are left out of the key.
        var key: [UInt8] = []
        var before: UInt8?
        for scalar in folded(id.text).unicodeScalars {
            if scalar.isASCII {
                if let before { key.append(before) }
                before = UInt8(scalar.value)
            } else if before != nil {
                if scalar.properties.canonicalCombiningClass == .notReordered { key.append(before!) }
                before = nil
            }
        }
        if let before { key.append(before) }
        var look = Look()
        return key.withUnsafeBufferPointer { hash(of: $0, seed: seed, setting: caseBits, &look) }
    }

    /// The text without what makes no difference. Two that look alike are equal strings.
    static func folded(_ text: String) -> String {
        var folded = ""
        for scalar in text.unicodeScalars {
            var plain = scalar
            switch PlainForm.change(of: scalar) {
            case .none: break
            case .leftOut: continue
            case .replaced(let other): plain = other
            }
            if plain.properties.isWhitespace { continue }
            folded += plain.properties.uppercaseMapping
        }
        return folded.lowercased()
    }
}
