import AgencyModel
import ByteWriting
import Facts
import SafeFiles

/// One output of a check: its name, the files it writes, and how it writes them. Each output has a writer type of its own;
/// `OutputList` lists them all.
public protocol Output: Sendable {
    /// The name for options and lists, such as `cap-breaches`.
    var name: String { get }
    /// What it is, in a few words, for the list of choices.
    var about: String { get }
    /// The file to open first; nil if it writes folders of its own.
    var file: String? { get }
    /// Whether it is written by default.
    var isUsual: Bool { get }
    /// Whether it needs the assignments, which are then read again, for their texts and totals.
    var needsAssignments: Bool { get }
    /// Whether it keeps all cores busy on its own, so that it is written before the others and not beside them.
    var takesAllCores: Bool { get }

    /// Makes a receiver of assignments for some of the returns, on any thread; nil if the run's details are enough.
    func takers(of run: CheckedRun, into folder: OutputFolder) -> (@Sendable () -> any AssignmentTaker)?

    /// Writes its files. `details` is the result of the second reading, empty if the output does not need the assignments.
    func write(_ run: CheckedRun, _ details: RunDetails, to folder: OutputFolder) throws
}

extension Output {
    public var isUsual: Bool { true }
    public var needsAssignments: Bool { false }
    public var takesAllCores: Bool { false }
    public func takers(of run: CheckedRun, into folder: OutputFolder) -> (@Sendable () -> any AssignmentTaker)? { nil }
}

/// Receives the assignments of some returns as they are read again, those of each return in order, and writes them to the output's
/// folder.
public protocol AssignmentTaker {
    mutating func take(_ assignment: borrowing Assignment) throws
    /// Finishes the files that it began.
    mutating func finish() throws
}

/// An output with one file, written in blocks.
public protocol FileOutput: Output {
    func write(_ run: CheckedRun, _ details: RunDetails, to sink: @escaping ByteSink) throws
}

extension FileOutput {
    public func write(_ run: CheckedRun, _ details: RunDetails, to folder: OutputFolder) throws {
        guard let file else { return }
        try folder.write(file) { file in try write(run, details) { try file.write($0.bytes) } }
    }
}
