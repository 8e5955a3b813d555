import CPlatform

/// A thread with a stack size of its own, whatever limit the shell sets. It must be joined before it is released.
public final class OwnThread {
    /// Enough for the deepest calls of a thread. Pages that are not used take no memory.
    public static let stackBytes = 4 << 20

    private var handle: UInt = 0
    private var isRunning = false

    /// The body of the thread, passed as one pointer.
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Nil if the system provides no thread, because there is too little memory or there are too many threads.
    public init?(stackBytes: Int = OwnThread.stackBytes, _ body: @escaping @Sendable () -> Void) {
        let work = Unmanaged.passRetained(Work(body))
        let code = cp_thread_begin(
            &handle, stackBytes, { Unmanaged<Work>.fromOpaque($0!).takeRetainedValue().body() }, work.toOpaque())
        guard code == 0 else {
            work.release()
            return nil
        }
        isRunning = true
    }

    /// Waits until the thread ends.
    public func join() {
        guard isRunning else { return }
        isRunning = false
        cp_thread_join(handle)
    }

    deinit { join() }
}

/// Runs `work` on this thread and on `others` more at the same time, or on fewer if the system provides no more. It returns when
/// all of them are done.
public func together(with others: Int, _ work: @Sendable () -> Void) {
    withoutActuallyEscaping(work) { work in
        var threads: [OwnThread] = []
        for _ in 0..<max(0, others) {
            guard let thread = OwnThread(work) else { break }
            threads.append(thread)
        }
        work()
        for thread in threads { thread.join() }
    }
}
