/// The plain form of a text: without invisible characters, and with a plain character instead of one that looks like it.
///
/// Removed are zero-width spaces and joiners, byte order marks, soft hyphens and direction marks. Replaced are every other space by
/// a space, every other hyphen or dash by a hyphen, full-width letters, digits and signs by those of ASCII, and curly apostrophes
/// by straight ones.
public enum PlainForm {
    /// What happens to a character.
    public enum Change: Equatable {
        case none
        case leftOut
        case replaced(Unicode.Scalar)
    }

    public static func change(of scalar: Unicode.Scalar) -> Change {
        switch scalar.value {
        case 0..<0x80: return .none
        case 0x2018, 0x2019, 0x201B, 0x02BC: return .replaced("'")
        case 0x2212: return .replaced("-")
        case 0xFF01...0xFF5E: return .replaced(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
        case 0xFFE1: return .replaced("£")
        default:
            let properties = scalar.properties
            if properties.isDefaultIgnorableCodePoint { return .leftOut }
            if properties.isWhitespace { return .replaced(" ") }
            if properties.generalCategory == .dashPunctuation { return .replaced("-") }
            return .none
        }
    }

    /// The plain form, and the first character that was not plain; nil if all of them are plain.
    ///
    /// With `joining`, no-break spaces and hyphens, which hold a code together, are removed as well.
    public static func of(_ text: String, joining: Bool = false) -> (text: String, first: Unicode.Scalar)? {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return nil }
        var plain = String.UnicodeScalarView()
        var first: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            let change = joining && isJoining(scalar) ? .leftOut : change(of: scalar)
            switch change {
            case .none: plain.append(scalar)
            case .leftOut: break
            case .replaced(let other): plain.append(other)
            }
            if change != .none, first == nil { first = scalar }
        }
        return first.map { (String(plain), $0) }
    }

    private static func isJoining(_ scalar: Unicode.Scalar) -> Bool {
        [0x00A0, 0x2007, 0x2011, 0x202F].contains(scalar.value)
    }

    /// The name of a character that is not plain: `a zero-width space (U+200B)`.
    public static func name(of scalar: Unicode.Scalar) -> String {
        let figures = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - figures.count)) + figures
        let name =
            switch scalar.value {
            case 0x00A0, 0x2007, 0x202F: "a no-break space"
            case 0x00AD: "a soft hyphen"
            case 0x200B: "a zero-width space"
            case 0x200C, 0x200D, 0x2060: "a zero-width joiner"
            case 0xFEFF: "a byte order mark"
            case 0x2011: "a no-break hyphen"
            case 0x2018, 0x2019, 0x201B, 0x02BC: "a curly apostrophe"
            case 0xFF01...0xFF5E, 0xFFE1: "a full-width character"
            default:
                switch change(of: scalar) {
                case .leftOut: "a character that cannot be seen"
                case .replaced(" "): "another space"
                default: "another hyphen"
                }
            }
        return "\(name) (\(code))"
    }
}
