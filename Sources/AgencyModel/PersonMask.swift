/// Finds personal data in a text and masks it: Social Work England numbers with any separators and in digits of any script, the
/// digits alone of a known worker's number, e-mail addresses, and National Insurance numbers. Names cannot be recognised.
public struct PersonMask: Sendable {
    public enum Person: Equatable, Sendable {
        /// After the letters SW. Nil if the digits are not a possible number.
        case number(SWENumber?)
        /// The digits alone of a known worker's number.
        case digits(SWENumber)
        case email
        case nationalInsurance

        /// The text that replaces it.
        public var masked: String {
            if case .number = self { return "SW\u{2026}" }
            return "\u{2026}"
        }
    }

    /// A sentence around a value contains amounts and counts, so digits on either side of a comma or full stop are not
    /// joined there.
    public enum Place: Sendable { case value, sentence }

    private var known: KnownNumbers

    public init(known: KnownNumbers = KnownNumbers()) { self.known = known }

    public mutating func know(_ worker: SWENumber) { known.insert(worker.number) }

    // MARK: Masking

    public func masked(
        _ text: String, own: SWENumber? = nil, in place: Place = .value, _ replacement: (Person) -> String = { $0.masked }
    ) -> String {
        var text = text
        return text.withUTF8 { masked($0, own: own, in: place, replacement) } ?? text
    }

    /// Nil if the text identifies nobody.
    public func masked(
        _ bytes: Bytes, own: SWENumber? = nil, in place: Place = .value, _ replacement: (Person) -> String = { $0.masked }
    ) -> String? {
        var result: [UInt8] = []
        var kept = 0
        forEachPerson(in: bytes, own: own, place) { range, person in
            result += bytes[kept..<range.lowerBound]
            result += replacement(person).utf8
            kept = range.upperBound
        }
        return kept == 0 ? nil : String(decoding: result + bytes[kept...], as: UTF8.self)
    }

    public func namesSomebody(_ text: String, own: SWENumber? = nil) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var isFound = false
            forEachPerson(in: bytes, own: own, .value) { _, _ in isFound = true }
            return isFound
        }
    }

    /// Calls `body` for all personal data in a text, from its start. `own` is the number of the worker that the text is about: its
    /// digits are recognised however few they are.
    public func forEachPerson(in bytes: Bytes, own: SWENumber?, _ place: Place, _ body: (Range<Int>, Person) -> Void) {
        guard PersonMask.mayHold(bytes) else { return }
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: bytes.count) { places in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count) { symbols in
                let count = PlainSymbol.fill(symbols, places, from: bytes)
                let text = Bytes(rebasing: symbols[..<count])
                let finder = PersonFinder(text: text, known: known, own: own?.number, isSentence: place == .sentence)
                var index = 0
                while index < count {
                    guard let (range, person) = finder.person(at: index) else {
                        index += 1
                        continue
                    }
                    let end = range.upperBound < count ? Int(places[range.upperBound]) : bytes.count
                    body(Int(places[range.lowerBound])..<end, person)
                    index = range.upperBound
                }
            }
        }
    }

    /// Without a digit, an @ sign or a letter outside ASCII, a text cannot contain personal data.
    private static func mayHold(_ bytes: Bytes) -> Bool {
        for byte in bytes where byte &- 0x30 < 10 || byte == 0x40 || byte >= 0x80 { return true }
        return false
    }
}
