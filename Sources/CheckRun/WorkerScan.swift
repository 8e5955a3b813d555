import AgencyModel
import Intake
import TextSource
import Threads

extension CheckRun {
    /// The workers that the assignments of the inputs name, sorted. They are looked up in a history store before the run. This
    /// reads the files once more than a run without a store. Files that cannot be read are skipped, because the run itself reports
    /// them.
    public func workers(in list: InputList) -> [SWENumber] {
        let inputs = list.inputs
        let found = inParallel(inputs.count, threads: threads) { workers(in: inputs[$0]) }
        return found.reduce(into: Set<SWENumber>()) { $0.formUnion($1) }.sorted()
    }

    private func workers(in input: Input) -> Set<SWENumber> {
        var found: Set<SWENumber> = []
        do {
            let source = try FileSource(path: input.path, limits: settings.limits, mayBeBinary: true)
            for table in try InputFormats.tables(in: source, headers: book.headers, formats: formats)
            where table.holdsAssignments {
                let scan = try table.readAssignments(in: source, part: nil, encoding: nil, settings, progress: { _ in }) {
                    WorkerScan()
                }.receiver
                found.formUnion(scan.workers)
            }
        } catch {
            return []
        }
        return found
    }
}

/// Collects only the numbers.
private struct WorkerScan: AssignmentReceiver, Sendable {
    var workers: Set<SWENumber> = []

    mutating func receive(_ assignment: borrowing Assignment, unreadable: [UnreadableValue]) {
        if let worker = assignment.sweNumber { workers.insert(worker) }
    }

    mutating func note(_ note: ImportNote) {}
}
