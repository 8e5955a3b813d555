import AgencyModel

/// Reads the layout of the submission from submission-profile.csv and submission-codes.csv, strictly.
struct SubmissionProfileReader {
    static let profileColumns = ["section", "field", "rules", "header", "element", "format"]
    let table: RuleTable
    let rules: [Rule]
    let problems: ProblemList
    private var profile = SubmissionProfile()
    private var settings: [String: String] = [:]
    private var namesSeen: [String: Set<String>] = [:]
    private var assignmentFields: Set<String> = []
    /// The columns of the general data, in the order of their rows.
    private var generalOrder: [String] = []

    init(table: RuleTable, rules: [Rule], problems: ProblemList) {
        self.table = table
        self.rules = rules
        self.problems = problems
    }

    /// The fields that a submission must have.
    private static let required = [
        "authority_code", "quarter", "role", "pay_rate", "start_date", "end_date", "swe_number", "supply",
    ]
    private static let settingNames = ["name", "version", "root_element", "header_element", "list_element", "row_element"]
    private static let generalColumnNames = SubmissionProfile.GeneralColumn.allCases.map(\.rawValue)

    mutating func read(codes: RuleTable) -> SubmissionProfile {
        for row in table.rows {
            let field = table[row, "field"]
            switch table[row, "section"] {
            case "profile": readSetting(row, field, among: Self.settingNames)
            case "general_column":
                readSetting(row, field, among: Self.generalColumnNames)
                generalOrder.append(field)
            case "assignment":
                assignmentFields.insert(field)
                add(row, SubmissionProfile.AssignmentField(name: field), to: \.assignments, { $0.kind }, hasElement: true)
            case "general":
                let general = SubmissionProfile.GeneralField(rawValue: field)
                add(row, general, to: \.general, { $0.kind }, rulesWanted: general?.rules ?? .none)
            case "cap_breach": add(row, SubmissionProfile.CapBreachField(rawValue: field), to: \.capBreaches, { $0.kind })
            case "agency": add(row, SubmissionProfile.AgencyField(rawValue: field), to: \.agencies, { $0.kind })
            default:
                problem(
                    row, "the section is not known; expected profile, assignment, general_column, general, cap_breach or agency.")
            }
        }
        // A table that could not be read has already been reported.
        if table.rows.isEmpty, !problems.all.isEmpty { return profile }
        for name in Self.settingNames + Self.generalColumnNames where settings[name] == nil {
            problems.add(table.file, 0, "\(name) is missing; expected one row for it.")
        }
        for name in Self.required where !assignmentFields.contains(name) {
            problems.add(table.file, 0, "\(name) is not among the assignments; a submission needs it.")
        }
        profile.name = settings["name"] ?? ""
        profile.version = settings["version"] ?? ""
        profile.rootElement = settings["root_element"] ?? ""
        profile.headerElement = settings["header_element"] ?? ""
        profile.listElement = settings["list_element"] ?? ""
        profile.rowElement = settings["row_element"] ?? ""
        profile.generalColumns = generalOrder.compactMap { name in
            SubmissionProfile.GeneralColumn(rawValue: name).map { (column: $0, header: settings[name] ?? "") }
        }
        readCodes(codes)
        return profile
    }

    private func problem(_ row: RuleTable.Row, _ message: String) { problems.add(table.file, row.line, message) }

    private mutating func readSetting(_ row: RuleTable.Row, _ field: String, among names: [String]) {
        let value = table[row, "header"]
        guard names.contains(field) else {
            return problem(row, "\(field) is not a field of its section; expected one of \(names.joined(separator: ", ")).")
        }
        if value.isEmpty { problem(row, "expected the value of \(field) under header.") }
        if field.hasSuffix("_element"), !Self.isElementName(value) {
            problem(row, "\(value) cannot name an XML element; expected letters, digits, - and _, a letter first.")
        }
        if settings.updateValue(value, forKey: field) != nil { problem(row, "\(field) appears twice; expected one row.") }
    }

    private mutating func add<Field: Sendable>(
        _ row: RuleTable.Row, _ field: Field?,
        to path: WritableKeyPath<SubmissionProfile, [SubmissionProfile.Item<Field>]>,
        _ kindOf: (Field) -> SubmissionProfile.ValueKind, hasElement: Bool = false,
        rulesWanted: SubmissionProfile.RulesRequirement = .none
    ) {
        let section = table[row, "section"]
        guard let field else {
            return problem(row, "\(table[row, "field"]) is not a field of the section \(section); see docs/guide/submission.md.")
        }
        let header = table[row, "header"]
        if header.isEmpty { problem(row, "expected the column's name under header.") }
        if !namesSeen[section, default: []].insert(header).inserted {
            problem(row, "the name \(header) appears twice in the section \(section); expected each once.")
        }
        let element = table[row, "element"]
        if hasElement {
            if !Self.isElementName(element) {
                problem(row, "expected the name of an XML element under element: letters, digits, - and _, a letter first.")
            } else if !namesSeen["element", default: []].insert(element).inserted {
                problem(row, "the element \(element) appears twice; expected each once.")
            }
        } else if !element.isEmpty {
            problem(row, "only assignments are written as XML; expected nothing under element.")
        }
        let kind = kindOf(field)
        let (families, codes) = readRules(row, rulesWanted)
        profile[keyPath: path].append(
            SubmissionProfile.Item(
                field: field, header: header, element: element, kind: kind, format: readFormat(row, kind), families: families,
                codes: codes))
    }

    private func readFormat(_ row: RuleTable.Row, _ kind: SubmissionProfile.ValueKind) -> SubmissionProfile.Format {
        let format = table[row, "format"]
        if !kind.formats.contains(format) {
            let others = kind.formats.filter { !$0.isEmpty }
            problem(
                row,
                "\(format) is not a format of this value; expected \(others.isEmpty ? "none" : others.joined(separator: " or ")).")
        }
        return switch format {
        case "dd/mm/yyyy": .dayFirst
        case "0.00": .decimals(2)
        case "0.0000": .decimals(4)
        default: .unchanged
        }
    }

    private func readRules(
        _ row: RuleTable.Row, _ wanted: SubmissionProfile.RulesRequirement
    ) -> (families: [ReturnFamily], codes: [RuleCode]) {
        let names = table[row, "rules"].split(separator: " ").map(String.init)
        switch wanted {
        case .none:
            if !names.isEmpty { problem(row, "this field has no rules; expected nothing under rules.") }
            return ([], [])
        case .families:
            let families = names.compactMap { name in ReturnFamily.allCases.first { $0.name == name } }
            if families.isEmpty || families.count != names.count {
                problem(row, "expected families under rules: \(ReturnFamily.allCases.map(\.name).joined(separator: ", ")).")
            }
            return (families, [])
        case .codes:
            let codes = names.compactMap { name in rules.first { $0.code.description == name }?.code }
            if codes.isEmpty || codes.count != names.count {
                problem(row, "expected the codes of rules under rules, such as CAP001 CAP002.")
            }
            return ([], codes)
        }
    }

    private mutating func readCodes(_ table: RuleTable) {
        var lastLine: [String: Int] = [:]
        for row in table.rows {
            let (list, code, word) = (table[row, "field"], table[row, "code"], table[row, "written"])
            guard let known = SubmissionProfile.codeLists[list] else {
                problems.add(
                    table.file, row.line,
                    "\(list) has no codes; expected one of \(SubmissionProfile.codeLists.keys.sorted().joined(separator: ", ")).")
                continue
            }
            guard known.contains(code), !word.isEmpty else {
                problems.add(
                    table.file, row.line, "expected one of \(known.joined(separator: ", ")) and the word that is written for it.")
                continue
            }
            if profile.codes[list, default: [:]].updateValue(word, forKey: code) != nil {
                problems.add(table.file, row.line, "\(code) appears twice; expected one row.")
            }
            lastLine[list] = row.line
        }
        for (list, known) in SubmissionProfile.codeLists.sorted(by: { $0.key < $1.key }) {
            let line = lastLine[list] ?? 0
            let words = known.map { profile.written($0, in: list) }
            if Set(words).count < words.count {
                problems.add(table.file, line, "two codes of \(list) are written the same; expected a different word for each.")
            }
        }
    }

    private static func isElementName(_ name: String) -> Bool {
        guard let first = name.utf8.first, asciiLower(first) &- 0x61 < 26 else { return false }
        return name.utf8.allSatisfy { asciiLower($0) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2D || $0 == 0x5F }
            && !name.lowercased().hasPrefix("xml")
    }
}
