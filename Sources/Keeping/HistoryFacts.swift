import AgencyModel
import CheckRun
import Comparison
import Compliance
import Facts
import History

/// Adds the returns of a history store to a comparison, beside those given as files.
public struct HistoryFacts {
    private let store: HistoryStore
    private let run: CheckRun
    private let result: CheckResult
    /// The returns given as files, which replace the store's.
    private let given: Set<ReturnKey>

    public init(_ store: HistoryStore, _ run: CheckRun, _ result: CheckResult) {
        self.store = store
        self.run = run
        self.result = result
        given = Set(
            result.judgement.parts.flatMap { $0.ledger.entries.lazy.compactMap(\.returnKey) })
    }

    /// What the store and the files together know about everybody's employment. Workers are identified by the store's keys.
    public func history() throws -> EmploymentHistory {
        var (spells, censuses): ([EmploymentSpell], [Census]) = ([], [])
        for file in result.files where file.holdsEvidence {
            let evidence = try result.rereadEvidence(file)
            spells += evidence.spells
            if let census = evidence.census { censuses.append(census) }
        }
        for place in spells.indices { spells[place].worker = shown(spells[place].worker) }
        for place in censuses.indices {
            for worker in censuses[place].workers.indices {
                censuses[place].workers[worker].worker = censuses[place].workers[worker].worker.map(shown)
            }
        }
        var keys: Set<UInt64> = []
        for part in result.judgement.parts {
            for entry in part.ledger.entries where entry.worker != 0 { keys.insert(store.key(of: SWENumber(number: entry.worker))) }
        }
        let remembered = try store.evidenceOfAssignments(and: keys)
        return EmploymentHistory(
            spells: spells + remembered.spells, censuses: censuses + remembered.censuses, authorities: run.book.authorities)
    }

    private func shown(_ worker: SWENumber) -> SWENumber { SWENumber(number: store.key(of: worker)) }

    /// Passes the store's returns and salaries to the collector, except the returns given as files. Returns the number of returns.
    public func give(to collector: inout FactCollector) throws -> Int {
        let findings = try store.findingsOfAssignments()
        var assignments: [StoredAssignment] = []
        try store.forEachAssignment { assignments.append($0) }
        assignments.removeAll { given.contains(ReturnKey(authority: $0.authority, quarter: $0.quarter)) }
        // A repeat, or perhaps one of several parts of an assignment whose rate changed.
        let isRepeat = { (finding: (rule: String, severity: Severity)) in finding.rule == ReturnFacts.repeated.description }
        for assignment in assignments
        where assignment.rateFrom != nil || (findings[assignment.id]?.contains(where: isRepeat) ?? false) {
            collector.expectSeveral(of: Array(assignment.reference.utf8), assignment.authority, assignment.quarter)
        }
        var returns: Set<ReturnKey> = []
        for assignment in assignments {
            returns.insert(ReturnKey(authority: assignment.authority, quarter: assignment.quarter))
            collector.take(known(assignment, findings[assignment.id] ?? []))
        }
        for salary in try store.salaries(without: Set(result.files.compactMap(\.digest))) {
            collector.take(
                PermanentSalary(
                    authority: salary.authority, year: salary.year, orgRole: salary.orgRole, salary: salary.salary))
        }
        return returns.count
    }

    private func known(_ kept: StoredAssignment, _ findings: [(rule: String, severity: Severity)]) -> KnownAssignment {
        var known = KnownAssignment()
        (known.authority, known.quarter) = (kept.authority, kept.quarter)
        known.worker = kept.worker ?? 0
        known.reference = Array(kept.reference.utf8)
        (known.role, known.supply) = (kept.role, kept.supply)
        known.agency = Array((kept.agency ?? "").utf8)
        // No team name contains a NUL, so a file's team and a store's are never mistaken for one another.
        known.team = kept.team.map { Array("\0\(kept.quarter) \($0)".utf8) }
        (known.start, known.end, known.rateFrom) = (kept.start, kept.end, kept.rateFrom)
        known.lacksOnCosts = kept.lacksOnCosts
        (known.cappedRate, known.chargeRate, known.agencyFee) = (kept.cappedRate, kept.chargeRate, kept.agencyFee)
        (known.weeklyHours, known.hoursInQuarter) = (kept.weeklyHours, kept.hoursInQuarter)
        (known.experienceMonths, known.experienceVerified) = (kept.experienceMonths, kept.experienceVerified)
        (known.lastPostAuthority, known.lastPostEnd) = (kept.lastPostAuthority, kept.lastPostEnd)
        (known.isSignedOff, known.isAssessed) = (kept.isSignedOff, kept.isAssessed)
        for finding in findings where finding.severity == .error {
            guard let family = RuleFamily(letters: finding.rule.prefix { !$0.isNumber }) else { continue }
            known.breaches.insert(ReturnFacts.counted(family))
        }
        return known
    }
}
