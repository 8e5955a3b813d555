import CheckRun
import Facts
import SafeFiles

/// What a task needs of the program that it runs in.
public struct Surroundings {
    /// The folder of the shipped rules.
    public let shippedRules: String
    public let toolVersion: String
    /// How many cores are used where nothing else is asked for.
    public let cores: Int
    /// Makes the folder of the outputs, for a program that takes it back where it is stopped meanwhile.
    public var makeFolder: (() throws -> OutputFolder) throws -> OutputFolder = { try $0() }
    /// Reads and judges, for a program that shows how far it is.
    public var underWay: (ProgressMeter, () throws -> CheckResult) throws -> CheckResult = { try $1() }

    public init(shippedRules: String, toolVersion: String, cores: Int) {
        self.shippedRules = shippedRules
        self.toolVersion = toolVersion
        self.cores = cores
    }
}
