import Facts
import Outputs
import SafeFiles

/// The exception list as a workbook. It takes longest of all that one core writes, so it comes first in the list.
public struct WorkbookOutput: Output {
    public init() {}

    public var name: String { "workbook" }
    public var about: String { "the same in Excel, a sheet for each family of rules" }
    public var file: String? { "exceptions.xlsx" }

    public func write(_ run: CheckedRun, _ details: RunDetails, to folder: OutputFolder) throws {
        try ExceptionsWorkbook.write(run.findings, accepted: run.accepted, named: "exceptions.xlsx", into: folder)
    }
}
