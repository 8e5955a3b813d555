import CPlatform
import Glibc
import Synchronization
import TextSource

/// An output folder that appears completely or not at all.
///
/// It is built beside its final path under a name of its own, with every file 0600 and synced and the manifest last. It is then
/// exchanged with what was there, in one step. A run that fails or is killed does not change an earlier output. What it leaves
/// behind is removed by the next run, which recognises it by a mark beside it.
public final class OutputFolder: Sendable {
    private static let mark = ".agency-check-"
    /// The end of the name of the empty file beside a folder that is being built or removed. It marks a folder that may be removed.
    private static let markEnding = ".mark"

    private let place: String
    private let parent: String
    private let building: String
    private let lock: CInt
    /// Held while a file is created, while the folder is moved into place, and while a stopped run removes it: only one of these at
    /// a time.
    private let turn = Turn()
    private let content = Mutex(Content())
    private struct Content {
        var isOpen = true
        var subfolders: Set<String> = []
        var files: [Written] = []
    }

    /// The files so far, sorted by name.
    public var files: [Written] {
        content.withLock { $0.files }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// An existing folder is replaced if it is empty, or if it is one of our outputs (of the given kind, if any) and nothing of
    /// anybody else's is in it.
    public convenience init(at path: String, kind: String? = nil) throws(OutputFault) {
        try self.init(at: path) { ManifestCheck.obstacle(to: $0, kind: kind) }
    }

    /// `obstacle` says why a folder that is not empty must not be replaced; nil means that it can be.
    public init(at path: String, obstacle: (String) -> String?) throws(OutputFault) {
        var trimmed = path
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        place = trimmed
        let slash = trimmed.lastIndex(of: "/")
        parent = slash.map { $0 == trimmed.startIndex ? "/" : String(trimmed[..<$0]) } ?? "."
        let name = slash.map { String(trimmed[trimmed.index(after: $0)...]) } ?? trimmed
        guard !name.isEmpty, name != ".", name != ".." else {
            throw OutputFault("\(path) cannot be an output folder.", .name("Name a folder of its own", .output))
        }
        try OutputFolder.checkPlace(trimmed, obstacle: obstacle)
        let prefix = parent + "/." + name + OutputFolder.mark
        OutputFolder.sweep(parent, prefix: "." + name + OutputFolder.mark)
        building = prefix + "\(getpid())"
        guard mkdir(building, 0o700) == 0 else { throw OutputFault.system("made", building) }
        // The lock shows that this run is alive, so that another run does not remove the folder.
        lock = open(building, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let fault = OutputFault.system("locked", building)
            rmdir(building)
            throw fault
        }
        // From here to the end, even an empty folder without a mark may be removed.
        let marked = open(building + OutputFolder.markEnding, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard marked >= 0 else {
            let fault = OutputFault.system("made", building)
            rmdir(building)
            throw fault
        }
        close(marked)
    }

    deinit { abandon() }

    private static func checkPlace(_ path: String, obstacle: (String) -> String?) throws(OutputFault) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        switch status.st_mode & S_IFMT {
        case S_IFLNK:
            throw OutputFault("\(path) is a link, so nothing was written.", .name("Name an ordinary folder", .output))
        case S_IFDIR:
            guard let names = names(in: path) else {
                throw OutputFault("\(path) may not be looked into, so nothing was written.", .name("Name another folder", .output))
            }
            guard !names.allSatisfy(FolderListing.isLeftBySystem), let obstacle = obstacle(path) else { return }
            throw OutputFault("\(path) was left as it is: \(obstacle).", .name("Name a new or empty folder", .output))
        default: throw OutputFault("\(path) is a file, so nothing was written.", .name("Name a folder", .output))
        }
    }

    /// Nil if the folder cannot be read.
    private static func names(in folder: String) -> [String]? { FolderListing.names(in: folder)?.sorted() }

    /// Removes what killed runs left behind: marked folders that no living run has locked.
    private static func sweep(_ parent: String, prefix: String) {
        for name in names(in: parent) ?? [] where name.hasPrefix(prefix) {
            let path = parent + "/" + name
            if name.hasSuffix(markEnding) {
                // The folder of a mark is created before the mark and removed before it.
                let folder = String(path.dropLast(markEnding.count))
                if isNumbered(name.dropLast(markEnding.count), prefix), access(folder, F_OK) != 0 { unlink(path) }
                continue
            }
            // A folder that somebody else created under such a name must not be removed.
            guard isNumbered(name[...], prefix), access(path + markEnding, F_OK) == 0 || names(in: path) == [] else { continue }
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { removeMarked(path) }
            close(descriptor)
        }
    }

    private static func isNumbered(_ name: Substring, _ prefix: String) -> Bool {
        name.utf8.count > prefix.utf8.count && name.dropFirst(prefix.count).allSatisfy(\.isNumber)
    }

    /// Removes the mark last: if a run is killed here, or something cannot be removed, the next run still sees the mark. Returns
    /// whether everything was removed.
    @discardableResult
    private static func removeMarked(_ folder: String) -> Bool {
        guard remove(folder) else { return false }
        unlink(folder + markEnding)
        return true
    }

    /// Returns whether everything was removed.
    private static func remove(_ folder: String) -> Bool {
        var isEmpty = true
        for name in names(in: folder) ?? [] {
            let path = folder + "/" + name
            var status = stat()
            if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                if !remove(path) { isEmpty = false }
            } else if unlink(path) != 0, errno != ENOENT {
                isEmpty = false
            }
        }
        return isEmpty && (rmdir(folder) == 0 || errno == ENOENT)
    }

    /// A file of the folder that was written.
    public struct Written: Sendable {
        /// Its path, relative to the folder.
        public let name: String
        public let byteCount: Int
        /// SHA-256, hexadecimal.
        public let digest: String
    }

    /// Begins a file of the folder; `name` can be in subfolders. Several files can be in progress on several threads.
    public func begin(_ name: String) throws(OutputFault) -> OutputFile {
        try turn.take { () throws(OutputFault) in
            let parts = name.split(separator: "/")
            for depth in parts.indices.dropLast() {
                let folder = building + "/" + parts[...depth].joined(separator: "/")
                if mkdir(folder, 0o700) != 0, errno != EEXIST { throw OutputFault.system("made", folder) }
                content.withLock { _ = $0.subfolders.insert(folder) }
            }
            return try OutputFile(path: building + "/" + name, name: place + "/" + name)
        }
    }

    /// Finishes a file that was begun under the name.
    @discardableResult
    public func end(_ file: OutputFile, _ name: String) throws(OutputFault) -> Written {
        let written = Written(name: name, byteCount: file.byteCount, digest: try file.finish())
        content.withLock { $0.files.append(written) }
        return written
    }

    /// Writes one file of the folder.
    @discardableResult
    public func write(_ name: String, _ body: (OutputFile) throws -> Void) throws -> Written {
        let file = try begin(name)
        try body(file)
        return try end(file, name)
    }

    /// The path where a library that opens files itself can write one. Call `adopt` when it is finished.
    public func path(of name: String) -> String { building + "/" + name }

    /// Adds a file that a library wrote at `path(of:)`.
    public func adopt(_ name: String) throws(OutputFault) {
        let descriptor = open(path(of: name), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw OutputFault.system("written", place + "/" + name) }
        defer { close(descriptor) }
        var digest = Digest()
        var byteCount = 0
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { block.deallocate() }
        while true {
            let count = read(descriptor, block.baseAddress, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw OutputFault.system("read again", place + "/" + name) }
            if count == 0 { break }
            digest.add(UnsafeRawBufferPointer(rebasing: block[..<count]))
            byteCount += count
        }
        guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else {
            throw OutputFault.system("written", place + "/" + name)
        }
        let written = Written(name: name, byteCount: byteCount, digest: digest.hex())
        content.withLock { $0.files.append(written) }
    }

    /// Moves the folder into place, in one step. Call it once, after the manifest.
    public func commit() throws(OutputFault) {
        try turn.take { () throws(OutputFault) in try putInPlace() }
    }

    private func putInPlace() throws(OutputFault) {
        try keepOnlyWhatWasWritten()
        for folder in content.withLock({ $0.subfolders }).sorted() { OutputFolder.sync(folder) }
        OutputFolder.sync(building)
        var status = stat()
        if lstat(place, &status) == 0 {
            guard cp_exchange(building, place) == 0 else { throw OutputFault.system("replaced", place) }
            OutputFolder.sync(parent)
            if !OutputFolder.removeMarked(building) {
                closeLock()
                throw OutputFault(
                    "\(place) was written, but the earlier output could not be removed: it is in \(building). Remove it.")
            }
        } else {
            guard rename(building, place) == 0 else { throw OutputFault.system("made", place) }
            unlink(building + OutputFolder.markEnding)
            OutputFolder.sync(parent)
        }
        closeLock()
    }

    private func closeLock() {
        let wasOpen = content.withLock { content in
            defer { content.isOpen = false }
            return content.isOpen
        }
        if wasOpen { close(lock) }
    }

    /// Removes files that a library may have left in the folder: only files that were written as part of the output belong in it.
    private func keepOnlyWhatWasWritten() throws(OutputFault) {
        let known = content.withLock { Set($0.files.map(\.name)) }
        for name in ManifestCheck.names(below: building) where !known.contains(name) {
            guard unlink(building + "/" + name) == 0 else { throw OutputFault.system("cleared of other files", place) }
        }
    }

    /// Lets only one thread at a time create files and folders, move the folder into place, or remove it.
    fileprivate final class Turn: Sendable {
        let isTakenBack = Mutex(false)

        func take<Value>(_ body: () throws(OutputFault) -> sending Value) throws(OutputFault) -> sending Value {
            let value: Value? = try isTakenBack.withLock { isTakenBack throws(OutputFault) in isTakenBack ? nil : try body() }
            if let value { return value }
            Turn.awaitTheEnd()
            throw OutputFault("The run was stopped, so nothing was written.")
        }

        /// The thread that removed the folder is about to end the program, so errors after that must not be reported.
        static func awaitTheEnd() { sleep(10) }
    }

    /// What a run that is stopped would leave behind.
    public struct Remains: Sendable {
        /// The folder that is being built, whose mark is beside it.
        public let folder: String
        public var mark: String { folder + OutputFolder.markEnding }
        fileprivate let turn: Turn

        /// Removes the folder, with files that are still being written. If the folder is just being moved into place, that is done
        /// first, because removing what is being exchanged would also remove the earlier output.
        public func remove() {
            turn.isTakenBack.withLock { isTakenBack in
                isTakenBack = true
                // Other threads may still be writing into it. Nothing here allocates memory, because there may be none.
                for _ in 0..<1000 where cp_remove_folder(folder) != 0 { usleep(1000) }
                if access(folder, F_OK) != 0 { unlink(folder + OutputFolder.markEnding) }
            }
        }
    }

    /// To be removed if a signal ends the program.
    public var remains: Remains { Remains(folder: building, turn: turn) }

    /// Removes everything.
    public func abandon() {
        if turn.isTakenBack.withLock({ $0 }) { Turn.awaitTheEnd() }
        guard content.withLock({ $0.isOpen }) else { return }
        OutputFolder.removeMarked(building)
        closeLock()
    }

    private static func sync(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
