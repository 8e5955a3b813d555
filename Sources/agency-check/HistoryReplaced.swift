import AgencyModel
import ArgumentParser
import Facts
import History
import Wording

/// What `history add` takes the place of: said before it is done, and refused where it looks like a slip.
struct Replacement {
    let authority: AuthorityCode
    let quarter: Quarter
    /// Assignments kept before, and now.
    let before: Int
    let now: Int
    /// Whether each file that holds the return is for the most part another authority's.
    let isStray: Bool
    /// Whether an authority record is kept that the new return does not bring.
    let keepsRecord: Bool

    /// Why it is not done unasked; nil where nothing speaks against it.
    var doubt: String? {
        guard now < before else { return nil }
        if isStray { return "most of the file is another authority's: is the authority_code of a row wrong?" }
        return now * 2 < before ? "more than half of the return would go." : nil
    }

    var words: String { "\(authority) \(quarter): \(Words.count(before, "assignment")) kept before, \(Words.grouped(now)) now" }

    /// The returns of the run that take the place of kept ones.
    static func all(of run: CheckResult, _ summary: RunSummary, replacing kept: [StoredReturn]) -> [Replacement] {
        let files = run.judgement.filesOfReturns()
        var ofAuthorities: [Int: [AuthorityCode: Int]] = [:]
        for (key, counts) in files {
            for (file, count) in counts { ofAuthorities[file, default: [:]][key.authority, default: 0] += count }
        }
        func isStray(_ key: ReturnKey) -> Bool {
            (files[key] ?? [:]).keys.allSatisfy { file in
                ofAuthorities[file]![key.authority]! < ofAuthorities[file]!.values.max()!
            }
        }
        return kept.compactMap { old in
            let key = ReturnKey(authority: old.authority, quarter: old.quarter)
            guard let new = summary.returns.first(where: { $0.key == key }) else { return nil }
            return Replacement(
                authority: old.authority, quarter: old.quarter, before: old.assignments, now: new.assignments,
                isStray: isStray(key),
                keepsRecord: old.hasRecord && new.record == nil)
        }
    }

    /// Throws where one of them looks like a slip, all of them side by side.
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
