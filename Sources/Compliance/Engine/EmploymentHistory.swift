import AgencyModel
import RuleBook

/// Every spell that a run knows, by worker. It is built once, before the assignments are judged.
///
/// The answers for the rules are prepared in advance, so that one worker with thousands of spells and assignments takes no longer
/// than many workers with few.
public struct EmploymentHistory: Sendable {
    /// A worker about whom something is known.
    public struct Worker: Sendable {
        fileprivate let place: Int
    }

    /// A substantive post in a child and family setting that ended. Its position says whose it was.
    public struct EndedPost: Hashable, Sendable {
        public let end: CalendarDate
        /// Nil if the file gives none.
        public let authority: AuthorityCode?
        public let reason: LeavingReason?
        /// Its first day, if only a census gives the post; the earliest of several that are otherwise equal.
        public let censusStart: CalendarDate?

        init(end: CalendarDate, authority: AuthorityCode?, reason: LeavingReason?, censusStart: CalendarDate? = nil) {
            self.end = end
            self.authority = authority
            self.reason = reason
            self.censusStart = censusStart
        }

        /// Whether only a census gives the post, and its row cannot show an exemption: the post was so short that it may have been
        /// probation, or its reason is left open.
        func mayBeExempt(probationMonths: Int) -> Bool {
            guard let censusStart else { return false }
            return reason == nil || reason == .notTold || end.adding(days: 1) < censusStart.adding(months: probationMonths)
        }
    }

    private struct Entry {
        var firstSpell: Int
        var firstPost: Int
        var hasDirectSpell = false
        /// The last end of the spells with an end, the last start of those without one, and the first of the ends that are only
        /// inferred.
        var lastEnd: CalendarDate?
        var lastOpenStart: CalendarDate?
        var firstInferredEnd: CalendarDate?
    }

    /// The sum of a worker's qualifying spells from the first to a given one: days, each counted once, and the last of them.
    private struct Qualifying {
        var days: Int32 = 0
        var to = Int32.min
    }

    /// The spells of each worker together, sorted by their first day.
    private var spells: [EmploymentSpell] = []
    private var qualifying: [Qualifying] = []
    /// The ended posts of each worker together, sorted by their ends.
    private var posts: [EndedPost] = []
    /// In the order of the spells, with one more at the end that starts where the lists end.
    private var entries: [Entry] = [Entry(firstSpell: 0, firstPost: 0)]
    /// The index in `entries` for a hash of the number; -1 if there is none. There are at least twice as many slots as workers.
    private var slots: [Int32] = [-1]
    private let seed = processSeed

    public init() {}

    /// From the spells of employment histories and from censuses, each in any order.
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

    /// A spell that continues counts until 31 December 9999.
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

    // MARK: Values for the rules

    /// Nil if nothing is known about the worker.
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

    /// The worker's spells, sorted by their first day; empty if nothing is known.
    public subscript(number: SWENumber) -> ArraySlice<EmploymentSpell> { worker(number).map { spells[places($0)] } ?? [] }

    /// Whether the worker has a DIRECT spell in any setting.
    public func hasDirectSpell(_ worker: Worker) -> Bool { entries[worker.place].hasDirectSpell }

    /// The days before `day` in qualifying spells, each counted once; with `count`, only in that many first spells of the worker.
    public func qualifyingDays(_ worker: Worker, before day: CalendarDate, ofFirst count: Int? = nil) -> Int {
        let all = places(worker)
        let lastDay = day.dayNumber - 1
        // Spells that start later add nothing. Of the others, every day after the last one is cut off.
        let upTo = all.prefix(count ?? all.count).partitioningIndex { spells[$0].start.dayNumber > lastDay }
        guard upTo > all.lowerBound else { return 0 }
        let sum = qualifying[upTo - 1]
        return Int(sum.days) - (sum.to > lastDay ? Int(sum.to - lastDay) : 0)
    }

    /// The first and last day that the worker's spells cover. A spell that continues lasts until the day before.
    public func span(_ worker: Worker, before day: CalendarDate) -> (from: CalendarDate, to: CalendarDate) {
        let entry = entries[worker.place]
        let open = entry.lastOpenStart.map { max($0, day.adding(days: -1)) }
        return (spells[entry.firstSpell].start, [entry.lastEnd, open].compactMap { $0 }.max()!)
    }

    /// The posts that ended last before the day, all on the same day; empty if none had ended.
    public func lastPosts(_ worker: Worker, before day: CalendarDate) -> ArraySlice<EndedPost> {
        let all = entries[worker.place].firstPost..<entries[worker.place + 1].firstPost
        let upTo = all.partitioningIndex { posts[$0].end >= day }
        guard upTo > all.lowerBound else { return [] }
        let end = posts[upTo - 1].end
        let first = (all.lowerBound..<upTo).partitioningIndex { posts[$0].end >= end }
        return posts[first..<upTo]
    }

    /// Whether a post ended before the day only by inference, because no census gives its end.
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

    /// Rows with the same worker, authority, start date and agency flag are one spell over several years. The last census that
    /// names it gives its end, and the latest end if several of its rows belong to the spell. If it gives no end and a later census
    /// of the authority does not name the spell, the end is inferred: the reference date of the census that named it.
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
                // The later census decides. Of two rows of one census, the later end counts, and a row without an end means still
                // in post.
                func rank(_ sighting: Sighting) -> (Int32, Int32) {
                    (sighting.seen.dayNumber, sighting.spell.end?.dayNumber ?? .max)
                }
                if rank(sighting) > rank(known) {
                    sightings[key] = sighting
                } else if rank(sighting) == rank(known), sighting.spell.leavingReason != known.spell.leavingReason {
                    // It is not known which of the two reasons is right.
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
