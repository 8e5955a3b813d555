import AgencyModel

/// What references that look alike have in common: case, white space, characters that cannot be seen or look like others, and the form of an
/// accent do not count.
enum LookAlikeKey {
    private static let caseBits: UInt64 = 0x2020_2020_2020_2020

    /// A number that is the same for all that look alike. Others may share it: the folded texts decide.
    @inline(__always)
    static func key(of id: Bytes, seed: UInt64) -> UInt64 {
        id.isPlainWord ? hash(of: id, seed: seed, setting: caseBits) : slowKey(of: id, seed: seed)
    }

    @inline(never)
    private static func slowKey(of id: Bytes, seed: UInt64) -> UInt64 {
        // An accent stands in its letter or behind it: letters with one, in either form, are left out of the key.
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
        return key.withUnsafeBufferPointer { hash(of: $0, seed: seed, setting: caseBits) }
    }

    /// The text without what does not count. Two that look alike are equal strings.
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
