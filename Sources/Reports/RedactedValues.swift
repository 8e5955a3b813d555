import AgencyModel
import TextSource

/// The pseudonyms of a redacted copy: a value that identifies somebody becomes the same `withheld-1` in every table.
///
/// They are counted in the order of files and lines, which the copy shows anyway. The same output therefore gives the same copy,
/// and the number reveals nothing about the value (docs/decisions/writing.md).
struct RedactedValues {
    private var mask = PersonMask()
    private var numbers: [String: Int] = [:]
    private let regions: Set<String>

    /// Learns every worker that a table of the output names.
    init(knownFrom source: String, regions: [String]) throws {
        var regions = Set(regions)
        if var table = try RedactedTable.open(source + "/cap-breaches.csv"), table.place("region") != nil {
            while let row = try table.next() { regions.insert(table.cell("region", of: row)) }
        }
        self.regions = regions
        let returns = FolderListing.names(in: source + "/submission") ?? []
        let tables = ["exceptions.csv", "accepted.csv", "rejected.csv"] + returns.map { "submission/\($0)/assignments.csv" }
        let finder = PersonMask()
        for name in tables {
            guard var table = try RedactedTable.open(source + "/" + name) else { continue }
            while let row = try table.next() {
                for var cell in row {
                    cell.withUTF8 { bytes in
                        finder.forEachPerson(in: bytes, own: nil, .value) { _, person in
                            if case .number(let worker?) = person { mask.know(worker) }
                        }
                    }
                }
            }
        }
    }

    /// Numbers each value of these columns that identifies somebody.
    mutating func number(_ columns: [String], in table: inout RedactedTable) throws {
        var found: [String: (file: String, line: Int, column: Int)] = [:]
        while let row = try table.next() {
            let own = SWENumber(text: table.cell("swe_number", of: row))
            let (file, line) = (table.cell("file", of: row), Int(table.cell("line", of: row)) ?? 0)
            for (column, name) in columns.enumerated() {
                let place = (file: file, line: line, column: column)
                let value = table.cell(name, of: row)
                guard isWithheld(value, own: own) else { continue }
                if let known = found[value], known <= place { continue }
                found[value] = place
            }
        }
        for (value, _) in found.sorted(by: { $0.value < $1.value }) {
            numbers[value] = numbers.count + 1
        }
    }

    /// The number of a value's pseudonym; nil for a value that identifies nobody.
    mutating func pseudonym(of value: String, own: SWENumber?) -> Int? {
        if let number = numbers[value] { return number }
        guard isWithheld(value, own: own) else { return nil }
        numbers[value] = numbers.count + 1
        return numbers.count
    }

    /// A name that contains a line end may have swallowed rows of the file.
    private func isWithheld(_ value: String, own: SWENumber?) -> Bool {
        !value.isEmpty && (mask.namesSomebody(value, own: own) || value.utf8.contains { $0 == 0x0A || $0 == 0x0D })
    }

    /// Whether a value is of the same kind as its field, or a count, a quarter or a region, so that it is not text that somebody
    /// wrote. A value that could not be read is never of the same kind as its field.
    func isOfKind(_ value: String, _ field: Column?, own: SWENumber?) -> Bool {
        if regions.contains(value) { return true }
        var text = value
        let isPlain = text.withUTF8 { bytes in
            if bytes.count <= 4, bytes.allSatisfy({ $0 &- 0x30 < 10 }) { return true }
            if Quarter(bytes) != nil { return true }
            guard let field else { return bytes.contains(0x2E) && Money(bytes) != nil }
            return field.reads(bytes)
        }
        return isPlain && !mask.namesSomebody(value, own: own)
    }

    static func text(_ number: Int) -> String { "withheld-\(number)" }

    /// A sentence in which the row's values are replaced as in their cells, and other personal data is masked.
    func sentence(_ text: String, _ replaced: [(value: String, by: String)]) -> String {
        if let number = numbers[text] { return RedactedValues.text(number) }
        var text = text
        // A value of one or two digits would match elsewhere.
        let replaced = replaced.filter { $0.value.utf8.count > 2 || $0.by != "\u{2026}" }
        for (value, other) in replaced.sorted(by: { $0.value.utf8.count > $1.value.utf8.count }) {
            // One or two digits may be the day of a date. They are a reference only if the sentence says so.
            let isShort = value.utf8.count < 3
            text = text.replacing(isShort ? "assignment_id " + value : value, with: isShort ? "assignment_id " + other : other)
        }
        return mask.masked(quotationsMasked(text), in: .sentence)
    }

    /// What a sentence quotes is a value from the file, such as the name of a column. It is masked as a value and not as our own
    /// words, in which an amount may look like a number.
    private func quotationsMasked(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "\u{201C}"), let close = rest[open...].firstIndex(of: "\u{201D}") {
            let quotation = rest.index(after: open)..<close
            result += rest[...open] + mask.masked(String(rest[quotation]))
            rest = rest[close...]
        }
        return result + rest
    }
}

extension String {
    /// The text with each occurrence of a word replaced, if no letter or digit is beside it.
    fileprivate func replacing(_ word: String, with other: String) -> String {
        let (all, sought) = (Array(utf8), Array(word.utf8))
        guard !sought.isEmpty, all.count >= sought.count else { return self }
        func isWord(_ place: Int) -> Bool {
            guard all.indices.contains(place) else { return false }
            return all[place] &- 0x30 < 10 || (all[place] | 0x20) &- 0x61 < 26
        }
        var result: [UInt8] = []
        var place = 0
        while place < all.count {
            let end = place + sought.count
            if end <= all.count, all[place..<end].elementsEqual(sought), !isWord(place - 1), !isWord(end) {
                result += other.utf8
                place = end
            } else {
                result.append(all[place])
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension SWENumber {
    init?(text: String) {
        var text = text
        guard let number = text.withUTF8({ SWENumber($0) }) else { return nil }
        self = number
    }
}

extension Column {
    /// Whether the column can contain the value, other than as text or a person's number.
    fileprivate func reads(_ value: Bytes) -> Bool {
        switch wanted {
        case .aDate: CalendarDate(value) != nil
        // An amount is always written with its pence: a number without them may as well be a telephone number.
        case .money: value.contains(0x2E) && Money(value) != nil
        case .decimal, .wholeNumber: Quantity(value) != nil
        case .yesOrNo: value.equalsIgnoringCase("yes") || value.equalsIgnoringCase("no")
        case .threeDigits: AuthorityCode(value) != nil
        case .aQuarter: Quarter(value) != nil
        case .roleCode: CoreRole(value) != nil
        case .engagementCode: Engagement(value) != nil
        case .supplyCode: Supply(value) != nil
        case .practiceManagerCode: PracticeManager(value) != nil
        case .leavingReasonCode: LeavingReason(value) != nil
        case .employmentCode: Employment(value) != nil
        case .settingCode: Setting(value) != nil
        case .claimCode: ComplianceClaim(value) != nil
        default: false
        }
    }
}
