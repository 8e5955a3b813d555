import AgencyModel
import ByteWriting
import Facts
import SafeFiles

/// One output of a check: what it is called, which files it writes, and how. Each writer of one is a type of its own; the list of all is in
/// `OutputList`.
public protocol Output: Sendable {
    /// As a person asks for it, and as it is listed: `cap-breaches`.
    var name: String { get }
    /// What it is, in a few words: for the list that a person chooses from.
    var about: String { get }
    /// The file to open first; nil where it writes folders of its own.
    var file: String? { get }
    /// Whether it is written where nothing else is asked for.
    var isUsual: Bool { get }
    /// Whether it needs the assignments, which are then read once more: their texts and what is added up of them.
    var needsAssignments: Bool { get }
    /// Whether it keeps all cores busy by itself, so that it is written before the others and not beside them.
    var takesAllCores: Bool { get }

    /// What makes a taker of assignments, one for some of the returns, on any thread; nil where the run's details are enough.
    func takers(of run: CheckedRun, into folder: OutputFolder) -> (@Sendable () -> any AssignmentTaker)?

    /// Writes its files. `details` is what the second reading brought, empty where the output does not need the assignments.
    func write(_ run: CheckedRun, _ details: RunDetails, to folder: OutputFolder) throws
}

extension Output {
    public var isUsual: Bool { true }
    public var needsAssignments: Bool { false }
    public var takesAllCores: Bool { false }
    public func takers(of run: CheckedRun, into folder: OutputFolder) -> (@Sendable () -> any AssignmentTaker)? { nil }
}

/// Takes the assignments of some returns as they are read once more, each return's in order, and writes them into the output's folder.
public protocol AssignmentTaker {
    mutating func take(_ assignment: borrowing Assignment) throws
    /// Ends the files that it began.
    mutating func finish() throws
}

/// An output of one file, written in pieces.
public protocol FileOutput: Output {
    func write(_ run: CheckedRun, _ details: RunDetails, to sink: @escaping ByteSink) throws
}

extension FileOutput {
    public func write(_ run: CheckedRun, _ details: RunDetails, to folder: OutputFolder) throws {
        guard let file else { return }
        try folder.write(file) { file in try write(run, details) { try file.write($0.bytes) } }
    }
}
