/// Finds where personal data begins and ends in a text of plain symbols.
struct PersonFinder {
    let text: Bytes
    let known: KnownNumbers
    /// The number of the worker that the text is about.
    let own: UInt64?
    let isSentence: Bool

    /// The largest number of marks in a row within one number.
    private static let mostMarks = 4
    /// Registered numbers have at most six digits. A number with that many is complete, and digits after a mark are something else.
    private static let wholeNumber = 6
    /// Longer than any of the words below with a few invisible characters in it.
    private static let longestWord = 24
    /// The words that can be between SW and the digits.
    private static let words = ["no", "nr", "num", "number", "n", "id", "ref", "reg", "registration", "england"]

    /// Personal data whose first letter is at `place`. An e-mail address is found from its first letter, so that digits in it are
    /// not taken for a number.
    func person(at place: Int) -> (Range<Int>, PersonMask.Person)? {
        let symbol = text[place]
        if place == 0 || !isOfAddress(text[place - 1]), let end = email(at: place) { return (place..<end, .email) }
        let isStart = place == 0 || !isWord(text[place - 1])
        if symbol == 0x73, let (end, number) = number(at: place) { return (place..<end, .number(number)) }
        if isStart, PlainSymbol.isLatin(symbol), let end = nationalInsurance(at: place) { return (place..<end, .nationalInsurance) }
        if PlainSymbol.isDigit(symbol), place == 0 || !PlainSymbol.isDigit(text[place - 1]),
            let (end, number) = knownDigits(at: place)
        {
            return (place..<end, .digits(number))
        }
        return nil
    }

    private func isWord(_ symbol: UInt8) -> Bool { !PlainSymbol.isSeparator(symbol) }

    /// The offset after the marks at `place`, of which at most `most` may be visible.
    private func skip(_ place: Int, most: Int = PersonFinder.mostMarks) -> Int? {
        var place = place
        var marks = 0
        while place < text.count, PlainSymbol.isSeparator(text[place]) {
            if text[place] != PlainSymbol.invisible { marks += 1 }
            place += 1
        }
        return marks <= most && place < text.count ? place : nil
    }

    /// The end of the digits at `place`.
    private func digitsEnd(_ place: Int) -> Int {
        var end = place
        while end < text.count, PlainSymbol.isDigit(text[end]) { end += 1 }
        return end
    }

    // MARK: SW and digits

    private func number(at place: Int) -> (end: Int, SWENumber?)? {
        guard let w = skip(place + 1), text[w] == 0x77 else { return nil }
        let isBehindLetter = place > 0 && PlainSymbol.isLetter(text[place - 1])
        // If S and W are apart, they are initials, so each must stand on its own.
        let isTogether = text[place + 1..<w].allSatisfy { $0 == PlainSymbol.invisible }
        if isBehindLetter, !isTogether { return nil }
        guard let start = firstDigit(behind: w) else { return nil }
        var end = digitsEnd(start)
        if start == place + 2, isPostcode(start, end) { return nil }
        var figures = end - start
        while figures < PersonFinder.wholeNumber, let next = skip(end), next > end, PlainSymbol.isDigit(text[next]) {
            end = digitsEnd(next)
            figures += end - next
        }
        // SSW-12 is a role and a number; SSW765432 contains a worker's number.
        if isBehindLetter, figures < 5 { return nil }
        return (end, value(start, end).map(SWENumber.init(number:)))
    }

    /// The first digit after the W, skipping marks and a few words such as No. or number.
    private func firstDigit(behind w: Int) -> Int? {
        guard var place = skip(w + 1) else { return nil }
        for _ in 0..<4 {
            if PlainSymbol.isDigit(text[place]) { return place }
            var end = place
            let last = min(text.count, place + PersonFinder.longestWord)
            while end < last, PlainSymbol.isLatin(text[end]) || text[end] == PlainSymbol.invisible { end += 1 }
            if end == last, end < text.count, PlainSymbol.isLatin(text[end]) { return nil }
            guard isFiller(text[place..<end]), let next = skip(end) else { return nil }
            place = next
        }
        return nil
    }

    /// Whether a word can be between SW and the digits, on its own or after the E of SWE.
    private func isFiller(_ letters: Slice<Bytes>) -> Bool {
        let word = letters.filter { $0 != PlainSymbol.invisible }
        guard let first = word.first else { return false }
        let rest = first == 0x65 && word.count != 7 ? word.dropFirst() : word[...]
        return rest.isEmpty || PersonFinder.words.contains { $0.utf8.elementsEqual(rest) }
    }

    /// SW1A 2AA and SW19 5NE are London postcodes.
    private func isPostcode(_ start: Int, _ end: Int) -> Bool {
        guard end - start <= 2 else { return false }
        var place = end
        if place < text.count, PlainSymbol.isLatin(text[place]) { place += 1 }
        guard let inward = skip(place, most: 1), inward > place, inward + 2 < text.count else { return false }
        return PlainSymbol.isDigit(text[inward]) && PlainSymbol.isLatin(text[inward + 1]) && PlainSymbol.isLatin(text[inward + 2])
            && (inward + 3 == text.count || !isWord(text[inward + 3]))
    }

    /// The value of the digits between two offsets; 0 if it is not a possible number.
    private func value(_ start: Int, _ end: Int) -> UInt64? {
        var value: UInt64 = 0
        for symbol in text[start..<end] where PlainSymbol.isDigit(symbol) {
            value = value * 10 + UInt64(symbol - 0x30)
            if value > 9_999_999_999 { return nil }
        }
        return value > 0 ? value : nil
    }

    // MARK: Bare digits

    private func knownDigits(at start: Int) -> (end: Int, SWENumber)? {
        if own == nil, known.isEmpty { return nil }
        var end = digitsEnd(start)
        var found: (end: Int, SWENumber)?
        while true {
            guard let value = value(start, end) else { break }
            if isKnown(value, start, end) { found = (end, SWENumber(number: value)) }
            guard let next = skip(end), next > end, PlainSymbol.isDigit(text[next]) else { break }
            if isSentence, text[end..<next].contains(where: { $0 == 0x2C || $0 == 0x2E || $0 == 0x3A }) { break }
            end = digitsEnd(next)
        }
        return found
    }

    private func isKnown(_ value: UInt64, _ start: Int, _ end: Int) -> Bool {
        if isSentence {
            // £778,899 and 0.77 are amounts.
            if start > 0, [0x2C, 0x2E, PlainSymbol.otherMark].contains(text[start - 1]) { return false }
            if end + 1 < text.count, text[end] == 0x2C || text[end] == 0x2E, PlainSymbol.isDigit(text[end + 1]) { return false }
        }
        if known.contains(value) { return true }
        guard value == own, !isSentence else { return false }
        // A number with one or two digits identifies its worker only if nothing else is beside it.
        return value >= 100 || !text.indices.contains { !(start..<end).contains($0) && isWord(text[$0]) }
    }

    // MARK: Addresses

    private func isOfAddress(_ symbol: UInt8) -> Bool {
        if isWord(symbol) || symbol == PlainSymbol.invisible { return true }
        switch symbol {
        case 0x2E, 0x5F, 0x25, 0x2B, 0x2D, 0x27, 0x26, 0x7E: return true
        default: return false
        }
    }

    /// The end of the address that begins at `start`.
    private func email(at start: Int) -> Int? {
        var sign = start
        if text[start] == 0x22 {
            sign += 1
            while sign < text.count, text[sign] != 0x22 { sign += 1 }
            sign += 1
        } else {
            while sign < text.count, isOfAddress(text[sign]) { sign += 1 }
        }
        guard sign > start, sign < text.count else { return nil }
        var domain = sign + 1
        let isApart = text[sign] == 0x20 && domain < text.count && text[domain] == 0x40
        if isApart { domain += 1 } else if text[sign] != 0x40 { return nil }
        if domain < text.count, text[domain] == 0x20 { domain += 1 }
        var end = domain
        while end < text.count, isWord(text[end]) || [0x2D, 0x2E, PlainSymbol.invisible].contains(text[end]) { end += 1 }
        while end > domain, !isWord(text[end - 1]) { end -= 1 }
        let name = text[domain..<end]
        guard name.contains(where: PlainSymbol.isLetter) else { return nil }
        // If there are spaces around the sign, the name after it must look like a domain.
        if isApart || text[domain - 1] == 0x20 { guard name.contains(0x2E) else { return nil } }
        return end
    }

    // MARK: National Insurance

    /// Two letters, six digits and a letter from A to D, with marks between them.
    private func nationalInsurance(at start: Int) -> Int? {
        guard let second = skip(start + 1, most: 2), PlainSymbol.isLatin(text[second]), var place = skip(second + 1, most: 2) else {
            return nil
        }
        for _ in 0..<6 {
            guard PlainSymbol.isDigit(text[place]), let next = skip(place + 1, most: 2) else { return nil }
            place = next
        }
        guard text[place] >= 0x61, text[place] <= 0x64, place + 1 == text.count || !isWord(text[place + 1]) else { return nil }
        // "of 100,000 a year" is an amount: the letter is an article between words.
        let isArticle =
            text[place] == 0x61 && text[place - 1] == 0x20 && skip(place + 1).map { PlainSymbol.isLetter(text[$0]) } ?? false
        return isArticle ? nil : place + 1
    }
}
