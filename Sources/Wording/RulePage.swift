import AgencyModel
import RuleBook

/// The page of a rule: its text with the dated values that it uses.
public struct RulePage {
    public let markdown: String

    public init(_ rule: Rule, book: RuleBook, day: CalendarDate?) {
        let text = book.texts[rule.code]!
        var page = "# \(rule.code) \(text.title)\n\n"
        page += "Severity: \(rule.severity.name)."
        if let field = rule.field { page += " Column: `\(field.name)`." }
        page += "\n\n## Why it matters\n\n\(text.why)\n\n## What to do\n\n\(text.whatToDo)\n\n## Law\n\n\(text.law)\n"
        let values = book.citations(on: day).filter { RuleValues.reads(rule.code, $0) }
        if !values.isEmpty {
            page += "\n## Values" + (day.map { " in force on \($0.inWords)" } ?? "") + "\n\n"
            page += "| value | from | source |\n| --- | --- | --- |\n"
            for value in values {
                page += "| \(value.key): \(value.value) | \(value.from?.description ?? "") | \(value.source) |\n"
            }
        }
        page += "\n## Breaches\n\n" + RulePage.examples(text.breaches)
        page += "\n## Does not breach\n\n" + RulePage.examples(text.doesNotBreach)
        markdown = page
    }

    private static func examples(_ examples: [RuleText.Example]) -> String {
        examples.map { example in
            "- " + example.spans.map { "`\($0)`" }.joined(separator: " ")
                + (example.explanation.isEmpty ? "" : " " + example.explanation)
                + "\n"
        }.joined()
    }
}
