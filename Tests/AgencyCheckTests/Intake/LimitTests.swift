import CheckRun
import Foundation
import Intake
import TestSupport
import Testing
import TextSource

/// Every limit of `Limits`: input at the limit is accepted, and input above it is refused with the limit's name.
@Suite struct LimitTests {
    /// For each limit: input at it, and input above it. Each gives the reason of the refusal, or nil.
    private static var tries: [String: (at: () throws -> String?, past: () throws -> String?)] {
        [
            "fileBytes": ({ try xml("<aaaaaaa/>") { $0.fileBytes = 10 } }, { try xml("<aaaaaaaa/>") { $0.fileBytes = 10 } }),
            "rowBytes": ({ try longRow(100) }, { try longRow(101) }),
            "rejectedRows": (
                { try rejected(assignments: 5, spells: 0) ?? rejected(assignments: 0, spells: 5) },
                {
                    guard let reason = try rejected(assignments: 6, spells: 0) else { return nil }
                    return try rejected(assignments: 0, spells: 6) == nil ? nil : reason
                }
            ),
            "xmlDepth": ({ try xml(nested(32)) }, { try xml(nested(33)) }),
            "xmlAttributes": ({ try xml(attributes(64)) }, { try xml(attributes(65)) }),
            "xmlTextBytes": ({ try xml(text(64 << 10)) }, { try xml(text(64 << 10 + 1)) }),
            // Checked whenever the parser requests more text: give or take a few kilobytes.
            "xmlSilentBytes": ({ try xml(comment(248 << 10)) }, { try xml(comment(264 << 10)) }),
            "records": ({ try records(5) }, { try records(6) }),
            "namedUnknown": ({ try unknown(100) }, { try unknown(101) }),
            "rulesFileBytes": ({ try caps(16 << 20) }, { try caps(16 << 20 + 1) }),
        ]
    }

    private static let names: [String: String] = [
        "fileBytes": "GB", "rowBytes": "too long", "rejectedRows": "more than 5 of its rows", "xmlDepth": "32 deep",
        "xmlAttributes": "64 attributes", "xmlTextBytes": "64 KB", "xmlSilentBytes": "256 KB", "records": "more than 5 rows",
        "namedUnknown": "1 more column is not known", "rulesFileBytes": "caps.csv",
    ]

    @Test func everyLimitAppliesExactly() throws {
        let limits = Mirror(reflecting: Limits()).children.compactMap(\.label)
        #expect(Set(limits) == Set(Self.tries.keys), "a limit without a test")
        for limit in limits {
            guard let attempt = Self.tries[limit], let name = Self.names[limit] else { continue }
            let at = try attempt.at()
            #expect(at == nil, "\(limit): \(at ?? "")")
            let past = try attempt.past()
            #expect(past?.contains(name) == true, "\(limit): \(past ?? "taken")")
        }
        Figures.note("limits", limits.count)
    }

    private static func nested(_ depth: Int) -> String {
        String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
    }
    private static func attributes(_ count: Int) -> String {
        "<a " + (0..<count).map { "b\($0)=\"1\"" }.joined(separator: " ") + "/>"
    }
    private static func text(_ count: Int) -> String { "<a>" + String(repeating: "x", count: count) + "</a>" }
    private static func comment(_ count: Int) -> String { "<a><!--" + String(repeating: "x", count: count) + "--></a>" }

    private static func xml(_ text: String, _ change: (inout Limits) -> Void = { _ in }) throws -> String? {
        var limits = Limits()
        change(&limits)
        let folder = try TemporaryFolder()
        let path = try folder.write("x.xml", text)
        do throws(TextFault) {
            try XMLCheck.read(FileSource(path: path, limits: limits), limits: limits)
            return nil
        } catch {
            return error.reason
        }
    }

    private static func longRow(_ count: Int) throws -> String? {
        var limits = Limits()
        limits.rowBytes = 100
        let rows = try readCSV(Array((String(repeating: "x", count: count) + "\n").utf8), limits: limits)
        return rows.first?.first?.hasPrefix("<too long") == true ? "too long" : nil
    }

    private static func rejected(assignments: Int, spells: Int) throws -> String? {
        var limits = Limits()
        limits.rejectedRows = 5
        let broken = "\"x\"y\r\n"
        let folder = try TemporaryFolder()
        try folder.write("r.csv", Checking.returnCSV([[:]]) + String(repeating: broken, count: assignments))
        try folder.write("h.csv", Checking.historyCSV([[:]]) + String(repeating: broken, count: spells))
        let result = CheckRun(book: try Checking.book(), threads: 1, limits: limits).run(InputList([folder.path]))
        return Checking.rows(result).first { $0.rule == "IMP001" }?.message
    }

    private static func records(_ count: Int) throws -> String? {
        var limits = Limits()
        limits.records = 5
        let folder = try TemporaryFolder()
        try folder.write("r.csv", Checking.returnCSV((0..<count).map { ["assignment_id": "A-\($0)"] }))
        let result = CheckRun(book: try Checking.book(), threads: 1, limits: limits).run(InputList([folder.path]))
        return Checking.rows(result).first { $0.rule == "IMP001" }?.message
    }

    private static func unknown(_ count: Int) throws -> String? {
        let plain = Checking.returnCSV([[:]]).split(separator: "\r\n")
        let names = (0..<count).map { ",x\($0)" }.joined()
        let text = "\(plain[0])\(names)\r\n\(plain[1])\(String(repeating: ",", count: count))\r\n"
        let found = try Checking.findings([("r.csv", text)]).filter { $0.rule == "IMP002" }
        #expect(found.count == min(count, 101))
        return found.first { $0.field.isEmpty }?.message
    }

    private static func caps(_ byteCount: Int) throws -> String? {
        let folder = try TemporaryFolder()
        for name in Places.names(in: Places.sampleRules) {
            try folder.write(name, try Places.bytes(Places.sampleRules + "/" + name))
        }
        let table = Array(try Places.text(Places.sampleRules + "/caps.csv").utf8)
        try folder.write("caps.csv", table + [UInt8](repeating: 0x0A, count: byteCount - table.count))
        do {
            _ = try Checking.book(over: folder.path)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
