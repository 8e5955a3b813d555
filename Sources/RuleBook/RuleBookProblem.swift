/// A mistake in the rule book: the file, the line, and what was expected. Nothing is checked with incomplete rules.
public struct RuleBookProblem: Error, CustomStringConvertible, Sendable {
    public let file: String
    /// From 1; 0 if the problem is about the file.
    public let line: Int
    public let message: String

    public var description: String { line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)" }
}

/// All problems that were found, so that they can be corrected together.
public struct RuleBookProblems: Error, Sendable {
    public let all: [RuleBookProblem]

    package init(all: [RuleBookProblem]) { self.all = all }
}

/// Collects problems while the rule book is read.
package final class ProblemList {
    package private(set) var all: [RuleBookProblem] = []

    package init() {}

    package func add(_ file: String, _ line: Int, _ message: String) {
        all.append(RuleBookProblem(file: file, line: line, message: message))
    }
}
