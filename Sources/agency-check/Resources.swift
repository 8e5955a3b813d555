import CPlatform
import Glibc

/// What every command needs from the computer. It is checked first, so that a message names what is missing and not what fails as a
/// result.
enum Resources {
    /// For the thread that a command runs on, whatever the shell's limit (`ulimit -s`).
    static let stackBytes = 8 << 20

    /// The files that a run may have open at a time: the rule book, a store with its logs, the sheets of a workbook, and two for
    /// each core.
    private static let files = 40 + 2 * Int(min(100, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    /// The memory for a run over a small return, with a margin.
    private static let memoryBytes = 64 << 20

    /// What is lacking and what to do, as a sentence; nil if there is enough.
    static var lack: String? {
        if cp_has_files(Int32(files)) == 0 {
            return
                "too few files may be open at once (ulimit -n): \(files) are needed as well as those that are already open. Allow more and run again."
        }
        if cp_has_memory(memoryBytes) == 0 { return noMemory }
        return nil
    }

    private static var noMemory: String {
        let most = cp_most_memory()
        let allowed = most > 0 ? ": it may have \(most >> 20) MB (ulimit -v), and 256 MB serve for a small return" : ""
        return "there is not enough memory\(allowed). Allow it more and run again."
    }

    static let noThread =
        "the system could not start a thread, because there is not enough memory or too many are running (ulimit -u, -v). Allow more and run again."
}
