import ByteWriting
import Facts
import RuleBook
import SafeFiles

/// Writes the health check's files and its manifest, completely or not at all.
public enum HealthOutputs {
    public static func write(
        _ run: HealthRun, _ tables: ReferenceTables, identity: RunIdentity, to folder: OutputFolder
    ) throws {
        try folder.write("health.csv") { file in
            try HealthCSV.write(run.results) { try file.write($0.bytes) }
        }
        try folder.write("health.html") { file in
            try HealthPage.write(run, tables, identity: identity) { try file.write($0.bytes) }
        }
        try folder.write(ManifestCheck.name) { file in
            try file.write(manifest(run, identity, folder.files).bytes)
        }
        try folder.commit()
    }

    private static func manifest(_ run: HealthRun, _ identity: RunIdentity, _ files: [OutputFolder.Written]) -> ByteBuffer {
        var manifest = ManifestWriter()
        manifest.identity(identity, output: "health")
        manifest.list(
            "censuses",
            run.results.map { result in
                [
                    ("authority_code", ManifestWriter.text(result.authority.description)), ("year", "\(result.year)"),
                    ("reference_date", ManifestWriter.text(result.referenceDate.description)),
                ]
            })
        manifest.list(
            "inputs",
            run.files.map { file in
                ManifestWriter.file(file.name, file.byteCount, file.digest)
                    + [("holds", ManifestWriter.text("census")), ("counted", file.authority == nil ? "false" : "true")]
            })
        manifest.list("refused", run.refused.map { [("file", ManifestWriter.text($0.name))] })
        manifest.list("files", files.map { ManifestWriter.file($0.name, $0.byteCount, $0.digest) })
        manifest.end()
        return manifest.json
    }
}
