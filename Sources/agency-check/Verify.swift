import ArgumentParser
import SafeFiles
import Wording

/// `agency-check verify`: checks whether an output, or a log, is still as it was written.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that an output or a run log is still as it was written.",
        discussion: """
            Holds every file of an output, or of a submission on its own, against the manifest: names those that were changed, are
            missing, or were added. With --log the log's chain is walked too, and the output must be one that the log knows. Exit code 1
            where anything does not hold.
            """)

    @Argument(help: ArgumentHelp("An output of check or submit, or one submission in it.", valueName: "folder"))
    var folder: String?

    @Option(help: ArgumentHelp("The run log to check.", valueName: "file"))
    var log: String?

    func validate() throws {
        if folder == nil, log == nil { throw ValidationError("Name a folder to verify, or a log with --log.") }
    }

    func run() throws {
        var isSound = true
        var digest: String?
        if let folder {
            let check = try ManifestCheck(of: folder)
            digest = check.manifestDigest
            for mismatch in check.mismatches { try Terminal.write(mismatch + "\n") }
            isSound = check.mismatches.isEmpty
            try Terminal.write(
                isSound
                    ? "\(folder): all \(Words.count(check.fileCount, "file")) as written.\n"
                    : "\(folder): \(Words.count(check.mismatches.count, "file")) not as written.\n")
        }
        if let log {
            let walk = try RunLog(path: log).walk()
            if let problem = walk.problem {
                isSound = false
                try Terminal.write("\(log): \(problem)\n")
            } else {
                try Terminal.write(
                    "\(log): \(Words.count(walk.lines.count, "run")), the chain is unbroken. Last digest: \(walk.last)\n")
            }
            if let digest, !walk.lines.contains(where: { $0.contains("\"manifest\": \"\(digest)\"") }) {
                isSound = false
                try Terminal.write("The log has no run that wrote this output.\n")
            }
        }
        if !isSound { throw ExitCode(1) }
    }
}
