import AgencyModel
import Intake
import TextSource
import Threads

extension CheckRun {
    /// The workers whom the assignments of the inputs name, sorted: whom a history store is to be asked about before the run. Reads the
    /// files once more than a run without a store does; what cannot be read is passed over, the run itself will say it.
    public func workers(in list: InputList) -> [SWENumber] {
        XMLCheck.setUp()
        let inputs = list.inputs
        let found = inParallel(inputs.count, threads: threads) { workers(in: inputs[$0]) }
        return found.reduce(into: Set<SWENumber>()) { $0.formUnion($1) }.sorted()
    }

    private func workers(in input: Input) -> Set<SWENumber> {
        var scan = WorkerScan()
        do {
            let source = try FileSource(path: input.path, limits: limits)
            switch try FileKind.find(source, mapping: book.headers) {
            case .csv(.assignments):
                scan = try inEitherEncoding(source) { encoding, _ throws(TextFault) in
                    var scan = WorkerScan()
                    _ = try CSVIntake.readAssignments(
                        source, encoding: encoding, book: book, defaults: defaults, limits: limits, into: &scan)
                    return scan
                }
            case .returnXML(let encoding):
                _ = try ReturnXML.readAssignments(
                    source, encoding: encoding, book: book, defaults: defaults, limits: limits, progress: { _ in }, into: &scan)
            case .csv, .census: break
            }
        } catch {
            return []
        }
        return scan.workers
    }
}

/// Collects the numbers alone.
private struct WorkerScan: AssignmentReceiver, Sendable {
    var workers: Set<SWENumber> = []

    mutating func receive(_ assignment: borrowing Assignment, unreadable: [UnreadableValue]) {
        if let worker = assignment.sweNumber { workers.insert(worker) }
    }

    mutating func note(_ note: ImportNote) {}
}
