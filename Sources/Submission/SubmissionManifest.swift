import AgencyModel
import ByteWriting
import Facts
import RuleBook
import SafeFiles

/// The manifest of a submission: whether it can be sent, what it contains, and what it was made from.
struct SubmissionManifest {
    let json: ByteBuffer

    init(
        _ return_: CheckedReturn, _ details: RunDetails, _ result: CheckResult, _ identity: RunIdentity,
        _ profile: SubmissionProfile, files: [OutputFolder.Written]
    ) {
        var manifest = ManifestWriter()
        manifest.identity(identity, output: "submission")
        manifest.member(
            "profile", [("name", ManifestWriter.text(profile.name)), ("version", ManifestWriter.text(profile.version))])
        manifest.member("authority_code", return_.authority.description)
        manifest.member("authority_name", return_.name)
        manifest.member("quarter", return_.quarter.description)
        manifest.member("status", return_.isReady ? "ready" : "incomplete")
        manifest.member("problems", return_.problems)
        if return_.isNil { manifest.member("nil_return", "yes") }
        if let window = result.judgement.book.submissionWindow(of: return_.quarter) {
            manifest.member(
                "window",
                [
                    ("from", ManifestWriter.text(window.from.description)), ("to", ManifestWriter.text(window.to.description)),
                    ("inferred", window.isInferred ? "true" : "false"),
                ])
        }
        manifest.member(
            "records",
            [
                ("rows", "\(return_.records)"), ("assignments", "\(return_.assignments)"),
                ("workers", "\(details.workers[return_.key] ?? 0)"),
                ("cap_breaches", "\(return_.capBreaches)"), ("errors", "\(return_.errors)"),
                ("warnings", "\(return_.warnings)"), ("notices", "\(return_.notices)"),
            ])
        // The return's own files, and the evidence that was used for every return of the run.
        let evidence = result.files.indices.filter { ["employment history", "census"].contains(result.files[$0].what) }
        manifest.inputs(result, Set(return_.files + evidence).sorted())
        let prefix = SubmissionWriter.folderName(return_.key).count + 1
        manifest.list("files", files.map { ManifestWriter.file(String($0.name.dropFirst(prefix)), $0.byteCount, $0.digest) })
        manifest.end()
        json = manifest.json
    }
}
