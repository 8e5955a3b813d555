import Foundation
import TestSupport
import Testing

@testable import Comparison

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
        for name in Places.names(in: everybody) where name.hasSuffix(".csv") {
            #expect(try Places.text(members + "/" + name) == Places.text(everybody + "/" + name), "\(name)")
        }
        #expect(try counts(members, "roles.csv", ["authority_code": "991", "role": "AP"]) == ["c"])
        #expect(try counts(members, "roles.csv", ["area": "region", "role": "all"]) == ["41"])
        let roles = try ComparisonTests.table(members, "roles.csv")
        #expect(roles.allSatisfy { ["c", ""].contains($0["lowest"] ?? "") && ["c", ""].contains($0["highest"] ?? "") })
        withExtendedLifetime((first, second)) {}
    }

    /// A share of 0 or 100 per cent says something of everybody in a small group.
    @Test func everybodyIsNotTold() throws {
        let (folder, out) = try published(
            region([("991", [("SW", 8)]), ("992", [("SW", 30)])]), ["--for", "public"])
        let rows = try ComparisonTests.table(out, "breaches.csv").filter { $0["authority_code"] == "991" }
        #expect(rows.allSatisfy { $0["per_100_caps"] == "c" })
        withExtendedLifetime(folder) {}
    }
}
