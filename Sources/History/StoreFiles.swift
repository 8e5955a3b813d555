import Glibc
import SafeFiles

/// The files of a store on disk: the database and its key. Only their owner can read them.
enum StoreFiles {
    static func keyPath(of store: String) -> String { store + ".key" }

    enum Kind { case missing, empty, database }

    /// What there is at the path of the store. Throws if it cannot be a store.
    static func kind(of path: String) throws(OutputFault) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return .missing }
            throw fault(path, "cannot be opened")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw OutputFault("\(path) is not a file, so it cannot be a history store.", .name("Name a file", .store))
        }
        if status.st_size == 0 { return .empty }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault(path, "cannot be opened") }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: 16)
        guard read(descriptor, &head, 16) == 16, head == Array("SQLite format 3\0".utf8) else {
            throw OutputFault(
                "\(path) is damaged or is not a history store.", .name("Put back a copy, or name another file", .store))
        }
        return .database
    }

    /// Creates an empty file for the database that only its owner can read. SQLite's helper files get the same mode.
    static func createDatabase(_ path: String) throws(OutputFault) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault(path, "could not be made") }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { throw fault(path, "could not be made") }
    }

    static func restrictToOwner(_ path: String) { chmod(path, 0o600) }

    /// The key of a store; nil if there is no file or an empty one. Throws if the file is not a key, or if other users can read it.
    static func readKey(of store: String) throws(OutputFault) -> PseudonymKey? {
        let path = keyPath(of: store)
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw fault(path, "cannot be opened")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw OutputFault("\(path) is not an ordinary file, so it cannot be a key. Put back a copy of the key.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw OutputFault("\(path) can be read by other users. Remove their access (chmod 600) and run again.")
        }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        if count == 0 { return nil }
        guard count > 0, let key = PseudonymKey(hex: Array(bytes[..<count])) else {
            throw OutputFault("\(path) is not a key: 64 hexadecimal digits. Put back a copy of the key.")
        }
        return key
    }

    /// Creates a key beside the store, and syncs it before anything is kept under it.
    static func createKey(of store: String) throws(OutputFault) -> PseudonymKey {
        let path = keyPath(of: store)
        let key = PseudonymKey()
        // A run that was stopped while it created the key leaves an empty file. It is not a key, and nothing was kept under it.
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 { unlink(path) }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault(path, "could not be made") }
        defer { close(descriptor) }
        do throws(OutputFault) {
            try FileDescriptor(descriptor, name: path).write(key.fileText)
            guard fsync(descriptor) == 0 else { throw fault(path, "could not be written") }
            syncFolder(of: path)
        } catch {
            unlink(path)
            throw error
        }
        return key
    }

    /// After a power cut, the name of the key must be on the disk like its bytes.
    private static func syncFolder(of path: String) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Made from the error of the last system call.
    static func fault(_ path: String, _ what: String) -> OutputFault {
        func named(_ why: String, _ advice: String) -> OutputFault {
            OutputFault("\(path) \(what): \(why).", .name(advice, .store))
        }
        switch errno {
        case EACCES, EPERM, EROFS:
            return named("you do not have permission to read and write there", "Choose another location")
        case ENOENT:
            return named("the folder that it should go in does not exist", "Create it first, or choose another location")
        case ELOOP: return named("it is a link", "Name the file itself")
        case ENOSPC, EDQUOT: return OutputFault("\(path) \(what): the disk is full. Make room and run again.")
        default: return OutputFault("\(path) \(what): \(String(cString: strerror(errno))).")
        }
    }
}
