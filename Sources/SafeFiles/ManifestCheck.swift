import FoundationEssentials
import Glibc
import TextSource

/// Compares a folder with its manifest: which files were changed, are missing, or were added.
public struct ManifestCheck {
    /// A line for each file that differs from the manifest, sorted by name.
    public private(set) var mismatches: [String] = []
    public private(set) var fileCount = 0
    /// The SHA-256 of the manifest itself.
    public private(set) var manifestDigest = ""

    private struct Manifest: Decodable {
        struct File: Decodable {
            let file: String
            let bytes: Int
            let sha256: String
        }
        let tool: String
        let output: String
        let files: [File]
        /// Of the manifest's own text before this member.
        let digest: String

        enum CodingKeys: String, CodingKey {
            case tool, output, files
            case digest = "sha256"
        }
    }

    public static let name = "manifest.json"

    public init(of folder: String) throws(OutputFault) {
        guard let bytes = ManifestCheck.contents(folder + "/" + ManifestCheck.name) else {
            throw OutputFault(
                "\(folder) has no manifest.json that can be read, so it is no output of agency-check, or a damaged one.")
        }
        guard let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)), manifest.tool == "agency-check" else {
            throw OutputFault("\(folder)/manifest.json is not one that agency-check wrote, or it is damaged.")
        }
        manifestDigest = Digest.hex(of: bytes)
        fileCount = manifest.files.count
        var problems: [String: String] = [:]
        if !ManifestCheck.isAsWritten(bytes, manifest.digest) { problems[ManifestCheck.name] = "changed" }
        for file in manifest.files {
            // agency-check never writes a name that leads out of the folder.
            guard !file.file.hasPrefix("/"), !file.file.split(separator: "/").contains("..") else {
                problems[file.file] = "the manifest names it, but it is not in this folder"
                continue
            }
            guard let digest = ManifestCheck.digest(of: folder + "/" + file.file) else {
                problems[file.file] = "missing"
                continue
            }
            if digest.hex != file.sha256 || digest.count != file.bytes { problems[file.file] = "changed" }
        }
        let known = Set(manifest.files.map(\.file))
        for name in ManifestCheck.names(below: folder) where name != ManifestCheck.name && !known.contains(name) {
            problems[name] = "added"
        }
        mismatches = problems.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\($0.key): \($0.value)" }
    }

    /// The last member is the digest of everything before it.
    private static func isAsWritten(_ bytes: [UInt8], _ digest: String) -> Bool {
        let tail = Array(ManifestCheck.ending(digest).utf8)
        return bytes.count > tail.count && bytes.suffix(tail.count).elementsEqual(tail)
            && Digest.hex(of: Array(bytes.dropLast(tail.count))) == digest
    }

    /// The end of a manifest: the digest of its text so far.
    public static func ending(_ digest: String) -> String { ",\n  \"sha256\": \"\(digest)\"\n}\n" }

    /// Why a folder that is not empty must not be replaced. Nil if it is one of our outputs (of the given kind, if any), all files
    /// that are still there are unchanged, and nothing else is in it except files that desktops and office programs leave behind.
    public static func obstacle(to replacing: String, kind: String? = nil) -> String? {
        var status = stat()
        guard lstat(replacing + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let bytes = contents(replacing + "/" + name),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)),
            manifest.tool == "agency-check"
        else { return "it contains files that are not part of an output of agency-check" }
        if let kind, manifest.output != kind { return "it is another output of agency-check" }
        let known = Set(manifest.files.map(\.file))
        let added = names(below: replacing).filter { $0 != name && !known.contains($0) && !isLeftByDesktop($0) }.sorted()
        if let first = added.first { return "it contains a file that agency-check did not write: \(first)" }
        let edited = manifest.files.filter { file in
            guard let digest = digest(of: replacing + "/" + file.file) else { return false }
            return digest.hex != file.sha256 || digest.count != file.bytes
        }.map(\.file).sorted()
        return edited.first.map {
            "\($0) was changed since agency-check wrote it. Move it if you want to keep it, or delete it"
        }
    }

    /// Whether a file manager or an office program leaves a file of this name beside the files that a person looks at.
    private static func isLeftByDesktop(_ path: String) -> Bool {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return [".DS_Store", "Thumbs.db", "desktop.ini", ".directory"].contains(name) || name.hasPrefix("._")
            || name.hasPrefix("~$") || (name.hasPrefix(".~lock.") && name.hasSuffix("#"))
    }

    /// The kind of output according to the folder's manifest; nil if it has no manifest of agency-check.
    public static func kind(of folder: String) -> String? {
        guard let bytes = contents(folder + "/" + name), let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)),
            manifest.tool == "agency-check"
        else { return nil }
        return manifest.output
    }

    private static func contents(_ path: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        return read(path) { bytes += $0 } ? bytes : nil
    }

    private static func digest(of path: String) -> (hex: String, count: Int)? {
        var digest = Digest()
        var count = 0
        let isRead = read(path) { piece in
            digest.add(UnsafeRawBufferPointer(piece))
            count += piece.count
        }
        return isRead ? (digest.hex(), count) : nil
    }

    /// Passes a regular file on in blocks. Returns false if it is not a regular file or cannot be read.
    private static func read(_ path: String, _ take: (UnsafeMutableRawBufferPointer) -> Void) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { room.deallocate() }
        while true {
            let count = Glibc.read(descriptor, room.baseAddress, room.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return count == 0 }
            take(UnsafeMutableRawBufferPointer(rebasing: room[..<count]))
        }
    }

    /// Everything below the folder that is not a folder, without files that systems leave behind.
    static func names(below folder: String, prefix: String = "") -> [String] {
        var names: [String] = []
        for name in FolderListing.names(in: folder) ?? [] where !FolderListing.isLeftBySystem(name) {
            let path = folder + "/" + name
            var status = stat()
            if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                names += ManifestCheck.names(below: path, prefix: prefix + name + "/")
            } else {
                names.append(prefix + name)
            }
        }
        return names
    }
}
