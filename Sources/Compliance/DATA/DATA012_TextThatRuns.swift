import AgencyModel

/// A text starts with = + - or @, so a spreadsheet would run it as a formula (one finding for each field).
public enum DATA012_TextThatRuns: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 12, .warning)
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        var verdict = Verdict.clear
        func look(_ column: Column, _ text: Bytes) {
            guard let first = text.first, first == 0x3D || first == 0x2B || first == 0x2D || first == 0x40 else { return }
            verdict = findings.breach(rules[0].code, field: .column(column), found: .text(findings.texts.keep(text)))
        }
        assignment.forEachShortText(look)
        if let reason = assignment.capReason { look(.capReason, reason) }
        return verdict
    }
}
