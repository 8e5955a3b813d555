import Foundation
import TestSupport

/// A folder with a store and with returns to add.
struct HistoryPlace {
    let folder: TemporaryFolder
    let store: String
    static let rules = ["--rules", Places.sampleRules]

    init(_ name: String = "region.sqlite") throws {
        folder = try TemporaryFolder()
        store = folder.path + "/" + name
    }

    func file(_ name: String) -> String { folder.path + "/" + name }

    @discardableResult
    func add(_ files: [String], _ more: [String] = []) throws -> Program.Outcome {
        try Program.check(["history", "add"] + files + ["--store", store] + HistoryPlace.rules + more)
    }

    func list() throws -> String { try Program.check(["history", "list", "--store", store]).output }

    /// The tables of the store, as exported.
    func tables() throws -> [String: String] {
        let out = file("export-" + UUID().uuidString)
        _ = try Program.check(["history", "export", "--store", store, "--out", out])
        var tables: [String: String] = [:]
        for name in Places.names(in: out) where name.hasSuffix(".csv") { tables[name] = try Places.text(out + "/" + name) }
        return tables
    }

    func rows(_ table: String) throws -> [String] {
        try (tables()[table] ?? "").split(separator: "\r\n").dropFirst().map(String.init)
    }

    static func census(
        _ year: Int, authority: String = "991", _ workers: [(number: String, start: String, end: String?, reason: Int?)]
    ) -> String {
        let rows = workers.map { worker in
            "<CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>\(worker.number)</SWENo><RoleStartDate>\(worker.start)</RoleStartDate>"
                + (worker.end.map { "<RoleEndDate>\($0)</RoleEndDate>" } ?? "")
                + (worker.reason.map { "<ReasonLeave>\($0)</ReasonLeave>" } ?? "") + "</CSWWWorker>"
        }
        return
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>\(year)</Year><ReferenceDate>\(year)-09-30</ReferenceDate></CollectionDetails><Source><LEA>\(authority)</LEA></Source></Header>"
            + rows.joined() + "</Message>"
    }
}
