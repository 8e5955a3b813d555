import ArgumentParser
import Compliance
import Glibc
import RuleBook
import Tasks

/// Finds and reads the rule book for every command.
enum RuleBookLocation {
    /// The shipped rules: beside the program, in the share folder of an installation, or in the repository where it was built.
    static func shipped() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { room in
            readlink("/proc/self/exe", room.baseAddress!.assumingMemoryBound(to: CChar.self), room.count)
        }
        let program = String(decoding: buffer[..<max(0, count)], as: UTF8.self)
        let folder = program.lastIndex(of: "/").map { String(program[..<$0]) } ?? "."
        let candidates = [folder + "/rules", folder + "/../share/agency-check/rules", folder + "/../../../rules"]
        for candidate in candidates where access(candidate + "/authorities.csv", R_OK) == 0 {
            return realpathOf(candidate) ?? candidate
        }
        try Terminal.writeError(
            "agency-check: the shipped rules are missing; expected a folder called rules beside the program. Install the program again.\n"
        )
        throw ExitCode(2)
    }

    private static func realpathOf(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The rule book. Throws every mistake in it.
    static func load(over: String?) throws -> RuleBook {
        let shipped = try shipped()
        do {
            return try RuleBook.load(shipped: shipped, over: over, rules: RuleRegistry.shared.all)
        } catch {
            throw TaskFault.rules(error)
        }
    }

    /// The tables of published figures, for the commands that compare. Throws every mistake in them.
    static func loadReferenceTables(over: String?) throws -> ReferenceTables {
        let shipped = try shipped()
        do {
            return try ReferenceTables.load(shipped: shipped, over: over)
        } catch {
            throw TaskFault.rules(error)
        }
    }
}
