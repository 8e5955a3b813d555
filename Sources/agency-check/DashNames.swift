import ArgumentParser
import Glibc

/// Files whose names begin with a hyphen, as a shell's `*.csv` hands them on: `-dash.csv` is that file and not the options -d, -a, -s and -h.
enum DashNames {
    /// The arguments, such a file's path written with `./`. What looks like an option of one hyphen and is no file is wrong: we have
    /// none but -h.
    static func read(_ arguments: [String]) throws -> [String] {
        var result: [String] = []
        for (place, argument) in arguments.enumerated() {
            if argument == "--" { return result + arguments[place...] }
            result.append(try read(argument))
        }
        return result
    }

    private static func read(_ argument: String) throws -> String {
        guard argument.hasPrefix("-"), argument != "-", argument != "-h", !isOption(argument) else { return argument }
        let isPattern = argument.contains("*") || argument.contains("?")
        if isPattern || access(argument, F_OK) == 0 { return "./" + argument }
        if argument.hasPrefix("--") { return argument }
        throw ValidationError("There is no option \(argument), and no file of that name. See agency-check --help.")
    }

    /// `--name`, `--name=value`.
    private static func isOption(_ argument: String) -> Bool {
        guard argument.hasPrefix("--") else { return false }
        let name = argument.dropFirst(2).prefix { $0 != "=" }
        return !name.isEmpty && name.utf8.allSatisfy { $0 == 0x2D || (0x61...0x7A).contains($0) }
    }
}
