import CPlatform
import Glibc
import Synchronization
import TextSource

/// A folder of outputs that appears whole or not at all.
///
/// It is built beside its place under a name of its own, every file 0600 and synced, the manifest last; then it is swapped with
/// what was there in one step. A run that fails or is killed leaves an earlier output as it was; what it left is swept by the next, which
/// knows it by a mark that lies beside it for as long.
public final class OutputFolder: Sendable {
    private static let mark = ".agency-check-"
    /// Ends the name of the empty file beside a folder that is being built or removed: such a folder may be swept.
    private static let markEnding = ".mark"

    private let place: String
    private let parent: String
    private let building: String
    private let lock: CInt
    /// Held while a file is made, while the folder is put in its place, and while a stopped run takes it back: one at a time.
    private let turn = Turn()
    private let content = Mutex(Content())
    private struct Content {
        var isOpen = true
        var subfolders: Set<String> = []
        var files: [Written] = []
    }

    /// The files so far, by their names.
    public var files: [Written] {
        content.withLock { $0.files }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// A folder that is there already is replaced where it is empty or an output of ours, of the kind if one is named, with nothing of
    /// anybody else's in it.
    public convenience init(at path: String, kind: String? = nil) throws(OutputFault) {
        try self.init(at: path) { ManifestCheck.obstacle(to: $0, kind: kind) }
    }

    /// `obstacle` says why a folder that is not empty may not be replaced; nil: it may.
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
        // The lock says that this run is alive, so that another does not sweep the folder.
        lock = open(building, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let fault = OutputFault.system("locked", building)
            rmdir(building)
            throw fault
        }
        // From here to the end: an empty folder without a mark may be swept too.
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

    /// Nil where the folder may not be looked into.
    private static func names(in folder: String) -> [String]? { FolderListing.names(in: folder)?.sorted() }

    /// Removes what killed runs left: folders of our mark that no living run holds locked.
    private static func sweep(_ parent: String, prefix: String) {
        for name in names(in: parent) ?? [] where name.hasPrefix(prefix) {
            let path = parent + "/" + name
            if name.hasSuffix(markEnding) {
                // The folder of a mark is made before it and removed before it.
                let folder = String(path.dropLast(markEnding.count))
                if isNumbered(name.dropLast(markEnding.count), prefix), access(folder, F_OK) != 0 { unlink(path) }
                continue
            }
            // What another put there under such a name is not ours to remove.
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

    /// The mark goes last: where a run is killed here, or something will not go, the next one knows. Whether all of it is gone.
    @discardableResult
    private static func removeMarked(_ folder: String) -> Bool {
        guard remove(folder) else { return false }
        unlink(folder + markEnding)
        return true
    }

    /// Whether all of it is gone.
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
        /// Its path below the folder.
        public let name: String
        public let byteCount: Int
        /// SHA-256, hexadecimal.
        public let digest: String
    }

    /// Begins one file of the folder; `name` may lie in subfolders. Several may be under way on several threads.
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

    /// Ends a file that was begun under the name.
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

    /// Where a library that opens files itself may write one, and what to call when it is done.
    public func path(of name: String) -> String { building + "/" + name }

    /// Takes in a file that another hand wrote at `path(of:)`.
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

    /// Puts the folder in its place, in one step. To be called once, after the manifest.
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

    /// Takes away what a library may have left in the folder: a file that was not written as one of the output's is no part of it.
    private func keepOnlyWhatWasWritten() throws(OutputFault) {
        let known = content.withLock { Set($0.files.map(\.name)) }
        for name in ManifestCheck.names(below: building) where !known.contains(name) {
            guard unlink(building + "/" + name) == 0 else { throw OutputFault.system("cleared of other files", place) }
        }
    }

    /// Who makes files and folders, or puts the folder in its place, and who takes it back, do so in turn.
    fileprivate final class Turn: Sendable {
        let isTakenBack = Mutex(false)

        func take<Value>(_ body: () throws(OutputFault) -> sending Value) throws(OutputFault) -> sending Value {
            let value: Value? = try isTakenBack.withLock { isTakenBack throws(OutputFault) in isTakenBack ? nil : try body() }
            if let value { return value }
            Turn.awaitTheEnd()
            throw OutputFault("The run was stopped, so nothing was written.")
        }

        /// Who took the folder back is about to end the program: what then fails here is not to be said.
        static func awaitTheEnd() { sleep(10) }
    }

    /// What a run that is stopped would leave behind.
    public struct Remains: Sendable {
        /// The folder that is being built, and the mark beside it.
        public let folder: String
        public var mark: String { folder + OutputFolder.markEnding }
        fileprivate let turn: Turn

        /// Removes it; files that are being written meanwhile too. Where the folder is just being put in its place, that is done first:
        /// to remove what is being swapped would take the earlier output with it.
        public func remove() {
            turn.isTakenBack.withLock { isTakenBack in
                isTakenBack = true
                // Other threads may still be writing into it. Nothing here asks for memory, of which there may be none.
                for _ in 0..<1000 where cp_remove_folder(folder) != 0 { usleep(1000) }
                if access(folder, F_OK) != 0 { unlink(folder + OutputFolder.markEnding) }
            }
        }
    }

    /// To be removed where a signal ends the program.
    public var remains: Remains { Remains(folder: building, turn: turn) }

    /// Leaves nothing behind.
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
