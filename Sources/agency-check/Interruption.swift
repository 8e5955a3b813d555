import Dispatch
import Glibc
import SafeFiles

/// What is under way is taken back where the user or the system stops the program: a half-built output never stays behind.
final class Interruption {
    private let sources: [any DispatchSourceSignal]

    /// Watches for the signals that end a program until the value is let go.
    init(_ folder: OutputFolder) {
        let remains = folder.remains
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                remains.remove()
                _exit(128 + number)
            }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
    }
}
