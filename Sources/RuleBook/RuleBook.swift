import AgencyModel
import Glibc
import TextSource

/// The rules as data: dated parameters, caps, authorities, mappings and the rules' texts, read strictly from rules/.
public struct RuleBook: Sendable {
    public private(set) var parameters = Parameters()
    public private(set) var authorities = AuthorityTable([], regions: [])
    public private(set) var headers = HeaderMapping()
    public private(set) var jobs = JobMapping()
    public private(set) var submission = SubmissionProfile()
    /// Named groups of regions or authorities, sorted by name.
    public private(set) var partnerships: [Partnership] = []
    private var windows: [Quarter: SubmissionWindow] = [:]
    /// By code.
    public private(set) var texts: [RuleCode: RuleText] = [:]
    /// Every value with its source, for `rules list` and `explain`.
    public private(set) var citations: [Citation] = []
    /// The files that were read, in a fixed order: the path, and a name that does not depend on the folder.
    public private(set) var files: [(path: String, name: String)] = []
    /// What your own folder replaces, in words, one line each.
    public private(set) var shadowed: [String] = []

    private var commencements = [Commencement](
        repeating: Commencement(newFrom: nil, legacyFrom: nil), count: CommencementFamily.allCases.count)
    /// By region; nil if the national dates apply.
    private var regionalCaps: [Commencement?] = []
    /// The cool-off in months, by region; nil if the national figure applies.
    private var regionalCooloff: [Int?] = []
    /// By region and role.
    private var caps: [[Dated<Money>]] = []

    /// A dated value of the rule book with its source.
    public struct Citation: Sendable {
        public let table: String
        public let key: String
        public let from: CalendarDate?
        public let value: String
        public let source: String
    }

    /// Reads the shipped folder and, if given, your own folder over it. `rules` are the rules that must have a text.
    public static func load(shipped: String, over: String? = nil, rules: [Rule]) throws(RuleBookProblems) -> RuleBook {
        let problems = ProblemList()
        var book = RuleBook()
        let folders = RuleFolders(shipped: shipped, over: over)
        folders.check(rules: rules, problems: problems)
        book.readAuthorities(folders, problems)
        book.readParameters(folders, problems)
        book.readCommencement(folders, problems)
        book.readCaps(folders, problems)
        book.readRegions(folders, problems)
        book.readMappings(folders, problems)
        book.readPartnerships(folders, problems)
        book.readSubmission(folders, rules, problems)
        book.readTexts(folders, rules, problems)
        book.shadowed = folders.shadowed
        let names = RuleFolders.tables + rules.map { "texts/\($0.code).md" }
        book.files = names.flatMap { folders.layers(of: $0) }
        if !problems.all.isEmpty { throw RuleBookProblems(all: problems.all) }
        return book
    }

    // MARK: Values for the rules

    /// The family's commencement. For caps, a region's own dates if it has any.
    public func commencement(_ family: CommencementFamily, region: Int? = nil) -> Commencement {
        if family == .caps, let region, let regional = regionalCaps[region] { return regional }
        return commencements[Int(family.rawValue)]
    }

    /// The cool-off in months that a region has agreed; nil if it has none.
    public func cooloffMonths(region: Int) -> Int? { regionalCooloff[region] }

    /// The region's cap for the role on the day, in pounds an hour, with the day from which it applies.
    public func cap(region: Int, role: CoreRole, on day: CalendarDate) -> Dated<Money>.Entry? {
        caps[region][Int(role.rawValue)].entry(on: day)
    }

    /// The caps of a region by role, in pounds an hour, each with the day from which it applies.
    public func caps(region: Int) -> [Dated<Money>] { caps[region] }

    /// When the quarter's return can be sent: as announced, or inferred from the length of the first window.
    public func submissionWindow(of quarter: Quarter) -> SubmissionWindow? {
        if let window = windows[quarter] { return window }
        let from = quarter.lastDay.adding(days: 1)
        guard let months = parameters.submissionMonths.value(on: from) else { return nil }
        return SubmissionWindow(from: from, to: from.adding(months: months).adding(days: -1), isInferred: true)
    }

    // MARK: Reading

    private mutating func readSubmission(_ folders: RuleFolders, _ rules: [Rule], _ problems: ProblemList) {
        let table = folders.table("submission-profile.csv", columns: SubmissionProfileReader.profileColumns, problems)
        let codes = folders.table("submission-codes.csv", columns: ["field", "code", "written"], problems)
        var reader = SubmissionProfileReader(table: table, rules: rules, problems: problems)
        submission = reader.read(codes: codes)
        let dates = folders.table("submission-windows.csv", columns: ["quarter", "from", "to", "source"], problems)
        for row in dates.rows {
            guard let quarter = dates[row, "quarter"].read(Quarter.init), let from = dates[row, "from"].read(CalendarDate.init),
                let to = dates[row, "to"].read(CalendarDate.init), from <= to
            else {
                problems.add(dates.file, row.line, "expected a quarter such as 2025-Q1, its window's first day and its last day.")
                continue
            }
            let window = SubmissionWindow(from: from, to: to, isInferred: false)
            if windows.updateValue(window, forKey: quarter) != nil {
                problems.add(dates.file, row.line, "\(quarter) appears twice; expected one row.")
            }
            cite(dates, row, key: quarter.description, from: nil, value: "\(from) to \(to)", problems)
        }
    }

    private mutating func readAuthorities(_ folders: RuleFolders, _ problems: ProblemList) {
        let table = folders.table(
            "authorities.csv", columns: ["authority_code", "gss_code", "name", "region", "valid_from", "valid_to"], problems)
        let names = Set(table.rows.map { table[$0, "region"] }.filter { !$0.isEmpty })
        let regions = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var seen: Set<AuthorityCode> = []
        var list: [AuthorityTable.Authority] = []
        for row in table.rows {
            guard let code = table[row, "authority_code"].read(AuthorityCode.init) else {
                problems.add(table.file, row.line, "expected an authority_code of three digits.")
                continue
            }
            guard seen.insert(code).inserted else {
                problems.add(table.file, row.line, "the authority \(code) appears twice; expected one row for each.")
                continue
            }
            guard let region = regions.firstIndex(of: table[row, "region"]), !table[row, "name"].isEmpty else {
                problems.add(table.file, row.line, "expected a name and a region.")
                continue
            }
            let from = optionalDate(table, row, "valid_from", problems)
            let to = optionalDate(table, row, "valid_to", problems)
            if let from, let to, to < from {
                problems.add(table.file, row.line, "valid_to is before valid_from; expected the first day, then the last.")
            }
            list.append(
                AuthorityTable.Authority(
                    code: code, gssCode: table[row, "gss_code"], name: table[row, "name"], region: region, validFrom: from,
                    validTo: to))
        }
        authorities = AuthorityTable(list, regions: regions)
        caps = Array(repeating: Array(repeating: Dated(), count: CoreRole.allCases.count), count: regions.count)
        regionalCaps = Array(repeating: nil, count: regions.count)
        regionalCooloff = Array(repeating: nil, count: regions.count)
    }

    private mutating func readParameters(_ folders: RuleFolders, _ problems: ProblemList) {
        var layers: [[String: RuleTable.Row]] = []
        var tables: [RuleTable] = []
        let definitions = Dictionary(uniqueKeysWithValues: Parameters.definitions.map { ($0.key, $0) })
        for (path, name) in folders.layers(of: "parameters.csv") {
            let table = RuleTable(
                path: path, name: name, columns: ["parameter", "effective_from", "value", "source"], problems: problems)
            var layer: [String: RuleTable.Row] = [:]
            for row in table.rows {
                let key = table[row, "parameter"]
                guard definitions[key] != nil else {
                    problems.add(
                        name, row.line,
                        "\(key) is not a parameter; expected one of \(Parameters.definitions.map(\.key).joined(separator: ", ")).")
                    continue
                }
                guard let day = table[row, "effective_from"].read(CalendarDate.init) else {
                    problems.add(
                        name, row.line, "expected the day from which the value holds in effective_from, such as 2026-01-31.")
                    continue
                }
                if layer.updateValue(row, forKey: "\(key) \(day)") != nil {
                    problems.add(name, row.line, "\(key) has two values from \(day); expected one.")
                }
            }
            layers.append(layer)
            tables.append(table)
        }
        // Parameter by parameter: from the first day for which your folder gives a value, only its values apply.
        for (depth, layer) in layers.enumerated() {
            for (_, row) in layer.sorted(by: { $0.value.line < $1.value.line }) {
                let table = tables[depth]
                let definition = definitions[table[row, "parameter"]]!
                let day = table[row, "effective_from"].read(CalendarDate.init)!
                let isShadowed = zip(layers, tables).dropFirst(depth + 1).contains { upper, upperTable in
                    upper.values.contains { other in
                        upperTable[other, "parameter"] == definition.key
                            && upperTable[other, "effective_from"].read(CalendarDate.init)! <= day
                    }
                }
                if isShadowed {
                    folders.note("parameters.csv: \(definition.key) from \(day)")
                    continue
                }
                if definition.insert(&parameters, table[row, "value"], day) == nil {
                    problems.add(table.file, row.line, "the value of \(definition.key) is \(definition.wanted).")
                }
                cite(table, row, key: definition.key, from: day, value: table[row, "value"], problems)
            }
        }
        for definition in Parameters.definitions
        where !definition.isOptional && !citations.contains(where: { $0.key == definition.key }) {
            problems.add("parameters.csv", 0, "\(definition.key) is missing; expected at least one dated value.")
        }
    }

    private mutating func readCommencement(_ folders: RuleFolders, _ problems: ProblemList) {
        var found: Set<CommencementFamily> = []
        for (depth, (path, name)) in folders.layers(of: "commencement.csv").enumerated() {
            let table = RuleTable(
                path: path, name: name, columns: ["family", "new_from", "legacy_from", "source"], problems: problems)
            var here: Set<CommencementFamily> = []
            for row in table.rows {
                guard let family = CommencementFamily.allCases.first(where: { $0.key == table[row, "family"] }) else {
                    problems.add(
                        name, row.line,
                        "\(table[row, "family"]) is not a family; expected one of \(CommencementFamily.allCases.map(\.key).joined(separator: ", "))."
                    )
                    continue
                }
                if !here.insert(family).inserted { problems.add(name, row.line, "\(family.key) appears twice; expected one row.") }
                if depth > 0 {
                    folders.note("commencement.csv: \(family.key)")
                    citations.removeAll { $0.table == "commencement.csv" && $0.key == family.key }
                }
                commencements[Int(family.rawValue)] = commencement(table, row, "new_from", "legacy_from", problems)
                cite(
                    table, row, as: "commencement.csv", key: family.key, from: nil,
                    value: "new from \(table[row, "new_from"]), older ones from \(table[row, "legacy_from"])", problems)
            }
            found.formUnion(here)
        }
        for family in CommencementFamily.allCases where !found.contains(family) {
            problems.add("commencement.csv", 0, "\(family.key) is missing; expected one row.")
        }
    }

    private mutating func readCaps(_ folders: RuleFolders, _ problems: ProblemList) {
        let table = folders.table("caps.csv", columns: ["region", "role", "effective_from", "cap", "source"], problems)
        for row in table.rows {
            guard let region = regionPlace(table, row, problems) else { continue }
            guard let role = table[row, "role"].read(CoreRole.init), role != .other else {
                problems.add(table.file, row.line, "expected one of the five core job types in role: SW, SSW, AP, TM or IRO.")
                continue
            }
            guard let day = table[row, "effective_from"].read(CalendarDate.init) else {
                problems.add(
                    table.file, row.line, "expected the day from which the cap holds in effective_from, such as 2025-10-01.")
                continue
            }
            guard let cap = table[row, "cap"].read(Money.init), cap > .zero else {
                problems.add(table.file, row.line, "expected the cap in pounds an hour, such as 38.00.")
                continue
            }
            if !caps[region][Int(role.rawValue)].insert(cap, from: day) {
                problems.add(
                    table.file, row.line,
                    "\(table[row, "region"]) has two caps for \(role.text) from \(day); expected one.")
            }
            cite(table, row, key: "\(table[row, "region"]), \(role.text)", from: day, value: cap.description, problems)
        }
    }

    private mutating func readRegions(_ folders: RuleFolders, _ problems: ProblemList) {
        let table = folders.table(
            "regions.csv", columns: ["region", "caps_new_from", "caps_legacy_from", "cooloff_months", "source"],
            optional: "cooloff_months", problems)
        var seen: Set<Int> = []
        for row in table.rows {
            guard let region = regionPlace(table, row, problems) else { continue }
            if !seen.insert(region).inserted {
                problems.add(table.file, row.line, "\(table[row, "region"]) appears twice; expected one row.")
            }
            var said: [String] = []
            let (new, legacy) = (table[row, "caps_new_from"], table[row, "caps_legacy_from"])
            if !(new.isEmpty && legacy.isEmpty) {
                let national = commencement(.caps)
                regionalCaps[region] = commencement(table, row, "caps_new_from", "caps_legacy_from", or: national, problems)
                said.append("caps new from \(new.isEmpty ? "the national day" : new)")
                said.append("older ones from \(legacy.isEmpty ? "the national day" : legacy)")
            }
            if !table[row, "cooloff_months"].isEmpty {
                if let months = table[row, "cooloff_months"].read(wholeNumber), (1...60).contains(months) {
                    regionalCooloff[region] = months
                    said.append("cool-off of \(months) months")
                } else {
                    problems.add(
                        table.file, row.line, "expected whole months from 1 to 60, such as 6, or nothing in cooloff_months.")
                }
            }
            cite(table, row, key: table[row, "region"], from: nil, value: said.joined(separator: ", "), problems)
        }
    }

    /// Reads the tables of names: your rows are added to the shipped ones, and replace those with the same name.
    private mutating func readMappings(_ folders: RuleFolders, _ problems: ProblemList) {
        for aliases in folders.joinedTables("header-aliases.csv", columns: ["alias", "column"], problems) {
            var layer = HeaderMapping()
            for row in aliases.rows {
                guard let column = Column(name: aliases[row, "column"]) else {
                    problems.add(
                        aliases.file, row.line,
                        "\(aliases[row, "column"]) is not a column of the return; expected a name such as pay_rate.")
                    continue
                }
                guard !aliases[row, "alias"].isEmpty else {
                    problems.add(aliases.file, row.line, "expected an alias for \(column.name).")
                    continue
                }
                if let known = layer.add(alias: aliases[row, "alias"], for: column) {
                    problems.add(
                        aliases.file, row.line,
                        "\u{201C}\(aliases[row, "alias"])\u{201D} already means \(known.name); expected each alias once.")
                } else if let shipped = headers.column(for: aliases[row, "alias"]), shipped != column {
                    folders.note("header-aliases.csv: \(aliases[row, "alias"])")
                }
            }
            headers.lay(layer)
        }
        for titles in folders.joinedTables("job-mapping.csv", columns: ["authority_code", "job_title", "role"], problems) {
            var layer = JobMapping()
            for row in titles.rows {
                let written = titles[row, "authority_code"]
                let authority = written.read(AuthorityCode.init)
                guard written.isEmpty || authority != nil else {
                    problems.add(
                        titles.file, row.line, "expected an authority_code of three digits, or none for all authorities.")
                    continue
                }
                if let authority, authorities[authority] == nil {
                    problems.add(titles.file, row.line, "\(authority) is not in the table of authorities.")
                    continue
                }
                guard let role = titles[row, "role"].read(CoreRole.init), !titles[row, "job_title"].isEmpty else {
                    problems.add(titles.file, row.line, "expected a job title and a role: \(Phrase.roleCode.words).")
                    continue
                }
                if let shipped = jobs.role(for: titles[row, "job_title"], authority: authority), shipped != role {
                    folders.note("job-mapping.csv: \(titles[row, "job_title"])")
                }
                if !layer.add(titles[row, "job_title"], authority: authority, role: role) {
                    problems.add(titles.file, row.line, "the title is already mapped; expected it once for each authority.")
                }
            }
            jobs.lay(layer)
        }
    }

    private mutating func readPartnerships(_ folders: RuleFolders, _ problems: ProblemList) {
        // The shipped groups have the shipped regions. If a folder has its own authorities, groups and members that it lacks are
        // skipped.
        let isStrict = folders.layers(of: "partnerships.csv").count > 1 || folders.layers(of: "authorities.csv").count == 1
        let table = folders.table("partnerships.csv", columns: Partnership.columns, problems)
        let reader = PartnershipReader(table: table, authorities: authorities, isStrict: isStrict, problems: problems)
        partnerships = reader.read { row, name, value in
            cite(table, row, as: "partnerships.csv", key: name, from: nil, value: value, problems)
        }
    }

    private mutating func readTexts(_ folders: RuleFolders, _ rules: [Rule], _ problems: ProblemList) {
        for rule in rules {
            let name = "texts/\(rule.code).md"
            let (path, file) = folders.layers(of: name).last ?? (folders.shipped + "/" + name, name)
            guard let text = readWholeText(path) else {
                problems.add(
                    file, 0, "the rule's page is missing or is not UTF-8; expected a page like the others.")
                continue
            }
            texts[rule.code] = RuleTextReader(rule: rule, file: file, problems: problems).read(text)
        }
    }

    private func readWholeText(_ path: String) -> String? {
        guard let source = try? FileSource(path: path), source.byteCount <= source.head.count || source.byteCount < 1 << 20 else {
            return nil
        }
        var stream = TextStream(source, encoding: .utf8)
        let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: source.byteCount + 64)
        defer { room.deallocate() }
        var bytes: [UInt8] = []
        while let count = try? stream.read(into: room) {
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: room[..<count])
        }
        return nil
    }

    // MARK: Cells

    private func regionPlace(_ table: RuleTable, _ row: RuleTable.Row, _ problems: ProblemList) -> Int? {
        let name = table[row, "region"]
        if let place = authorities.region(named: name) { return place }
        problems.add(
            table.file, row.line,
            "\u{201C}\(name)\u{201D} is not a region of authorities.csv; expected one of \(authorities.regions.joined(separator: ", "))."
        )
        return nil
    }

    private func optionalDate(
        _ table: RuleTable, _ row: RuleTable.Row, _ column: String, _ problems: ProblemList
    ) -> CalendarDate? {
        let text = table[row, column]
        if text.isEmpty { return nil }
        if let date = text.read(CalendarDate.init) { return date }
        problems.add(table.file, row.line, "expected a date such as 2026-01-31 in \(column), or nothing.")
        return nil
    }

    private func commencement(
        _ table: RuleTable, _ row: RuleTable.Row, _ new: String, _ legacy: String, or national: Commencement? = nil,
        _ problems: ProblemList
    ) -> Commencement {
        func day(_ column: String, or nationalDay: CalendarDate?) -> CalendarDate? {
            let text = table[row, column]
            if text.isEmpty, national != nil { return nationalDay }
            if text.lowercased() == "never" { return nil }
            if let date = text.read(CalendarDate.init) { return date }
            problems.add(table.file, row.line, "expected a date such as 2025-10-01, or never, in \(column).")
            return nil
        }
        return Commencement(newFrom: day(new, or: national?.newFrom), legacyFrom: day(legacy, or: national?.legacyFrom))
    }

    private mutating func cite(
        _ table: RuleTable, _ row: RuleTable.Row, as name: String? = nil, key: String, from: CalendarDate?, value: String,
        _ problems: ProblemList
    ) {
        let source = table[row, "source"]
        if source.isEmpty { problems.add(table.file, row.line, "expected a source: where the figure comes from, with its date.") }
        let tableName = name ?? table.file.split(separator: "/").last.map(String.init) ?? table.file
        citations.append(Citation(table: tableName, key: key, from: from, value: value, source: source))
    }
}

/// The shipped rules folder, and your own folder over it.
final class RuleFolders {
    static let tables = [
        "authorities.csv", "caps.csv", "commencement.csv", "header-aliases.csv", "job-mapping.csv", "parameters.csv",
        "partnerships.csv", "regions.csv", "submission-codes.csv", "submission-profile.csv", "submission-windows.csv",
    ]

    let shipped: String
    let over: String?
    private(set) var shadowed: [String] = []

    init(shipped: String, over: String?) {
        self.shipped = shipped
        self.over = over
    }

    func note(_ line: String) { shadowed.append(line) }

    /// The paths where the file exists, the shipped one first, each with its name for messages.
    func layers(of name: String) -> [(path: String, name: String)] {
        var layers = [(path: shipped + "/" + name, name: "rules/" + name)]
        if let over, access(over + "/" + name, F_OK) == 0 { layers.append((over + "/" + name, over + "/" + name)) }
        return layers
    }

    /// Your own table replaces the shipped one.
    func table(_ name: String, columns: [String], optional: String? = nil, _ problems: ProblemList) -> RuleTable {
        let layers = layers(of: name)
        if layers.count > 1 { note("\(name): the whole table") }
        return RuleTable(
            path: layers.last!.path, name: layers.last!.name, columns: columns, optional: optional, problems: problems)
    }

    /// A table whose rows in your own folder are added to the shipped ones. Returns both, the shipped one first.
    func joinedTables(_ name: String, columns: [String], _ problems: ProblemList) -> [RuleTable] {
        layers(of: name).map { RuleTable(path: $0.path, name: $0.name, columns: columns, problems: problems) }
    }

    /// A misspelt name must not be ignored: every CSV file in your own folder must be a table of the rule book, and every page must
    /// belong to a rule.
    func check(rules: [Rule], problems: ProblemList) {
        guard let over else { return }
        guard let names = RuleFolders.names(in: over) else {
            problems.add(over, 0, "the folder cannot be read; expected a folder with tables of the rule book.")
            return
        }
        let known = (RuleFolders.tables + ReferenceTables.tables).sorted()
        for name in names where name.lowercased().hasSuffix(".csv") && !known.contains(name) {
            problems.add(
                over + "/" + name, 0,
                "is not a table of the rule book; expected one of \(known.joined(separator: ", ")).")
        }
        let pages = Set(rules.map { "\($0.code).md" })
        for name in RuleFolders.names(in: over + "/texts") ?? [] where name.hasSuffix(".md") {
            if pages.contains(name) {
                note("texts/\(name)")
            } else {
                problems.add(over + "/texts/" + name, 0, "is not the page of a rule; expected a name such as CAP001.md.")
            }
        }
    }

    private static func names(in folder: String) -> [String]? {
        FolderListing.names(in: folder)?.filter { !$0.hasPrefix(".") }.sorted()
    }
}

extension RuleBook {
    /// The values with their sources. With a day, only those in force on it.
    public func citations(on day: CalendarDate?) -> [Citation] {
        guard let day else { return citations }
        return citations.filter { citation in
            guard let from = citation.from else { return true }
            if from > day { return false }
            return !citations.contains {
                $0.table == citation.table && $0.key == citation.key && ($0.from.map { $0 > from && $0 <= day } ?? false)
            }
        }
    }
}
