import ByteWriting
import SafeFiles

/// What a run adds to the log: digests and counts, and no names.
public struct LogEntry {
    /// The members of the line, without braces.
    public let members: String

    /// `when` is the date and time of the run, and `manifest` the SHA-256 of its manifest; nil if nothing was written.
    public init(
        _ command: String, _ result: CheckResult, _ summary: RunSummary, _ identity: RunIdentity, manifest: String?, when: String
    ) {
        let text = ManifestWriter.text
        let inputs = result.files.map { file in
            ByteBuffer.text { buffer in
                buffer.append("{")
                buffer.appendMembers([
                    ("bytes", "\(file.byteCount)"), ("sha256", text(file.digest ?? "")), ("read", "\(!file.isRefused)"),
                ])
                buffer.append("}")
            }
        }
        let counts = result.counts
        let run = [
            ("when", text(when)), ("command", text(command)), ("tool", text("agency-check")),
            ("version", text(identity.toolVersion)), ("rules", text(identity.rulesDigest)),
        ]
        let found = [
            ("rows", counts.read), ("checked", counts.checked), ("rejected", counts.rejected), ("errors", summary.errors),
            ("warnings", summary.warnings), ("notices", summary.notices),
        ]
        let written = manifest.map { [("manifest", text($0))] } ?? []
        members = ByteBuffer.text { buffer in
            buffer.appendMembers(
                run + written + found.map { ($0, "\($1)") } + [("inputs", "[\(inputs.joined(separator: ", "))]")])
        }
    }
}
