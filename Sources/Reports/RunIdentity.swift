import AgencyModel
import CheckRun
import SafeFiles

/// What a run was made with and of, for the manifests: the program, the rules, the inputs.
public struct RunIdentity: Sendable {
    public let toolVersion: String
    /// SHA-256 of all files of the rule book that were read, with their names.
    public let rulesDigest: String
    /// Laid-over tables and pages, in words.
    public let shadowed: [String]
    /// When the run was made; nil unless the user asked for it, so that the same input gives the same bytes.
    public let stamp: String?

    public init(toolVersion: String, rulesDigest: String, shadowed: [String], stamp: String?) {
        self.toolVersion = toolVersion
        self.rulesDigest = rulesDigest
        self.shadowed = shadowed
        self.stamp = stamp
    }
}

/// Puts a manifest together: one member a line, lists one element a line.
public struct ManifestWriter {
    public private(set) var json = ByteBuffer()
    private var isFirst = true

    public init() { json.append("{") }

    private mutating func begin(_ name: String) {
        json.append(isFirst ? "\n  " : ",\n  ")
        isFirst = false
        json.appendJSON(name)
        json.append(": ")
    }

    public mutating func member(_ name: String, _ text: String) {
        begin(name)
        json.appendJSON(text)
    }

    public mutating func member(_ name: String, _ number: Int) {
        begin(name)
        json.append(number: number)
    }

    /// A flat object on one line; the values are JSON already.
    public mutating func member(_ name: String, _ members: [(String, String)]) {
        begin(name)
        append(members)
    }

    public mutating func list(_ name: String, _ elements: [[(String, String)]]) {
        begin(name)
        json.append("[")
        for (index, element) in elements.enumerated() {
            json.append(index == 0 ? "\n    " : ",\n    ")
            append(element)
        }
        json.append(elements.isEmpty ? "]" : "\n  ]")
    }

    private mutating func append(_ members: [(String, String)]) {
        json.append("{")
        for (index, (name, value)) in members.enumerated() {
            if index > 0 { json.append(", ") }
            json.appendJSON(name)
            json.append(": ")
            json.append(value)
        }
        json.append("}")
    }

    /// Ends the manifest with the digest of its own text, so that a change in it shows.
    public mutating func end() { json.append(ManifestCheck.ending(Digest.hex(of: json.bytes))) }

    /// A text as JSON.
    public static func text(_ text: String) -> String {
        var buffer = ByteBuffer()
        buffer.appendJSON(text)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    public static func file(_ name: String, _ bytes: Int, _ digest: String) -> [(String, String)] {
        [("file", text(name)), ("bytes", "\(bytes)"), ("sha256", text(digest))]
    }

    /// The program and the rules, the same in every manifest.
    public mutating func identity(_ identity: RunIdentity, output: String) {
        member("tool", "agency-check")
        member("version", identity.toolVersion)
        member("output", output)
        if let stamp = identity.stamp { member("written", stamp) }
        member(
            "rules",
            [
                ("version", ManifestWriter.text(String(identity.rulesDigest.prefix(12)))),
                ("sha256", ManifestWriter.text(identity.rulesDigest)),
            ])
    }

    /// The inputs at the given places of the run.
    public mutating func inputs(_ result: CheckResult, _ places: [Int]) {
        list(
            "inputs",
            places.map { place in
                let file = result.files[place]
                return ManifestWriter.file(file.input.name, file.byteCount, file.digest ?? "") + [
                    ("holds", ManifestWriter.text(file.what)), ("read", file.isRefused ? "false" : "true"),
                ]
            })
    }
}
