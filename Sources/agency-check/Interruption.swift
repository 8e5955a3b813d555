import CPlatform
import Glibc
import SafeFiles
import Synchronization

/// Removes what is in progress if the user or the system stops the program, so that no half-built output remains.
///
/// The signals that end a program are blocked in every thread except the main one, which does nothing but wait for them
/// (`Interruption.takeSignals`).
final class Interruption: Sendable {
    /// What a signal would leave behind.
    private static let remains = Mutex<OutputFolder.Remains?>(nil)

    /// Makes a folder that is removed if a signal ends the program, until the interruption is released.
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

    /// Waits for a signal on the main thread, and then ends the program.
    static func takeSignals() -> Never {
        let number = cp_await_end()
        // The program ends even if something delays the rest.
        cp_end_within(15, 128 + number)
        remains.withLock { $0?.remove() }
        _exit(128 + number)
    }
}
