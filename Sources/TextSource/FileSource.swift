import Glibc

/// An input file, opened once and read from the start as often as needed.
///
/// Only regular files are opened. Archives and other binary files are refused because of their first bytes, unless the caller can
/// read them. If the file changes while it is being read, that is a fault.
public final class FileSource {
    public let path: String
    private let descriptor: CInt
    private let opened: stat
    /// The receiver of the file's bytes as they are read, and the number of bytes passed on so far.
    private var take: ((UnsafeRawBufferPointer) -> Void)?
    private var handedOn = 0
    /// The first bytes, up to 4,096.
    public let head: [UInt8]
    public var byteCount: Int { Int(opened.st_size) }
    /// The state of the file when it was opened. It is equal as long as nobody writes to the file.
    public var version: FileVersion {
        FileVersion(
            identity: identity, byteCount: byteCount, seconds: opened.st_mtim.tv_sec, nanoseconds: opened.st_mtim.tv_nsec)
    }
    /// Identifies the file and its disk: equal for two paths to the same file.
    public var identity: FileIdentity { FileIdentity(device: UInt64(opened.st_dev), inode: UInt64(opened.st_ino)) }

    public init(path: String, limits: Limits = Limits(), mayBeBinary: Bool = false) throws(TextFault) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw FileSource.openingFault(errno, path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            close(descriptor)
            throw TextFault("it could not be opened. Check that the file is still there")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw TextFault(
                status.st_mode & S_IFMT == S_IFDIR
                    ? "it is a folder where a file is needed. Name the files in it"
                    : "it is not an ordinary file but a device or a pipe. Save the return as a file first")
        }
        guard Int(status.st_size) <= limits.fileBytes else {
            close(descriptor)
            throw TextFault("it has more than \(limits.fileBytes >> 30) GB, the most that one file may have. Split it")
        }
        var head = [UInt8](repeating: 0, count: 4096)
        let count = head.withUnsafeMutableBytes { room in
            FileSource.retrying { pread(descriptor, room.baseAddress, room.count, 0) }
        }
        guard count >= 0 else {
            close(descriptor)
            throw TextFault("it could not be read. Check the disk or the network drive that it is on")
        }
        head.removeLast(4096 - count)
        self.descriptor = descriptor
        opened = status
        self.head = head
        if !mayBeBinary, let fault = binaryFault { throw fault }
    }

    /// Why the file is not text, according to its first bytes; nil if it may be text.
    public var binaryFault: TextFault? { FileSource.binaryKind(head).map { TextFault($0, line: 1, column: 1) } }

    deinit { close(descriptor) }

    private static func openingFault(_ code: CInt, _ path: String) -> TextFault {
        switch code {
        case ENOENT where path.unicodeScalars.contains("\u{FFFD}"):
            TextFault("its name has characters that are not UTF-8. Give it another name")
        case EACCES, EPERM: TextFault("you do not have permission to read it. Ask the file's owner for access")
        case ENOENT: TextFault("there is no such file. Check the name")
        case ELOOP: TextFault("it is a link that leads in a circle. Name the file itself")
        default: TextFault("it could not be opened (\(String(cString: strerror(code)))). Check the name and the drive")
        }
    }

    static func retrying(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }

    /// The offset where the text starts: after the UTF-8 byte order mark, if there is one.
    public var textStart: Int { head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

    /// Reads up to `buffer.count` bytes from `offset`. Returns 0 at the end.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(TextFault) -> Int {
        let count = FileSource.retrying { pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
        guard count >= 0 else {
            throw TextFault("it could not be read to its end. Check the disk or the network drive that it is on")
        }
        if let take, offset <= handedOn, offset + count > handedOn {
            take(UnsafeRawBufferPointer(rebasing: buffer[(handedOn - offset)..<count]))
            handedOn = offset + count
        }
        return count
    }

    /// Passes every byte of the file to `take`, once and in order, as it is read. Bytes that are read twice are passed on once, and
    /// bytes that no reader needs are passed on by `handOnRest`.
    public func handOn(to take: @escaping (UnsafeRawBufferPointer) -> Void) {
        self.take = take
        head.withUnsafeBytes { take($0) }
        handedOn = head.count
    }

    /// Whether every byte has been passed on.
    public var isHandedOn: Bool { handedOn == byteCount }

    /// Reads the bytes that have not been passed on, and passes them on.
    public func handOnRest() throws(TextFault) {
        if isHandedOn { return try checkUnchanged() }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { block.deallocate() }
        while try read(into: block, at: handedOn) > 0 {}
        try checkUnchanged(read: handedOn)
    }

    /// Passes the complete file to `body` in blocks, as it is on the disk.
    public func forEachBlock(_ body: (UnsafeRawBufferPointer) -> Void) throws(TextFault) {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { block.deallocate() }
        var offset = 0
        while true {
            let count = try read(into: block, at: offset)
            if count == 0 { break }
            body(UnsafeRawBufferPointer(rebasing: block[..<count]))
            offset += count
        }
        try checkUnchanged(read: offset)
    }

    /// Throws if the file has changed since it was opened. `read` is the number of bytes that were read from it.
    func checkUnchanged(read: Int) throws(TextFault) {
        guard read == byteCount else { throw TextFault.changed }
        try checkUnchanged()
    }

    /// Throws if the file has changed since it was opened.
    public func checkUnchanged() throws(TextFault) {
        var now = stat()
        let same =
            fstat(descriptor, &now) == 0 && now.st_size == opened.st_size && now.st_mtim.tv_sec == opened.st_mtim.tv_sec
            && now.st_mtim.tv_nsec == opened.st_mtim.tv_nsec
        guard same else { throw TextFault.changed }
    }

    private static let workbookAdvice =
        "In Excel, choose File, Save As, and the type \u{201C}CSV UTF-8\u{201D}, then check that file"

    /// What a binary file is and what to do about it; nil for a file that may be text.
    private static func binaryKind(_ head: [UInt8]) -> String? {
        func starts(_ magic: [UInt8]) -> Bool { head.starts(with: magic) }
        if starts([0x50, 0x4B, 0x03, 0x04]) || starts([0x50, 0x4B, 0x05, 0x06]) {
            return "it is an Excel workbook (.xlsx) or another zip archive, which is not read. \(workbookAdvice)"
        }
        if starts([0xD0, 0xCF, 0x11, 0xE0]) { return "it is an old Excel workbook (.xls), which is not read. \(workbookAdvice)" }
        if starts([0x1F, 0x8B]) || starts([0x42, 0x5A, 0x68]) || starts([0xFD, 0x37, 0x7A, 0x58, 0x5A])
            || starts([0x37, 0x7A, 0xBC, 0xAF]) || starts([0x52, 0x61, 0x72, 0x21]) || starts([0x28, 0xB5, 0x2F, 0xFD])
        {
            return "it is a compressed archive, which is not read. Unpack it and check the file inside"
        }
        if starts([0x25, 0x50, 0x44, 0x46]) { return "it is a PDF, which is not read. Ask for the return as CSV or XML" }
        return nil
    }
}

/// The state of a file at a moment: which file it is, its length and when it was last written.
public struct FileVersion: Equatable, Sendable {
    let identity: FileIdentity
    let byteCount: Int
    let seconds: Int
    let nanoseconds: Int
}

/// Identifies a file, whatever its path.
public struct FileIdentity: Hashable, Sendable {
    public let device: UInt64
    public let inode: UInt64

    public init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}
