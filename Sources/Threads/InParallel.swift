import Synchronization

/// The results of `body` for 0 to `count` - 1, in that order, computed on several threads. If one fails, no further calls are
/// begun.
public func inParallel<Value: Sendable, Failure: Error>(
    _ count: Int, threads: Int, _ body: @Sendable (Int) throws(Failure) -> Value
) throws(Failure) -> [Value] {
    if threads == 1 || count < 2 { return try (0..<count).map(body) }
    let results = Mutex<[Result<Value, Failure>?]>(Array(repeating: nil, count: count))
    let next = Atomic<Int>(0)
    together(with: min(threads, count) - 1) {
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            if index >= count { return }
            let result = Result { () throws(Failure) in try body(index) }
            if case .failure = result { next.store(count, ordering: .relaxed) }
            results.withLock { $0[index] = result }
        }
    }
    // Calls are begun in order, so the first missing result comes after one that failed.
    return try results.withLock { $0 }.map { result throws(Failure) in try result!.get() }
}
