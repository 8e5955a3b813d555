import AgencyModel
import Intake
import SafeFiles
import TextSource

/// An assignment as it is read again, with its place in the judgement.
public struct RereadPlace: Sendable {
    /// The file's place in the run.
    public let file: Int
    /// The assignment's place in the file's ledger.
    public let entry: Int
}

extension CheckRun {
    /// Reads the assignments once more, in the order of the files' names and of their lines, for what needs their texts. The run must
    /// have taken digests: a file that is no longer what was checked ends it.
    public func reread(
        _ result: CheckResult, _ take: (Assignment, RereadPlace) throws -> Void
    ) throws {
        for (index, file) in result.files.enumerated() where file.holdsAssignments {
            try withoutActuallyEscaping(take) { take in
                var receiver = RereadReceiver(file: index, take: take)
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
                guard receiver.entry == result.judgement.files[index].ledger.entries.count else { throw CheckRun.changed(file) }
            }
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
    let file: Int
    let take: (Assignment, RereadPlace) throws -> Void
    var entry = 0
    var fault: (any Error)?

    mutating func receive(_ assignment: inout Assignment, unreadable: [UnreadableValue]) {
        guard fault == nil else { return }
        do {
            try take(assignment, RereadPlace(file: file, entry: entry))
        } catch {
            fault = error
        }
        entry += 1
    }

    mutating func note(_ note: ImportNote) {}
}
