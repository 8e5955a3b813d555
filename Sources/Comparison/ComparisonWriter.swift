import Facts
import SafeFiles

extension Comparison {
    /// Writes the tables, the page and the manifest, and moves the folder into place.
    public func write(_ result: CheckResult, identity: RunIdentity, to folder: OutputFolder) throws {
        let tables = tables
        for table in tables {
            try folder.write(table.file) { file in try table.write { try file.write($0.bytes) } }
        }
        try folder.write("comparison.html") { file in
            try ComparisonPage.write(self, tables, identity: identity) { try file.write($0.bytes) }
        }
        var manifest = ManifestWriter()
        manifest.identity(identity, output: "compare")
        manifest.member("compared", title)
        manifest.member("quarters", period)
        manifest.member("for", audience.rawValue)
        if audience != .analysts { manifest.member("small", small) }
        if !withheldWhole.isEmpty { manifest.member("withheld_whole", withheldWhole.joined(separator: " ")) }
        if audience == .analysts {
            // Other audiences get neither the total of all quarters, which may reveal a count, nor the names of the inputs, which
            // belong to the members.
            manifest.member("assignments", assignmentCount)
            if let returns = returnsFromHistory { manifest.member("returns_from_history", returns) }
            manifest.inputs(result, Array(result.files.indices))
        }
        manifest.list("files", folder.files.map { ManifestWriter.file($0.name, $0.byteCount, $0.digest) })
        manifest.end()
        try folder.write(ManifestCheck.name) { file in try file.write(manifest.json.bytes) }
        try folder.commit()
    }
}
