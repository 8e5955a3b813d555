import AgencyModel
import Foundation
import GRDB
import SafeFiles

/// The quarters that a partnership keeps: returns, findings and employment evidence, in one SQLite file that only its owner can
/// read.
///
/// All changes are made in one transaction or not at all. Only one command uses a store at a time; another waits for a moment and
/// then reports that the store is in use.
public final class HistoryStore: Sendable {
    public let path: String
    public let identifiers: Identifiers
    /// Whether this call created the store.
    public let isNew: Bool
    /// Whether this call created the key.
    public let isKeyNew: Bool
    let key: PseudonymKey
    private let queue: DatabaseQueue

    /// Whether there is a store at the path. Throws if something else is there.
    public static func exists(_ path: String) throws(OutputFault) -> Bool { try StoreFiles.kind(of: path) == .database }

    /// Opens an existing store.
    public static func open(_ path: String, patience: Double = 5) throws(OutputFault) -> HistoryStore {
        switch try StoreFiles.kind(of: path) {
        case .missing: throw OutputFault("\(path) is not there.", .makeStore(path))
        case .empty: throw emptyStoreFault(path)
        case .database: break
        }
        return try HistoryStore(path, making: nil, patience: patience, mostPages: nil)
    }

    /// An empty file, as left by a run that was stopped while it created the store, is an empty store.
    private static func emptyStoreFault(_ path: String) -> OutputFault {
        OutputFault("\(path) has nothing in it yet.", .addReturns(to: path))
    }

    /// Opens a store, or creates one that keeps numbers in the given way. A key that is already beside it is used, so that members
    /// can share a key.
    public static func openOrCreate(
        _ path: String, identifiers: Identifiers, madeBy: String, patience: Double = 5
    ) throws(OutputFault) -> HistoryStore {
        try HistoryStore(path, making: (identifiers, madeBy), patience: patience, mostPages: nil)
    }

    /// `mostPages` limits the size of the file, as a full disk would.
    init(
        _ path: String, making: (identifiers: Identifiers, madeBy: String)?, patience: Double, mostPages: Int?
    ) throws(OutputFault) {
        let kind = try StoreFiles.kind(of: path)
        let known = try StoreFiles.readKey(of: path)
        isNew = kind != .database
        isKeyNew = known == nil
        guard isNew || known != nil else {
            throw OutputFault(
                "\(StoreFiles.keyPath(of: path)) is not there: without its key the store cannot be used. Put back a copy of the key."
            )
        }
        if isNew { try StoreFiles.createDatabase(path) } else { StoreFiles.restrictToOwner(path) }
        key = if let known { known } else { try StoreFiles.createKey(of: path) }
        self.path = path
        let keyCheck = key.check
        let new = making.map { HistorySchema.NewStore(identifiers: $0.identifiers, keyCheck: keyCheck, madeBy: $0.madeBy) }
        let opened = Result {
            let queue = try DatabaseQueue(
                path: path, configuration: HistoryStore.configuration(patience, mostPages, isNew: kind != .database))
            return (queue, try HistoryStore.migrate(queue, path, new, keyCheck: keyCheck))
        }
        switch opened {
        case .success(let opened): (queue, identifiers) = opened
        case .failure(let error): throw StoreFault.words(error, store: path)
        }
    }

    /// A new store uses a rollback journal until its first load is finished, because data appended to a file then needs no second
    /// write. After that it uses a write-ahead log.
    private static func configuration(_ patience: Double, _ mostPages: Int?, isNew: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { db in
            if !isNew { try db.execute(sql: "PRAGMA journal_mode = WAL") }
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536")
            if let mostPages { try db.execute(sql: "PRAGMA max_page_count = \(mostPages)") }
        }
        return configuration
    }

    private static func migrate(
        _ queue: DatabaseQueue, _ path: String, _ new: HistorySchema.NewStore?, keyCheck: [UInt8]
    ) throws -> Identifiers {
        let migrator = HistorySchema.migrator(making: new)
        try queue.read { db in
            let applicationID = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            // A run that was stopped while it created the store leaves a database without tables, or with only the migrations
            // table.
            let isBlank =
                try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'") == 0
            guard applicationID == HistorySchema.applicationID || isBlank else {
                throw OutputFault("\(path) is a database of another program.", .name("Name another file", .store))
            }
            if isBlank, new == nil {
                throw emptyStoreFault(path)
            }
            if try migrator.hasBeenSuperseded(db) {
                throw OutputFault(
                    "\(path) was made by a newer version of agency-check, so it was not changed. Install that version.")
            }
        }
        try migrator.migrate(queue)
        return try queue.read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT identifiers, key_check FROM store"),
                let identifiers = try Identifiers(rawValue: row.number(0))
            else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            let check: DatabaseValue = row[1]
            guard case .blob(let kept) = check.storage, [UInt8](kept) == keyCheck else {
                throw OutputFault(
                    "\(StoreFiles.keyPath(of: path)) is not the key that the store was made with. Put back a copy of that key.")
            }
            return identifiers
        }
    }

    // MARK: Access

    /// Reads from the store.
    func read<Value>(_ body: (Database) throws -> Value) throws(OutputFault) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw StoreFault.words(error, store: path)
        }
    }

    /// Changes the store in one transaction.
    func change<Value>(_ body: (Database) throws -> Value) throws(OutputFault) -> Value {
        do {
            return try queue.writeWithoutTransaction { db in
                var value: Value?
                try db.inTransaction(.immediate) {
                    value = try body(db)
                    return .commit
                }
                if isNew { try db.execute(sql: "PRAGMA journal_mode = WAL") }
                return value!
            }
        } catch {
            throw StoreFault.words(error, store: path)
        }
    }

    /// Rewrites the file, so that deleted data is no longer in its bytes.
    func rewrite() throws(OutputFault) {
        do {
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "VACUUM")
                try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        } catch {
            throw StoreFault.words(error, store: path)
        }
    }

    func stored(_ worker: SWENumber) -> StoredWorker {
        identifiers == .keep ? StoredWorker(worker) : StoredWorker(key.pseudonym(of: worker))
    }

    /// The worker's pseudonym under the store's key, whatever the store keeps.
    public func pseudonym(of worker: SWENumber) -> Pseudonym { key.pseudonym(of: worker) }

    func pseudonym(of worker: StoredWorker) -> Pseudonym {
        identifiers == .keep ? key.pseudonym(of: SWENumber(number: UInt64(bitPattern: worker.value))) : worker.pseudonym
    }
}
