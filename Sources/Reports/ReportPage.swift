import AgencyModel
import ByteWriting
import Facts
import Markup
import Outputs
import RuleBook
import Wording

/// `report.html`, the output.
public struct ReportOutput: FileOutput {
    public init() {}

    public var name: String { "report" }
    public var about: String { "one page for the director" }
    public var file: String? { "report.html" }
    public var needsAssignments: Bool { true }

    public func write(_ run: CheckedRun, _ details: RunDetails, to sink: @escaping ByteSink) throws {
        try ReportPage.write(run, details, to: sink)
    }
}

/// `report.html`: one page for the director that explains itself. It gives assignments by their reference, and names and numbers of
/// nobody.
struct ReportPage {
    var printed: PrintedText { contents.printed }

    /// Everything that the page is made from.
    struct Contents {
        private let run: CheckedRun
        let details: RunDetails
        let printed: PrintedText

        var result: CheckResult { run.result }
        var summary: RunSummary { run.summary }
        var findings: FindingOrder { run.findings }
        var accepted: AcceptedFindings { run.accepted }
        var identity: RunIdentity { run.identity }
        var today: CalendarDate? { run.today }
        var book: RuleBook { result.judgement.book }

        init(_ run: CheckedRun, _ details: RunDetails) {
            self.run = run
            self.details = details
            printed = run.findings.printed
        }
    }

    let contents: Contents
    var page: Page
    /// The largest size of the lists on the page. After that, they stop and say where the rest is.
    static let listBytes = 3 << 20
    static let mostRows = 400
    var listed = 0

    static func write(_ run: CheckedRun, _ details: RunDetails, to sink: ByteSink) throws {
        var report = ReportPage(Contents(run, details))
        report.write()
        try sink(report.page.buffer)
    }

    private init(_ contents: Contents) {
        self.contents = contents
        page = Page(title: ReportPage.title(contents))
    }

    private static func title(_ contents: Contents) -> String {
        let returns = contents.summary.returns
        let quarters = Words.quarters(Set(returns.map(\.quarter)))
        switch returns.count {
        case 0: return "Agency worker returns: no return could be read"
        case 1: return "Agency worker return: \(returns[0].name), \(quarters)"
        default: return "Agency worker returns: \(Set(returns.map(\.authority)).count) authorities, \(quarters)"
        }
    }

    private mutating func write() {
        page.raw("<header>\n")
        page.element("h1", "", ReportPage.title(contents))
        page.element(
            "p", "class=\"quiet\"",
            "Checked by agency-check \(contents.identity.toolVersion) with rules \(contents.identity.rulesDigest.prefix(12))"
                + (contents.identity.stamp.map { ", \($0)" } ?? "") + ". People are named by their assignment's reference only.")
        page.raw("</header>\n<main id=\"main\">\n")
        writeVerdict()
        writeContents()
        writeReturns()
        writeRules()
        writeUndecided()
        writeFindings()
        writeAccepted()
        writeCapBreaches()
        writeCosts()
        writeFiles()
        writeRulePages()
        page.raw("</main>\n<footer>\n")
        page.paragraph(
            "This page was made on your own machine and asks for nothing from elsewhere. It is personal data: keep it as you keep the return."
        )
        page.raw("</footer>\n")
        page.end()
    }

    // MARK: The answer

    private mutating func writeVerdict() {
        let returns = contents.summary.returns
        let incomplete = returns.filter { !$0.isReady }
        let isGood = !returns.isEmpty && incomplete.isEmpty
        page.raw("<section class=\"verdict\(isGood ? " good" : "")\" aria-label=\"Can it be sent?\">\n")
        let word =
            switch (returns.count, incomplete.count) {
            case (0, _): "Nothing to send: no return could be read"
            case (1, 0): "Ready to send"
            case (1, _): "Not ready to send"
            case (_, 0): "All \(returns.count) submissions are ready to send"
            default: "Not ready to send: \(incomplete.count) of \(returns.count) submissions are incomplete"
            }
        page.element("p", "class=\"word\"", word)
        let stopping =
            Set(incomplete.flatMap { $0.blockers.map { [$0.part, $0.finding] } }).count + incomplete.count { $0.obstacle != nil }
        page.paragraph(
            isGood
                ? "No error in the data stops the submission. Breaches of the rules on caps, experience, teams, cool-off, notice and references are reported in it; they do not stop it."
                : returns.isEmpty
                    ? "See the files below and what was wrong with each."
                    : "\(Words.count(stopping, "error")) in the data \(stopping == 1 ? "stops" : "stop") it: correct \(stopping == 1 ? "it" : "them"), then run the check again. Each is listed below and in the submission's problems.csv."
        )
        page.raw("</section>\n<ul class=\"figures\">\n")
        let summary = contents.summary
        let figures: [(String, String)] = [
            (Words.grouped(returns.reduce(0) { $0 + $1.assignments }), "assignments read"),
            (Words.grouped(summary.errors), summary.errors == 1 ? "error" : "errors"),
            (Words.grouped(summary.warnings), summary.warnings == 1 ? "warning" : "warnings"),
            (Words.grouped(contents.details.capBreaches.count), "above the cap"),
            (Words.pounds(returns.reduce(Money.zero) { $0 + $1.cost }), "cost: hours times charge rate"),
        ]
        for (figure, name) in figures {
            page.raw("<li><b>")
            page.text(figure)
            page.raw("</b>")
            page.text(name)
            page.raw("</li>\n")
        }
        page.raw("</ul>\n")
        for quarter in Set(returns.map(\.quarter)).sorted().suffix(4) {
            if let window = contents.book.submissionWindow(of: quarter) {
                page.paragraph(
                    Words.submissionDates(quarter, window)
                        + (window.isInferred ? " (inferred from the first quarter's window)" : "")
                        + (contents.today.map { ". " + Words.daysLeft(window, on: $0) } ?? "."))
            }
        }
    }

    private mutating func writeContents() {
        page.raw("<nav aria-label=\"On this page\">\n<ul>\n")
        for (id, name) in [
            ("returns", "Each return"), ("rules", "Each rule"), ("undecided", "Undecided"),
            ("findings", "Findings and what to do"), ("caps", "Above the cap"), ("costs", "Cost"), ("files", "Files"),
            ("wording", "Wording of the rules"),
        ] {
            page.raw("<li><a href=\"#\(id)\">\(name)</a></li>\n")
        }
        page.raw("</ul>\n</nav>\n")
    }

    // MARK: Returns and rules

    private mutating func writeReturns() {
        page.heading(2, "Each return", id: "returns")
        if contents.summary.returns.isEmpty { return page.paragraph("There is none.") }
        page.beginTable(
            "Returns and their submissions",
            [
                .init("Authority"), .init("Quarter", .short), .init("Assignments", .number), .init("Errors", .number),
                .init("Warnings", .number), .init("Above the cap", .number), .init("Cost", .number),
                .init("Submission"),
            ])
        for return_ in contents.summary.returns {
            page.row([
                "\(return_.authority) \(return_.name)", return_.quarter.description, Words.grouped(return_.assignments),
                Words.grouped(return_.errors), Words.grouped(return_.warnings), Words.grouped(return_.capBreaches),
                "£" + Words.grouped(return_.cost),
                return_.isReady ? "ready" : "incomplete: \(Words.count(return_.problems, "problem"))",
            ])
        }
        page.endTable()
        if let words = contents.summary.rowsInWords { page.paragraph(words) }
        for return_ in contents.summary.returns {
            if let obstacle = return_.obstacle { page.paragraph(return_.words(of: obstacle)) }
            if return_.isNil {
                page.paragraph(
                    "\(return_.authority) \(return_.name) had no agency workers in \(return_.quarter): a nil return, without assignments."
                )
            }
        }
        page.paragraph(
            "How far each family of rules is met, computed from the assignments, and what the authority claims. FULL: no error and nothing undecided. NONE: every assessed assignment is in error. PARTIAL: anything else."
        )
        page.beginTable(
            "Compliance",
            [.init("Authority"), .init("Quarter", .short)] + ReturnFamily.allCases.map { .init($0.words) })
        for return_ in contents.summary.returns {
            page.row(
                ["\(return_.authority) \(return_.name)", return_.quarter.description]
                    + ReturnFamily.allCases.map { family in
                        let computed = return_.families[family].compliance
                        guard let claim = return_.record?.claims[family] else { return "\(computed.text), no claim" }
                        return claim == computed ? "\(computed.text), as claimed" : "\(computed.text), but claims \(claim.text)"
                    })
        }
        page.endTable()
    }

    private mutating func writeRules() {
        page.heading(2, "Each rule", id: "rules")
        page.paragraph(
            "For each rule: how many records it assessed, how many it does not apply to, and how many it could not decide because something is missing. Undecided is not a pass."
        )
        let rows = contents.result.coverage
        page.beginTable(
            "Rules and their coverage",
            [
                .init("Rule"), .init("Severity"), .init("Findings", .number), .init("Judged", .number),
                .init("Does not apply", .number), .init("Undecided", .number),
            ])
        for row in rows {
            page.raw("<tr><th scope=\"row\"><a href=\"#rule-\(row.rule)\">\(row.rule)</a> ")
            page.text(contents.book.texts[row.rule]?.title ?? "")
            page.raw("</th><td>\(contents.result.judgement.rules.severity(of: row.rule).name)</td>")
            for number in [row.findings, row.assessed, row.notApplicable, row.undecided] {
                page.raw("<td class=\"number\">\(Words.grouped(number))</td>")
            }
            page.raw("</tr>\n")
        }
        page.endTable()
        let found = rows.filter { $0.findings > 0 }.sorted { ($1.findings, $0.rule) < ($0.findings, $1.rule) }.prefix(20)
        if !found.isEmpty {
            page.figure(
                .bars(
                    "Findings by rule" + (found.count == 20 ? ", the twenty most frequent" : ""),
                    "The figures are in the table above.",
                    found.map { row in
                        .init(
                            label: "\(row.rule) \(contents.book.texts[row.rule]?.title ?? "")", value: row.findings,
                            shown: Words.grouped(row.findings))
                    }))
        }
    }

    private mutating func writeUndecided() {
        page.heading(2, "Undecided records", id: "undecided")
        let undecided = contents.result.coverage.filter { $0.undecided > 0 }
        guard !undecided.isEmpty else { return page.paragraph("Nothing: every rule that applies was decided.") }
        let leftOut = contents.result.judgement.leftOut
        if leftOut > 0 {
            page.paragraph(
                "\(Words.count(leftOut, "assignment")) could not be assessed at all, because the worker's number, the authority, the quarter or the dates are missing or not valid (DATA001 to DATA005). Every rule beyond IMP and DATA counts \(leftOut == 1 ? "it" : "them") as undecided."
            )
        }
        let others = undecided.filter { Words.hasOtherUndecided($0.rule, undecided: $0.undecided, leftOut: leftOut) }
        if others.isEmpty { return }
        page.beginTable("Undecided records by rule", [.init("Rule"), .init("Undecided", .number), .init("Why")])
        for row in others {
            page.row([
                "\(row.rule) \(contents.book.texts[row.rule]?.title ?? "")", Words.grouped(row.undecided),
                Words.undecidedReason(row.rule),
            ])
        }
        page.endTable()
    }

    // MARK: Files and rules

    private mutating func writeFiles() {
        page.heading(2, "Files", id: "files")
        page.beginTable(
            "Files that were read",
            [
                .init("File"), .init("Holds"), .init("Rows", .number), .init("Rejected", .number),
                .init("SHA-256"),
            ])
        for file in contents.result.files {
            page.raw("<tr><th scope=\"row\">")
            page.text(printed.line(file.input.name))
            page.raw("</th><td>")
            page.text(file.isRefused ? "refused, see IMP001" : file.what)
            page.raw("</td><td class=\"number\">\(Words.grouped(file.counts.read))</td>")
            page.raw("<td class=\"number\">\(Words.grouped(file.counts.rejected))</td><td class=\"hash\">")
            page.text(file.digest ?? "not read")
            page.raw("</td></tr>\n")
        }
        page.endTable()
        let counts = contents.result.counts
        page.paragraph(
            "\(Words.count(counts.read, "row")) read = \(Words.grouped(counts.checked)) checked + \(Words.grouped(counts.rejected)) rejected + \(Words.grouped(counts.withoutSpell)) history rows that give no spell."
        )
        if !contents.result.skipped.isEmpty {
            page.table(
                "Files that were skipped", [.init("File"), .init("Why")],
                contents.result.skipped.map { [printed.line($0.name), $0.reason] })
        }
        if !contents.identity.shadowed.isEmpty {
            page.table(
                "Your own rules, used instead of the shipped ones", [.init("From your folder")],
                contents.identity.shadowed.map { [$0] })
        }
    }

    private mutating func writeRulePages() {
        page.heading(2, "Wording of the rules", id: "wording")
        page.paragraph(
            "The quarterly data collection is a legal requirement. The other rules are statutory guidance, which should be complied with unless exceptional circumstances arise: a finding says that an assignment does not meet the rule, not that anyone broke the law. If a check is agency-check's own, its page says so."
        )
        let day = contents.summary.returns.last?.quarter.lastDay
        for rule in contents.result.judgement.rules.all {
            guard let text = contents.book.texts[rule.code] else { continue }
            page.heading(3, "\(rule.code) \(text.title)", id: "rule-\(rule.code)")
            page.document(text.why)
            page.raw("<p><b>Law.</b></p>\n")
            page.document(text.law)
            let citations = contents.book.citations(on: day).filter { RuleValues.reads(rule.code, $0) && $0.table != "caps.csv" }
            if !citations.isEmpty {
                page.raw("<ul>\n")
                for citation in citations {
                    page.element(
                        "li", "",
                        "\(citation.key): \(citation.value)\(citation.from.map { " from \($0.inWords)" } ?? ""). \(citation.source)"
                    )
                }
                page.raw("</ul>\n")
            }
        }
    }
}
