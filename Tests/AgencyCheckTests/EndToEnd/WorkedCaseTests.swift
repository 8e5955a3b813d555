import Foundation
import TestSupport
import Testing

/// Made-up regions with everything that must be found in them: Tests/Data/cases. The program must give the oracle's findings,
/// counts and tables.
@Suite struct WorkedCaseTests {
    static let names = ["1", "2", "3"]
    static let folder = Places.data + "/cases/"

    private static func table(_ path: String) throws -> [[String]] { try readCSV(try Places.bytes(path)) }

    @Test(arguments: names) func workedCaseGivesItsExpectedFindings(_ name: String) throws {
        let (given, scratch) = (Self.folder + name, try TemporaryFolder())
        let out = scratch.path + "/out"
        let outcome = try Program.check(["check", given + "/in", "--rules", given + "/rules", "--out", out, "--quiet"])
        // Each case has a file that is refused.
        #expect(outcome.code == 3)
        for table in ["agencies.csv", "cap-breaches.csv"] {
            #expect(try Places.text("\(out)/\(table)") == Places.text("\(given)/\(table)"), "\(table)")
        }
        let expected = try Self.table(given + "/expected.csv")
        let found = try Self.table(out + "/exceptions.csv")
        let places = try expected[0].map { try #require(found[0].firstIndex(of: $0), "\($0)") }
        #expect(found.map { row in places.map { row[$0] } } == expected)
        let (ours, theirs) = (try Self.table(out + "/coverage.csv"), try Self.table(given + "/coverage.csv"))
        #expect(ours.count == theirs.count)
        for (counts, row) in zip(ours, theirs) {
            // An empty cell is something that the oracle does not compute.
            #expect(counts.count == row.count && zip(counts, row).allSatisfy { $1.isEmpty || $0 == $1 }, "\(counts) \(row)")
        }
    }

    /// Together, the cases break every rule.
    @Test func everyRuleIsBrokenInACase() throws {
        let broken = try Self.names.flatMap { try Self.table(Self.folder + $0 + "/expected.csv").dropFirst().map { $0[0] } }
        #expect(Set(broken) == Set(try ReferencePageTests.rules().map { $0[0] }))
    }

    /// The expectations are from the oracle and not from the program.
    @Test func expectationsComeFromTheOracle() throws {
        let outcome = try Program.run("/usr/bin/env", ["python3", Places.root + "/Tests/Oracle/cases.py", "check"])
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    }

    /// The codes that the cases beside the repository do not have.
    private static let leftOut = Set(
        (6...11).map { "IMP0" + ($0 < 10 ? "0\($0)" : "\($0)") } + (13...23).map { "DATA0\($0)" } + ["REF002"])

    /// More cases, made by another person, if they are beside the repository. They have real authority codes and are not committed.
    @Test(.enabled(if: Places.isShared("cases"), "these cases are not part of the repository"), arguments: names)
    func sharedCaseGivesItsExpectedFindings(_ name: String) throws {
        let folder = Places.shared + "/cases/" + name
        let rows = Checking.rows(try Checking.run([folder + "/in"], book: Checking.book(over: folder + "/rules")))
        let fielded: Set<String> = ["DATA001", "DATA012", "IMP002", "IMP004", "CAP004"]
        func key(_ cells: [String]) -> String {
            switch cells[0] {
            case "IMP001", "IMP003", "IMP005": cells[0...1].joined(separator: "|")
            case "IMP002": "\(cells[0])|\(cells[1])|\(cells[5])"
            default: (cells[0...4] + (fielded.contains(cells[0]) ? [cells[5]] : [])).joined(separator: "|")
            }
        }
        var expected: [String: Int] = [:]
        for cells in try Self.table(folder + "/expected.csv").dropFirst() { expected[key(cells), default: 0] += 1 }
        var ours: [String: Int] = [:]
        for row in rows where !Self.leftOut.contains(row.rule) {
            ours[key([row.rule, row.severity, row.authority, row.quarter, row.assignment, row.field]), default: 0] += 1
        }
        #expect(ours == expected)
    }
}
