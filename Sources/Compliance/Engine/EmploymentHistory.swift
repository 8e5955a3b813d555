import AgencyModel

/// Every spell that a run knows, by worker. Built once, before the assignments are judged.
public struct EmploymentHistory: Sendable {
    /// Each worker's spells in a row, by their first day.
    private var spells: [EmploymentSpell] = []
    /// Of each worker, by a hash of the number, where the spells start; -1 where there is none. At least twice as many as workers.
    private var firsts: [Int32] = [-1]
    public private(set) var workerCount = 0

    public init() {}

    /// From the spells of employment histories and from censuses. The order of either does not matter.
    public init(spells listed: [EmploymentSpell], censuses: [Census] = []) {
        spells = listed + EmploymentHistory.spells(of: censuses)
        spells.sort(by: EmploymentHistory.precedes)
        index()
    }

    private mutating func index() {
        workerCount = spells.indices.count { $0 == 0 || spells[$0 - 1].worker != spells[$0].worker }
        var size = 2
        while size < workerCount * 2 { size *= 2 }
        firsts = Array(repeating: -1, count: size)
        for place in spells.indices where place == 0 || spells[place - 1].worker != spells[place].worker {
            var slot = slot(of: spells[place].worker)
            while firsts[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            firsts[slot] = Int32(place)
        }
    }

    private func slot(of worker: SWENumber) -> Int { Int(truncatingIfNeeded: mixed(worker.number)) & (firsts.count - 1) }

    /// The worker's spells, by their first day; none where nothing is known.
    public subscript(worker: SWENumber) -> ArraySlice<EmploymentSpell> {
        var slot = slot(of: worker)
        while firsts[slot] >= 0 {
            let start = Int(firsts[slot])
            if spells[start].worker == worker {
                var end = start + 1
                while end < spells.count, spells[end].worker == worker { end += 1 }
                return spells[start..<end]
            }
            slot = (slot + 1) & (firsts.count - 1)
        }
        return []
    }

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
        let authority: AuthorityCode
        let start: CalendarDate
        let isAgency: Bool
    }

    /// Rows of one worker, authority, start date and agency flag are one spell over several years. The last census that names it
    /// gives its end; where that gives none and a later census of the authority does not name it, it ended (inferred) on that
    /// last census's reference date.
    private static func spells(of censuses: [Census]) -> [EmploymentSpell] {
        var latest: [AuthorityCode: CalendarDate] = [:]
        for census in censuses {
            latest[census.authority] = max(latest[census.authority] ?? census.referenceDate, census.referenceDate)
        }
        struct Sighting {
            var seen: CalendarDate
            var end: CalendarDate?
            var reason: LeavingReason?
        }
        var sightings: [SpellKey: Sighting] = [:]
        for census in censuses {
            for worker in census.workers {
                guard let number = worker.worker, let start = worker.roleStart, let isAgency = worker.isAgency else { continue }
                let key = SpellKey(worker: number, authority: census.authority, start: start, isAgency: isAgency)
                let sighting = Sighting(seen: census.referenceDate, end: worker.roleEnd, reason: worker.leavingReason)
                guard let known = sightings[key] else {
                    sightings[key] = sighting
                    continue
                }
                // The later census speaks; of two rows of one census the one that gives the later end.
                func rank(_ sighting: Sighting) -> (Int32, Int32, UInt8) {
                    (sighting.seen.dayNumber, sighting.end?.dayNumber ?? .min, sighting.reason?.rawValue ?? .max)
                }
                if rank(sighting) > rank(known) { sightings[key] = sighting }
            }
        }
        return sightings.map { key, sighting in
            let inferred = sighting.end == nil && latest[key.authority]! > sighting.seen
            return EmploymentSpell(
                worker: key.worker, authority: key.authority, start: key.start, end: inferred ? sighting.seen : sighting.end,
                employment: key.isAgency ? .agency : .direct, setting: .childFamily, leavingReason: sighting.reason,
                endIsInferred: inferred)
        }
    }
}
