/// What a run leaves in the log: digests and counts, no name of anything.
public struct LogEntry {
    /// The members of the line, without braces.
    public let members: String

    /// `when` is the day and time of the run, `manifest` the SHA-256 of its manifest; nil where nothing was written.
    public init(
        _ command: String, _ result: CheckResult, _ summary: RunSummary, _ identity: RunIdentity, manifest: String?, when: String
    ) {
        let inputs = result.files.map {
            "{\"bytes\": \($0.byteCount), \"sha256\": \"\($0.digest ?? "")\", \"read\": \(!$0.isRefused)}"
        }
        let counts = result.counts
        members =
            "\"when\": \"\(when)\", \"command\": \"\(command)\", \"tool\": \"agency-check\", "
            + "\"version\": \"\(identity.toolVersion)\", \"rules\": \"\(identity.rulesDigest)\", "
            + (manifest.map { "\"manifest\": \"\($0)\", " } ?? "")
            + "\"rows\": \(counts.read), \"checked\": \(counts.checked), \"rejected\": \(counts.rejected), "
            + "\"errors\": \(summary.errors), \"warnings\": \(summary.warnings), \"notices\": \(summary.notices), "
            + "\"inputs\": [\(inputs.joined(separator: ", "))]"
    }
}
