import Foundation
import TestSupport
import Testing

/// Statistical neighbours and published figures beside the comparison.
@Suite struct ReferenceTests {
    private func compare(_ options: [String] = []) throws -> (folder: TemporaryFolder, out: String) {
        // 301 and two of its neighbours, with ranks 2 and 5.
        let neighbours = try ComparisonTests.table(Places.rules, "neighbours.csv")
        let own = neighbours.filter { $0["authority_code"] == "301" }.compactMap { $0["neighbour_code"] }
        let codes = ["301", own[1], own[4]]
        let files = codes.enumerated().map { number, code in
            (
                code + ".csv",
                Checking.returnCSV(
                    (0..<(code == "301" ? 3 : 6)).map { row in
                        [
                            "authority_code": code, "assignment_id": "A-\(row)", "swe_number": "SW\(code)\(row)",
                            "pay_rate": "\(30 + 2 * number).00",
                        ]
                    })
            )
        }
        let result = try ComparisonTests.compare(files, options, rules: nil)
        #expect(result.outcome.code == 0, "\(result.outcome.errors)")
        return (result.folder, result.out)
    }

    @Test func eachAuthorityIsComparedWithItsNeighbours() throws {
        let result = try compare()
        let rows = try ComparisonTests.table(result.out, "neighbours.csv").filter { $0["authority_code"] == "301" }
        #expect(rows.map { $0["rank"] } == ["0", "2", "5", "median"])
        #expect(rows.map { $0["median_rate_SW"] } == ["30.00", "32.00", "34.00", "33.00"])
        #expect(rows.map { $0["assignments"] } == ["3", "6", "6", "6"])
        let page = try Places.text(result.out + "/comparison.html")
        #expect(page.contains("Compared with statistical neighbours") && page.contains("£33.00"))
    }

    @Test func withheldFiguresStayWithheld() throws {
        let result = try compare(["--for", "members"])
        let rows = try ComparisonTests.table(result.out, "neighbours.csv").filter { $0["authority_code"] == "301" }
        #expect(rows.first?["assignments"] == "c" && rows.first?["median_rate_SW"] == "c")
        // Whatever is shown about a neighbour here is also shown in the table of roles.
        let roles = try ComparisonTests.table(result.out, "roles.csv").filter { $0["area"] == "authority" && $0["role"] == "SW" }
        #expect(rows.map { $0["rank"] } == ["0", "2", "5", "median"])
        for row in rows where row["rank"] != "median" {
            let own = try #require(roles.first { $0["authority_code"] == row["neighbour_code"] })
            #expect(own["median"] == row["median_rate_SW"])
        }
        // No neighbour's rate is shown, so their median is not shown either.
        #expect(rows.dropFirst().map { $0["median_rate_SW"] } == ["c", "c", ""])
    }

    @Test func thePublishedFiguresAgreeWithTheTable() throws {
        let result = try compare()
        let published = try ComparisonTests.table(Places.rules, "published-indicators.csv")
        let year = try #require(published.compactMap { $0["year"] }.max())
        let rows = try ComparisonTests.table(result.out, "national.csv")
        #expect(rows.allSatisfy { $0["year"] == year } && rows.last?["area"] == "england")
        let keys = [
            "agency_rate": "agency_rate_fte", "vacancy_rate": "vacancy_rate_fte", "turnover": "turnover_rate_fte",
            "caseload": "caseload_fte",
        ]
        for row in rows {
            let area = row["area"] == "authority" ? row["authority_code"] : row["name"]
            let wanted = try #require(published.first { $0["year"] == year && $0["area"] == area }, "\(area ?? "")")
            for (ours, theirs) in keys {
                let (ours, theirs) = (try #require(row[ours]), try #require(wanted[theirs]))
                // The published table has 16 where we write 16.0.
                #expect(ours == theirs || Decimal(string: ours)! == Decimal(string: theirs)!, "\(area ?? "") \(ours) \(theirs)")
            }
        }
        #expect(Set(rows.map { $0["area"] }) == ["authority", "region", "england"])
    }
}
