import AgencyModel
import TextSource

/// The pseudonyms of one redacted copy: a value that names somebody is the same `withheld-1` in every table.
///
/// They are counted in the order of files and lines, which the copy shows anyway: so the same output gives the same copy, and the count says
/// nothing of what stood there (docs/decisions/writing.md).
struct RedactedValues {
    private var mask = PersonMask()
    private var numbers: [String: Int] = [:]
    private let regions: Set<String>

    /// Knows every worker whom a table of the output names.
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

    /// Gives each value of these columns that names somebody its number.
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

    /// The number of a value's pseudonym; nil for a value that names nobody.
    mutating func pseudonym(of value: String, own: SWENumber?) -> Int? {
        if let number = numbers[value] { return number }
        guard isWithheld(value, own: own) else { return nil }
        numbers[value] = numbers.count + 1
        return numbers.count
    }

    /// A name with a line end in it may have swallowed rows of the file, and whatever stands in them.
    private func isWithheld(_ value: String, own: SWENumber?) -> Bool {
        !value.isEmpty && (mask.namesSomebody(value, own: own) || value.utf8.contains { $0 == 0x0A || $0 == 0x0D })
    }

    /// Whether a value is of the kind of its field, or a count, a quarter or a region: then it is no text that somebody wrote. A value that
    /// could not be read is never of its field's kind.
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

    /// A sentence with the row's values replaced as they were, and anything else that names somebody masked.
    func sentence(_ text: String, _ replaced: [(value: String, by: String)]) -> String {
        if let number = numbers[text] { return RedactedValues.text(number) }
        var text = text
        // Of one that is no more than a figure or two every place would be another's.
        let replaced = replaced.filter { $0.value.utf8.count > 2 || $0.by != "\u{2026}" }
        for (value, other) in replaced.sorted(by: { $0.value.utf8.count > $1.value.utf8.count }) {
            // One or two figures may be the day of a date: they are a reference where the sentence says so.
            let isShort = value.utf8.count < 3
            text = text.replacing(isShort ? "assignment_id " + value : value, with: isShort ? "assignment_id " + other : other)
        }
        return mask.masked(quotationsMasked(text), in: .sentence)
    }

    /// What a sentence quotes is a value of the file's, such as a column's name: it is masked as a value, not as words of ours, in which
    /// an amount may look like a number.
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
    /// The text with each place of a word taken by another, where no letter or figure stands beside it.
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
    /// Whether a value is one that the column can hold, other than a text or a person's number.
    fileprivate func reads(_ value: Bytes) -> Bool {
        switch wanted {
        case .aDate: CalendarDate(value) != nil
        // An amount is always written with its pence: a number without is a telephone's as likely.
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
