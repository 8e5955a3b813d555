import AgencyModel
import RuleBook

/// An agency worker needs three years of direct employment with English authorities, in a child and family setting, while registered.
/// The history proves it where there is one; where there is none, the declaration counts, verified or not; a history that
/// shows too little accuses nobody of whom enough is declared. Seven outcomes of one judgement.
public enum EXP001_ThreeYearsExperience: AssignmentRule {
    public static let rules = [
        Rule(.EXP, 1, .error, field: .experienceMonths, places: ["from", "to"]),
        Rule(.EXP, 2, .error, field: .experienceMonths),
        Rule(.EXP, 3, .error, field: .experienceMonths),
        Rule(.EXP, 4, .warning, field: .experienceMonths),
        Rule(.EXP, 5, .warning, field: .experienceMonths, places: ["days"]),
        Rule(.EXP, 6, .warning, field: .experienceMonths, places: ["declared"]),
        Rule(.EXP, 7, .warning, field: .experienceMonths, places: ["declared"]),
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        guard circumstances.applies(.experience, to: assignment) else { return .notApplicable }
        let day = circumstances.ongoingDay(assignment)
        guard let requiredDays = circumstances.book.parameters.experienceDays.value(on: day),
            let requiredMonths = circumstances.book.parameters.declaredMonths.value(on: day),
            let allowedDifference = circumstances.book.parameters.declaredDifference.value(on: day)
        else { return .undecided }
        let declared = assignment.experienceMonths
        let isVerified = (declared ?? 0) >= requiredMonths && assignment.experienceVerified == true
        let history = circumstances.history
        guard let worker = history.worker(assignment.sweNumber!), history.hasDirectSpell(worker) else {
            guard let declared else {
                return findings.breach(rules[2].code, field: .column(.experienceMonths), expected: .number(requiredMonths))
            }
            if declared >= requiredMonths, isVerified { return .clear }
            return findings.breach(
                declared < requiredMonths ? rules[1].code : rules[3].code, field: .column(.experienceMonths),
                found: .number(declared), expected: .number(requiredMonths))
        }
        let start = assignment.startDate!
        let days = history.qualifyingDays(worker, before: start)
        if days >= requiredDays {
            // A month is 30.4375 days: a year of 365.25 days by twelve.
            let months = days * 10_000 / 304_375
            guard let declared, abs(declared - months) > allowedDifference else { return .clear }
            return findings.breach(
                rules[4].code, field: .column(.experienceMonths), found: .number(declared), expected: .number(months),
                .number(days))
        }
        if let declared, declared >= requiredMonths {
            return findings.breach(
                isVerified ? rules[5].code : rules[6].code, field: .column(.experienceMonths), found: .number(days),
                expected: .number(requiredDays), .number(declared))
        }
        let span = history.span(worker, before: start)
        return findings.breach(
            rules[0].code, field: .column(.experienceMonths), found: .number(days), expected: .number(requiredDays),
            .date(span.from), .date(span.to))
    }

    /// What the assignment's experience rests on, in step with the outcomes of `judge`. Nil where the rules do not look or lack a figure.
    public static func proof(_ assignment: borrowing Assignment, _ circumstances: Circumstances) -> ExperienceProof? {
        guard circumstances.applies(.experience, to: assignment) else { return nil }
        let parameters = circumstances.book.parameters
        let day = circumstances.ongoingDay(assignment)
        guard let requiredDays = parameters.experienceDays.value(on: day),
            let requiredMonths = parameters.declaredMonths.value(on: day)
        else { return nil }
        let isEnough = (assignment.experienceMonths ?? 0) >= requiredMonths
        let history = circumstances.history
        let worker = history.worker(assignment.sweNumber!).flatMap { history.hasDirectSpell($0) ? $0 : nil }
        if let worker, history.qualifyingDays(worker, before: assignment.startDate!) >= requiredDays { return .proven }
        if isEnough, assignment.experienceVerified == true { return .verified }
        return isEnough ? .declared : .nothing
    }

    /// Direct employment in a child and family setting, while registered, with an authority of the table.
    @inline(__always)
    public static func qualifies(_ spell: EmploymentSpell, authorities: AuthorityTable) -> Bool {
        guard spell.employment == .direct, spell.setting == .childFamily, spell.registered, let authority = spell.authority
        else { return false }
        return authorities[authority] != nil
    }
}
