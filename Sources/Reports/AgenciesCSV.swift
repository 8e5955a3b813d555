import AgencyModel
import ByteWriting
import Facts
import Outputs

/// `agencies.csv`: what each agency supplied to each authority in the quarter, and what was found about it.
public struct AgenciesCSV: FileOutput {
    public init() {}

    public var name: String { "agencies" }
    public var about: String { "what each agency supplied" }
    public var file: String? { "agencies.csv" }
    public var needsAssignments: Bool { true }

    public func write(_ run: CheckedRun, _ details: RunDetails, to sink: @escaping ByteSink) throws {
        try AgenciesCSV.write(details, to: sink)
    }

    static let header =
        "authority_code,quarter,agency,assignments,workers,hours,cost,"
        + AgencyTotals.familyNames.flatMap { ["errors_" + $0, "warnings_" + $0] }.joined(separator: ",")

    public static func write(_ details: RunDetails, to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append(header)
        writer.buffer.endRow()
        for agency in details.agencies {
            if let authority = agency.authority { writer.buffer.append(number: Int(authority.number), width: 3) }
            writer.buffer.append(0x2C)
            if let quarter = agency.quarter { writer.buffer.append(quarter) }
            writer.buffer.append(0x2C)
            writer.buffer.appendCell { $0.append(agency.name) }
            for number in [agency.assignments, agency.workers] {
                writer.buffer.append(0x2C)
                writer.buffer.append(number: number)
            }
            writer.buffer.append(0x2C)
            writer.buffer.append(agency.hours.quantity.description)
            writer.buffer.append(0x2C)
            writer.buffer.append(agency.cost.toThePenny)
            for (errors, warnings) in zip(agency.errors, agency.warnings) {
                writer.buffer.append(0x2C)
                writer.buffer.append(number: errors)
                writer.buffer.append(0x2C)
                writer.buffer.append(number: warnings)
            }
            writer.buffer.endRow()
            try writer.flushIfFull()
        }
        try writer.flush()
    }
}
