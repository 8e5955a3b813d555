import Dispatch
import Synchronization

/// The results of `body` for 0 to count - 1, in that order, on so many threads.
public func inParallel<Value: Sendable>(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    if threads == 1 || count < 2 { return (0..<count).map(body) }
    let results = Mutex<[Value?]>(Array(repeating: nil, count: count))
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            if index >= count { return }
            let value = body(index)
            results.withLock { $0[index] = value }
        }
    }
    return results.withLock { $0.map { $0! } }
}
