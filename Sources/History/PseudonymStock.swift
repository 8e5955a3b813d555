import AgencyModel
import Dispatch
import Synchronization
import Threads

/// Makes the pseudonyms of a load on another thread, ahead of the rows that need them.
///
/// In a large load with many different workers, making pseudonyms takes a third as long as writing the rows, and a second core
/// would otherwise be idle. They come in the order of the rows; a row that is not where it was expected makes its own.
final class PseudonymStock {
    private typealias Made = (number: UInt64, worker: StoredWorker)

    private let store: HistoryStore
    private let shelf = Shelf()
    private var maker: OwnThread?
    /// Taken from the shelf, and how many of them have been used.
    private var fetched: [Made] = []
    private var used = 0
    private var isOver: Bool

    /// Pseudonyms that have been made but not taken.
    private final class Shelf: Sendable {
        let blocks = Mutex<[[Made]?]>([])
        let count = DispatchSemaphore(value: 0)
        let isWanted = Atomic(true)

        /// Nil means that there are no more.
        func put(_ block: [Made]?) {
            blocks.withLock { $0.append(block) }
            count.signal()
        }

        func take() -> [Made]? {
            count.wait()
            return blocks.withLock { $0.removeFirst() }
        }
    }

    /// The number of pseudonyms passed on at a time.
    private static let block = 4_096
    /// How many rows can be missing (workers without enough data in a census) before a row makes its own pseudonym.
    private static let reach = 64

    /// `workers` are in the order of their rows, repeated as often as they occur.
    init(_ store: HistoryStore, workers: [SWENumber]) {
        self.store = store
        isOver = store.identifiers == .keep || workers.count < PseudonymStock.block
        if isOver { return }
        let shelf = shelf
        maker = OwnThread {
            var known = [UInt64: StoredWorker](minimumCapacity: workers.count)
            var block: [Made] = []
            for worker in workers {
                let made = known[worker.number] ?? store.stored(worker)
                known[worker.number] = made
                block.append((worker.number, made))
                guard block.count == PseudonymStock.block else { continue }
                if !shelf.isWanted.load(ordering: .relaxed) { return }
                shelf.put(block)
                block = []
            }
            shelf.put(block)
            shelf.put(nil)
        }
        // Without a thread, each row makes its own pseudonym.
        if maker == nil { isOver = true }
    }

    deinit {
        shelf.isWanted.store(false, ordering: .relaxed)
        maker?.join()
    }

    subscript(worker: SWENumber) -> StoredWorker {
        if store.identifiers == .keep { return StoredWorker(worker) }
        while !isOver, fetched.count - used < PseudonymStock.reach {
            guard let more = shelf.take() else {
                isOver = true
                break
            }
            fetched = Array(fetched[used...]) + more
            used = 0
        }
        for place in used..<min(fetched.count, used + PseudonymStock.reach) where fetched[place].number == worker.number {
            used = place + 1
            return fetched[place].worker
        }
        return store.stored(worker)
    }
}
