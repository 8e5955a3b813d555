import AgencyModel
import Compliance
import TestSupport
import Testing

/// The prepared history, compared with days and posts counted one by one.
@Suite struct EmploymentHistoryTests {
    /// The same numbers each time.
    private struct Chance: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 33
        }
    }

    private func spell(_ chance: inout Chance) -> EmploymentSpell {
        let start = Int32.random(in: 20_000...20_060, using: &chance)
        let end = Bool.random(using: &chance) ? nil : CalendarDate(dayNumber: start + .random(in: -3...25, using: &chance))
        return EmploymentSpell(
            worker: SWENumber(number: .random(in: 1...3, using: &chance)),
            authority: [nil, AuthorityCode(number: 991), AuthorityCode(number: 992), AuthorityCode(number: 7)].randomElement(
                using: &chance)!,
            start: CalendarDate(dayNumber: start), end: end,
            employment: [.direct, .direct, .agency, nil].randomElement(using: &chance)!,
            setting: [.childFamily, .childFamily, .adult].randomElement(using: &chance)!,
            registered: Int.random(in: 0..<5, using: &chance) > 0,
            leavingReason: [nil, .redundant, .resigned].randomElement(using: &chance)!,
            endIsInferred: end != nil && Int.random(in: 0..<4, using: &chance) == 0)
    }

    /// Of several census rows for one spell, the latest end counts, a row without an end means still in post, and two reasons count
    /// as none.
    @Test func rowsOfOneSpellEndWithTheLatest() throws {
        let authorities = try Checking.book().authorities
        func date(_ text: String) -> CalendarDate { read(text, CalendarDate.init)! }
        func spell(_ rows: [(end: String?, reason: LeavingReason?)]) -> EmploymentSpell {
            var census = Census(authority: AuthorityCode(number: 991), year: 2025, referenceDate: date("2025-09-30"))
            census.workers = rows.map { row in
                var worker = CensusWorker()
                (worker.worker, worker.isAgency, worker.roleStart) = (SWENumber(number: 1), false, date("2020-01-01"))
                (worker.roleEnd, worker.leavingReason) = (row.end.map(date), row.reason)
                return worker
            }
            return EmploymentHistory(spells: [], censuses: [census], authorities: authorities)[SWENumber(number: 1)].first!
        }
        let rows: [(end: String?, reason: LeavingReason?)] = [
            ("2025-06-30", .redundant), ("2025-08-31", .resigned), ("2025-08-31", .redundant),
        ]
        for order in [[0, 1], [1, 0]] {
            let one = spell(order.map { rows[$0] })
            #expect(one.end == date("2025-08-31") && one.leavingReason == .resigned)
        }
        for order in [[1, 2], [2, 1], [0, 2, 1], [1, 2, 1]] {
            let one = spell(order.map { rows[$0] })
            #expect(one.end == date("2025-08-31") && one.leavingReason == .notTold)
        }
        for order in [[(end: nil, reason: nil), rows[1]], [rows[1], (end: nil, reason: nil)]]
            as [[(end: String?, reason: LeavingReason?)]]
        {
            #expect(spell(order).end == nil)
        }
    }

    @Test func answersAgreeWithCountingDays() throws {
        let authorities = try Checking.book().authorities
        var chance = Chance(state: 7)
        for _ in 0..<300 {
            let spells = (0..<Int.random(in: 0...9, using: &chance)).map { _ in spell(&chance) }
            let history = EmploymentHistory(spells: spells, authorities: authorities)
            #expect(history.spellCount == spells.count)
            #expect(history.workerCount == Set(spells.map(\.worker)).count)
            for number in 1...3 as ClosedRange<UInt64> {
                let own = spells.filter { $0.worker.number == number }
                guard let worker = history.worker(SWENumber(number: number)) else {
                    #expect(own.isEmpty)
                    continue
                }
                #expect(history[SWENumber(number: number)].count == own.count)
                #expect(history.hasDirectSpell(worker) == own.contains { $0.employment == .direct })
                for day in Int32(19_995)...20_095 {
                    let before = CalendarDate(dayNumber: day)
                    var days: Set<Int32> = []
                    for spell in own
                    where spell.employment == .direct && spell.setting == .childFamily && spell.registered
                        && spell.authority.map({ authorities[$0] != nil }) == true
                    {
                        let last = min(spell.end?.dayNumber ?? day - 1, day - 1)
                        if spell.start.dayNumber <= last { days.formUnion(spell.start.dayNumber...last) }
                    }
                    #expect(history.qualifyingDays(worker, before: before) == days.count)

                    let ended = own.filter {
                        $0.employment == .direct && $0.setting == .childFamily && $0.end.map { $0 < before } == true
                    }
                    #expect(history.mayHaveEnded(worker, before: before) == ended.contains(where: \.endIsInferred))
                    let known = ended.filter { !$0.endIsInferred }
                    let last = known.compactMap(\.end).max()
                    func key(_ end: CalendarDate?, _ authority: AuthorityCode?, _ reason: LeavingReason?) -> [Int32] {
                        [end?.dayNumber ?? 0, authority.map { Int32($0.number) } ?? -1, reason.map { Int32($0.rawValue) } ?? -1]
                    }
                    let posts = known.filter { $0.end == last }.map { key($0.end, $0.authority, $0.leavingReason) }
                    let found = history.lastPosts(worker, before: before).map { key($0.end, $0.authority, $0.reason) }
                    #expect(Set(found) == Set(posts))

                    let span = history.span(worker, before: before)
                    #expect(span.from == own.map(\.start).min())
                    #expect(span.to == own.map { $0.end ?? max($0.start, before.adding(days: -1)) }.max())
                }
            }
        }
    }

    /// One worker with many spells and assignments takes no longer than many workers with few: pairs are not compared.
    @Test func aWorkerWithManySpellsIsFast() throws {
        let day = CalendarDate(dayNumber: 20_000)
        let spells = (0..<50_000).map { number in
            EmploymentSpell(
                worker: SWENumber(number: 1), authority: AuthorityCode(number: 991), start: day.adding(days: -number),
                end: day.adding(days: -number), employment: .direct, setting: .childFamily, leavingReason: .resigned)
        }
        let history = EmploymentHistory(spells: spells, authorities: try Checking.book().authorities)
        let worker = try #require(history.worker(SWENumber(number: 1)))
        for number in 0..<50_000 {
            #expect(history.qualifyingDays(worker, before: day.adding(days: -number)) == 49_999 - number)
            #expect(history.lastPosts(worker, before: day.adding(days: -number)).count == (number < 49_999 ? 1 : 0))
        }
    }
}
