import AgencyModel
import Intake
import SafeFiles
import TextSource

/// An assignment as it is read again, with its place in the judgement.
public struct RereadPlace: Sendable {
    /// The index of the part in the judgement.
    public let part: Int
    /// The index of the assignment in the part's ledger.
    public let entry: Int

    public init(part: Int, entry: Int) {
        self.part = part
        self.entry = entry
    }
}

extension CheckResult {
    /// Reads the assignments again, in the order of the files' names and their lines, for outputs that need their texts. The run
    /// must have computed digests: if a file has changed since it was checked, this throws.
    public func reread(_ take: (borrowing Assignment, RereadPlace) throws -> Void) throws {
        for file in files.indices where files[file].holdsAssignments { try reread(file: file, take) }
    }

    /// Reads the assignments of one file again.
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

    /// Reads the employment evidence in a file of the run again. The run must have computed digests.
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

/// Passes each assignment on with its place. What the import reports has been reported already.
private struct RereadReceiver: AssignmentReceiver {
    /// The file's parts, and the number of assignments in each.
    let parts: [(place: Int, count: Int)]
    let take: (borrowing Assignment, RereadPlace) throws -> Void
    var part = 0
    var entry = 0
    var fault: (any Error)?

    /// Whether the number of assignments is the number that was judged.
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
