import AgencyModel
import TextSource

/// A column or an element that is not known: its name, where it is, and what to report about it (IMP002).
public struct UnknownName: Sendable {
    public let name: String
    public let line: UInt32
    /// What was found and what to do, without a full stop at the end; empty above the limit of names that are reported.
    let words: String

    /// The notes of one file: one for each name up to the limit, then one with the number of others.
    static func notes(_ unknown: some Collection<UnknownName>, limit: Int, more: (Int) -> String) -> [ImportNote] {
        var notes = unknown.prefix(limit).map { ImportNote.unknownName(name: $0.name, words: $0.words, line: $0.line) }
        if let first = unknown.dropFirst(limit).first {
            notes.append(.unknownName(name: "", words: more(unknown.count - limit), line: first.line))
        }
        return notes
    }

    /// The notes about the elements of an XML file.
    public static func notes(of elements: [UnknownName], limits: Limits) -> [ImportNote] {
        notes(elements, limit: limits.namedUnknown, more: moreElements)
    }

    /// The same if there are `lines` lines before the part that it was read in.
    public func shifted(by lines: UInt32) -> UnknownName { UnknownName(name: name, line: line + lines, words: words) }

    private static func moreElements(_ count: Int) -> String {
        "\(count) more element\(count == 1 ? " is" : "s are") not known, and \(count == 1 ? "its" : "their") content was left out. Check that it is the right file, or remove the elements that the return format does not have"
    }

    /// The part of a name that a message shows.
    static func shown(_ name: String) -> String { name.count <= 80 ? name : name.prefix(80) + "\u{2026}" }
}

/// What to report about an element that is not known in its position.
struct UnknownElement {
    let name: String
    let isInNamespace: Bool
    /// The elements that can be there.
    let possible: [String]
    /// Where else an element of this name belongs; nil if nowhere.
    let home: String?
    /// The element that the name most likely means, among the names of the columns.
    let suggestion: String?

    var words: String {
        let shown = UnknownName.shown(name)
        let start = "The element \(shown) is not known, so its content was left out. "
        if isInNamespace {
            return start + "It is in a namespace, and a return has none: remove xmlns and the prefix before the colon"
        }
        if let same = UnknownElement.same(as: name, among: possible) {
            return start + "It should be written \(same): capitals and small letters count in XML"
        }
        if let home {
            return
                "The element \(shown) is in the wrong place, so its content was left out. It belongs in \(home): move it there"
        }
        if let suggestion, possible.contains(suggestion) { return start + "Did you mean \(suggestion)? Then write it like that" }
        return start
            + "If it is an element of the return format, write its name as there; if it is your own, you do not need to do anything"
    }

    /// Why the file is refused if an element that contains complete rows is only written differently; nil for any other element.
    static func refusal(_ name: String, insteadOf possible: [String]) -> String? {
        guard let right = same(as: name, among: possible) else { return nil }
        return
            "its element \(UnknownName.shown(name)) should be written \(right): capitals and small letters count in XML, and its content would be left out"
    }

    /// What to report about an outermost element that is only written differently; nil for any other.
    static func root(_ name: String, insteadOf possible: [String]) -> String? {
        guard let right = same(as: name, among: possible) else { return nil }
        return
            "its outermost element \(UnknownName.shown(name)) should be written \(right): capitals and small letters count in XML"
    }

    /// The name that has the same letters and digits.
    private static func same(as name: String, among possible: [String]) -> String? {
        let written = letters(name)
        return possible.first { letters($0) == written }
    }

    private static func letters(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
}

/// A column of a sheet, as people refer to it.
enum ColumnPlace {
    /// The letters of a column, counted from 0: A, B, …, Z, AA.
    static func letters(_ index: Int) -> String {
        var letters = ""
        var rest = index + 1
        while rest > 0 {
            rest -= 1
            letters = String(UnicodeScalar(UInt8(0x41 + rest % 26))) + letters
            rest /= 26
        }
        return letters
    }

    /// `34 (AH)`, `34 (AH, cap_reason)`.
    static func named(_ index: Int, _ name: String = "") -> String {
        "\(index + 1) (\(letters(index))\(name.isEmpty ? "" : ", " + UnknownName.shown(name)))"
    }
}
