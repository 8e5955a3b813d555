import ArgumentParser
import Keeping
import Wording

extension Replacement {
    /// Throws if one of them looks like a mistake, and names all of them.
    static func check(_ replacements: [Replacement]) throws {
        guard replacements.contains(where: { $0.doubt != nil }) else { return }
        var text = ""
        for replacement in replacements {
            text += replacement.words + (replacement.doubt.map { "; \($0)" } ?? ".") + "\n"
        }
        try Terminal.writeError(
            text
                + "agency-check: nothing was kept. Correct the file; or, if it is right, run the command again with --replace.\n"
        )
        throw ExitCode(3)
    }
}

extension HistoryCommand {
    /// `history replaced`.
    struct Replaced: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replaced", abstract: "List the returns that were replaced; restore brings one back.")

        @OptionGroup var place: StoreOption

        func run() throws {
            let replaced = try place.open().replacedReturns()
            var text = replaced.isEmpty ? "No return was replaced.\n" : ""
            for old in replaced {
                let files = old.files.map { PrintedText.line($0) }.joined(separator: ", ")
                text +=
                    "number \(old.version)\t\(old.authority) \(old.quarter)\t\(Words.count(old.assignments, "assignment"))\t£\(Words.grouped(old.cost))\t\(files)\n"
            }
            try Terminal.write(text)
        }
    }

    /// `history restore`.
    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore", abstract: "Bring a replaced return back; the return that replaced it is kept as replaced.")

        @OptionGroup var place: StoreOption

        @Option(help: ArgumentHelp("The number of the return, as shown by history replaced.", valueName: "n"))
        var number: Int

        func run() throws {
            let store = try place.open()
            let old = try store.replacedReturns().first { $0.version == number }
            guard let old, try store.restore(version: number) else {
                throw ValidationError("The store has no replaced return with number \(number). See agency-check history replaced.")
            }
            try Terminal.write(
                "Brought back: the return of \(old.authority) for \(old.quarter), \(Words.count(old.assignments, "assignment")).\n")
        }
    }
}
