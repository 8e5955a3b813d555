import AgencyModel
import ArgumentParser
import ByteWriting
import Facts
import History
import Keeping
import SafeFiles
import Tasks
import Wording

/// `agency-check history`: quarters kept in a store.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Keep returns and employment evidence of many quarters in a store.",
        discussion: """
            A store is one file, which only its owner can read, with a key beside it (STORE.key). Without --identifiers keep, it has no
            Social Work England numbers, only pseudonyms made with that key. Keep a copy of the key: it cannot be made again.
            """,
        subcommands: [
            Add.self, List.self, Replaced.self, Restore.self, Remove.self, Inspect.self, Export.self, Purge.self,
        ])

    /// The path of the store.
    struct StoreOption: ParsableArguments {
        @Option(help: ArgumentHelp("The history store, a file.", valueName: "path"))
        var store: String

        func open() throws -> HistoryStore { try HistoryStore.open(store) }
    }

    /// `history add`: checks returns as `check` does and keeps them.
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Check returns and keep them; a return replaces the one kept for the same authority and quarter.",
            discussion: """
                If a file cannot be read, nothing is kept. Employment histories and censuses add their spells; the same file added again
                replaces the earlier one. A return that would lose more than half of its assignments, or some of them to a file that is
                mostly another authority's, is refused without --replace. You can bring back what was replaced: history replaced,
                history restore.
                """)

        @OptionGroup var options: RunOptions
        @OptionGroup var place: StoreOption

        @Option(
            help: "When the store is made: pseudonym (the default) or keep the Social Work England numbers as they are.",
            transform: { text in
                guard let identifiers = Identifiers.allCases.first(where: { $0.name == text }) else {
                    throw ValidationError("--identifiers takes pseudonym or keep.")
                }
                return identifiers
            })
        var identifiers: Identifiers?

        @Flag(help: "Replace kept returns even if much of their content would be lost.")
        var replace = false

        func validate() throws { try options.needInputs() }

        func run() throws {
            let settings = options.settings()
            try settings.checkLog()
            let surroundings = try options.surroundings()
            // A store that cannot be used is reported before a long check. A new store is created after it, if there is something
            // to keep.
            var store = try HistoryStore.exists(place.store) ? opened() : nil
            let (run, result) = try settings.run(takesDigests: true, store: store, surroundings)
            if result.isMissingInput {
                try options.sayNotTaken(result)
                try options.writeSummary(result, RunSummary(result), writtenTo: nil, opening: nil)
                try Terminal.writeError(
                    "agency-check: nothing was kept, because a file could not be read. Correct it (agency-check check shows what is wrong) or leave it out, and run again.\n"
                )
                throw ExitCode(3)
            }
            let kept = KeptRun(run: run, result: result, rulesDigest: try run.book.digest(), toolVersion: toolVersion)
            let replacements = try store.map { Replacement.all(of: result, kept.summary, replacing: try $0.returns()) } ?? []
            if !replace { try Replacement.check(replacements) }
            if store == nil { store = try opened() }
            guard let store else { return }
            let clock = ContinuousClock()
            let start = clock.now
            let tally = try kept.add(to: store)
            try settings.writeLog("history add", result, RunSummary(result), try settings.identity(run.book, surroundings))
            if options.verbose {
                let seconds = (clock.now - start) / .seconds(1)
                let records = tally.rows + tally.spells
                try Terminal.writeError(
                    "\(Words.count(records, "record")) kept in \(Int(seconds * 1000)) ms, \(Words.grouped(Int(Double(records) / max(seconds, 0.001)))) a second.\n"
                )
            }
            try options.sayNotTaken(result)
            try Terminal.writeError(Add.leftOut(kept))
            try say(kept, tally, replacements, store)
            // The store lacks rows of the files, and a script must not assume that it is complete.
            if result.counts.rejected > 0 { throw ExitCode(1) }
        }

        private func opened() throws -> HistoryStore {
            let store = try HistoryStore.openOrCreate(place.store, identifiers: identifiers ?? .pseudonym, madeBy: toolVersion)
            if let identifiers, identifiers != store.identifiers {
                throw ValidationError(
                    "\(place.store) was made with --identifiers \(store.identifiers.name), and that cannot be changed. Leave the option out, or name a new store."
                )
            }
            return store
        }

        /// What was given but is not in the store, in words; empty if everything is.
        private static func leftOut(_ kept: KeptRun) -> String {
            var text = ""
            if kept.withoutReturn > 0 {
                text +=
                    "\(Words.count(kept.withoutReturn, "assignment")) without an authority or quarter \(kept.withoutReturn == 1 ? "was" : "were") not kept. Fill them in, or give --authority and --quarter.\n"
            }
            for key in kept.summary.recordsAlone {
                text +=
                    "The authority record of \(key.authority) for \(key.quarter) was not kept: add it together with that quarter's assignments.\n"
            }
            return text
        }

        private func say(
            _ kept: KeptRun, _ tally: KeptRun.Tally, _ replacements: [Replacement], _ store: HistoryStore
        ) throws {
            guard !options.quiet else { return }
            var text = ""
            if store.isNew {
                text += "Made the store \(store.path) and its key \(store.path).key. Keep a copy of the key in a safe place.\n"
                if !store.isKeyNew { text = "Made the store \(store.path) with the key that was beside it.\n" }
            }
            for return_ in kept.summary.returns {
                text +=
                    "\(return_.authority) \(return_.quarter): \(Words.count(return_.assignments, "assignment")), \(Words.count(return_.errors, "error")), \(Words.count(return_.warnings, "warning"))\(return_.record == nil ? ", no authority record" : "")\n"
            }
            for replacement in replacements {
                text +=
                    replacement.words + (replacement.keepsRecord ? "; the authority record kept before is still kept" : "") + ".\n"
            }
            text +=
                "Kept: \(Words.count(kept.summary.returns.count, "return"))\(tally.replaced > 0 ? " (\(Words.grouped(tally.replaced)) replaced)" : ""), \(Words.count(tally.assignments, "assignment")), \(Words.count(tally.spells, "spell")) of employment.\n"
            try Terminal.write(text)
        }
    }

    /// `history list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the returns and the employment evidence of a store.")

        @OptionGroup var place: StoreOption

        func run() throws {
            let store = try place.open()
            var text = "RETURNS\n"
            let (returns, files) = (try store.returns(), try store.evidenceFiles())
            for (place, kept) in returns.enumerated() {
                if place == 0 || returns[place - 1].quarter != kept.quarter { text += "\(kept.quarter.inWords)\n" }
                text +=
                    "\(kept.authority) \(kept.quarter)\t\(Words.count(kept.assignments, "assignment"))\t\(Words.count(kept.findings, "finding"))\t\(kept.hasRecord ? "authority record" : "no authority record")\trules \(kept.rulesDigest.prefix(12))\t\(kept.files.map(shown).joined(separator: ", "))\n"
            }
            text += "\nEMPLOYMENT EVIDENCE\n"
            for file in files {
                let what = what(file)
                let span =
                    if let first = file.firstDay, let last = file.lastDay { "\(first) to \(last)" } else { "" }
                text += "\(file.digest.prefix(12))\t\(what)\t\(Words.count(file.spells, "spell"))\t\(span)\t\(shown(file.name))\n"
            }
            let again =
                returns.filter(\.isCountedByRows).map { kept in
                    "\(kept.authority) \(kept.quarter): references appear in several rows, and each row is counted as an assignment. Rows of an assignment whose rate changed count once when the return is added again.\n"
                }
                + files.filter { !$0.hasAllReasons }.map { file in
                    "\(what(file)), \(shown(file.name)): some reasons for leaving were kept as OTHER and are no longer known, so they cannot lead to COOL001 (COOL002 asks instead). Add the file again to restore them.\n"
                }
            if !again.isEmpty { text += "\nTO BE ADDED AGAIN, KEPT BY AN EARLIER VERSION\n" + again.joined() }
            try Terminal.write(text)
        }

        private func what(_ file: StoredFile) -> String {
            file.authority.map { "census of \($0)\(file.censusYear.map { " for \($0)" } ?? "")" } ?? file.kind
        }

        private func shown(_ name: String) -> String { PrintedText.line(name) }
    }

    /// `history remove`.
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Remove one return, or one file of employment evidence.")

        @OptionGroup var place: StoreOption

        @Option(help: ArgumentHelp("The authority of the return, such as 301.", valueName: "code"))
        var authority: String?

        @Option(help: ArgumentHelp("The quarter of the return, such as 2026-Q1.", valueName: "quarter"))
        var quarter: String?

        @Option(
            help: ArgumentHelp(
                "An employment history or census, by the first 8 or more digits of its SHA-256 (history list shows them).",
                valueName: "digits"))
        var file: String?

        private var key: (AuthorityCode, Quarter)? {
            guard let authority, let quarter, authority.utf8.count == 3, let number = UInt16(authority),
                let quarter = RunOptions.quarter(quarter)
            else { return nil }
            return (AuthorityCode(number: number), quarter)
        }

        func validate() throws {
            if let file {
                guard authority == nil, quarter == nil else {
                    throw ValidationError("Give --file, or --authority and --quarter, not both.")
                }
                guard file.utf8.count >= 8, file.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
                    throw ValidationError("--file takes 8 or more hexadecimal digits. See agency-check history list.")
                }
            } else if key == nil {
                throw ValidationError("Give --authority CODE and --quarter QUARTER, such as 301 and 2026-Q1, or --file DIGITS.")
            }
        }

        func run() throws {
            let store = try place.open()
            if let file {
                let matches = try store.removeFile(file.lowercased())
                guard matches == 1 else {
                    throw ValidationError(
                        matches == 0
                            ? "No employment evidence of the store has that SHA-256. See agency-check history list."
                            : "Several files have a SHA-256 that begins with those digits. Give more digits.")
                }
                return try Terminal.write("Removed: one file with its spells.\n")
            }
            guard let (authority, quarter) = key else { return }
            guard try store.remove(authority, quarter) else {
                throw ValidationError(
                    "The store has no return of \(authority) for \(quarter). See agency-check history list.")
            }
            try Terminal.write("Removed: the return of \(authority) for \(quarter).\n")
        }
    }

    /// `history check`.
    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Check that a store is complete and undamaged.")

        @OptionGroup var place: StoreOption

        func run() throws {
            let store = try place.open()
            let health = try store.health()
            var text = "Schema \(health.schemaVersion), identifiers: \(store.identifiers.name).\n"
            text += health.counts.map { "\($0.what): \(Words.grouped($0.count))\n" }.joined()
            text += health.problems.isEmpty ? "The store is complete and undamaged.\n" : ""
            try Terminal.write(text)
            guard health.problems.isEmpty else {
                let problems = health.problems.map { "agency-check: \(place.store): \($0).\n" }.joined()
                try Terminal.writeError(
                    problems + "agency-check: put back a copy of the store, or add the returns to a new one.\n")
                throw ExitCode(3)
            }
        }
    }

    /// `history export`.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Write the tables of a store as CSV, workers under their pseudonyms.")

        @OptionGroup var place: StoreOption

        @Option(help: ArgumentHelp("The folder to write: new, empty, or an earlier output of agency-check.", valueName: "dir"))
        var out: String

        func run() throws {
            let store = try place.open()
            let (folder, interruption) = try Interruption.watching { try OutputFolder(at: out) }
            defer { withExtendedLifetime(interruption) { folder.abandon() } }
            try store.export(to: folder)
            try folder.commit(as: "history export", toolVersion: toolVersion)
            try Terminal.writeError("Written to \(out).\n")
        }
    }

    /// `history purge`.
    struct Purge: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "purge",
            abstract: "Delete everything that is only about the time before a quarter.",
            discussion: """
                Removes returns of earlier quarters, including replaced ones, spells that ended before the quarter, and rows without an end
                in censuses before it. --replaced removes the replaced returns of all quarters.
                """)

        @OptionGroup var place: StoreOption

        @Option(help: ArgumentHelp("The first quarter to keep, such as 2024-Q1.", valueName: "quarter"))
        var before: String?

        @Flag(help: "Delete the returns that were replaced.")
        var replaced = false

        func validate() throws {
            if before == nil, !replaced { throw ValidationError("Give --before QUARTER, such as 2024-Q1, or --replaced.") }
            if let before, RunOptions.quarter(before) == nil {
                throw ValidationError("--before takes a quarter such as 2024-Q1.")
            }
        }

        func run() throws {
            let store = try place.open()
            var (deleted, old) = (HistoryStore.Deleted(), 0)
            if let before, let quarter = RunOptions.quarter(before) { deleted = try store.purge(before: quarter) }
            old = deleted.replaced
            if replaced { old += try store.purgeReplaced() }
            try Terminal.write(
                "Deleted: \(Words.count(deleted.returns, "return")), \(Words.count(deleted.spells, "spell")), \(Words.count(deleted.files, "file"))"
                    + (old > 0 ? ", \(Words.count(old, "replaced return"))" : "") + ".\n")
        }
    }
}
