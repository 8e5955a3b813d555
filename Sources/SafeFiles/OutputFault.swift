import Glibc

/// Why an output could not be written, in words for the user.
public struct OutputFault: Error, CustomStringConvertible, Sendable {
    public let description: String

    public init(_ description: String) { self.description = description }

    /// From the last system call.
    static func system(_ what: String, _ path: String) -> OutputFault {
        let advice =
            switch errno {
            case ENOSPC, EDQUOT: "the disk is full. Make room and run again"
            case EFBIG: "a file may not be as large as that here. Ask who looks after the computer"
            case EACCES, EPERM, EROFS: "you may not write there. Choose another folder with --out"
            case ENOENT: "the folder above it is not there. Make it first, or choose another with --out"
            case ENOTDIR: "a part of its path is a file, not a folder. Choose another with --out"
            case ELOOP: "it is a link. Choose an ordinary folder with --out"
            default: String(cString: strerror(errno))
            }
        return OutputFault("\(path) could not be \(what): \(advice).")
    }
}
