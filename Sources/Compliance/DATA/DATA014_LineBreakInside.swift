import AgencyModel
import CPlatform

/// A line break inside a short text: a stray quotation mark may have swallowed the rows up to the next one (one finding for each
/// field).
public enum DATA014_LineBreakInside: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 14, .warning)
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        var verdict = Verdict.clear
        assignment.forEachShortText { column, text in
            guard cp_holds_line_break(text.baseAddress, text.count) != 0 else { return }
            verdict = findings.breach(rules[0].code, field: .column(column), found: .text(findings.texts.keep(text)))
        }
        return verdict
    }
}
