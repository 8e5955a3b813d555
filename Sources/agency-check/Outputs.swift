import AgencyModel
import CheckRun
import Compliance
import Reports
import SafeFiles
import Submission

/// The outputs of a run, written into one folder.
enum Output: String, CaseIterable {
    case exceptions, workbook, capBreaches = "cap-breaches", agencies, coverage, rejected, submission, report, json, sarif

    /// What `check` writes where nothing else is asked for.
    static let usual: [Output] = [
        .exceptions, .workbook, .capBreaches, .agencies, .coverage, .rejected, .submission, .report,
    ]

    /// The file's name; nil for the submissions, which are folders.
    var file: String? {
        switch self {
        case .exceptions, .capBreaches, .agencies, .coverage, .rejected: rawValue + ".csv"
        case .workbook: "exceptions.xlsx"
        case .report: "report.html"
        case .json, .sarif: "findings." + rawValue
        case .submission: nil
        }
    }

    /// Whether it needs the assignments' texts, which are read once more.
    var needsTexts: Bool {
        switch self {
        case .capBreaches, .agencies, .submission, .report: true
        case .exceptions, .workbook, .coverage, .rejected, .json, .sarif: false
        }
    }
}

/// What all outputs are written from.
struct OutputWriter {
    let run: CheckRun
    let result: CheckResult
    let summary: RunSummary
    let findings: FindingOrder
    let accepted: AcceptedFindings
    let identity: RunIdentity
    let today: CalendarDate?

    /// Writes the outputs and the manifest, and puts the folder in its place.
    func write(_ outputs: [Output], to folder: OutputFolder) throws {
        var details = RunDetails(result)
        if outputs.contains(where: \.needsTexts) {
            let submission =
                outputs.contains(.submission) ? try SubmissionWriter(result, summary, identity: identity, into: folder) : nil
            try run.reread(result) { assignment, place in
                details.take(assignment, at: place)
                try submission?.take(assignment)
            }
            details.finish()
            try submission?.finish(findings, details)
        }
        for output in outputs { try write(output, details, to: folder) }
        if !accepted.positions.isEmpty, outputs.contains(.exceptions) {
            try folder.write("accepted.csv") { file in
                try AcceptedCSV.write(findings, accepted) { try file.write($0.bytes) }
            }
        }
        try folder.write(InputList.manifestName) { file in try file.write(manifest(folder.files).bytes) }
        try folder.commit()
    }

    private func write(_ output: Output, _ details: RunDetails, to folder: OutputFolder) throws {
        guard let name = output.file else { return }
        if output == .workbook {
            return try ExceptionsWorkbook.write(findings, accepted: accepted, named: name, into: folder)
        }
        try folder.write(name) { file in
            let sink: ByteSink = { try file.write($0.bytes) }
            switch output {
            case .exceptions: try ExceptionsCSV.write(findings, to: sink)
            case .capBreaches: try CapBreachesCSV.write(details, to: sink)
            case .agencies: try AgenciesCSV.write(details, to: sink)
            case .coverage: try CoverageCSV.write(result, to: sink)
            case .rejected: try RejectedCSV.write(result, to: sink)
            case .json: try FindingsJSON.write(findings, result, accepted: accepted, version: toolVersion, to: sink)
            case .sarif: try FindingsSARIF.write(findings, result, accepted: accepted, version: toolVersion, to: sink)
            case .report:
                try ReportPage.write(
                    ReportPage.Contents(
                        result, summary, details, findings, accepted: accepted, identity: identity, today: today), to: sink)
            case .workbook, .submission: break
            }
        }
    }

    private func manifest(_ files: [OutputFolder.Written]) -> ByteBuffer {
        var manifest = ManifestWriter()
        manifest.identity(identity, output: "check")
        manifest.member(
            "findings",
            [("errors", "\(summary.errors)"), ("warnings", "\(summary.warnings)"), ("notices", "\(summary.notices)")])
        manifest.list(
            "returns",
            summary.returns.map { return_ in
                [
                    ("authority_code", ManifestWriter.text(return_.authority.description)),
                    ("quarter", ManifestWriter.text(return_.quarter.description)), ("assignments", "\(return_.records)"),
                    ("status", ManifestWriter.text(return_.isReady ? "ready" : "incomplete")),
                ]
            })
        manifest.inputs(result, Array(result.files.indices))
        let sorted = files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        manifest.list("files", sorted.map { ManifestWriter.file($0.name, $0.byteCount, $0.digest) })
        manifest.end()
        return manifest.json
    }
}
