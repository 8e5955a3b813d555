@testable import Comparison
import Foundation
import TestSupport
import Testing

/// What is withheld, and that nobody can work it out: the protection on its own, and in the output.
@Suite struct DisclosureTests {
    /// A total and its parts; the total, and parts of five or more, can be shown.
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

    /// 25 minus 12, 5 and 7 leaves one team manager, so another count is withheld too.
    @Test func aSmallCountIsNotRevealedByADifference() {
        let (disclosure, parts, total) = protected([12, 5, 7, 1])
        #expect(disclosure.isShown[total] && !disclosure.isShown[parts[3]])
        #expect(parts.count { !disclosure.isShown[$0] } == 2 && disclosure.exposed.isEmpty)
    }

    /// Two counts of one in a total of 16: they are one each, unless a third is withheld with them.
    @Test func listedCountsAreAtLeastOne() {
        let (disclosure, parts, total) = protected([1, 1, 14])
        #expect(!disclosure.isShown[parts[2]] || !disclosure.isShown[total])
        #expect(disclosure.exposed.isEmpty)
        let seven = protected([1, 1, 1, 1, 1, 1, 1])
        #expect(!seven.disclosure.isShown[seven.total] && seven.disclosure.exposed.isEmpty)
    }

    /// A zero is shown as zero, so it cannot protect another figure.
    @Test func zerosProtectNothing() {
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

    /// The hours of few people among those of many: one other amount is withheld with them, and not all the others.
    @Test func oneAmountProtectsAnother() {
        var cells: [Int] = []
        let disclosure = amounts { sheet in
            let total = sheet.add(.init(value: 6100, weight: 60))
            cells = [100.0, 900, 5100].map { sheet.add(.init(value: $0, isSensitive: $0 == 100)) }
            sheet.equate(total, cells)
        }
        #expect(disclosure.isShown[0] && !disclosure.isShown[cells[0]])
        #expect(cells.count { !disclosure.isShown[$0] } == 2 && disclosure.exposed.isEmpty)
    }

    /// Figures that are published elsewhere, and zeros, add up to a figure. Withholding it would hide nothing.
    @Test func figuresThatFollowFromOthersAreShown() {
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

    /// The hours of three roles, with two sums published elsewhere. The first can be 31 per cent more or 12 per cent less. Together
    /// that is far enough apart, though neither is far enough alone.
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

    /// In a closed breakdown, figures that follow from another output's are not secret, and are shown.
    @Test func figuresThatFollowAreShownInAClosedBreakdown() {
        let disclosure = amounts { sheet in
            let regions = [67131.0, 93000].map { sheet.add(.init(value: $0, isLocked: true)) }
            let all = sheet.add(.init(value: 160_131, isClosed: true))
            sheet.equate(all, regions)
            let parts = [60_000.0, 100_131].map { sheet.add(.init(value: $0, isClosed: true)) }
            sheet.equate(all, parts)
        }
        #expect(disclosure.isShown == [true, true, true, false, false] && disclosure.exposed.isEmpty)
    }

    /// One region shows its figure, and the other protects its own with another one; their sum is withheld only for that reason. It
    /// is enough that it can be a third less, because no amount is within 15 per cent of both values.
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

    /// If everything else is published elsewhere, the rest cannot be protected, and this is reported. In a breakdown that is
    /// withheld, a zero is no longer known to be one.
    @Test func figuresThatCannotBeProtectedAreReported() {
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

    /// One worker contributes 600 of 620 hours; of three equal workers, none contributes most.
    @Test func dominantContributorsAreFound() {
        func contribution(_ amounts: [Int128]) -> Contribution { amounts.reduce(into: Contribution()) { $0.add($1) } }
        #expect(contribution([600, 5, 5, 5, 5]).isTelling(small: 5))
        #expect(contribution([100, 100, 100, 100]).isTelling(small: 5))
        #expect(!contribution([100, 100, 100, 100, 100]).isTelling(small: 5))
        // The second subtracts its own amount and knows the first to within 15 per cent.
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

    /// One authority has only one advanced practitioner: neither the role nor the difference reveals this, to any audience.
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

    // MARK: Outputs published together

    /// Two partnerships share an authority, and neither contains the other: what one shows about it, the other may withhold. Only
    /// one is passed on, and the other says why it is not.
    @Test func onlyOneOfTwoCrossingPartnershipsIsPublished() throws {
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

    /// The only authority of the second region has three workers in project teams, protected among its others, and the first region
    /// shows everything. The hours of individually supplied workers in both regions together can therefore be neither shown nor
    /// protected. Their breakdown is withheld, except for the first region's own figures, and every output says so, with the same
    /// bytes however it is run.
    @Test func aBreakdownIsWithheldCompletely() throws {
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

    /// A share of 0 or 100 per cent says something about everybody in a small group.
    @Test func sharesOfEverybodyAreWithheld() throws {
        let (folder, out) = try published(
            region([("991", [("SW", 8)]), ("992", [("SW", 30)])]), ["--for", "public"])
        let rows = try ComparisonTests.table(out, "breaches.csv").filter { $0["authority_code"] == "991" }
        #expect(!rows.isEmpty && rows.allSatisfy { $0["per_100_caps"] == "c" })
        withExtendedLifetime(folder) {}
    }
}
