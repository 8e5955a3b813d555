import CPlatform
import Glibc
import SafeFiles
import Synchronization

/// What is under way is taken back where the user or the system stops the program: a half-built output never stays behind.
///
/// The signals that end a program wait in every thread for the main one, which does nothing else than take them (`Interruption.takeSignals`).
final class Interruption: Sendable {
    /// What a signal would leave behind.
    private static let remains = Mutex<OutputFolder.Remains?>(nil)

    /// Makes a folder that is taken back where a signal ends the program, until the interruption is let go.
    static func watching(_ make: () throws -> OutputFolder) throws -> (folder: OutputFolder, interruption: Interruption) {
        let folder = try remains.withLock { remains in
            let folder = try make()
            remains = folder.remains
            cp_guard_folder(folder.remains.folder, folder.remains.mark)
            return folder
        }
        return (folder, Interruption())
    }

    private init() {}

    deinit {
        Interruption.remains.withLock {
            $0 = nil
            cp_guard_folder(nil, nil)
        }
    }

    /// Waits for a signal on the main thread, and ends the program by it.
    static func takeSignals() -> Never {
        let number = cp_await_end()
        // Whatever holds up what comes: the program ends.
        cp_end_within(15, 128 + number)
        remains.withLock { $0?.remove() }
        _exit(128 + number)
    }
}
