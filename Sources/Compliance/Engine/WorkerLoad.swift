import AgencyModel

/// Looks at all assignments of a worker together, for DATA010, REGION001 and REGION002.
enum WorkerLoad {
    /// One assignment of a worker, with the values that the rules compare.
    struct Part {
        let file: Int
        let entry: Int
        let facts: AssignmentLedger.Entry
        let weeklyHours: Int64
        let cappedRate: Money?
        /// For the assignment with all its rows.
        var start: Int32
        var end: Int32
    }

    /// The assessed assignments with the same worker and quarter.
    static func groups(_ files: [FileJudge]) -> EntryGroups {
        EntryGroups(count: files.reduce(0) { $0 + $1.ledger.entries.count }) { add in
            for (file, judge) in files.enumerated() {
                for (index, entry) in judge.ledger.entries.enumerated() where entry.isAssessed {
                    // The worker's number (below 2^34) and the quarter make one key, without collisions.
                    add(entry.worker << 16 | UInt64(entry.quarter), file, index)
                }
            }
        }
    }

    static func judge(_ run: inout RunJudgement, _ groups: EntryGroups) {
        let assessed = run.parts.reduce(0) { $0 + $1.ledger.assessedCount }
        let leftOut = run.assignmentCount - assessed
        let isRegional = run.parts.reduce(into: Set<UInt16>()) { $0.formUnion($1.ledger.authorities) }.count > 1
        run.count(.clear, of: DATA010_HoursOfOneWorker.self, times: assessed)
        run.count(.undecided, of: DATA010_HoursOfOneWorker.self, times: leftOut)
        run.count(isRegional ? .clear : .notApplicable, of: REGION001_HoursAcrossAuthorities.self, times: assessed)
        run.count(isRegional ? .undecided : .notApplicable, of: REGION001_HoursAcrossAuthorities.self, times: leftOut)
        REGION002_RatesAcrossAuthorities.count(&run, isRegional: isRegional)

        groups.forEachShared { same in
            let rows = same.map { item in
                let ledger = run.parts[Int(item.file)].ledger
                let facts = ledger.entries[Int(item.entry)]
                return Part(
                    file: Int(item.file), entry: Int(item.entry), facts: facts,
                    weeklyHours: ledger.weeklyHours(Int(item.entry)).billionths, cappedRate: ledger.cappedRate(Int(item.entry)),
                    start: facts.start, end: facts.end)
            }
            let parts = joined(rows, run)
            let all = OverlappingHours(parts)
            let byAuthority = Dictionary(grouping: parts, by: \.facts.authority).mapValues(OverlappingHours.init)
            let sharing = byAuthority.count > 1 ? SharingAuthorities(parts).counts : []
            for (place, part) in parts.enumerated() {
                let own = byAuthority[part.facts.authority]!.total(during: part)
                DATA010_HoursOfOneWorker.judge(part, own, &run)
                if byAuthority.count > 1 {
                    REGION001_HoursAcrossAuthorities.judge(
                        part, own: own, all: all.total(during: part), authorities: sharing[place], &run)
                }
            }
            if byAuthority.count > 1 { REGION002_RatesAcrossAuthorities.judge(rows, &run) }
        }
    }

    /// Rows of one assignment whose rate changed count as one, with the highest weekly hours. The first row that has them
    /// represents it.
    private static func joined(_ rows: [Part], _ run: RunJudgement) -> [Part] {
        guard rows.contains(where: \.facts.hasRateFrom) else { return rows }
        struct Key: Hashable {
            let reference: RateParts.Reference
            let repeats: Int
        }
        var parts = RateParts()
        var places: [Key: Int] = [:]
        var joined: [Part] = []
        for row in rows {
            let ledger = run.parts[row.file].ledger
            let reference = RateParts.Reference(ledger, row.entry)
            let repeats = parts.place(of: reference, rateFrom: ledger.rateFrom(row.entry)).repeats
            let key = Key(reference: reference, repeats: repeats)
            guard !reference.id.isEmpty, let place = places[key] else {
                places[key] = joined.count
                joined.append(row)
                continue
            }
            let known = joined[place]
            if row.weeklyHours > known.weeklyHours { joined[place] = row }
            (joined[place].start, joined[place].end) = (min(known.start, row.start), max(known.end, row.end))
        }
        return joined
    }
}

/// The weekly hours of the assignments that share a day with a given one, from sorted starts and ends, without comparing pairs.
struct OverlappingHours {
    private var starts: [(day: Int32, hoursBefore: Int64)] = []
    private var ends: [(day: Int32, hoursBefore: Int64)] = []
    private var hours: Int64 = 0

    init(_ parts: [WorkerLoad.Part]) {
        var before: Int64 = 0
        for part in parts.sorted(by: { $0.start < $1.start }) {
            starts.append((part.start, before))
            before = before.addingSaturated(part.weeklyHours)
        }
        hours = before
        before = 0
        for part in parts.sorted(by: { $0.end < $1.end }) {
            ends.append((part.end, before))
            before = before.addingSaturated(part.weeklyHours)
        }
    }

    /// All assignments that share a day with the part, including itself: their number and their weekly hours.
    func total(during part: WorkerLoad.Part) -> (count: Int, hours: Quantity) {
        // Assignments that ended before it starts, or start after it ends, do not count.
        let ended = ends.partitioningIndex { $0.day >= part.start }
        let begun = starts.partitioningIndex { $0.day > part.end }
        let hoursEnded = ended < ends.count ? ends[ended].hoursBefore : hours
        let hoursBegun = begun < starts.count ? starts[begun].hoursBefore : hours
        return (begun - ended, Quantity(billionths: hoursBegun - hoursEnded))
    }
}
