import AgencyModel
import RuleBook

/// A worker must not be engaged as an agency worker within three months (a region may have agreed more) of leaving a substantive
/// post in the same authority or region, unless the post ended in redundancy or during probation. The post is the one that ended
/// last before the start, among the history's direct child and family spells and the declared last post. If only censuses give the
/// post and their rows cannot show an exemption, the finding is a question instead of an error: two outcomes of one judgement.
public enum COOL001_CoolOffPeriod: AssessedRule {
    public static let rules = [
        Rule(.COOL, 1, .error, field: .startDate, places: ["end", "post"]),
        Rule(.COOL, 2, .warning, field: .startDate, places: ["end", "post"]),
    ]
    public static var commencement: CommencementFamily? { .cooloff }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard circumstances.applies(commencement, to: assignment) else { return .notApplicable }
        let start = assignment.start
        guard let months = circumstances.cooloffMonths(on: start),
            let probation = circumstances.book.parameters.probationMonths.value(on: start)
        else { return .undecided }
        let history = circumstances.history
        let worker = history.worker(assignment.worker)
        // For most workers nothing is known: no post in the files, and none declared.
        if worker == nil, assignment.row.lastPostAuthority == nil, assignment.row.lastPostEnd == nil { return .undecided }

        // The posts that ended last before the start, in the files and as declared.
        let known = worker.map { history.lastPosts($0, before: start) } ?? []
        var declared: EmploymentHistory.EndedPost?
        if let authority = assignment.row.lastPostAuthority, let end = assignment.row.lastPostEnd {
            declared = EmploymentHistory.EndedPost(end: end, authority: authority, reason: assignment.row.lastPostReason)
        }
        let isDeclared = declared != nil
        if let post = declared, post.end >= start { declared = nil }
        var lastEnd = known.first?.end
        if let end = declared?.end { lastEnd = max(lastEnd ?? end, end) }

        // It is enough that one of them meets the description.
        var post: AuthorityCode?
        var isCertain = false
        func consider(_ ended: EmploymentHistory.EndedPost) {
            guard ended.end == lastEnd, let authority = ended.authority, isNear(authority, assignment.authority, circumstances),
                ended.reason != .redundant, ended.reason != .probation
            else { return }
            post = post.map { min($0, authority) } ?? authority
            if !ended.mayBeExempt(probationMonths: probation) { isCertain = true }
        }
        known.forEach(consider)
        declared.map(consider)
        if let post, let end = lastEnd {
            let firstAllowed = end.adding(months: months)
            if start < firstAllowed {
                return findings.breach(
                    isCertain ? rules[0].code : rules[1].code, field: .column(.startDate), found: .date(start),
                    expected: .date(firstAllowed), .date(end),
                    .authority(post))
            }
        }
        // Undecided if an end is only inferred, if only part of the last post is declared, or if no post is known.
        let half = (assignment.row.lastPostAuthority == nil) != (assignment.row.lastPostEnd == nil)
        let endUnknown = worker.map { history.mayHaveEnded($0, before: start) } ?? false
        return endUnknown || half || (!isDeclared && worker == nil) ? .undecided : .clear
    }

    /// The last day of a substantive post in a child and family setting; nil if the spell is not one, continues, or ended in other
    /// work in the same authority, which does not count as leaving.
    public static func endOfPost(_ spell: EmploymentSpell) -> CalendarDate? {
        guard spell.employment == .direct, spell.setting == .childFamily, spell.leavingReason != .movedWithinAuthority else {
            return nil
        }
        return spell.end
    }

    /// Whether it is the same authority or one in the same region. An authority that is not in the table has no region.
    private static func isNear(
        _ post: AuthorityCode, _ authority: AuthorityCode, _ circumstances: Circumstances
    ) -> Bool {
        if post == authority { return true }
        guard let region = circumstances.book.authorities.region(of: post) else { return false }
        return region == circumstances.authority?.region
    }
}
