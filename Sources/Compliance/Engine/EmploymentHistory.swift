import AgencyModel
import RuleBook

/// Every spell that a run knows, by worker. Built once, before the assignments are judged.
///
/// What the rules ask is kept ready, so that a worker of many thousand spells and assignments costs no more than many workers of few.
public struct EmploymentHistory: Sendable {
    /// A worker of whom something is known.
    public struct Worker: Sendable {
        fileprivate let place: Int
    }

    /// A substantive post in a child and family setting that ended: who held it is said by where it stands.
    public struct EndedPost: Hashable, Sendable {
        public let end: CalendarDate
        /// Nil where the file names none.
        public let authority: AuthorityCode?
        public let reason: LeavingReason?
        /// Its first day, where a census alone tells of it; of several that are alike otherwise the earliest.
        public let censusStart: CalendarDate?

        init(end: CalendarDate, authority: AuthorityCode?, reason: LeavingReason?, censusStart: CalendarDate? = nil) {
            self.end = end
            self.authority = authority
            self.reason = reason
            self.censusStart = censusStart
        }

        /// Whether a census tells of it whose row cannot tell an exemption: it was so short that it may have been probation, or its reason
        /// is left open.
        func mayBeExempt(probationMonths: Int) -> Bool {
            guard let censusStart else { return false }
            return reason == nil || reason == .notTold || end.adding(days: 1) < censusStart.adding(months: probationMonths)
        }
    }

    private struct Entry {
        var firstSpell: Int
        var firstPost: Int
        var hasDirectSpell = false
        /// Of the spells with an end the last one; of those without an end the last start; of the ends that are only inferred the first.
        var lastEnd: CalendarDate?
        var lastOpenStart: CalendarDate?
        var firstInferredEnd: CalendarDate?
    }

    /// What the qualifying ones of a worker's spells come to, from the first spell up to one: days, each once, and the last of them.
    private struct Qualifying {
        var days: Int32 = 0
        var to = Int32.min
    }

    /// Each worker's spells in a row, by their first day.
    private var spells: [EmploymentSpell] = []
    private var qualifying: [Qualifying] = []
    /// Each worker's ended posts in a row, by their ends.
    private var posts: [EndedPost] = []
    /// In the order of the spells; behind them one that starts where the lists end.
    private var entries: [Entry] = [Entry(firstSpell: 0, firstPost: 0)]
    /// By a hash of the number, the place in `entries`; -1 where there is none. At least twice as many as workers.
    private var slots: [Int32] = [-1]
    private let seed = processSeed

    public init() {}

    /// From the spells of employment histories and from censuses. The order of either does not matter.
    public init(spells listed: [EmploymentSpell], censuses: [Census] = [], authorities: AuthorityTable) {
        spells = listed + EmploymentHistory.spells(of: censuses)
        spells.sort(by: EmploymentHistory.precedes)
        qualifying.reserveCapacity(spells.count)
        entries = []
        var start = 0
        while start < spells.count {
            var end = start + 1
            while end < spells.count, spells[end].worker == spells[start].worker { end += 1 }
            addWorker(start..<end, authorities)
            start = end
        }
        entries.append(Entry(firstSpell: spells.count, firstPost: posts.count))
        index()
    }

    private mutating func addWorker(_ places: Range<Int>, _ authorities: AuthorityTable) {
        var entry = Entry(firstSpell: places.lowerBound, firstPost: posts.count)
        var sum = Qualifying()
        var ended: Set<EndedPost> = []
        var endedInCensus: [EndedPost: CalendarDate] = [:]
        for spell in spells[places] {
            if spell.employment == .direct { entry.hasDirectSpell = true }
            if let end = spell.end {
                entry.lastEnd = max(entry.lastEnd ?? end, end)
            } else {
                entry.lastOpenStart = spell.start
            }
            if EXP001_ThreeYearsExperience.disqualification(spell, authorities: authorities) == nil {
                let first = max(spell.start.dayNumber, sum.to == .min ? .min : sum.to + 1)
                let last = spell.end?.dayNumber ?? EmploymentHistory.endOfTime
                sum.days += max(0, last - first + 1)
                sum.to = max(sum.to, last)
            }
            qualifying.append(sum)
            guard let end = COOL001_CoolOffPeriod.endOfPost(spell) else { continue }
            let post = EndedPost(end: end, authority: spell.authority, reason: spell.leavingReason)
            if spell.endIsInferred {
                entry.firstInferredEnd = min(entry.firstInferredEnd ?? end, end)
            } else if spell.isFromCensus {
                endedInCensus[post] = min(endedInCensus[post] ?? spell.start, spell.start)
            } else {
                ended.insert(post)
            }
        }
        let all =
            ended
            + endedInCensus.map { post, start in
                EndedPost(end: post.end, authority: post.authority, reason: post.reason, censusStart: start)
            }
        posts += all.sorted { left, right in
            func key(_ post: EndedPost) -> (Int32, UInt16, UInt8, Int32) {
                (
                    post.end.dayNumber, post.authority?.number ?? .max, post.reason?.rawValue ?? .max,
                    post.censusStart?.dayNumber ?? .max
                )
            }
            return key(left) < key(right)
        }
        entries.append(entry)
    }

    /// A spell that goes on counts as long as there are days: 31 December 9999.
    private static let endOfTime: Int32 = 2_932_896

    private mutating func index() {
        var size = 2
        while size < workerCount * 2 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        for place in 0..<workerCount {
            var slot = slot(of: spells[entries[place].firstSpell].worker)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int32(place)
        }
    }

    private func slot(of worker: SWENumber) -> Int { Int(truncatingIfNeeded: mixed(worker.number ^ seed)) & (slots.count - 1) }

    // MARK: What the rules ask

    /// Nil where nothing is known of the worker.
    public func worker(_ number: SWENumber) -> Worker? {
        var slot = slot(of: number)
        while slots[slot] >= 0 {
            let place = Int(slots[slot])
            if spells[entries[place].firstSpell].worker == number { return Worker(place: place) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func places(_ worker: Worker) -> Range<Int> {
        entries[worker.place].firstSpell..<entries[worker.place + 1].firstSpell
    }

    /// The worker's spells, by their first day; none where nothing is known.
    public subscript(number: SWENumber) -> ArraySlice<EmploymentSpell> { worker(number).map { spells[places($0)] } ?? [] }

    /// Whether the worker has a DIRECT spell, whatever its setting.
    public func hasDirectSpell(_ worker: Worker) -> Bool { entries[worker.place].hasDirectSpell }

    /// Days before the day in qualifying spells, each day once; with `spells` of the worker's first so many alone.
    public func qualifyingDays(_ worker: Worker, before day: CalendarDate, ofFirst count: Int? = nil) -> Int {
        let all = places(worker)
        let lastDay = day.dayNumber - 1
        // Those that start later add nothing; of the others together every day behind the last one is cut off.
        let upTo = all.prefix(count ?? all.count).partitioningIndex { spells[$0].start.dayNumber > lastDay }
        guard upTo > all.lowerBound else { return 0 }
        let sum = qualifying[upTo - 1]
        return Int(sum.days) - (sum.to > lastDay ? Int(sum.to - lastDay) : 0)
    }

    /// The first and last day that the worker's spells cover; one that goes on covers the time to the day before.
    public func span(_ worker: Worker, before day: CalendarDate) -> (from: CalendarDate, to: CalendarDate) {
        let entry = entries[worker.place]
        let open = entry.lastOpenStart.map { max($0, day.adding(days: -1)) }
        return (spells[entry.firstSpell].start, [entry.lastEnd, open].compactMap { $0 }.max()!)
    }

    /// The posts that ended last before the day, all of them on one day; none where none had ended.
    public func lastPosts(_ worker: Worker, before day: CalendarDate) -> ArraySlice<EndedPost> {
        let all = entries[worker.place].firstPost..<entries[worker.place + 1].firstPost
        let upTo = all.partitioningIndex { posts[$0].end >= day }
        guard upTo > all.lowerBound else { return [] }
        let end = posts[upTo - 1].end
        let first = (all.lowerBound..<upTo).partitioningIndex { posts[$0].end >= end }
        return posts[first..<upTo]
    }

    /// Whether a post ended before the day by inference alone: no census says when.
    public func mayHaveEnded(_ worker: Worker, before day: CalendarDate) -> Bool {
        entries[worker.place].firstInferredEnd.map { $0 < day } ?? false
    }

    public var workerCount: Int { entries.count - 1 }
    public var spellCount: Int { spells.count }

    private static func precedes(_ left: EmploymentSpell, _ right: EmploymentSpell) -> Bool {
        func key(_ spell: EmploymentSpell) -> (UInt64, Int32, Int32, UInt16, UInt8) {
            (
                spell.worker.number, spell.start.dayNumber, spell.end?.dayNumber ?? .max, spell.authority?.number ?? .max,
                spell.employment?.rawValue ?? .max
            )
        }
        return key(left) < key(right)
    }

    // MARK: Censuses

    private struct SpellKey: Hashable {
        let worker: SWENumber
        let authority: AuthorityCode?
        let start: CalendarDate
        let employment: Employment?
    }

    /// Rows of one worker, authority, start date and agency flag are one spell over several years. The last census that names it
    /// gives its end: the latest, where several of its rows are of that spell; where that gives none and a later census of the authority does not name it, it ended (inferred) on that
    /// last census's reference date.
    private static func spells(of censuses: [Census]) -> [EmploymentSpell] {
        var latest: [AuthorityCode: CalendarDate] = [:]
        for census in censuses {
            latest[census.authority] = max(latest[census.authority] ?? census.referenceDate, census.referenceDate)
        }
        /// A spell as one census gives it.
        struct Sighting {
            var seen: CalendarDate
            var spell: EmploymentSpell
        }
        var sightings: [SpellKey: Sighting] = [:]
        for census in censuses {
            for spell in census.workers.lazy.compactMap({ $0.spell(in: census) }) {
                let key = SpellKey(
                    worker: spell.worker, authority: spell.authority, start: spell.start, employment: spell.employment)
                let sighting = Sighting(seen: census.referenceDate, spell: spell)
                guard let known = sightings[key] else {
                    sightings[key] = sighting
                    continue
                }
                // The later census speaks; of two rows of one census the one that ends later, and one without an end goes on.
                func rank(_ sighting: Sighting) -> (Int32, Int32) {
                    (sighting.seen.dayNumber, sighting.spell.end?.dayNumber ?? .max)
                }
                if rank(sighting) > rank(known) {
                    sightings[key] = sighting
                } else if rank(sighting) == rank(known), sighting.spell.leavingReason != known.spell.leavingReason {
                    // Which of the two reasons holds nobody can tell.
                    sightings[key]!.spell.leavingReason = .notTold
                }
            }
        }
        return sightings.values.map { sighting in
            var spell = sighting.spell
            if spell.end == nil, let authority = spell.authority, latest[authority]! > sighting.seen {
                (spell.end, spell.endIsInferred) = (sighting.seen, true)
            }
            return spell
        }
    }
}
