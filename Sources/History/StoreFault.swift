import GRDB
import SafeFiles

/// SQLite's errors in words for the user. SQLite's own text may contain values from the store and is never shown.
enum StoreFault {
    static func words(_ error: any Error, store path: String) -> OutputFault {
        if let fault = error as? OutputFault { return fault }
        guard let error = error as? DatabaseError else {
            return OutputFault("\(path) could not be used.", .checkStore(path))
        }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return OutputFault(
                "\(path) is in use by another program, so nothing was changed. Wait until that is done and run again.")
        case .SQLITE_FULL:
            return OutputFault("\(path): the disk is full, so nothing was changed. Make room and run again.")
        case .SQLITE_NOMEM:
            return OutputFault("\(path): there is not enough memory, so nothing was changed. Allow more and run again.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return OutputFault("\(path) is damaged, so nothing was changed. Put back a copy, or add the returns to a new store.")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
            return OutputFault("\(path) cannot be opened for writing. Check the permissions of the file and of its folder.")
        case .SQLITE_IOERR:
            return OutputFault("\(path): the disk could not be read or written, so nothing was changed. Check the disk.")
        default:
            return OutputFault(
                "\(path) could not be used (SQLite code \(error.extendedResultCode.rawValue)).", .checkStore(path))
        }
    }
}
