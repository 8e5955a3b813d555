extension OutputFolder {
    /// Writes a manifest with only the files, and moves the folder into place.
    public func commit(as output: String, toolVersion: String) throws {
        var manifest = ManifestWriter()
        manifest.member("tool", "agency-check")
        manifest.member("version", toolVersion)
        manifest.member("output", output)
        manifest.list("files", files.map { ManifestWriter.file($0.name, $0.byteCount, $0.digest) })
        manifest.end()
        try write(ManifestCheck.name) { try $0.write(manifest.json.bytes) }
        try commit()
    }
}
