import CPlatform

/// A thread with a stack of its own size, whatever the shell allows. It is joined before it is let go.
public final class OwnThread {
    /// Enough for the deepest of what a thread does; room that is not used is not taken.
    public static let stackBytes = 4 << 20

    private var handle: UInt = 0
    private var isRunning = false

    /// What the thread does, handed over as one pointer.
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Nil where the system gives no thread: too little memory, or too many of them.
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

    /// Waits for its end.
    public func join() {
        guard isRunning else { return }
        isRunning = false
        cp_thread_join(handle)
    }

    deinit { join() }
}

/// Does the work here and on so many other threads at once; on fewer where the system gives no more. All are done when it comes back.
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
