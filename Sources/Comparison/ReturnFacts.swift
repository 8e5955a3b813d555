import AgencyModel
import Facts

/// Passes what a run over returns knows about each assignment to a fact collector.
public struct ReturnFacts {
    private let result: CheckResult
    /// By file and entry: the families with an error.
    private var breaches: [[FamilySet]]
    /// By file: the entries whose reference occurred before, as a repeat or as another part of an assignment whose rate changed.
    private var again: [Set<Int>]
    private let key: (SWENumber) -> UInt64

    /// `key` gives the comparison's number for a worker.
    public init(_ result: CheckResult, key: @escaping (SWENumber) -> UInt64 = { $0.number }) {
        self.result = result
        self.key = key
        let run = result.judgement
        breaches = run.parts.map { Array(repeating: FamilySet(), count: $0.ledger.entries.count) }
        again = run.parts.map { _ in [] }
        for (file, judge) in run.parts.enumerated() {
            again[file] = run.furtherParts(of: file)
            for finding in judge.findings.findings where finding.subject.isAssignment {
                let entry = finding.subject.index
                if finding.rule == ReturnFacts.repeated { again[file].insert(entry) }
                guard run.rules.severity(of: finding.rule) == .error else { continue }
                breaches[file][entry].insert(ReturnFacts.counted(finding.rule.family))
            }
        }
    }

    /// The rule that finds repeated references.
    public static let repeated = RuleCode(.DATA, 6)

    /// The family in whose column an error is counted: a value that cannot be read is a fault of the data.
    public static func counted(_ family: RuleFamily) -> RuleFamily { family == .IMP ? .DATA : family }

    /// Passes on what must be known before the first assignment, and what the run knows besides assignments.
    public func prepare(_ collector: inout FactCollector) {
        for (file, judge) in result.judgement.parts.enumerated() {
            for place in again[file] {
                guard let key = judge.ledger.entries[place].returnKey else { continue }
                collector.expectSeveral(of: Array(judge.ledger.id(place)), key.authority, key.quarter)
            }
        }
        for census in result.censuses {
            for (role, salary) in census.permanentSalaries {
                collector.take(PermanentSalary(authority: census.authority, year: census.year, orgRole: role, salary: salary))
            }
        }
    }

    /// Passes on one row of an assignment. Call it for every row, in order.
    public func give(_ assignment: borrowing Assignment, at place: RereadPlace, to collector: inout FactCollector) {
        let ledger = result.judgement.parts[place.part].ledger
        var known = KnownAssignment()
        (known.authority, known.quarter) = (assignment.authority, assignment.quarter)
        known.worker = assignment.sweNumber.map(key) ?? 0
        if collector.needsReferences { known.reference = Array(ledger.id(place.entry)) }
        known.role = assignment.role
        known.supply = assignment.supply ?? .individual
        known.agency = Array(ledger.agency(place.entry))
        if assignment.isTeam, let reference = assignment.teamReference { known.team = RunDetails.normalForm(Array(reference)) }
        (known.start, known.end, known.rateFrom) = (assignment.startDate, assignment.endDate, assignment.rateFrom)
        (known.cappedRate, known.lacksOnCosts) = (assignment.cappedRate, assignment.lacksOnCosts)
        (known.chargeRate, known.agencyFee) = (assignment.chargeRate, assignment.agencyFee)
        (known.weeklyHours, known.hoursInQuarter) = (assignment.weeklyHours, assignment.hoursInQuarter)
        (known.experienceMonths, known.experienceVerified) = (assignment.experienceMonths, assignment.experienceVerified)
        (known.lastPostAuthority, known.lastPostEnd) = (assignment.lastPostAuthority, assignment.lastPostEnd)
        known.isSignedOff = assignment.capDCSDate != nil && assignment.capCEDate != nil
        known.isAssessed = ledger.entries[place.entry].isAssessed
        known.breaches = breaches[place.part][place.entry]
        collector.take(known)
    }
}
