import AgencyModel
import Glibc
import SafeFiles
import TextSource

/// A file to read, and its name in findings.
public struct Input: Sendable {
    /// The path for opening it.
    public let path: String
    /// The path relative to the folder that was given, with `/`; for a file that was given, its own path.
    public let name: String
    /// Whether it must be read or refused, because it was named or looks like a return. Other files in a folder are skipped.
    public let mustBeRead: Bool

    public init(path: String, name: String, mustBeRead: Bool = true) {
        self.path = path
        self.name = name
        self.mustBeRead = mustBeRead
    }

    /// A table in it: the file itself, or a sheet, such as `export.xlsx[January]`.
    public func table(_ sheet: String?) -> Input {
        sheet.map { Input(path: path, name: "\(name)[\($0)]", mustBeRead: mustBeRead) } ?? self
    }
}

/// The files of a run, sorted by name, and what was skipped.
public struct InputList: Sendable {
    public private(set) var inputs: [Input] = []
    /// The name of each file that was skipped, and why, sorted by name.
    public private(set) var skipped: [(name: String, reason: String)] = []
    private var seen: [FileIdentity: String] = [:]

    /// The endings of names that are always read in a folder, and refused if they cannot be.
    private static let returnEndings = [".csv", ".tsv", ".xml", ".xlsx", ".xlsm", ".xls", ".ods"]

    /// Takes files, folders (with everything below them) and patterns with `*` or `?`. `rules` is the user's own rules folder,
    /// which is never an input.
    public init(_ arguments: [String], rules: String? = nil) {
        let rulesIdentity = rules.flatMap { InputList.status($0)?.identity }
        for argument in arguments {
            let matches = InputList.status(argument) != nil ? [argument] : InputList.matches(of: argument)
            // A path that was named but does not exist, or cannot be accessed, is refused like a file that cannot be opened.
            if matches.isEmpty { inputs.append(Input(path: argument, name: argument)) }
            for path in matches {
                guard let status = InputList.status(path) else {
                    inputs.append(Input(path: path, name: path))
                    continue
                }
                if status.isFolder {
                    let base = path.hasSuffix("/") ? String(path.dropLast()) : path
                    walk(base, below: "", rules: rulesIdentity)
                } else if !InputList.isLeftBySystem(path) {
                    add(Input(path: path, name: path), status.identity)
                }
            }
        }
        inputs.sort { InputList.precedes(($0.name, $0.path), ($1.name, $1.path)) }
        skipped.sort { InputList.precedes(($0.name, $0.reason), ($1.name, $1.reason)) }
    }

    public mutating func passOver(_ input: Input, reason: String) {
        skipped.append((input.name, reason))
        skipped.sort { InputList.precedes(($0.name, $0.reason), ($1.name, $1.reason)) }
    }

    private static func precedes(_ left: (String, String), _ right: (String, String)) -> Bool {
        if left.0 != right.0 { return left.0.utf8.lexicographicallyPrecedes(right.0.utf8) }
        return left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
    }

    private mutating func add(_ input: Input, _ identity: FileIdentity) {
        if let other = seen[identity] {
            skipped.append((input.name, "it is the same file as \(other), which is read"))
            return
        }
        seen[identity] = input.name
        inputs.append(input)
    }

    private mutating func walk(_ folder: String, below: String, rules: FileIdentity?) {
        let shown = below.isEmpty ? folder : below
        guard let names = InputList.names(in: folder) else {
            // Read as a file, it gives a finding that says why.
            inputs.append(Input(path: folder, name: shown))
            return
        }
        for name in names {
            let path = folder + "/" + name
            let shown = below.isEmpty ? name : below + "/" + name
            guard let status = InputList.status(path, followLinks: false) else {
                // It has been removed since, or its name is not text. Read as a file, it gives a finding that says why.
                inputs.append(Input(path: path, name: shown))
                continue
            }
            if status.isLink {
                skipped.append((shown, "it is a link; name the file itself"))
            } else if status.isFolder {
                if status.identity == rules {
                    skipped.append((shown, "it contains the rules"))
                } else if InputList.isOurOutput(path) {
                    skipped.append((shown, "it is an output of agency-check"))
                } else {
                    walk(path, below: shown, rules: rules)
                }
            } else {
                let lower = name.lowercased()
                let must = InputList.returnEndings.contains { lower.hasSuffix($0) }
                add(Input(path: path, name: shown, mustBeRead: must), status.identity)
            }
        }
    }

    /// Whether the folder is one of our outputs, which have a manifest that says so.
    public static func isOurOutput(_ folder: String) -> Bool {
        var status = stat()
        guard lstat(folder + "/" + ManifestCheck.name, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let source = try? FileSource(path: folder + "/" + ManifestCheck.name)
        else { return false }
        return source.head.withUnsafeBytes { ByteSearch.contains($0, "\"tool\": \"agency-check\"") }
    }

    /// A folder of synthetic returns is an input, so it has a mark of its own.
    public static let sampleMarkName = "SYNTHETIC.txt"
    public static func isSampleOutput(_ folder: String) -> Bool {
        guard let source = try? FileSource(path: folder + "/" + sampleMarkName) else { return false }
        return source.head.withUnsafeBytes { ByteSearch.contains($0, "written by agency-check sample") }
    }

    private struct Status {
        let identity: FileIdentity
        let isFolder: Bool
        let isLink: Bool
    }

    private static func status(_ path: String, followLinks: Bool = true) -> Status? {
        var status = stat()
        guard (followLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        return Status(
            identity: FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)), isFolder: kind == S_IFDIR,
            isLink: kind == S_IFLNK)
    }

    /// The names in a folder sorted by bytes, without dot files and files that systems leave behind.
    private static func names(in folder: String) -> [String]? {
        FolderListing.names(in: folder)?.filter { !$0.hasPrefix(".") && !isLeftBySystem($0) }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }

    /// By its last component, with or without folders before it.
    private static func isLeftBySystem(_ path: String) -> Bool {
        FolderListing.isLeftBySystem(path.split(separator: "/").last.map(String.init) ?? path)
    }

    /// The paths that match a pattern, if the shell has not replaced it.
    private static func matches(of pattern: String) -> [String] {
        guard pattern.contains("*") || pattern.contains("?") else { return [] }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
}
