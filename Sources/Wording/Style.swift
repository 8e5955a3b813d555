/// Marks in a text for a person that stand for colours: control characters, of which a name that was made harmless has none left.
/// The terminal turns them into colours or leaves them out; so does whatever else shows the text.
public enum Style: Character, CaseIterable, Sendable {
    case bold = "\u{0E}", red = "\u{0F}", green = "\u{10}", plain = "\u{11}"

    public func text(_ text: String) -> String { "\(rawValue)\(text)\(Style.plain.rawValue)" }
}
