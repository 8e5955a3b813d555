import AgencyModel
import CheckRun
import Foundation
import Intake
import TestSupport
import Testing
import Wording

/// A list ten times as long takes about ten times as long. With each of these lists, the time once grew with the square, or with
/// the product of two lists. The test allows four times that, so that a busy computer does not matter.
@Suite(.serialized) struct GrowthTests {
    private func seconds(_ text: String) throws -> Double {
        let folder = try TemporaryFolder()
        let path = try folder.write(text.hasPrefix("<") ? "r.xml" : "r.csv", text)
        let book = try Checking.book(over: nil)
        var best = Double.infinity
        for _ in 0..<2 {
            let start = ContinuousClock.now
            let result = CheckRun(book: book, threads: 1).run(InputList([path]))
            _ = FindingOrder(result)
            let passed = start.duration(to: .now)
            best = min(best, Double(passed.components.seconds) + Double(passed.components.attoseconds) / 1e18)
        }
        return best
    }

    private static let header =
        "assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate,weekly_hours,quarter,authority_code"

    private static func text(_ kind: String, _ count: Int) -> String {
        func rows(_ row: (Int) -> String) -> String { header + "\n" + (0..<count).map { row($0) + "\n" }.joined() }
        let rest = "SW,2026-01-12,UMBRELLA,36.00,41.00,20,2026-Q1"
        switch kind {
        case "columns": return header + (0..<count).map { ",column \($0)" }.joined() + "\nA\n"
        case "one worker": return rows { "A-\($0),SW100001,\(rest),\(202 + $0 % 12)" }
        case "one reference": return rows { "A-1,SW\(100_001 + $0),\(rest),202" }
        case "unreadable": return rows { "A-\($0),SW\(100_001 + $0),\(rest.replacing("36.00", with: "x")),202" }
        case "rejected": return rows { "A-\($0)" }
        default:
            return "<AgencyReturn version=\"1\"><Assignments><Assignment>" + (0..<count).map { "<E\($0)/>" }.joined()
                + "</Assignment></Assignments></AgencyReturn>"
        }
    }

    @Test(arguments: [
        ("columns", 2_000), ("one worker", 2_000), ("one reference", 2_000), ("unreadable", 2_000), ("rejected", 2_000),
        ("elements", 2_000),
    ])
    func timeGrowsWithTheList(kind: String, count: Int) throws {
        let small = try seconds(Self.text(kind, count))
        let large = try seconds(Self.text(kind, count * 10))
        #expect(large < max(small, 0.02) * 40, "\(kind): \(small) s and \(large) s")
    }

    /// In how many authorities a worker has an assignment on a day of each: the same result as comparing each pair.
    @Test(arguments: 1...20) func sharingAuthoritiesAgreeWithComparingPairs(seed: Int) throws {
        var state = UInt64(seed)
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        func day(_ number: Int) -> String {
            "2026-\(number / 28 < 9 ? "0" : "")\(number / 28 + 1)-\(number % 28 < 9 ? "0" : "")\(number % 28 + 1)"
        }
        struct Part {
            let start: String
            let end: String
            let authority: Int
        }
        let parts = (0..<12).map { _ -> Part in
            let start = next(60)
            return Part(
                start: day(start), end: next(6) == 0 ? "" : day(start + next(20)), authority: [202, 203, 204, 205][next(4)])
        }
        let rows = parts.enumerated().map { number, part in
            "A-\(number),SW100001,SW,\(part.start),\(part.end),UMBRELLA,36.00,41.00,40,2026-Q1,\(part.authority)"
        }
        let header = Self.header.replacing("start_date,", with: "start_date,end_date,")
        let found = try Checking.findings(
            [("r.csv", header + "\n" + rows.joined(separator: "\n") + "\n")], book: try Checking.book(over: nil))
        for (number, part) in parts.enumerated() {
            let sharing = Set(
                parts.filter { $0.start <= (part.end.isEmpty ? "9" : part.end) && part.start <= ($0.end.isEmpty ? "9" : $0.end) }
                    .map(\.authority))
            let message = found.first { $0.rule == "REGION001" && $0.assignment == "A-\(number)" }?.message
            if sharing.count > 1 {
                #expect(message?.contains("\(sharing.count) authorities") == true, "\(number): \(message ?? "none"), \(sharing)")
            } else {
                #expect(message == nil, "\(number): \(message ?? "")")
            }
        }
    }
}
