import ArgumentParser

/// What is looked at in every command line before it is read: ArgumentParser takes the last of several values in silence.
enum Arguments {
    /// Options that may be given again: what takes no value says the same twice, and `--share` takes one breach after the other.
    static let mayRepeat: Set<String> = [
        "--help", "--version", "--stamp", "--quiet", "--verbose", "--no-submission", "--nil", "--replace", "--share",
    ]

    /// The arguments, where no option that takes one value is given twice.
    static func checked(_ arguments: [String]) throws -> [String] {
        var seen: Set<Substring> = []
        for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("--") {
            let name = argument.prefix { $0 != "=" }
            guard mayRepeat.contains(String(name)) || seen.insert(name).inserted else {
                throw ValidationError("\(name) is given more than once. Give it once.")
            }
        }
        return arguments
    }
}
