import AgencyModel
import ByteWriting
import Facts
import Outputs
import Reports
import RuleBook
import SafeFiles
import Wording

/// A check of returns by every rule, which writes the outputs to a folder and the findings as a list.
public struct CheckTask: Sendable {
    /// The format of the list of findings.
    public enum ListForm: String, CaseIterable, Sendable { case text, json, sarif }

    public var settings = RunSettings()
    public var outputs: [any Output] = OutputList.usual
    /// The folder to write; nil writes only the list.
    public var folder: String?
    public var list = ListForm.text
    /// A list of findings that the authority accepts.
    public var accepted: String?

    public init() {}

    public struct Outcome: Sendable {
        public let result: CheckResult
        public let summary: RunSummary
        public let findings: FindingOrder
        public let accepted: AcceptedFindings
        /// The file to open first in the folder; nil if none was written.
        public let opening: String?

        /// Whether a finding that was not accepted has this severity or a higher one.
        public func fails(at least: Severity) -> Bool {
            accepted.positions.isEmpty
                ? findings.contains(atLeast: least)
                : findings.enumerated().contains { accepted[$0.offset] == nil && $0.element.severity >= least }
        }
    }

    /// `sink` receives the list of findings.
    public func perform(_ surroundings: Surroundings, list sink: @escaping ByteSink) throws -> Outcome {
        var accepted = AcceptedFindings()
        if let path = self.accepted {
            do { accepted = try AcceptedFindings.read(path) } catch { throw TaskFault.accepted(error) }
        }
        try settings.check(self.folder)
        let folder = try self.folder.map { path in try surroundings.makeFolder { try OutputFolder(at: path) } }
        defer { folder?.abandon() }
        let (run, result) = try settings.run(
            takesDigests: settings.log != nil || (folder != nil && !isMeasured), store: settings.openedStore(), surroundings)
        let findings = FindingOrder(result, threads: run.threads)
        accepted.match(findings)
        let summary = RunSummary(result)
        if folder != nil || settings.log != nil {
            let identity = try settings.identity(run.book, surroundings)
            if let folder {
                let checked = CheckedRun(
                    result, summary, findings, accepted: accepted, identity: identity, today: settings.today)
                try OutputWriter(run: run, checked: checked).write(outputs, to: folder)
            }
            try settings.writeLog("check", result, summary, identity, folder)
        }
        let version = surroundings.toolVersion
        switch list {
        case .text: try FindingsText.write(findings, accepted: accepted, to: sink)
        case .json: try FindingsJSON.write(findings, result, accepted: accepted, version: version, to: sink)
        case .sarif: try FindingsSARIF.write(findings, result, accepted: accepted, version: version, to: sink)
        }
        return Outcome(
            result: result, summary: summary, findings: findings, accepted: accepted,
            opening: self.folder == nil ? nil : opening)
    }

    /// Whether only the two lists are written whose speed is measured: they need no digests of the inputs.
    private var isMeasured: Bool { outputs.map(\.name) == ["exceptions", "coverage"] }

    private var opening: String {
        let report = ReportOutput()
        if outputs.contains(where: { $0.name == report.name }), let file = report.file { return file }
        return outputs.first.flatMap(\.file) ?? "the submission"
    }
}
