import ArgumentParser
import Glibc

/// What is looked at in every command line before it is read: ArgumentParser takes the last of several values in silence, and the letters of
/// a file's name for options.
enum Arguments {
    /// Options that may be given again: what takes no value says the same twice, and `--share` takes one breach after the other.
    static let mayRepeat: Set<String> = ["--help", "--version", "--stamp", "--quiet", "--verbose", "--no-submission", "--share"]

    /// The arguments, a file whose name begins with a hyphen as one that no option is taken for.
    static func checked(_ arguments: [String]) throws -> [String] {
        var seen: Set<Substring> = []
        var checked: [String] = []
        for (place, argument) in arguments.enumerated() {
            if argument == "--" { return checked + arguments[place...] }
            if argument.hasPrefix("--") {
                let name = argument.prefix { $0 != "=" }
                guard mayRepeat.contains(String(name)) || seen.insert(name).inserted else {
                    throw ValidationError("\(name) is given more than once. Give it once.")
                }
                checked.append(argument)
            } else if argument.hasPrefix("-"), argument.utf8.count > 2 {
                guard access(argument, F_OK) == 0 else {
                    throw ValidationError(
                        "\(argument) is no option, and no file of that name is there. Options begin with two hyphens; a file whose name begins with one is given as ./\(argument)"
                    )
                }
                checked.append("./" + argument)
            } else {
                checked.append(argument)
            }
        }
        return checked
    }
}
