import AgencyModel
import Dispatch
import Synchronization

/// Makes the pseudonyms of a load on another thread, ahead of the rows that need them.
///
/// With a large load of many different workers making them takes a third as long as writing the rows, and a second core has nothing
/// else to do meanwhile. A row whose pseudonym is not ready makes it for itself, so nobody waits and nothing depends on the order.
final class PseudonymStock {
    private let shelf = Shelf()
    private var known: [UInt64: StoredWorker] = [:]
    private let store: HistoryStore

    /// What is made and not yet fetched.
    private final class Shelf: Sendable {
        let made = Mutex<[[(number: UInt64, worker: StoredWorker)]]>([])
        let isWanted = Atomic(true)
    }

    /// How many are handed over at a time.
    private static let block = 2_048

    /// `workers` in the order in which their rows will come, one as often as it likes.
    init(_ store: HistoryStore, workers: [SWENumber]) {
        self.store = store
        guard store.identifiers == .pseudonym, workers.count > PseudonymStock.block else { return }
        known.reserveCapacity(workers.count)
        let shelf = shelf
        DispatchQueue.global(qos: .userInitiated).async {
            var seen = Set<UInt64>(minimumCapacity: workers.count)
            var block: [(number: UInt64, worker: StoredWorker)] = []
            for worker in workers where seen.insert(worker.number).inserted {
                if !shelf.isWanted.load(ordering: .relaxed) { return }
                block.append((worker.number, store.stored(worker)))
                if block.count == PseudonymStock.block {
                    shelf.made.withLock { $0.append(block) }
                    block.removeAll(keepingCapacity: true)
                }
            }
            shelf.made.withLock { $0.append(block) }
        }
    }

    deinit { shelf.isWanted.store(false, ordering: .relaxed) }

    subscript(worker: SWENumber) -> StoredWorker {
        if store.identifiers == .keep { return StoredWorker(worker) }
        if let worker = known[worker.number] { return worker }
        let blocks = shelf.made.withLock { made in
            defer { made.removeAll() }
            return made
        }
        for block in blocks { for (number, worker) in block { known[number] = worker } }
        if let worker = known[worker.number] { return worker }
        let stored = store.stored(worker)
        known[worker.number] = stored
        return stored
    }
}
