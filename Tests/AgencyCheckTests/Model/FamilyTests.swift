import AgencyModel
import Compliance
import RuleBook
import Testing

/// Families, and what is made from their one table.
@Suite struct FamilyTests {
    @Test func theRecordHasTwoColumnsOfEachFamily() {
        let columns = ReturnFamily.allCases.flatMap { [$0.complianceColumn, $0.explanationColumn] }
        #expect(Column.ofAuthorityRecord.suffix(columns.count + 1) == columns + [.noAgencyWorkers])
        for family in ReturnFamily.allCases {
            #expect(family.complianceColumn.name == family.name + "_compliance")
            #expect(family.explanationColumn.name == family.name + "_explanation")
            #expect(family.family.returnFamily == family && family.family.column == family.name)
        }
        #expect(RuleFamily.allCases.filter(\.holdsUpSubmission) == [.IMP, .DATA, .AUTH])
    }

    @Test func aSetHoldsEveryFamily() {
        #expect(RuleFamily.allCases.count <= FamilySet.most)
        for family in RuleFamily.allCases {
            let set = FamilySet([family])
            #expect(RuleFamily.allCases.filter(set.contains) == [family])
            var counts = ByFamily(repeating: 0)
            counts.change(set) { $0 += 1 }
            #expect(RuleFamily.allCases.filter { counts[$0] == 1 } == [family])
            #expect(RuleFamily(letters: family.prefix) == family)
        }
        #expect(RuleFamily(letters: "cap") == nil)
    }

    /// A number beyond thirty-one is not taken for a lower one.
    @Test func everyCodeHasItsOwnName() {
        let names = RuleFamily.allCases.flatMap { family in (1...63).map { RuleCode(family, $0).description } }
        #expect(Set(names).count == names.count && names.contains("DATA033"))
    }

    /// A rule says from when it applies, and some rule applies from each day of the table.
    @Test func everyCommencementIsOfARule() {
        let registry = RuleRegistry.shared
        #expect(Set(registry.all.compactMap { registry.commencement(of: $0.code) }) == Set(CommencementFamily.allCases))
        #expect(registry.commencement(of: RuleCode(.TEAM, 1)) == .teamsAtEngagement)
        #expect(registry.commencement(of: RuleCode(.TEAM, 4)) == nil)
        #expect(registry.commencement(of: RuleCode(.CAP, 3)) == .caps)
    }
}

/// What a row of a census comes to.
@Suite struct CensusSpellTests {
    private static let census = Census(
        authority: AuthorityCode(number: 991), year: 2025, referenceDate: CalendarDate(year: 2025, month: 9, day: 30)!)

    private static func row() -> CensusWorker {
        var row = CensusWorker()
        row.worker = SWENumber(number: 7)
        row.isAgency = false
        row.roleStart = CalendarDate(year: 2020, month: 1, day: 6)
        row.roleEnd = CalendarDate(year: 2025, month: 3, day: 31)
        row.leavingReason = .resigned
        return row
    }

    @Test func aWholeRowIsASpellAndTheSpellTheRow() throws {
        let spell = try #require(Self.row().spell(in: Self.census))
        #expect(spell.worker.number == 7 && spell.authority == Self.census.authority && spell.employment == .direct)
        #expect(spell.setting == .childFamily && spell.registered && spell.isFromCensus && !spell.endIsInferred)
        #expect(spell.leavingReason == .resigned && spell.end == Self.row().roleEnd)
        #expect(CensusWorker(spell).spell(in: Self.census) == spell)
        var agency = Self.row()
        agency.isAgency = true
        #expect(agency.spell(in: Self.census)?.employment == .agency)
    }

    @Test func aRowWithAGapIsNone() {
        #expect(Self.row().spellGap == nil)
        var row = Self.row()
        row.roleStart = nil
        #expect(row.spellGap == .startDate && row.spell(in: Self.census) == nil)
        row.isAgency = nil
        #expect(row.spellGap == .agencyFlag && row.spell(in: Self.census) == nil)
        row.worker = nil
        #expect(row.spellGap == .number && row.spell(in: Self.census) == nil)
    }
}
