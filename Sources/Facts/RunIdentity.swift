import AgencyModel
import SafeFiles

/// What a run was made with, for the manifests: the program, the rules and the inputs.
public struct RunIdentity: Sendable {
    public let toolVersion: String
    /// The SHA-256 of all files of the rule book that were read, with their names.
    public let rulesDigest: String
    /// The tables and pages that your own folder replaces, in words.
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

extension ManifestWriter {
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

    /// The inputs with the given indexes in the run.
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
