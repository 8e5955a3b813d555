import CheckRun
import Facts
import SafeFiles

/// What a task needs from the program that it runs in.
public struct Surroundings {
    /// The folder of the shipped rules.
    public let shippedRules: String
    public let toolVersion: String
    /// The default number of cores.
    public let cores: Int
    /// Makes the folder of the outputs, for a program that removes it if it is stopped in the middle.
    public var makeFolder: (() throws -> OutputFolder) throws -> OutputFolder = { try $0() }
    /// Reads and judges, for a program that shows the progress.
    public var underWay: (ProgressMeter, () throws -> CheckResult) throws -> CheckResult = { try $1() }

    public init(shippedRules: String, toolVersion: String, cores: Int) {
        self.shippedRules = shippedRules
        self.toolVersion = toolVersion
        self.cores = cores
    }
}
