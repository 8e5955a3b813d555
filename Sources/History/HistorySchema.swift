import AgencyModel
import Foundation
import GRDB

/// The tables of a store, and the migrations that bring an older store up to date.
///
/// Money is in ten-thousandths of a pound, hours and weeks in billionths, and days are numbers from 1 January 1970. A quarter is
/// four times its year plus 0 to 3. Codes are their positions in the model's lists. A missing value is NULL. The id of a return is
/// made from its authority and quarter, and the id of a row from its return (or file) and its number in it, so that a return is
/// stored together and deleted together.
enum HistorySchema {
    /// Identifies the file as a store of agency-check: `AgCh`.
    static let applicationID: Int32 = 0x4167_4368

    /// The rows of a return or a file have its id in their upper bits.
    static let rowBits: Int64 = 32

    static func migrator(making store: NewStore?) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            guard let store else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: first)
            try db.execute(
                sql: "INSERT INTO store (id, identifiers, key_check, made_by) VALUES (1, ?, ?, ?)",
                arguments: [Int(store.identifiers.rawValue), Data(store.keyCheck), store.madeBy])
        }
        migrator.registerMigration("2") { db in
            // Pseudonyms of 16 bytes become the 8 bytes that people see. They take half the space, and an index on numbers is built
            // faster.
            let shown = DatabaseFunction("shown_half", argumentCount: 1, pure: true) { values in
                guard case .blob(let bytes) = values[0].storage, bytes.count == 16 else { return values[0] }
                let half = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                return StoredWorker(Pseudonym(shownHalf: half)).value
            }
            db.add(function: shown)
            defer { db.remove(function: shown) }
            try db.execute(sql: second)
        }
        migrator.registerMigration("3") { db in try HistoryStore.createReplacedTables(db) }
        migrator.registerMigration("4") { db in try db.execute(sql: fourth) }
        return migrator
    }

    /// The data that a new store is created with.
    struct NewStore: Sendable {
        let identifiers: Identifiers
        let keyCheck: [UInt8]
        let madeBy: String
    }

    /// Built after a large load, so that the load does not have to maintain it row by row. There is none on the assignments: only
    /// `evidence` with a pseudonym looks for the assignments of one worker, and it can read all of them.
    static let index = "CREATE INDEX IF NOT EXISTS spells_by_worker ON spells (worker)"
    static let droppedIndex = "DROP INDEX IF EXISTS spells_by_worker"

    private static let second = """
        DROP INDEX IF EXISTS assignments_by_worker;
        ALTER TABLE assignments ADD COLUMN team INTEGER;
        CREATE TABLE salaries (
            id INTEGER PRIMARY KEY, file INTEGER NOT NULL, org_role INTEGER NOT NULL, salary INTEGER NOT NULL);
        UPDATE assignments SET worker = shown_half(worker) WHERE typeof(worker) = 'blob';
        UPDATE spells SET worker = shown_half(worker) WHERE typeof(worker) = 'blob';
        """

    /// Earlier versions did not keep the day from which a rate applies, or whether on-costs were given. Nor did they keep which of
    /// four census codes a reason OTHER was; one of these is not a departure, and three may hide an exemption.
    ///
    /// `further_rows` counts the rows that continue an assignment whose rate changed. It is NULL if this is no longer known,
    /// because a reference is in several rows. A PAYE rate equal to the pay rate counts as one without on-costs. `reasons_whole` is
    /// 0 if a census may have lost reasons. They are then removed, because an unknown reason does not count against a worker.
    private static let fourth =
        ["", "old_"].map { old in
            """
            ALTER TABLE \(old)returns ADD COLUMN further_rows INTEGER;
            ALTER TABLE \(old)assignments ADD COLUMN rate_from INTEGER;
            ALTER TABLE \(old)assignments ADD COLUMN lacks_on_costs INTEGER;
            UPDATE \(old)assignments SET lacks_on_costs =
                coalesce(engagement = \(Engagement.paye.rawValue) AND capped_rate = pay_rate, 0);
            """
        }.joined(separator: "\n") + """

            UPDATE returns SET further_rows = 0 WHERE NOT EXISTS (
                SELECT 1 FROM assignments a WHERE a.id BETWEEN returns.id << 32 AND (returns.id + 1 << 32) - 1
                    AND assignment_id IS NOT NULL GROUP BY assignment_id HAVING count(*) > 1);
            ALTER TABLE files ADD COLUMN reasons_whole INTEGER NOT NULL DEFAULT 1;
            UPDATE files SET reasons_whole = 0 WHERE kind = 'census'
                AND EXISTS (SELECT 1 FROM spells s WHERE s.file = files.id AND leaving_reason = \(LeavingReason.other.rawValue))
                AND NOT EXISTS (SELECT 1 FROM spells s WHERE s.file = files.id AND leaving_reason > \(LeavingReason.other.rawValue));
            UPDATE spells SET leaving_reason = NULL WHERE leaving_reason = \(LeavingReason.other.rawValue)
                AND file IN (SELECT id FROM files WHERE reasons_whole = 0);
            DROP VIEW IF EXISTS united_spells;
            \(unitedSpells)
            """

    /// The spells of employment histories, and one spell for each post that censuses name: the last census gives its end, the
    /// latest of several rows counts, and a row without an end means that the worker is still there. If rows end on the same day
    /// for different reasons, it is not clear which is right.
    private static let unitedSpells = """
        CREATE VIEW united_spells AS
            WITH latest AS (
                SELECT authority, max(reference_day) AS day FROM files WHERE kind = 'census' GROUP BY authority),
            sightings AS (
                SELECT s.*, f.reference_day AS seen, row_number() OVER (
                    PARTITION BY s.worker, s.authority, s.start_day, s.employment
                    ORDER BY f.reference_day DESC, s.end_day IS NULL DESC, s.end_day DESC, s.id) AS place,
                    min(coalesce(s.leaving_reason, -1)) OVER alike <> max(coalesce(s.leaving_reason, -1)) OVER alike AS differs
                FROM spells s JOIN files f ON f.id = s.file WHERE f.kind = 'census'
                WINDOW alike AS (
                    PARTITION BY s.worker, s.authority, s.start_day, s.employment, f.reference_day, s.end_day))
            SELECT worker, w.authority, start_day, CASE WHEN end_day IS NULL AND day > seen THEN seen ELSE end_day END AS end_day,
                end_day IS NULL AND day > seen AS inferred, employment, setting, registered,
                CASE WHEN differs THEN \(LeavingReason.notTold.rawValue) ELSE leaving_reason END AS leaving_reason, file
            FROM sightings w JOIN latest l ON l.authority = w.authority WHERE place = 1
            UNION ALL
            SELECT worker, s.authority, start_day, end_day, 0, employment, setting, registered, leaving_reason, file
            FROM spells s JOIN files f ON f.id = s.file WHERE f.kind <> 'census';
        """

    /// What is kept of an authority record, in the order of its table. A new family's column is a new step of the schema.
    static let costColumns = (1...3).map { "cost_month_\($0)" }
    static let noticeColumns = CoreRole.core.map { "notice_weeks_" + $0.text }
    static let claimColumns = ReturnFamily.allCases.map(\.complianceColumn.name)
    static let recordColumns = costColumns + noticeColumns + claimColumns

    private static let first = """
        CREATE TABLE store (
            id INTEGER PRIMARY KEY CHECK (id = 1), identifiers INTEGER NOT NULL, key_check BLOB NOT NULL, made_by TEXT NOT NULL);
        CREATE TABLE returns (
            id INTEGER PRIMARY KEY, authority INTEGER NOT NULL, quarter INTEGER NOT NULL, assignments INTEGER NOT NULL,
            cost INTEGER NOT NULL, rules_digest TEXT NOT NULL, tool_version TEXT NOT NULL);
        CREATE TABLE files (
            id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL, bytes INTEGER NOT NULL,
            authority INTEGER, census_year INTEGER, reference_day INTEGER, first_day INTEGER, last_day INTEGER);
        CREATE TABLE return_files (
            return_id INTEGER NOT NULL, file_id INTEGER NOT NULL, PRIMARY KEY (return_id, file_id)) WITHOUT ROWID;
        CREATE TABLE agencies (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE assignments (
            id INTEGER PRIMARY KEY, authority INTEGER NOT NULL, quarter INTEGER NOT NULL, assignment_id TEXT, worker,
            role INTEGER, engagement INTEGER, start_day INTEGER, end_day INTEGER, pay_rate INTEGER, capped_rate INTEGER,
            charge_rate INTEGER, agency_fee INTEGER, weekly_hours INTEGER, hours_in_quarter INTEGER, agency INTEGER,
            supply INTEGER NOT NULL, notice_weeks INTEGER, reference_count INTEGER, experience_months INTEGER,
            experience_verified INTEGER, last_post_authority INTEGER, last_post_end INTEGER, last_post_reason INTEGER,
            cap_dcs_day INTEGER, cap_ce_day INTEGER, cap INTEGER, cap_applies INTEGER, experience INTEGER,
            assessed INTEGER NOT NULL);
        CREATE TABLE findings (
            id INTEGER PRIMARY KEY, rule TEXT NOT NULL, severity INTEGER NOT NULL, assignment INTEGER, field TEXT);
        CREATE TABLE coverage (
            return_id INTEGER NOT NULL, family TEXT NOT NULL, assessed INTEGER NOT NULL, in_error INTEGER NOT NULL,
            undecided INTEGER NOT NULL, PRIMARY KEY (return_id, family)) WITHOUT ROWID;
        CREATE TABLE authority_records (
            return_id INTEGER PRIMARY KEY, cost_month_1 INTEGER, cost_month_2 INTEGER, cost_month_3 INTEGER,
            notice_weeks_SW INTEGER, notice_weeks_SSW INTEGER, notice_weeks_AP INTEGER, notice_weeks_TM INTEGER,
            notice_weeks_IRO INTEGER, caps_compliance INTEGER, experience_compliance INTEGER, teams_compliance INTEGER,
            cooloff_compliance INTEGER, notice_compliance INTEGER, references_compliance INTEGER);
        CREATE TABLE spells (
            id INTEGER PRIMARY KEY, file INTEGER NOT NULL, worker, authority INTEGER, start_day INTEGER NOT NULL, end_day INTEGER,
            employment INTEGER, setting INTEGER, registered INTEGER NOT NULL, leaving_reason INTEGER);
        """
}
