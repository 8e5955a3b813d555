import AgencyModel
import Facts
import Intake
import SafeFiles
import TextSource

extension CheckRun {
    /// Reads the assignments once more, in the order of the files' names and of their lines, for what needs their texts. The run must
    /// have taken digests: a file that is no longer what was checked ends it.
    public func reread(
        _ result: CheckResult, _ take: (borrowing Assignment, RereadPlace) throws -> Void
    ) throws {
        for file in result.files.indices where result.files[file].holdsAssignments { try reread(result, file: file, take) }
    }

    /// Reads the assignments of one file once more.
    public func reread(
        _ result: CheckResult, file index: Int, _ take: (borrowing Assignment, RereadPlace) throws -> Void
    ) throws {
        let run = result.judgement
        let file = result.files[index]
        let parts = run.parts(of: index)
        try withoutActuallyEscaping(take) { take in
            var receiver = RereadReceiver(parts: parts.map { ($0, run.parts[$0].ledger.entries.count) }, take: take)
            do {
                let source = try FileSource(path: file.input.path, limits: limits)
                switch file.kind {
                case .returnXML(let encoding):
                    _ = try ReturnXML.readAssignments(
                        source, encoding: encoding, book: book, defaults: defaults, limits: limits, progress: { _ in },
                        into: &receiver)
                default:
                    _ = try CSVIntake.readAssignments(
                        source, encoding: file.encoding, book: book, defaults: defaults, limits: limits, into: &receiver)
                }
                guard try CheckRun.digest(of: source) == file.digest else { throw CheckRun.changed(file) }
            } catch is TextFault {
                throw CheckRun.changed(file)
            }
            if let fault = receiver.fault { throw fault }
            guard receiver.isComplete else { throw CheckRun.changed(file) }
        }
    }

    /// Reads once more what a file of the run says of employment. The run must have taken digests.
    public func rereadEvidence(_ file: CheckedFile) throws(OutputFault) -> FileEvidence {
        guard !file.isRefused, let kind = file.kind else { return FileEvidence() }
        do {
            let source = try FileSource(path: file.input.path, limits: limits)
            let evidence = try evidence(in: source, kind)
            guard try CheckRun.digest(of: source) == file.digest else { throw CheckRun.changed(file) }
            return evidence
        } catch let fault as OutputFault {
            throw fault
        } catch {
            throw CheckRun.changed(file)
        }
    }

    private static func changed(_ file: CheckedFile) -> OutputFault {
        OutputFault("\(file.input.name) was changed while it was checked. Close it in other programs and run again.")
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
