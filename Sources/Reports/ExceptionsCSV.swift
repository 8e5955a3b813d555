import AgencyModel
import ByteWriting
import Facts
import Outputs
import SafeFiles
import Wording

/// `exceptions.csv`: every finding, one row. Beside it `accepted.csv`, where findings were accepted.
public struct ExceptionsCSV: Output {
    public init() {}

    public var name: String { "exceptions" }
    public var about: String { "every finding, one row each" }
    public var file: String? { "exceptions.csv" }
    public var takesAllCores: Bool { true }

    public func write(_ run: CheckedRun, _ details: RunDetails, to folder: OutputFolder) throws {
        try folder.write("exceptions.csv") { file in
            try ExceptionsCSV.write(run.findings) { try file.write($0.bytes) }
        }
        guard !run.accepted.positions.isEmpty else { return }
        try folder.write("accepted.csv") { file in
            try AcceptedCSV.write(run.findings, run.accepted) { try file.write($0.bytes) }
        }
    }

    public static func write(_ findings: FindingOrder, to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append(FindingRow.header)
        writer.buffer.endRow()
        try writer.flush()
        try FindingBlocks.write(findings, to: sink) { view, _, buffer in
            FindingRow.append(view, to: &buffer)
            buffer.endRow()
        }
    }
}
