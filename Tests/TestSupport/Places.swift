import Foundation

/// Paths for the tests.
public enum Places {
    /// The root of the repository.
    public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    public static let rules = root + "/rules"
    public static let samples = root + "/samples"
    public static let sampleRules = samples + "/rules"
    public static let data = root + "/Tests/Data"
    /// Material that is not committed, beside the repository.
    public static let shared = root + "/../shared"

    public static func isShared(_ path: String) -> Bool { FileManager.default.fileExists(atPath: shared + "/" + path) }

    /// The names in a folder. A missing folder of the repository ends the tests, because a loop over no names would pass. An output
    /// that was not written counts as empty.
    public static func names(in folder: String) -> [String] {
        if let names = try? FileManager.default.contentsOfDirectory(atPath: folder) { return names.sorted() }
        precondition(!folder.hasPrefix(root), "no folder \(folder)")
        return []
    }

    public static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
    public static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }
}

/// A folder that is deleted when the test ends.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws {
        path = NSTemporaryDirectory() + "/agency-check-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, creates its folders and returns its path.
    @discardableResult
    public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }

    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }
}

/// Runs programs: the built agency-check, and Python as an independent reference.
public struct Program {
    public struct Outcome: Sendable {
        public let code: Int32
        public let output: String
        public let errors: String
    }

    /// The built program: the one that the environment names (as `make test` does), or the one beside the tests.
    public static var agencyCheck: String {
        ProcessInfo.processInfo.environment["AGENCY_CHECK_PROGRAM"] ?? Places.root + "/.build/debug/agency-check"
    }

    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil,
        input: String? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        // Files are used instead of pipes, because a long output must not wait for its reader.
        let scratch = try TemporaryFolder()
        let (out, err) = (try scratch.write("out", ""), try scratch.write("err", ""))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: err))
        let given = try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: scratch.write("in", $0))) }
        process.standardInput = given ?? FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Outcome(code: process.terminationStatus, output: try Places.text(out), errors: try Places.text(err))
    }

    public static func check(
        _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil, input: String? = nil
    ) throws -> Outcome {
        try run(agencyCheck, arguments, environment: environment, in: folder, input: input)
    }

    public static func python(_ script: String, _ arguments: [String] = []) throws -> Outcome {
        try run("/usr/bin/env", ["python3", "-c", script] + arguments)
    }
}
