import AgencyModel
import GRDB
import SafeFiles

extension HistoryStore {
    /// What was deleted.
    public struct Deleted: Equatable, Sendable {
        public var returns = 0
        public var spells = 0
        public var files = 0
        /// Replaced returns.
        public var replaced = 0

        public init() {}
    }

    /// Removes a return with its findings and files, and the returns that it replaced. Returns false if there is no such return.
    public func remove(_ authority: AuthorityCode, _ quarter: Quarter) throws(OutputFault) -> Bool {
        let wasThere = try change { db in
            let id = KeptReturn.id(authority, quarter)
            let wasThere = try HistoryStore.remove(id, from: db)
            if wasThere { _ = try HistoryStore.deleteReplaced("id = ?", [id], from: db) }
            try HistoryStore.removeUnlinked(db)
            try HistoryStore.removeUnnamedAgencies(db)
            return wasThere
        }
        if wasThere { try rewrite() }
        return wasThere
    }

    /// Removes an evidence file with its spells, given the beginning of its SHA-256. Returns how many files match; a file is
    /// removed only if exactly one does.
    public func removeFile(_ digest: String) throws(OutputFault) -> Int {
        let matches = try change { db in
            let ids = try Int64.fetchAll(
                db, sql: "SELECT id FROM files WHERE kind IN (?, ?) AND substr(sha256, 1, ?) = ?",
                arguments: [KeptFile.employmentHistory, KeptFile.census, digest.utf8.count, digest])
            if ids.count == 1 { try HistoryStore.removeFile(ids[0], from: db) }
            return ids.count
        }
        if matches == 1 { try rewrite() }
        return matches
    }

    /// Deletes everything that is only about the time before a quarter: returns of earlier quarters, spells that ended before it,
    /// and rows of earlier censuses.
    public func purge(before quarter: Quarter) throws(OutputFault) -> Deleted {
        let deleted = try change { db in
            var deleted = Deleted()
            let day = Int(quarter.firstDay.dayNumber)
            let files = try Int.fetchOne(db, sql: "SELECT count(*) FROM files")!
            let spells = try Int.fetchOne(db, sql: "SELECT count(*) FROM spells")!
            for id in try Int64.fetchAll(db, sql: "SELECT id FROM returns WHERE quarter < ?", arguments: [Int(quarter.index)]) {
                if try HistoryStore.remove(id, from: db) { deleted.returns += 1 }
            }
            deleted.replaced = try HistoryStore.deleteReplaced("quarter < ?", [Int(quarter.index)], from: db)
            try HistoryStore.removeUnlinked(db)
            try HistoryStore.removeUnnamedAgencies(db)
            try db.execute(
                sql: """
                    DELETE FROM spells WHERE coalesce(end_day < :day, 0) OR (end_day IS NULL AND file IN
                        (SELECT id FROM files WHERE kind = 'census' AND reference_day < :day))
                    """,
                arguments: ["day": day])
            try db.execute(
                sql: "DELETE FROM salaries WHERE file IN (SELECT id FROM files WHERE reference_day < ?)", arguments: [day])
            let emptied = try Int64.fetchAll(
                db,
                sql: """
                    SELECT id FROM files WHERE kind IN ('employment history', 'census') AND coalesce(reference_day < ?, 1)
                        AND id NOT IN (SELECT file FROM spells)
                    """,
                arguments: [day])
            for id in emptied { try HistoryStore.removeFile(id, from: db) }
            deleted.spells = try spells - Int.fetchOne(db, sql: "SELECT count(*) FROM spells")!
            deleted.files = try files - Int.fetchOne(db, sql: "SELECT count(*) FROM files")!
            return deleted
        }
        try rewrite()
        return deleted
    }

    // MARK: Inside a transaction

    /// Returns false if there is no such return. With `keepingRecord`, its authority record and the record's file stay.
    static func remove(_ id: Int64, from db: Database, keepingRecord: Bool = false) throws -> Bool {
        try db.execute(sql: "DELETE FROM returns WHERE id = ?", arguments: [id])
        let wasThere = db.changesCount > 0
        let rows = range(id)
        for table in ["assignments", "findings"] {
            try db.execute(
                sql: "DELETE FROM \(table) WHERE id BETWEEN ? AND ?", arguments: [rows.lowerBound, rows.upperBound])
        }
        for table in ["coverage"] + (keepingRecord ? [] : ["authority_records"]) {
            try db.execute(sql: "DELETE FROM \(table) WHERE return_id = ?", arguments: [id])
        }
        try db.execute(
            sql: "DELETE FROM return_files WHERE return_id = ?"
                + (keepingRecord ? " AND file_id NOT IN (SELECT id FROM files WHERE kind = 'authority records')" : ""),
            arguments: [id])
        return wasThere
    }

    static func removeSpells(ofFile id: Int64, from db: Database) throws {
        let rows = range(id)
        for table in ["spells", "salaries"] {
            try db.execute(
                sql: "DELETE FROM \(table) WHERE id BETWEEN ? AND ?", arguments: [rows.lowerBound, rows.upperBound])
        }
    }

    private static func removeFile(_ id: Int64, from db: Database) throws {
        try removeSpells(ofFile: id, from: db)
        for table in ["return_files", "old_return_files"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE file_id = ?", arguments: [id])
        }
        try db.execute(sql: "DELETE FROM files WHERE id = ?", arguments: [id])
    }

    /// Deletes files of returns that no return uses any longer.
    static func removeUnlinked(_ db: Database) throws {
        let unlinked = try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM files WHERE kind NOT IN ('employment history', 'census')
                    AND id NOT IN (SELECT file_id FROM return_files) AND id NOT IN (SELECT file_id FROM old_return_files)
                """)
        for id in unlinked { try removeFile(id, from: db) }
    }

    /// Deletes agencies that no assignment names.
    static func removeUnnamedAgencies(_ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM agencies WHERE id NOT IN (SELECT agency FROM assignments WHERE agency IS NOT NULL
                    UNION SELECT agency FROM old_assignments WHERE agency IS NOT NULL)
                """)
    }

    static func range(_ id: Int64) -> ClosedRange<Int64> {
        let first = id << HistorySchema.rowBits
        return first...(first + (1 << HistorySchema.rowBits) - 1)
    }
}
