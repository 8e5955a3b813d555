import AgencyModel

/// The text of a rule: rules/texts/CODE.md.
public struct RuleText: Sendable {
    public let code: RuleCode
    public let title: String
    public let message: MessageTemplate
    /// Used if a finding has no found value.
    public let messageWhenMissing: MessageTemplate?
    public let why: String
    public let whatToDo: String
    public let law: String
    public let breaches: [Example]
    public let doesNotBreach: [Example]

    /// A worked example: what differs from a plain return, and why the rule gives a finding or not.
    public struct Example: Sendable {
        /// The code spans, as written.
        public let spans: [String]
        public let explanation: String
        public let line: Int
    }
}

/// A sentence with placeholders.
public struct MessageTemplate: Sendable {
    public enum Place: Sendable, Equatable {
        case found, expected, first, second, field, authority, quarter, assignment, role, region
    }
    public enum Part: Sendable {
        /// UTF-8.
        case words([UInt8])
        case place(Place)
    }

    public let parts: [Part]

    public init(parts: [Part]) { self.parts = parts }

    private static let common: [String: Place] = [
        "found": .found, "expected": .expected, "field": .field, "authority": .authority, "quarter": .quarter,
        "assignment": .assignment, "role": .role, "region": .region,
    ]

    /// Nil if a placeholder is not known; `unknown` is then its name.
    init(_ text: String, rule: Rule, unknown: inout String?) {
        var parts: [Part] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { parts.append(.words(Array(rest[..<open].utf8))) }
            let name = String(rest[rest.index(after: open)..<close])
            if let index = rule.places.firstIndex(of: name) {
                parts.append(.place(index == 0 ? .first : .second))
            } else if let place = MessageTemplate.common[name] {
                parts.append(.place(place))
            } else {
                unknown = name
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.words(Array(rest.utf8))) }
        self.parts = parts
    }
}

/// Reads the page of a rule, with fixed headings in a fixed order.
struct RuleTextReader {
    private static let headings = [
        "Message", "Message when missing", "Why it matters", "What to do", "Law", "Breaches", "Does not breach",
    ]
    private static let optional: Set<String> = ["Message when missing"]

    let rule: Rule
    let file: String
    let problems: ProblemList

    func read(_ text: String) -> RuleText? {
        // Bytes are used instead of characters because CR LF is one character, and because forty pages are read at every start.
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            Substring(line.last == 0x0D ? line.dropLast() : line)
        }
        let expectedTitle = "# \(rule.code) "
        guard let first = lines.first, first.hasPrefix(expectedTitle), first.utf8.count > expectedTitle.utf8.count else {
            problems.add(file, 1, "expected the first line to be \u{201C}\(expectedTitle)\u{201D} and a title.")
            return nil
        }
        var sections: [String: (line: Int, body: [Substring])] = [:]
        var order: [String] = []
        for (index, line) in lines.enumerated().dropFirst() {
            if line.hasPrefix("## ") {
                let heading = String(line.dropFirst(3))
                guard RuleTextReader.headings.contains(heading), sections[heading] == nil else {
                    problems.add(
                        file, index + 1,
                        "the heading \u{201C}\(heading)\u{201D} appears twice or is not known; expected \(RuleTextReader.headings.joined(separator: ", "))."
                    )
                    return nil
                }
                order.append(heading)
                sections[heading] = (index + 1, [])
            } else if let last = order.last {
                sections[last]!.body.append(line)
            } else if !line.isEmpty {
                problems.add(file, index + 1, "expected the heading \u{201C}## Message\u{201D} before any words.")
                return nil
            }
        }
        guard order == RuleTextReader.headings.filter({ sections[$0] != nil }) else {
            problems.add(file, 1, "the headings are out of order; expected \(RuleTextReader.headings.joined(separator: ", ")).")
            return nil
        }
        func body(_ heading: String) -> String? {
            guard let section = sections[heading] else {
                if !RuleTextReader.optional.contains(heading) {
                    problems.add(file, lines.count, "expected a section \u{201C}## \(heading)\u{201D}.")
                }
                return nil
            }
            var body = section.body
            while body.first?.isEmpty == true { body.removeFirst() }
            while body.last?.isEmpty == true { body.removeLast() }
            if body.isEmpty { problems.add(file, section.line, "expected words under \u{201C}## \(heading)\u{201D}.") }
            return body.joined(separator: "\n")
        }
        func template(_ heading: String) -> MessageTemplate? {
            guard let text = body(heading) else { return nil }
            let line = sections[heading]!.line
            if text.contains("\n") { problems.add(file, line, "expected the message on one line.") }
            var unknown: String?
            let template = MessageTemplate(text, rule: rule, unknown: &unknown)
            if let unknown {
                problems.add(
                    file, line,
                    "{\(unknown)} is not a placeholder of this rule; expected found, expected, field, authority, quarter, assignment, role, region"
                        + rule.places.map { ", \($0)" }.joined() + ".")
            }
            return template
        }
        let message = template("Message")
        let missing = template("Message when missing")
        let why = body("Why it matters")
        let whatToDo = body("What to do")
        let law = body("Law")
        let breaches = examples(sections["Breaches"])
        let clear = examples(sections["Does not breach"])
        guard let message, let why, let whatToDo, let law, body("Breaches") != nil, body("Does not breach") != nil else {
            return nil
        }
        return RuleText(
            code: rule.code, title: String(first.dropFirst(expectedTitle.count)), message: message, messageWhenMissing: missing,
            why: why, whatToDo: whatToDo, law: law, breaches: breaches, doesNotBreach: clear)
    }

    /// The list items of a section: code spans first, then words.
    private func examples(_ section: (line: Int, body: [Substring])?) -> [RuleText.Example] {
        guard let section else { return [] }
        var examples: [RuleText.Example] = []
        for (index, line) in section.body.enumerated() where !line.isEmpty {
            let number = section.line + index + 1
            let pieces = line.utf8.split(separator: 0x60, omittingEmptySubsequences: false).map { Substring($0) }
            guard line.hasPrefix("- `"), pieces.count >= 3, pieces.count % 2 == 1 else {
                problems.add(file, number, "expected an example: a dash, the values between backticks, and why.")
                continue
            }
            let spans = stride(from: 1, to: pieces.count, by: 2).map { String(pieces[$0]) }
            let explanation = pieces.last!.drop { $0 == " " }
            examples.append(RuleText.Example(spans: spans, explanation: String(explanation), line: number))
        }
        return examples
    }
}
