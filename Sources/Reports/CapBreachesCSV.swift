import AgencyModel
import ByteWriting
import Facts
import Outputs

/// `cap-breaches.csv`: every rate above the cap, what it costs, who signed it off and when, and why.
public struct CapBreachesCSV: FileOutput {
    public init() {}

    public var name: String { "cap-breaches" }
    public var about: String { "rates above the cap, with their sign-off" }
    public var file: String? { "cap-breaches.csv" }
    public var needsAssignments: Bool { true }

    public func write(_ run: CheckedRun, _ details: RunDetails, to sink: @escaping ByteSink) throws {
        try CapBreachesCSV.write(details, to: sink)
    }

    static let header =
        "authority_code,quarter,assignment_id,role,region,capped_rate,cap,excess_per_hour,hours_in_quarter,excess_in_quarter,"
        + "dcs_date,ce_date,due_date,reason,rule"

    public static func write(_ details: RunDetails, to sink: @escaping ByteSink) throws {
        var writer = BlockWriter(sink)
        writer.buffer.append(header)
        writer.buffer.endRow()
        for breach in details.capBreaches {
            append(breach, to: &writer.buffer)
            try writer.flushIfFull()
        }
        try writer.flush()
    }

    private static func append(_ breach: CapBreach, to buffer: inout ByteBuffer) {
        func cell(_ fill: (inout ByteBuffer) -> Void) {
            buffer.appendCell(fill)
            buffer.append(0x2C)
        }
        cell { $0.append(number: Int(breach.key.authority.number), width: 3) }
        cell { $0.append(breach.key.quarter) }
        cell { $0.append(breach.assignmentID) }
        cell { $0.append(breach.role.text) }
        cell { $0.append(breach.region) }
        cell { $0.append(breach.rate) }
        cell { $0.append(breach.cap) }
        cell { $0.append(breach.excess) }
        cell { buffer in if let hours = breach.hours { buffer.append(hours.description) } }
        cell { buffer in if let excess = breach.excessInQuarter { buffer.append(excess) } }
        cell { buffer in if let day = breach.directorDate { buffer.append(day) } }
        cell { buffer in if let day = breach.chiefExecutiveDate { buffer.append(day) } }
        cell { $0.append(breach.dueDate) }
        cell { $0.append(breach.reason) }
        buffer.append(breach.rule.description)
        buffer.endRow()
    }
}
