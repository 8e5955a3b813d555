import Dispatch
import Glibc
import SafeFiles

/// What is under way is taken back where the user or the system stops the program: a half-built output never stays behind.
final class Interruption {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]
    private let sources: [any DispatchSourceSignal]

    /// Makes a folder and watches for the signals that end a program, until the interruption is let go. They wait while the folder is made.
    static func watching(_ make: () throws -> OutputFolder) throws -> (folder: OutputFolder, interruption: Interruption) {
        var waiting = sigset_t()
        var before = sigset_t()
        sigemptyset(&waiting)
        for number in signals { sigaddset(&waiting, number) }
        pthread_sigmask(SIG_BLOCK, &waiting, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let folder = try make()
        var pending = sigset_t()
        sigpending(&pending)
        for number in signals where sigismember(&pending, number) == 1 {
            folder.remains.remove()
            _exit(128 + number)
        }
        return (folder, Interruption(folder))
    }

    private init(_ folder: OutputFolder) {
        let remains = folder.remains
        sources = Interruption.signals.map { number in
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
        for number in Interruption.signals { signal(number, SIG_DFL) }
    }
}
