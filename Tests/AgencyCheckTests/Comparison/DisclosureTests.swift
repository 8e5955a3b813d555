@testable import Comparison
import Foundation
import TestSupport
import Testing

/// What is withheld, and that nobody can work it out: the protection by itself and in the output.
@Suite struct DisclosureTests {
    /// A total and its parts; the total and parts from five on may be shown.
    private func protected(_ parts: [Int]) -> (disclosure: Disclosure, parts: [Int], total: Int) {
        var disclosure = Disclosure(.counts(width: 4))
        func add(_ count: Int, weight: Double) -> Int {
            disclosure.add(.init(value: Double(count), weight: weight, floor: 1, isSensitive: (1..<5).contains(count)))
        }
        let total = add(parts.reduce(0, +), weight: 30)
        let cells = parts.map { add($0, weight: 1) }
        disclosure.equate(total, cells)
        disclosure.protect()
        return (disclosure, cells, total)
    }

    /// 25 less 12, 5 and 7 is one team manager: another count goes with it.
    @Test func aSmallCountIsNotTheDifference() {
        let (disclosure, parts, total) = protected([12, 5, 7, 1])
        #expect(disclosure.isShown[total] && !disclosure.isShown[parts[3]])
        #expect(parts.count { !disclosure.isShown[$0] } == 2 && disclosure.exposed.isEmpty)
    }

    /// Two counts of one, in a total of 16: they are one each unless a third goes with them.
    @Test func listedCountsAreAtLeastOne() {
        let (disclosure, parts, total) = protected([1, 1, 14])
        #expect(!disclosure.isShown[parts[2]] || !disclosure.isShown[total])
        #expect(disclosure.exposed.isEmpty)
        let seven = protected([1, 1, 1, 1, 1, 1, 1])
        #expect(!seven.disclosure.isShown[seven.total] && seven.disclosure.exposed.isEmpty)
    }

    /// A nought is shown as one, and so is no partner.
    @Test func noughtsHideNothing() {
        let (disclosure, parts, total) = protected([3, 0, 0, 12])
        #expect(disclosure.isShown[parts[1]] && disclosure.isShown[parts[2]])
        #expect(!disclosure.isShown[parts[3]] && disclosure.isShown[total])
    }

    @Test func aWitnessIsChecked() {
        var (disclosure, parts, _) = protected([12, 5, 7, 1])
        func isTaken(_ witness: Disclosure.Witness) -> Bool { disclosure.adopt(witness) }
        let hidden = parts.filter { !disclosure.isShown[$0] }
        let shown = parts.first { disclosure.isShown[$0] }!
        #expect(!isTaken([(hidden[0], 1)]), "the sum is not kept")
        #expect(!isTaken([(hidden[0], 1), (shown, -1)]), "a shown count differs")
        #expect(!isTaken([(parts[3], -1), (hidden[0], 1)]), "a listed count is at least one")
    }

    // MARK: Amounts

    private func amounts(_ build: (inout Disclosure) -> Void) -> Disclosure {
        var disclosure = Disclosure(.amounts(share: 0.16))
        build(&disclosure)
        disclosure.protect()
        return disclosure
    }

    /// A few people's hours among those of many: one other amount goes with them, not all around.
    @Test func oneAmountHidesAnother() {
        var cells: [Int] = []
        let disclosure = amounts { sheet in
            let total = sheet.add(.init(value: 6100, weight: 60))
            cells = [100.0, 900, 5100].map { sheet.add(.init(value: $0, isSensitive: $0 == 100)) }
            sheet.equate(total, cells)
        }
        #expect(disclosure.isShown[0] && !disclosure.isShown[cells[0]])
        #expect(cells.count { !disclosure.isShown[$0] } == 2 && disclosure.exposed.isEmpty)
    }

    /// What is published elsewhere and noughts add up to a figure: to withhold it would hide nothing.
    @Test func whatFollowsIsShown() {
        let disclosure = amounts { sheet in
            let (five, nought) = (sheet.add(.init(value: 3727, isLocked: true)), sheet.add(.init(value: 0)))
            let six = sheet.add(.init(value: 3727))
            sheet.equate(six, [five, nought])
            let few = sheet.add(.init(value: 210, isSensitive: true))
            let all = sheet.add(.init(value: 3937, weight: 60))
            sheet.equate(all, [six, few])
        }
        #expect(disclosure.isShown == [true, true, true, false, false] && disclosure.exposed.isEmpty)
    }

    /// Three roles' hours, of which two sums are published elsewhere: the first can be 31 per cent more or 12 per cent less, which is
    /// far enough apart, though neither is by itself.
    @Test func upAndDownTogetherKeepSafe() {
        let (hours, medians) = ([2632.9, 1663.4, 324], [36.005, 40.08, 44.1])
        let disclosure = amounts { sheet in
            let cells = hours.map { sheet.add(.init(value: $0, isSensitive: true)) }
            sheet.equate(sheet.add(.init(value: hours.reduce(0, +), isLocked: true)), cells)
            let sum = zip(hours, medians).reduce(0) { $0 + $1.0 * $1.1 }
            let priced = sheet.add(.init(value: sum, isLocked: true))
            sheet.relate([(priced, 1)] + zip(cells, medians).map { ($0, -$1) })
        }
        #expect(disclosure.exposed.isEmpty)
        #expect(disclosure.isShown == [false, false, false, true, true])
    }

    /// A breakdown that is withheld whole: what follows from another output's figures is no secret, and is shown.
    @Test func whatFollowsIsShownInAClosedBreakdown() {
        let disclosure = amounts { sheet in
            let regions = [67131.0, 93000].map { sheet.add(.init(value: $0, isLocked: true)) }
            let all = sheet.add(.init(value: 160_131, isClosed: true))
            sheet.equate(all, regions)
            let parts = [60_000.0, 100_131].map { sheet.add(.init(value: $0, isClosed: true)) }
            sheet.equate(all, parts)
        }
        #expect(disclosure.isShown == [true, true, true, false, false] && disclosure.exposed.isEmpty)
    }

    /// One region shows its figure, and the other hides it among two: their sum is withheld for its sake alone. That it can be a third less is
    /// enough, for no amount lies within 15 per cent of both.
    @Test func aSumIsKeptByWhatOneOfItsPartsCanBe() {
        func disclosure(hidden: Double) -> Disclosure {
            amounts { sheet in
                let cells = [hidden, 300].map { sheet.add(.init(value: $0, isWithheldBefore: true)) }
                sheet.equate(sheet.add(.init(value: hidden + 300, isLocked: true)), cells)
                let shown = sheet.add(.init(value: 10_000 - hidden, isLocked: true))
                sheet.equate(sheet.add(.init(value: 10_000, isClosed: true)), [cells[0], shown])
            }
        }
        #expect(disclosure(hidden: 2800).exposed.isEmpty)
        #expect(disclosure(hidden: 1200).exposed == [4], "it would be known to within 15 per cent")
        #expect(!disclosure(hidden: 1200).isShown[4], "to show it would tell what the region hides")
    }

    /// Where all else is published elsewhere, what is left cannot be kept: it is said, and in a breakdown that is withheld whole a
    /// nought is no longer known for one.
    @Test func whatCannotBeKeptIsSaid() {
        func exposed(isClosed: Bool, _ parts: [Int]) -> [Int] {
            var disclosure = Disclosure(.counts(width: 4))
            let total = disclosure.add(.init(value: Double(parts.reduce(0, +)), isLocked: true))
            let cells = parts.map { part in
                disclosure.add(
                    .init(
                        value: Double(part), floor: isClosed ? 0 : 1, isSensitive: (1..<5).contains(part), isLocked: part > 4,
                        isClosed: isClosed && part < 5))
            }
            disclosure.equate(total, cells)
            disclosure.protect()
            return disclosure.exposed
        }
        #expect(exposed(isClosed: false, [12, 4, 0]) == [2])
        #expect(exposed(isClosed: true, [12, 4, 0]).isEmpty)
        #expect(exposed(isClosed: true, [12, 2, 0]) == [2, 3], "neither reaches a width of four")
    }

    /// One worker makes 600 of 620 hours; of three alike none does.
    @Test func oneWhoMakesMostIsTold() {
        func contribution(_ amounts: [Int128]) -> Contribution { amounts.reduce(into: Contribution()) { $0.add($1) } }
        #expect(contribution([600, 5, 5, 5, 5]).isTelling(small: 5))
        #expect(contribution([100, 100, 100, 100]).isTelling(small: 5))
        #expect(!contribution([100, 100, 100, 100, 100]).isTelling(small: 5))
        // The second takes off its own and knows the first to within 15 per cent.
        #expect(contribution([500, 480, 20, 20, 20]).isTelling(small: 5))
    }

    // MARK: In the output

    private func published(_ text: String, _ options: [String]) throws -> (folder: TemporaryFolder, out: String) {
        let result = try ComparisonTests.compare([("a.csv", text)], options)
        #expect(result.outcome.code == 0, "\(result.outcome.errors)")
        return (result.folder, result.out)
    }

    /// A region whose members have these roles.
    private func region(_ members: [(String, [(role: String, count: Int)])]) -> String {
        var number = 0
        return Checking.returnCSV(
            members.flatMap { code, roles in
                roles.flatMap { role, count in
                    (0..<count).map { _ -> [String: String] in
                        number += 1
                        return [
                            "authority_code": code, "assignment_id": "A-\(number)", "swe_number": "SW\(7000 + number)",
                            "role": role,
                        ]
                    }
                }
            })
    }

    private func counts(_ out: String, _ table: String, _ wanted: [String: String]) throws -> [String] {
        try ComparisonTests.table(out, table).filter { row in wanted.allSatisfy { row[$0.key] == $0.value } }
            .compactMap { $0["assignments"] }
    }

    @Test(arguments: ["members", "public"]) func everyRoleHasARow(audience: String) throws {
        let (folder, out) = try published(
            region([("991", [("SW", 12), ("AP", 1)]), ("992", [("SW", 20), ("SSW", 6)])]), ["--for", audience])
        for table in ["roles.csv", "at-median.csv", "permanent-pay.csv"] {
            let rows = try ComparisonTests.table(out, table).filter { $0["authority_code"] == "991" && $0["role"] != "all" }
            #expect(rows.map { $0["role"] } == ["SW", "SSW", "AP", "TM", "IRO", "OTHER", "not known"], "\(table)")
        }
        #expect(try counts(out, "roles.csv", ["authority_code": "991", "role": "TM"]) == ["0"])
        withExtendedLifetime(folder) {}
    }

    /// One authority's only advanced practitioner: neither the role nor the difference tells of it, for nobody.
    @Test func membersAndThePublicGetTheSamePattern() throws {
        let text = region([("991", [("SW", 12), ("AP", 1)]), ("992", [("SW", 20), ("SSW", 6)]), ("993", [("SW", 2)])])
        let (first, members) = try published(text, ["--for", "members"])
        let (second, everybody) = try published(text, ["--for", "public"])
        let tables = Places.names(in: everybody).filter { $0.hasSuffix(".csv") }
        #expect(tables.count > 10)
        for name in tables {
            #expect(try Places.text(members + "/" + name) == Places.text(everybody + "/" + name), "\(name)")
        }
        #expect(try counts(members, "roles.csv", ["authority_code": "991", "role": "AP"]) == ["c"])
        #expect(try counts(members, "roles.csv", ["area": "region", "role": "all"]) == ["41"])
        let roles = try ComparisonTests.table(members, "roles.csv")
        #expect(roles.allSatisfy { ["c", ""].contains($0["lowest"] ?? "") && ["c", ""].contains($0["highest"] ?? "") })
        withExtendedLifetime((first, second)) {}
    }

    // MARK: Outputs beside each other

    /// Two partnerships that share an authority, and neither holds the other: what the one shows of it the other may withhold. One
    /// alone is passed on, and the other says why not.
    @Test func ofTwoThatCrossOneIsPublished() throws {
        let rules = try TemporaryFolder()
        for name in Places.names(in: Places.sampleRules) {
            try rules.write("rules/" + name, try Places.text(Places.sampleRules + "/" + name))
        }
        try rules.write(
            "rules/partnerships.csv",
            "partnership,region,authority_code,source\nEast,,991,made up\nEast,,992,made up\nWest,,992,made up\nWest,,993,made up\n"
        )
        let text = region([("991", [("SW", 12), ("AP", 1)]), ("992", [("SW", 20), ("SSW", 6)]), ("993", [("SW", 30)])])
        func compared(_ name: String, _ options: [String]) throws -> (TemporaryFolder, out: String, Program.Outcome) {
            let result = try ComparisonTests.compare(
                [("a.csv", text)], ["--partnership", name] + options, rules: ["--rules", rules.path + "/rules"])
            #expect(result.outcome.code == 0, "\(result.outcome.errors)")
            return (result.folder, result.out, result.outcome)
        }
        let (first, east, saidOfEast) = try compared("East", ["--for", "public"])
        #expect(!saidOfEast.errors.contains("Everything is withheld"))
        #expect(try counts(east, "totals.csv", ["area": "region"]) == ["39"])
        let (second, west, saidOfWest) = try compared("West", ["--for", "members"])
        let sentence = "Everything is withheld: East in partnerships.csv has some of these authorities, and others."
        #expect(saidOfWest.errors.contains(sentence))
        #expect(try Places.text(west + "/comparison.html").contains(sentence))
        #expect(try Places.text(west + "/manifest.json").contains(sentence))
        for name in ["totals.csv", "roles.csv", "supply.csv", "experience.csv", "breaches.csv", "at-median.csv", "workers.csv"] {
            let rows = try ComparisonTests.table(west, name)
            #expect(!rows.isEmpty, "\(name)")
            for row in rows {
                let keys = ["quarter", "area", "authority_code", "name", "region", "role", "supply", "authorities"]
                let told = row.filter { !keys.contains($0.key) && !["c", ""].contains($0.value) }
                #expect(told.isEmpty, "\(name): \(told)")
            }
        }
        let (third, analysts, saidToAnalysts) = try compared("West", [])
        #expect(!saidToAnalysts.errors.contains("withheld"))
        #expect(try counts(analysts, "totals.csv", ["area": "region"]) == ["56"])
        withExtendedLifetime((first, second, third)) {}
    }

    /// The one authority of the second region has three workers of project teams, hidden among its others, and the first region shows all. So
    /// the individual workers' hours of both together can neither be shown nor hidden: their breakdown is withheld whole but for what the
    /// first region's own output shows, and that is said everywhere. However it is run, in the same bytes.
    @Test func aBreakdownIsWithheldWhole() throws {
        let folder = try TemporaryFolder()
        var number = 0
        for (code, individual, team) in [("991", 60, 10), ("992", 40, 9), ("995", 12, 3)] {
            let rows = (0..<individual + team).map { place -> [String: String] in
                number += 1
                let row = ["authority_code": code, "assignment_id": "A-\(number)", "swe_number": "SW\(7000 + number)"]
                return place < individual ? row : row.merging(["supply": "PROJECT_TEAM", "team_reference": "T-\(code)"]) { $1 }
            }
            try folder.write(code + ".csv", Checking.returnCSV(rows))
        }
        func compared(_ codes: [String], threads: String) throws -> (out: String, errors: String) {
            let out = folder.path + "/out-" + threads
            let outcome = try Program.check(
                ["compare"] + codes.map { folder.path + "/\($0).csv" }
                    + ["--rules", Places.sampleRules, "--threads", threads, "--quiet", "--for", "public", "--out", out])
            #expect(outcome.code == 0, "\(outcome.errors)")
            return (out, outcome.errors)
        }
        let (out, errors) = try compared(["991", "992", "995"], threads: "1")
        let sentence =
            "2026-Q1: some figures could otherwise be worked out, so all of these are withheld: hours and costs by way of supply. Only what a part of it publishes separately is shown, and what follows from that."
        #expect(errors.contains(sentence))
        #expect(try Places.text(out + "/comparison.html").contains(sentence))
        #expect(try Places.text(out + "/manifest.json").contains("\"withheld_whole\": \"\(sentence)\""))
        let supply = try ComparisonTests.table(out, "supply.csv")
        func hours(_ area: String, _ name: String) -> [String?] {
            ["INDIVIDUAL", "PROJECT_TEAM", "PACKAGED"].map { way in
                supply.first { $0["area"] == area && $0["name"]?.hasPrefix(name) == true && $0["supply"] == way }?["hours"]
            }
        }
        #expect(hours("all", "") == ["c", "c", "0"])
        #expect(hours("region", "Other Region") == ["c", "c", "0"])
        #expect(hours("region", "Example Region") == ["30000", "5700", "0"])
        #expect(try ComparisonTests.table(out, "totals.csv").first { $0["area"] == "all" }?["hours"] == "40200")

        let (other, _) = try compared(["995", "992", "991"], threads: "2")
        let names = Places.names(in: out)
        #expect(names.count > 10 && names == Places.names(in: other))
        for name in names { #expect(try Places.bytes(out + "/" + name) == Places.bytes(other + "/" + name), "\(name)") }
    }

    /// A share of 0 or 100 per cent says something of everybody in a small group.
    @Test func everybodyIsNotTold() throws {
        let (folder, out) = try published(
            region([("991", [("SW", 8)]), ("992", [("SW", 30)])]), ["--for", "public"])
        let rows = try ComparisonTests.table(out, "breaches.csv").filter { $0["authority_code"] == "991" }
        #expect(!rows.isEmpty && rows.allSatisfy { $0["per_100_caps"] == "c" })
        withExtendedLifetime(folder) {}
    }
}
