import AgencyModel
import GRDB
import SafeFiles

/// A return in a store.
public struct StoredReturn: Sendable {
    public let authority: AuthorityCode
    public let quarter: Quarter
    /// An assignment whose rate changed has several rows and counts once; but see `isCountedByRows`.
    public let assignments: Int
    /// Whether each row is counted as an assignment: an earlier version kept the return, a reference is in several rows, and it is
    /// no longer known whether these are one assignment.
    public let isCountedByRows: Bool
    public let findings: Int
    public let rulesDigest: String
    public let toolVersion: String
    public let hasRecord: Bool
    /// The names of its files, sorted.
    public let files: [String]
}

extension HistoryStore {
    /// The returns, sorted by quarter and authority.
    public func returns() throws(OutputFault) -> [StoredReturn] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, authority, quarter, assignments - coalesce(further_rows, 0),
                        (SELECT count(*) FROM findings WHERE findings.id BETWEEN returns.id << 32 AND (returns.id + 1 << 32) - 1),
                        rules_digest, tool_version, EXISTS (SELECT 1 FROM authority_records WHERE return_id = returns.id),
                        further_rows ISNULL
                    FROM returns ORDER BY quarter, authority
                    """)
            return try rows.map { row in
                try StoredReturn(
                    authority: row.authority(1), quarter: row.quarter(2), assignments: row.number(3),
                    isCountedByRows: row.truth(8), findings: row.number(4), rulesDigest: row.text(5), toolVersion: row.text(6),
                    hasRecord: row.truth(7),
                    files: String.fetchAll(
                        db,
                        sql: """
                            SELECT name FROM files JOIN return_files ON file_id = files.id WHERE return_id = ? ORDER BY name, sha256
                            """, arguments: [row.number(0, Int64.self)]))
            }
        }
    }

    /// The result of `history check`.
    public struct Health: Sendable {
        /// The number of schema migrations applied.
        public let schemaVersion: Int
        public let counts: [(what: String, count: Int)]
        /// What is wrong, in words; empty if nothing is.
        public let problems: [String]
    }

    /// Checks every page and every link.
    public func health() throws(OutputFault) -> Health {
        try read { db in
            var problems: [String] = []
            let integrity = try String.fetchAll(db, sql: "PRAGMA integrity_check(100)")
            if integrity != ["ok"] { problems.append("the file is damaged in \(integrity.count) places") }
            for (what, sql) in HistoryStore.orphans {
                let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM " + sql) ?? 0
                if count > 0 { problems.append("\(count) \(what)") }
            }
            let counts = try HistoryStore.tables.map {
                ($0.what, try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0.table)") ?? 0)
            }
            return Health(
                schemaVersion: try Int.fetchOne(db, sql: "SELECT count(*) FROM grdb_migrations") ?? 0, counts: counts,
                problems: problems)
        }
    }

    private static let tables: [(what: String, table: String)] = [
        ("returns", "returns"), ("rows of assignments", "assignments"), ("findings", "findings"),
        ("authority records", "authority_records"), ("files", "files"), ("spells", "spells"),
    ]

    private static let orphans: [(what: String, sql: String)] = [
        ("assignments of no return", "assignments WHERE id >> 32 NOT IN (SELECT id FROM returns)"),
        ("findings of no return", "findings WHERE id >> 32 NOT IN (SELECT id FROM returns)"),
        (
            "findings of no assignment",
            "findings f WHERE assignment IS NOT NULL AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.id = f.assignment)"
        ),
        ("counts of no return", "coverage WHERE return_id NOT IN (SELECT id FROM returns)"),
        ("authority records of no return", "authority_records WHERE return_id NOT IN (SELECT id FROM returns)"),
        (
            "links between a return and a file of which one is missing",
            """
            return_files WHERE return_id NOT IN (SELECT id FROM returns) OR file_id NOT IN (SELECT id FROM files)
            """
        ),
        ("salaries of no file", "salaries WHERE file NOT IN (SELECT id FROM files)"),
        ("spells of no file", "spells WHERE file NOT IN (SELECT id FROM files)"),
        (
            "returns with another number of rows than they say",
            """
            returns r WHERE assignments <>
                (SELECT count(*) FROM assignments a WHERE a.id BETWEEN r.id << 32 AND (r.id + 1 << 32) - 1)
            """
        ),
        (
            "assignments of an agency that is missing",
            "assignments WHERE agency IS NOT NULL AND agency NOT IN (SELECT id FROM agencies)"
        ),
    ]
}
