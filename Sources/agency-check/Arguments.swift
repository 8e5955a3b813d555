import ArgumentParser
import Glibc

/// Checks every command line before ArgumentParser, which uses the last of several values in silence, and would read the file
/// `-dash.csv` as the options -d, -a, -s and -h.
enum Arguments {
    /// Options that can be repeated: flags mean the same twice, and `--share` takes one breach after another.
    static let mayRepeat: Set<String> = [
        "--help", "--version", "--stamp", "--quiet", "--verbose", "--no-submission", "--nil", "--replace", "--share",
    ]

    /// The arguments, if no option that takes one value is given twice. A file whose name begins with a hyphen, as a shell may pass
    /// it for `*.csv`, is written with `./`. Everything after `--` is unchanged.
    static func read(_ arguments: [String]) throws -> [String] {
        var result: [String] = []
        var seen: Set<Substring> = []
        for (place, argument) in arguments.enumerated() {
            if argument == "--" { return result + arguments[place...] }
            let argument = try withoutDash(argument)
            if argument.hasPrefix("--") {
                let name = argument.prefix { $0 != "=" }
                guard mayRepeat.contains(String(name)) || seen.insert(name).inserted else {
                    throw ValidationError("\(name) is given more than once. Give it once.")
                }
            }
            result.append(argument)
        }
        return result
    }

    /// An argument that looks like an option with one hyphen and is not a file is wrong, because the only such option is -h.
    private static func withoutDash(_ argument: String) throws -> String {
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
