import AgencyModel
import ByteWriting
import Glibc

/// A log that can only grow. Each line has its own SHA-256 and that of the line before, so that a change, a removal or an insertion
/// shows. A person who rewrites all of it can hide that, but not from a person who noted the last digest, which `verify` prints.
/// The log contains no personal data, only digests and counts.
public struct RunLog {
    private static let beginning = String(repeating: "0", count: 64)
    public let path: String

    public init(path: String) { self.path = path }

    /// Appends one line. `members` are its JSON members without braces. Several runs can append at the same time.
    public func append(_ members: String) throws(OutputFault) {
        let descriptor = try opened(O_RDWR | O_CREAT | O_APPEND)
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX) == 0 else { throw OutputFault.system("locked", path, named: .log) }
        let walked = RunLog.walk(try readAll(descriptor))
        if let problem = walked.problem {
            throw OutputFault(
                "\(path) was changed, so nothing was added to it: \(problem) Keep it for the auditor and name a new log.")
        }
        let body = "{\"previous\": \"\(walked.last)\", \(HarmlessText.line(PersonMask().masked(members)))"
        let line = body + ", \"sha256\": \"\(Digest.hex(of: Array(body.utf8)))\"}\n"
        let end = lseek(descriptor, 0, SEEK_END)
        do throws(OutputFault) {
            try FileDescriptor(descriptor, name: path).write(line)
            guard fsync(descriptor) == 0 else { throw OutputFault.system("written", path, named: .log) }
        } catch {
            // Half a line would break the chain for every later run.
            ftruncate(descriptor, end)
            throw error
        }
    }

    /// Throws if the log cannot be written, or is not a log. Call it before a long run.
    public func check() throws(OutputFault) {
        var status = stat()
        if lstat(path, &status) != 0, errno == ENOENT { return }
        close(try opened(O_RDWR | O_APPEND))
    }

    /// A log must be a regular file: a device never ends, and a pipe waits for a reader.
    private func opened(_ flags: CInt) throws(OutputFault) -> CInt {
        var status = stat()
        if lstat(path, &status) == 0, let kind = RunLog.otherKind(status) {
            throw OutputFault("\(path) is \(kind), so it cannot be a log.", .name("Name an ordinary file", .log))
        }
        let descriptor = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OutputFault.system("opened", path, named: .log) }
        guard fstat(descriptor, &status) == 0, RunLog.otherKind(status) == nil else {
            close(descriptor)
            throw OutputFault("\(path) is not an ordinary file, so it cannot be a log.", .name("Name one", .log))
        }
        return descriptor
    }

    private static func otherKind(_ status: stat) -> String? {
        switch status.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: "a folder"
        case S_IFLNK: "a link"
        default: "a device, a pipe or a socket"
        }
    }

    private func readAll(_ descriptor: CInt) throws(OutputFault) -> [UInt8] {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 64 << 10)
        var offset: off_t = 0
        while true {
            let count = room.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, offset) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw OutputFault.system("read", path, named: .log) }
            if count == 0 { return bytes }
            bytes += room[..<count]
            offset += off_t(count)
        }
    }

    /// The result of checking all lines of a log.
    public struct Walk: Sendable {
        public let lines: [String]
        /// The digest of the last line.
        public let last: String
        /// The first error as a sentence; nil if the chain is correct.
        public let problem: String?
    }

    /// Checks a log from its start.
    public static func walk(_ bytes: [UInt8]) -> Walk {
        var last = beginning
        var lines: [String] = []
        if !bytes.isEmpty, bytes.last != 0x0A { return Walk(lines: [], last: last, problem: "its last line is cut off.") }
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast(bytes.isEmpty ? 0 : 1)
        where !bytes.isEmpty {
            let text = String(decoding: line, as: UTF8.self)
            guard text.hasPrefix("{\"previous\": \"\(last)\", ") else {
                return Walk(lines: lines, last: last, problem: "line \(lines.count + 1) does not follow from the line before it.")
            }
            let tail = ", \"sha256\": \"".utf8.count + 64 + 2
            let body = line.dropLast(tail)
            last = Digest.hex(of: Array(body))
            guard line.count > tail, String(decoding: line.suffix(tail), as: UTF8.self) == ", \"sha256\": \"\(last)\"}" else {
                return Walk(lines: lines, last: last, problem: "line \(lines.count + 1) is not as it was written.")
            }
            lines.append(text)
        }
        return Walk(lines: lines, last: last, problem: nil)
    }

    /// Reads and checks the log.
    public func walk() throws(OutputFault) -> Walk {
        let descriptor = try opened(O_RDONLY)
        defer { close(descriptor) }
        return RunLog.walk(try readAll(descriptor))
    }
}
