import AgencyModel
import ByteWriting
import Facts
import Outputs

/// `agencies.csv`: what each agency supplied to each authority in the quarter, and the findings about it.
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
            let what = [
                agency.authority?.description ?? "", agency.quarter?.description ?? "",
                String(decoding: agency.name, as: UTF8.self),
                "\(agency.assignments)", "\(agency.workers)", agency.hours.quantity.description, agency.cost.toThePenny.description,
            ]
            writer.buffer.appendRow(what + zip(agency.errors, agency.warnings).flatMap { ["\($0)", "\($1)"] })
            try writer.flushIfFull()
        }
        try writer.flush()
    }
}
