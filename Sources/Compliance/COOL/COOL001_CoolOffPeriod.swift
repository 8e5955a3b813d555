import AgencyModel
import RuleBook

/// No engagement as an agency worker within three months of leaving a substantive post in the same authority or region, unless made
/// redundant or in probation. The post is the one that ended last before the start: of the history's direct child and family spells
/// and the declared last post.
public enum COOL001_CoolOffPeriod: AssignmentRule {
    public static let rules = [
        Rule(.COOL, 1, .error, field: .startDate, places: ["end", "post"])
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard circumstances.applies(.cooloff, to: assignment) else { return .notApplicable }
        let start = assignment.startDate!
        guard let months = circumstances.book.parameters.cooloffMonths.value(on: start) else { return .undecided }
        let spells = circumstances.history[assignment.sweNumber!]

        // The last day on which any post ended, and whether one that ended then meets the rule.
        var lastEnd: CalendarDate?
        var post: AuthorityCode?
        var endUnknown = false
        func consider(_ authority: AuthorityCode?, _ end: CalendarDate, _ reason: LeavingReason?) {
            guard end < start, lastEnd == nil || end >= lastEnd! else { return }
            if lastEnd == nil || end > lastEnd! { post = nil }
            lastEnd = end
            guard let authority, isNear(authority, assignment.authority!, circumstances), reason != .redundant, reason != .probation
            else { return }
            post = post.map { min($0, authority) } ?? authority
        }
        for spell in spells where spell.employment == .direct && spell.setting == .childFamily {
            guard let end = spell.end, end < start else { continue }
            if spell.endIsInferred {
                endUnknown = true
            } else {
                consider(spell.authority, end, spell.leavingReason)
            }
        }
        var isDeclared = false
        if let authority = assignment.lastPostAuthority, let end = assignment.lastPostEnd {
            isDeclared = true
            consider(authority, end, assignment.lastPostReason)
        }

        if let post, let end = lastEnd {
            let firstAllowed = end.adding(months: months)
            if start < firstAllowed {
                return findings.breach(
                    rules[0].code, field: .column(.startDate), found: .date(start), expected: .date(firstAllowed), .date(end),
                    .authority(post))
            }
        }
        // Undecided: an end that is only inferred, a last post told by half, or nothing known of any post.
        let half = (assignment.lastPostAuthority == nil) != (assignment.lastPostEnd == nil)
        return endUnknown || half || (!isDeclared && spells.isEmpty) ? .undecided : .clear
    }

    /// The same authority, or one of the same region. An authority outside the table has no region.
    private static func isNear(
        _ post: AuthorityCode, _ authority: AuthorityCode, _ circumstances: Circumstances
    ) -> Bool {
        if post == authority { return true }
        guard let region = circumstances.book.authorities.region(of: post) else { return false }
        return region == circumstances.authority?.region
    }
}
