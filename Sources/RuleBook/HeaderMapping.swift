import AgencyModel

/// Which column a header name means: the format's own names, and the aliases in header-aliases.csv.
public struct HeaderMapping: Sendable {
    /// By the normal forms of the names, each prepared for comparison with an unknown name.
    private var columns: [String: (column: Column, form: NormalForm)] = [:]

    init() {
        for column in Column.allCases { _ = add(alias: column.name, for: column) }
    }

    /// The plain name in lower case, in which every run of spaces, hyphens and underscores becomes one underscore.
    public static func normalForm(_ name: String) -> String {
        if let form = plainForm(name) { return form }
        var form = ""
        var gap = false
        for scalar in (PlainForm.of(name)?.text ?? name).unicodeScalars {
            if scalar == "-" || scalar == "_" || scalar.properties.isWhitespace {
                gap = !form.isEmpty
                continue
            }
            if gap { form += "_" }
            gap = false
            form += scalar.properties.lowercaseMapping
        }
        return form
    }

    /// The normal form of an ASCII name, made byte by byte; nil for any other name.
    private static func plainForm(_ name: String) -> String? {
        guard name.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        return String(unsafeUninitializedCapacity: name.utf8.count) { form in
            var count = 0
            var gap = false
            for byte in name.utf8 {
                if byte == 0x2D || byte == 0x5F || byte == 0x20 || (0x09...0x0D).contains(byte) {
                    gap = count > 0
                    continue
                }
                if gap {
                    form[count] = 0x5F
                    count += 1
                }
                gap = false
                form[count] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                count += 1
            }
            return count
        }
    }

    public func column(for name: String) -> Column? { column(ofForm: HeaderMapping.normalForm(name)) }

    /// The same for a name in normal form.
    public func column(ofForm form: String) -> Column? { columns[form]?.column }

    /// The column that an unknown name most likely means: the known name with the most words in common, or with few letters
    /// changed. Nil if none is near, or if two columns are equally near.
    public func suggestion(for name: String) -> Column? {
        let written = HeaderMapping.normalForm(HeaderMapping.separateWords(name))
        guard written.count >= 3, written.count <= 60 else { return nil }
        let form = NormalForm(written)
        var best = (likeness: 0.6, column: Column?.none)
        for (column, known) in columns.values {
            let likeness = max(form.commonWords(known), form.closeness(known, atLeast: best.likeness))
            if likeness > best.likeness {
                best = (likeness, column)
            } else if likeness == best.likeness, best.column != column {
                best.column = nil
            }
        }
        return best.column
    }

    /// `PayRate` becomes `Pay_Rate`, so that the names of XML elements can be compared word by word.
    private static func separateWords(_ name: String) -> String {
        var result = ""
        var wasLower = false
        for character in name {
            if character.isUppercase, wasLower { result += "_" }
            wasLower = character.isLowercase
            result.append(character)
        }
        return result
    }

    /// The column that the alias already means, or nil if the alias was added.
    mutating func add(alias: String, for column: Column) -> Column? {
        let form = HeaderMapping.normalForm(alias)
        if let known = columns[form] { return known.column }
        columns[form] = (column, NormalForm(form))
        return nil
    }

    /// Adds the names of another mapping. If both have a name, the other mapping's column is used.
    mutating func lay(_ over: HeaderMapping) { columns.merge(over.columns) { $1 } }

    /// A normal form with its words, each once, and its letters.
    private struct NormalForm: Sendable {
        private var words: [Substring] = []
        private let letters: [UInt8]

        init(_ form: String) {
            for word in form.split(separator: "_") where !words.contains(word) { words.append(word) }
            letters = Array(form.utf8)
        }

        /// The number of common words divided by the number of all words, 0 to 1.
        func commonWords(_ other: NormalForm) -> Double {
            guard !words.isEmpty, !other.words.isEmpty else { return 0 }
            let common = words.count { other.words.contains($0) }
            return Double(common) / Double(words.count + other.words.count - common)
        }

        /// 1 minus the share of letters to change (Levenshtein distance), 0 to 1; 0 if it cannot reach `least`.
        func closeness(_ other: NormalForm, atLeast least: Double) -> Double {
            let (first, second) = (letters, other.letters)
            let longest = max(first.count, second.count)
            let difference = abs(first.count - second.count)
            guard longest > 0, difference * 2 <= longest, 1 - Double(difference) / Double(longest) >= least else { return 0 }
            var row = Array(0...second.count)
            for (index, letter) in first.enumerated() {
                var diagonal = row[0]
                row[0] = index + 1
                for place in second.indices {
                    let change = diagonal + (letter == second[place] ? 0 : 1)
                    diagonal = row[place + 1]
                    row[place + 1] = min(change, min(diagonal, row[place]) + 1)
                }
            }
            return 1 - Double(row[second.count]) / Double(longest)
        }
    }
}

/// Which core job type a local job title means (job-mapping.csv). Case, repeated spaces and look-alike characters make no
/// difference.
public struct JobMapping: Sendable {
    private var general: [String: CoreRole] = [:]
    private var own: [AuthorityCode: [String: CoreRole]] = [:]

    static func normalForm(_ title: String) -> String {
        var form = ""
        var gap = false
        for scalar in (PlainForm.of(title)?.text ?? title).unicodeScalars {
            if scalar.properties.isWhitespace {
                gap = !form.isEmpty
                continue
            }
            if gap { form += " " }
            gap = false
            form += scalar.properties.lowercaseMapping
        }
        return form
    }

    /// The role of the title. An authority's own row comes before a row for all authorities.
    public func role(for title: String, authority: AuthorityCode?) -> CoreRole? {
        let form = JobMapping.normalForm(title)
        if let authority, let role = own[authority]?[form] { return role }
        return general[form]
    }

    /// Returns false if the title is already mapped.
    mutating func add(_ title: String, authority: AuthorityCode?, role: CoreRole) -> Bool {
        let form = JobMapping.normalForm(title)
        if let authority { return own[authority, default: [:]].updateValue(role, forKey: form) == nil }
        return general.updateValue(role, forKey: form) == nil
    }

    /// Adds the titles of another mapping. If both have a title, the other mapping's role is used.
    mutating func lay(_ over: JobMapping) {
        general.merge(over.general) { $1 }
        for (authority, titles) in over.own { own[authority, default: [:]].merge(titles) { $1 } }
    }
}
