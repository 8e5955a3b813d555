import CPlatform
import Glibc

/// What every command needs of the machine. It is looked at first, so that what is missing is named, and not whatever fails for want of it.
enum Resources {
    /// Of the thread that a command runs on: the shell's limit (`ulimit -s`) is not asked.
    static let stackBytes = 8 << 20

    /// Files that a run has open at once: the rule book, a store with its logs, a workbook's sheets, and two for each core.
    private static let files = 40 + 2 * Int(min(100, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    /// What a run over a small return takes, with room to spare.
    private static let memoryBytes = 64 << 20

    /// What there is too little of, and what to do, as a sentence; nil where there is enough.
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
