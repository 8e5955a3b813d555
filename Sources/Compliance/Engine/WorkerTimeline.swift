import AgencyModel
import RuleBook

/// One worker's posts according to all files together: what counts towards three years' experience, and which files agree or
/// disagree.
public struct WorkerTimeline: Sendable {
    /// What one file says about the worker.
    public struct Fact: Sendable {
        public let spell: EmploymentSpell
        /// The file, in words.
        public let source: String
        /// The reference date, if the file is a census.
        public let censusDay: CalendarDate?

        public init(spell: EmploymentSpell, source: String, censusDay: CalendarDate?) {
            self.spell = spell
            self.source = source
            self.censusDay = censusDay
        }
    }

    /// Why a spell adds no days.
    public enum Shortfall: Sendable {
        case doesNotCount(EXP001_ThreeYearsExperience.Disqualification)
        case afterTheDay, countedAlready
    }

    /// A post, after the evidence of all files has been combined.
    public struct Post: Sendable {
        public let spell: EmploymentSpell
        /// The days that it adds: up to the day before `before`, without those of earlier posts.
        public let days: Int
        /// Nil if it adds days.
        public let shortfall: Shortfall?
        /// The files that agree on it, sorted.
        public let sources: [String]
        /// What other files say about the same post.
        public let otherwise: [(source: String, spell: EmploymentSpell)]
    }

    /// Sorted by their first days.
    public let posts: [Post]
    /// The qualifying days before the day, as the EXP rules count them.
    public let days: Int
    public let before: CalendarDate

    /// `censusDays` are the reference dates of every census in the files, by authority: that a census does not name the worker is
    /// evidence too. All facts are about one worker.
    public init(
        _ facts: [Fact], censusDays: [(authority: AuthorityCode, day: CalendarDate)], before: CalendarDate,
        authorities: AuthorityTable
    ) {
        self.before = before
        let worker = facts.first?.spell.worker ?? SWENumber(number: 0)
        let history = EmploymentHistory(
            spells: Array(Set(facts.filter { $0.censusDay == nil }.map(\.spell))),
            censuses: WorkerTimeline.censuses(facts, censusDays), authorities: authorities)
        let united = history[worker]
        let known = history.worker(worker)
        days = known.map { history.qualifyingDays($0, before: before) } ?? 0
        var counted = 0
        var posts: [Post] = []
        for (index, spell) in united.enumerated() {
            let upTo = known.map { history.qualifyingDays($0, before: before, ofFirst: index + 1) } ?? 0
            let added = upTo - counted
            counted = upTo
            let same = facts.filter { fact in
                fact.spell.authority == spell.authority && fact.spell.start == spell.start
                    && fact.spell.employment == spell.employment
            }
            let (agreeing, differing) = WorkerTimeline.split(same, by: spell)
            posts.append(
                Post(
                    spell: spell, days: added,
                    shortfall: added > 0 ? nil : WorkerTimeline.shortfall(spell, before: before, authorities),
                    sources: Set(agreeing.map(\.source)).sorted(),
                    otherwise: differing.map { ($0.source, $0.spell) }.sorted {
                        ($0.source, $0.spell.end?.dayNumber ?? .max) < ($1.source, $1.spell.end?.dayNumber ?? .max)
                    }))
        }
        self.posts = posts
    }

    private static func censuses(
        _ facts: [Fact], _ days: [(authority: AuthorityCode, day: CalendarDate)]
    ) -> [Census] {
        func census(_ authority: AuthorityCode, _ day: CalendarDate) -> Census {
            Census(authority: authority, year: day.parts.year, referenceDate: day)
        }
        var censuses = days.map { census($0.authority, $0.day) }
        for fact in facts {
            guard let day = fact.censusDay, let authority = fact.spell.authority else { continue }
            var named = census(authority, day)
            named.workers = [CensusWorker(fact.spell)]
            censuses.append(named)
        }
        return censuses
    }

    /// A census that named the post while it continued does not contradict a later one that gives its end.
    private static func split(_ same: [Fact], by spell: EmploymentSpell) -> (agreeing: [Fact], differing: [Fact]) {
        var agreeing: [Fact] = []
        var differing: [Fact] = []
        for fact in same {
            let said = fact.spell
            let wentOn = said.end == nil && fact.censusDay.map { day in spell.end.map { $0 >= day } ?? true } ?? false
            let agrees =
                (said.end == spell.end || wentOn) && (wentOn || said.leavingReason?.text == spell.leavingReason?.text)
                && said.setting == spell.setting && said.registered == spell.registered
            if agrees { agreeing.append(fact) } else { differing.append(fact) }
        }
        return (agreeing, differing)
    }

    private static func shortfall(
        _ spell: EmploymentSpell, before: CalendarDate, _ authorities: AuthorityTable
    ) -> Shortfall {
        if let disqualification = EXP001_ThreeYearsExperience.disqualification(spell, authorities: authorities) {
            return .doesNotCount(disqualification)
        }
        return spell.start >= before ? .afterTheDay : .countedAlready
    }
}
