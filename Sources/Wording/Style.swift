/// Characters in a text for a person that mark colours. They are control characters, which a text made safe to print does not
/// contain. The terminal replaces them by colours or leaves them out, and so does anything else that shows the text.
public enum Style: Character, CaseIterable, Sendable {
    case bold = "\u{0E}", red = "\u{0F}", green = "\u{10}", plain = "\u{11}"

    public func text(_ text: String) -> String { "\(rawValue)\(text)\(Style.plain.rawValue)" }
}
