import Glibc

/// Why an output could not be written, in words for the user.
public struct OutputFault: Error, CustomStringConvertible, Sendable {
    public let description: String

    public init(_ description: String) { self.description = description }

    /// From the last system call.
    static func system(_ what: String, _ path: String, option: String = "--out") -> OutputFault {
        let advice =
            switch errno {
            case ENOSPC, EDQUOT: "the disk is full. Make room and run again"
            case EFBIG: "a file may not be as large as that here. Ask who looks after the computer"
            case EACCES, EPERM, EROFS: "you do not have permission to write there. Choose another location with \(option)"
            case ENOENT: "the folder that it should go in does not exist. Create it first, or choose another with \(option)"
            case ENOTDIR: "a part of its path is a file, not a folder. Choose another with \(option)"
            case ELOOP: "it is a link. Choose another location with \(option)"
            case ENXIO: "it is a pipe or a device. Choose another location with \(option)"
            case EMFILE, ENFILE: "too many files are open (ulimit -n). Allow more and run again"
            case ENOMEM: "there is not enough memory. Allow more and run again"
            case EPIPE: "the program that reads it has ended"
            case EBADF: "it is closed"
            default: String(cString: strerror(errno))
            }
        return OutputFault("\(path) could not be \(what): \(advice).")
    }
}
