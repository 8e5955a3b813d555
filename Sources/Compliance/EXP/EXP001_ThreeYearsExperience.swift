import AgencyModel
import RuleBook

/// An agency worker needs three years of direct employment with English authorities, in a child and family setting, while
/// registered. If there is a history, it decides; if there is none, the declaration counts, verified or not. A history with too few
/// days leads only to a warning if enough months are declared. Seven outcomes of one judgement.
public enum EXP001_ThreeYearsExperience: AssessedRule {
    public static let rules = [
        Rule(.EXP, 1, .error, field: .experienceMonths, places: ["from", "to"]),
        Rule(.EXP, 2, .error, field: .experienceMonths),
        Rule(.EXP, 3, .error, field: .experienceMonths),
        Rule(.EXP, 4, .warning, field: .experienceMonths),
        Rule(.EXP, 5, .warning, field: .experienceMonths, places: ["days"]),
        Rule(.EXP, 6, .warning, field: .experienceMonths, places: ["declared"]),
        Rule(.EXP, 7, .warning, field: .experienceMonths, places: ["declared"]),
    ]
    public static var commencement: CommencementFamily? { .experience }

    public static func judge(
        _ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard circumstances.applies(commencement, to: assignment) else { return .notApplicable }
        let day = circumstances.ongoingDay(start: assignment.start)
        guard let asked = ExperienceAsked(circumstances.book.parameters, on: day),
            let allowedDifference = circumstances.book.parameters.declaredDifference.value(on: day)
        else { return .undecided }
        let history = circumstances.history
        let worker = history.employed(assignment.worker)
        let shown = worker.map { history.qualifyingDays($0, before: assignment.start) }
        let declared = assignment.row.experienceMonths
        switch (asked.proof(shown: shown, declared: declared, isVerified: assignment.row.experienceVerified), worker, shown) {
        case (.proven, _, let days?):
            // A month is 30.4375 days: 365.25 days divided by twelve.
            let months = days * 10_000 / 304_375
            guard let declared, abs(declared - months) > allowedDifference else { return .clear }
            return findings.breach(
                rules[4].code, field: .column(.experienceMonths), found: .number(declared), expected: .number(months),
                .number(days))
        case (let proof, let worker?, let days?):
            if proof != .nothing, let declared {
                return findings.breach(
                    proof == .verified ? rules[5].code : rules[6].code, field: .column(.experienceMonths), found: .number(days),
                    expected: .number(asked.days), .number(declared))
            }
            let span = history.span(worker, before: assignment.start)
            return findings.breach(
                rules[0].code, field: .column(.experienceMonths), found: .number(days), expected: .number(asked.days),
                .date(span.from), .date(span.to))
        case (let proof, _, _):
            if proof == .verified { return .clear }
            guard let declared else {
                return findings.breach(rules[2].code, field: .column(.experienceMonths), expected: .number(asked.months))
            }
            return findings.breach(
                proof == .declared ? rules[3].code : rules[1].code, field: .column(.experienceMonths),
                found: .number(declared), expected: .number(asked.months))
        }
    }

    /// The evidence for the assignment's experience. Nil if the rules do not apply or a figure is missing.
    public static func proof(_ assignment: borrowing AssessedAssignment, _ circumstances: Circumstances) -> ExperienceProof? {
        guard circumstances.applies(commencement, to: assignment),
            let asked = ExperienceAsked(circumstances.book.parameters, on: circumstances.ongoingDay(start: assignment.start))
        else { return nil }
        return asked.proof(
            shown: circumstances.history.daysShown(of: assignment.worker, before: assignment.start),
            declared: assignment.row.experienceMonths, isVerified: assignment.row.experienceVerified)
    }

    /// Why a spell does not count.
    public enum Disqualification: Sendable {
        case notDirect, notChildAndFamily, notRegistered, authorityUnknown
    }

    /// Direct employment in a child and family setting counts, while registered, with an authority in the table. Nil if the spell
    /// is all of that.
    @inline(__always)
    public static func disqualification(_ spell: EmploymentSpell, authorities: AuthorityTable) -> Disqualification? {
        if spell.employment != .direct { return .notDirect }
        if spell.setting != .childFamily { return .notChildAndFamily }
        if !spell.registered { return .notRegistered }
        return spell.authority.flatMap { authorities[$0] } == nil ? .authorityUnknown : nil
    }
}
