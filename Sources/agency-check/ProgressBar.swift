import CheckRun
import Glibc
import Synchronization
import Threads

/// A line on a terminal that shows the progress of the run and the time left. Nothing is shown in the first second.
final class ProgressBar: Sendable {
    private let meter: ProgressMeter
    private let isStopped = Atomic<Bool>(false)
    private let thread = Mutex<OwnThread?>(nil)
    private let start = ProgressBar.now()

    init(_ meter: ProgressMeter, isShown: Bool) {
        self.meter = meter
        guard isShown else { return }
        thread.withLock { $0 = OwnThread { [self] in show() } }
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private func show() {
        var wasShown = false
        while !isStopped.load(ordering: .relaxed) {
            usleep(100_000)
            let elapsed = ProgressBar.now() - start
            if elapsed < 1 || isStopped.load(ordering: .relaxed) { continue }
            wasShown = true
            try? Terminal.writeProgress(line(elapsed))
        }
        if wasShown { try? Terminal.writeProgress("") }
    }

    private func line(_ elapsed: Double) -> String {
        let (done, all) = (meter.bytesDone.load(ordering: .relaxed), max(1, meter.bytesInAll.load(ordering: .relaxed)))
        let share = min(1, Double(done) / Double(all))
        let filled = Int(share * 24)
        let bar = String(repeating: "\u{2588}", count: filled) + String(repeating: "\u{2591}", count: 24 - filled)
        let left = share > 0.02 ? ", \(Int((elapsed / share - elapsed).rounded(.up))) s left" : ""
        let files = "\(meter.filesDone.load(ordering: .relaxed)) of \(meter.filesInAll.load(ordering: .relaxed)) files"
        return "\(bar) \(Int(share * 100)) %  \(done >> 20) of \(all >> 20) MB, \(files)\(left)"
    }
}
