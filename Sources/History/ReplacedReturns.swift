import AgencyModel
import GRDB
import SafeFiles

/// A return that was replaced by another.
public struct ReplacedReturn: Sendable {
    /// Its number in the store, ascending from 1.
    public let version: Int
    public let authority: AuthorityCode
    public let quarter: Quarter
    public let assignments: Int
    public let cost: Money
    /// The names of its files, sorted.
    public let files: [String]
}

/// Replaced returns are kept until they are purged, in tables with the same columns and a version in front.
extension HistoryStore {
    /// The tables that make up a return, with the column that identifies it in each.
    private static let parts: [(table: String, key: String, isRange: Bool)] = [
        ("returns", "id", false), ("assignments", "id", true), ("findings", "id", true), ("coverage", "return_id", false),
        ("authority_records", "return_id", false), ("return_files", "return_id", false),
    ]

    static func createReplacedTables(_ db: Database) throws {
        for part in parts {
            try db.execute(sql: "CREATE TABLE old_\(part.table) AS SELECT 0 AS version, * FROM \(part.table) WHERE 0")
            try db.execute(sql: "CREATE INDEX old_\(part.table)_by_version ON old_\(part.table) (version)")
        }
    }

    /// The replaced returns, sorted by quarter, authority and version.
    public func replacedReturns() throws(OutputFault) -> [ReplacedReturn] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT version, authority, quarter, assignments - coalesce(further_rows, 0), cost FROM old_returns
                    ORDER BY quarter, authority, version
                    """)
            return try rows.map { row in
                let version: Int = try row.number(0)
                return try ReplacedReturn(
                    version: version, authority: row.authority(1), quarter: row.quarter(2), assignments: row.number(3),
                    cost: row.optionalMoney(4) ?? .zero,
                    files: String.fetchAll(
                        db,
                        sql: """
                            SELECT name FROM files JOIN old_return_files ON file_id = files.id WHERE version = ? ORDER BY name, sha256
                            """, arguments: [version]))
            }
        }
    }

    /// Brings a replaced return back. The return that is there at the time is kept as replaced. Returns false if there is no such
    /// version.
    public func restore(version: Int) throws(OutputFault) -> Bool {
        try change { db in
            guard let id = try Int64.fetchOne(db, sql: "SELECT id FROM old_returns WHERE version = ?", arguments: [version])
            else { return false }
            try HistoryStore.setAside(id, from: db)
            _ = try HistoryStore.remove(id, from: db)
            for part in HistoryStore.parts {
                let columns = try db.columns(in: part.table).map(\.name).joined(separator: ", ")
                try db.execute(
                    sql: "INSERT INTO \(part.table) (\(columns)) SELECT \(columns) FROM old_\(part.table) WHERE version = ?",
                    arguments: [version])
            }
            try HistoryStore.forget(version, from: db)
            try HistoryStore.removeUnlinked(db)
            return true
        }
    }

    /// Deletes every replaced return, or only those of the quarters before `quarter`. Returns how many there were.
    public func purgeReplaced(before quarter: Quarter? = nil) throws(OutputFault) -> Int {
        let count = try change { db in
            let count = try HistoryStore.deleteReplaced(
                "quarter < ?", [quarter.map { Int($0.index) } ?? Int(UInt16.max)], from: db)
            try HistoryStore.removeUnlinked(db)
            try HistoryStore.removeUnnamedAgencies(db)
            return count
        }
        if count > 0 { try rewrite() }
        return count
    }

    // MARK: Inside a transaction

    /// Copies an existing return to the replaced ones.
    static func setAside(_ id: Int64, from db: Database) throws {
        guard try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM returns WHERE id = ?)", arguments: [id])! else { return }
        let version = try Int.fetchOne(db, sql: "SELECT coalesce(max(version), 0) + 1 FROM old_returns")!
        for part in parts {
            let rows = part.isRange ? range(id) : id...id
            try db.execute(
                sql: "INSERT INTO old_\(part.table) SELECT ?, * FROM \(part.table) WHERE \(part.key) BETWEEN ? AND ?",
                arguments: [version, rows.lowerBound, rows.upperBound])
        }
    }

    /// Deletes the replaced returns that meet the condition. Returns how many there were.
    static func deleteReplaced(_ condition: String, _ arguments: StatementArguments, from db: Database) throws -> Int {
        let versions = try Int.fetchAll(db, sql: "SELECT version FROM old_returns WHERE \(condition)", arguments: arguments)
        for version in versions { try forget(version, from: db) }
        return versions.count
    }

    private static func forget(_ version: Int, from db: Database) throws {
        for part in parts { try db.execute(sql: "DELETE FROM old_\(part.table) WHERE version = ?", arguments: [version]) }
    }
}
