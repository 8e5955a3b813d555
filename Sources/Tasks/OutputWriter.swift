import AgencyModel
import ByteWriting
import CheckRun
import Facts
import Outputs
import SafeFiles
import Threads

/// Writes the outputs of a run on all cores. The assignments are read again once, for all outputs that need them.
struct OutputWriter: Sendable {
    let run: CheckRun
    let checked: CheckedRun

    /// Writes the outputs and the manifest, and moves the folder into place.
    func write(_ outputs: [any Output], to folder: OutputFolder) throws {
        let nothingRead = RunDetails([])
        for output in outputs where output.takesAllCores { try output.write(checked, nothingRead, to: folder) }
        // Then each core takes another output. Those that need no assignments are written beside the second reading.
        let single = outputs.filter { !$0.needsAssignments && !$0.takesAllCores }
        let fromAssignments = outputs.filter { $0.needsAssignments && !$0.takesAllCores }
        let makers = fromAssignments.compactMap { $0.takers(of: checked, into: folder) }
        let groups = fromAssignments.isEmpty ? [] : checked.result.filesByReturns
        let filesRead = try inParallel(single.count + groups.count, threads: run.threads) { job in
            if job >= single.count { return try reread(groups[job - single.count], makers.map { $0() }) }
            try single[job].write(checked, nothingRead, to: folder)
            return []
        }
        let details = RunDetails(filesRead.flatMap { $0 }.sorted { $0.file < $1.file }.map(\.of))
        _ = try inParallel(fromAssignments.count, threads: run.threads) {
            try fromAssignments[$0].write(checked, details, to: folder)
        }
        try folder.write(ManifestCheck.name) { file in try file.write(manifest(folder.files).bytes) }
        try folder.commit()
    }

    /// The result of reading a file's assignments.
    private struct FileRead: Sendable {
        let file: Int
        let of: FileDetails
    }

    /// Reads the assignments of files again, those of a return in order.
    private func reread(_ files: [Int], _ takers: [any AssignmentTaker]) throws -> [FileRead] {
        var takers = takers
        var read: [FileRead] = []
        for file in files {
            var details = FileDetails(checked.result.judgement, file: file)
            try checked.result.reread(file: file) { assignment, place in
                details.take(assignment, at: place)
                for taker in takers.indices { try takers[taker].take(assignment) }
            }
            details.finish()
            read.append(FileRead(file: file, of: details))
        }
        for taker in takers.indices { try takers[taker].finish() }
        return read
    }

    private func manifest(_ files: [OutputFolder.Written]) -> ByteBuffer {
        let summary = checked.summary
        var manifest = ManifestWriter()
        manifest.identity(checked.identity, output: "check")
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
        manifest.inputs(checked.result, Array(checked.result.files.indices))
        manifest.list("files", files.map { ManifestWriter.file($0.name, $0.byteCount, $0.digest) })
        manifest.end()
        return manifest.json
    }
}
