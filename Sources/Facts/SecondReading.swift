import AgencyModel
import Intake
import SafeFiles
import TextSource

/// An assignment as it is read again, with its place in the judgement.
public struct RereadPlace: Sendable {
    /// The part's place in the judgement.
    public let part: Int
    /// The assignment's place in the part's ledger.
    public let entry: Int

    public init(part: Int, entry: Int) {
        self.part = part
        self.entry = entry
    }
}

extension CheckResult {
    /// Reads the assignments once more, in the order of the files' names and of their lines, for what needs their texts. The run must
    /// have taken digests: a file that is no longer what was checked ends it.
    public func reread(_ take: (borrowing Assignment, RereadPlace) throws -> Void) throws {
        for file in files.indices where files[file].holdsAssignments { try reread(file: file, take) }
    }

    /// Reads the assignments of one file once more.
    public func reread(file index: Int, _ take: (borrowing Assignment, RereadPlace) throws -> Void) throws {
        let file = files[index]
        guard let table = file.table else { return }
        let parts = judgement.parts(of: index).map { ($0, judgement.parts[$0].ledger.entries.count) }
        try withoutActuallyEscaping(take) { take in
            let receiver = try file.again(settings) { source throws(TextFault) in
                try table.readAssignments(
                    in: source, part: nil, encoding: file.encoding, settings, progress: { _ in }
                ) { RereadReceiver(parts: parts, take: take) }.receiver
            }
            if let fault = receiver.fault { throw fault }
            guard receiver.isComplete else { throw file.changed }
        }
    }

    /// Reads once more what a file of the run says of employment. The run must have taken digests.
    public func rereadEvidence(_ file: CheckedFile) throws(OutputFault) -> FileEvidence {
        guard !file.isRefused, let table = file.table else { return FileEvidence() }
        return try file.again(settings) { source throws(TextFault) in try table.evidence(in: source, settings) }
    }
}

extension CheckedFile {
    /// Reads the file once more, and makes sure that it is what was checked.
    fileprivate func again<Value>(
        _ settings: ReadSettings, _ read: (FileSource) throws(TextFault) -> Value
    ) throws(OutputFault) -> Value {
        let found: (value: Value, digest: String)
        do {
            let source = try FileSource(path: input.path, limits: settings.limits, mayBeBinary: true)
            let digest = DigestWhileReading(of: source)
            found = (try read(source), try digest.finish())
        } catch {
            throw changed
        }
        guard found.digest == digest else { throw changed }
        return found.value
    }

    fileprivate var changed: OutputFault {
        OutputFault("\(input.name) was changed while it was checked. Close it in other programs and run again.")
    }
}

/// Hands each assignment on with its place; what the import has to say has been said.
private struct RereadReceiver: AssignmentReceiver {
    /// The file's parts and how many assignments each has.
    let parts: [(place: Int, count: Int)]
    let take: (borrowing Assignment, RereadPlace) throws -> Void
    var part = 0
    var entry = 0
    var fault: (any Error)?

    /// Whether as many assignments came as were judged.
    var isComplete: Bool { part == parts.count || parts[part...].allSatisfy { $0.count == (part + 1 == parts.count ? entry : 0) } }

    mutating func receive(_ assignment: borrowing Assignment, unreadable: [UnreadableValue]) {
        guard fault == nil else { return }
        while part < parts.count, entry == parts[part].count { (part, entry) = (part + 1, 0) }
        guard part < parts.count else {
            fault = OutputFault("A file was changed while it was checked. Close it in other programs and run again.")
            return
        }
        do {
            try take(assignment, RereadPlace(part: parts[part].place, entry: entry))
        } catch {
            fault = error
        }
        entry += 1
    }

    mutating func note(_ note: ImportNote) {}
}
