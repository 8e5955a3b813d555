import AgencyModel
import Facts
import Outputs
import SafeFiles

/// The submission of each return, in a folder of its own.
public struct SubmissionOutput: Output {
    public init() {}

    public var name: String { "submission" }
    public var about: String { "what goes to the Department for Education, a folder for each return" }
    public var file: String? { nil }
    public var needsAssignments: Bool { true }

    /// The folder of a return, relative to the output folder.
    public static func folderName(_ key: ReturnKey) -> String { SubmissionWriter.folderName(key) }

    public func takers(of run: CheckedRun, into folder: OutputFolder) -> (@Sendable () -> any AssignmentTaker)? {
        let writer = SubmissionWriter(run.result, run.summary, identity: run.identity, into: folder)
        return { writer.newSheets() }
    }

    public func write(_ run: CheckedRun, _ details: RunDetails, to folder: OutputFolder) throws {
        try SubmissionWriter(run.result, run.summary, identity: run.identity, into: folder).finish(run.findings, details)
    }
}
