import AgencyModel
import ByteWriting
import CheckRun
import Facts
import Reports
import SafeFiles
import Submission
import Threads
import Wording

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
struct OutputWriter: Sendable {
    let run: CheckRun
    let result: CheckResult
    let summary: RunSummary
    let findings: FindingOrder
    let accepted: AcceptedFindings
    let identity: RunIdentity
    let today: CalendarDate?

    /// Writes the outputs and the manifest, and puts the folder in its place.
    func write(_ outputs: [Output], to folder: OutputFolder) throws {
        let submission = outputs.contains(.submission) ? SubmissionWriter(result, summary, identity: identity, into: folder) : nil
        let fromTexts = outputs.filter(\.needsTexts)
        // All cores write the exceptions together; then each takes another output. The workbook takes longest, so it comes first.
        if outputs.contains(.exceptions) { try write(.exceptions, to: folder) }
        let single = outputs.filter { $0 == .workbook } + outputs.filter { !$0.needsTexts && $0 != .exceptions && $0 != .workbook }
        let groups = fromTexts.isEmpty ? [] : result.filesByReturns
        let reread = try inParallel(single.count + groups.count, threads: run.threads) { job in
            if job >= single.count { return try read(groups[job - single.count], for: submission) }
            try write(single[job], to: folder)
            return Reread()
        }
        let details = RunDetails(reread.flatMap(\.details).sorted { $0.file < $1.file }.map(\.of))
        let sheets = reread.flatMap(\.sheets)
        _ = try inParallel(fromTexts.count, threads: run.threads) { job in
            if fromTexts[job] == .submission { return try submission!.finish(sheets, findings, details) }
            try write(fromTexts[job], details, to: folder)
        }
        if !accepted.positions.isEmpty, outputs.contains(.exceptions) {
            try folder.write("accepted.csv") { file in
                try AcceptedCSV.write(findings, accepted) { try file.write($0.bytes) }
            }
        }
        try folder.write(ManifestCheck.name) { file in try file.write(manifest(folder.files).bytes) }
        try folder.commit()
    }

    /// What comes of reading assignments once more.
    private struct Reread: Sendable {
        var details: [(file: Int, of: FileDetails)] = []
        var sheets: [AssignmentSheets.Written] = []
    }

    /// Reads the assignments of files once more, those of a return in order.
    private func read(_ files: [Int], for submission: SubmissionWriter?) throws -> Reread {
        var reread = Reread()
        var sheets = submission?.newSheets()
        for file in files {
            var details = FileDetails(result.judgement, file: file)
            try run.reread(result, file: file) { assignment, place in
                details.take(assignment, at: place)
                try sheets?.take(assignment)
            }
            details.finish()
            reread.details.append((file, details))
        }
        reread.sheets = try sheets?.finish() ?? []
        return reread
    }

    /// An output of the findings alone.
    private func write(_ output: Output, to folder: OutputFolder) throws {
        guard let name = output.file else { return }
        if output == .workbook {
            return try ExceptionsWorkbook.write(findings, accepted: accepted, named: name, into: folder)
        }
        try folder.write(name) { file in
            let sink: ByteSink = { try file.write($0.bytes) }
            switch output {
            case .exceptions: try ExceptionsCSV.write(findings, to: sink)
            case .coverage: try CoverageCSV.write(result, to: sink)
            case .rejected: try RejectedCSV.write(result, to: sink)
            case .json: try FindingsJSON.write(findings, result, accepted: accepted, version: toolVersion, to: sink)
            case .sarif: try FindingsSARIF.write(findings, result, accepted: accepted, version: toolVersion, to: sink)
            case .workbook, .capBreaches, .agencies, .submission, .report:
                preconditionFailure("\(output) is no list of findings")
            }
        }
    }

    /// An output that needs the assignments' texts too.
    private func write(_ output: Output, _ details: RunDetails, to folder: OutputFolder) throws {
        guard let name = output.file else { return }
        try folder.write(name) { file in
            let sink: ByteSink = { try file.write($0.bytes) }
            switch output {
            case .capBreaches: try CapBreachesCSV.write(details, to: sink)
            case .agencies: try AgenciesCSV.write(details, to: sink)
            case .report:
                try ReportPage.write(
                    ReportPage.Contents(
                        result, summary, details, findings, accepted: accepted, identity: identity, today: today), to: sink)
            case .exceptions, .workbook, .coverage, .rejected, .json, .sarif, .submission:
                preconditionFailure("\(output) needs no texts")
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
                    ("quarter", ManifestWriter.text(return_.quarter.description)), ("rows", "\(return_.records)"),
                    ("assignments", "\(return_.assignments)"),
                    ("status", ManifestWriter.text(return_.isReady ? "ready" : "incomplete")),
                ]
            })
        manifest.inputs(result, Array(result.files.indices))
        manifest.list("files", files.map { ManifestWriter.file($0.name, $0.byteCount, $0.digest) })
        manifest.end()
        return manifest.json
    }
}
