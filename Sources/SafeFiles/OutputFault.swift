import Glibc

/// Why an output could not be written, or a store not used: what is wrong and where, in words for the user. What to do about it is apart where
/// that depends on how the program was asked.
public struct OutputFault: Error, CustomStringConvertible, Sendable {
    /// A file or folder that the user named.
    public enum Named: CaseIterable, Sendable { case output, log, store }

    /// What to do, where the program says how.
    public enum Remedy: Sendable {
        /// Name another: the advice without its end, such as `Name another folder`.
        case name(String, Named)
        /// The store is not there.
        case makeStore(String)
        /// The store has nothing in it.
        case addReturns(to: String)
        case checkStore(String)
    }

    /// One or more sentences.
    public let what: String
    public let remedy: Remedy?

    public init(_ what: String, _ remedy: Remedy? = nil) {
        self.what = what
        self.remedy = remedy
    }

    /// With a remedy that names no option and no command.
    public var description: String {
        words { remedy in
            switch remedy {
            case .name(let advice, _): advice + "."
            case .makeStore: "Make it first."
            case .addReturns: "Add returns to it."
            case .checkStore: "Check the store."
            }
        }
    }

    /// The whole, with the remedy as the program puts it.
    public func words(_ remedy: (Remedy) -> String) -> String { what + (self.remedy.map { " " + remedy($0) } ?? "") }

    /// Made from the error of the last system call.
    static func system(_ what: String, _ path: String, named: Named = .output) -> OutputFault {
        func fault(_ why: String, _ advice: String) -> OutputFault {
            OutputFault("\(path) could not be \(what): \(why).", .name(advice, named))
        }
        let why: String
        switch errno {
        case EACCES, EPERM, EROFS: return fault("you do not have permission to write there", "Choose another location")
        case ENOENT: return fault("the folder that it should go in does not exist", "Create it first, or choose another")
        case ENOTDIR: return fault("a part of its path is a file, not a folder", "Choose another")
        case ELOOP: return fault("it is a link", "Choose another location")
        case ENXIO: return fault("it is a pipe or a device", "Choose another location")
        case ENOSPC, EDQUOT: why = "the disk is full. Make room and run again"
        case EFBIG: why = "a file may not be as large as that here. Ask who looks after the computer"
        case EMFILE, ENFILE: why = "too many files are open (ulimit -n). Allow more and run again"
        case ENOMEM: why = "there is not enough memory. Allow more and run again"
        case EPIPE: why = "the program that reads it has ended"
        case EBADF: why = "it is closed"
        default: why = String(cString: strerror(errno))
        }
        return OutputFault("\(path) could not be \(what): \(why).")
    }
}
