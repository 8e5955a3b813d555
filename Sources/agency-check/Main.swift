import ArgumentParser
import Glibc
import SafeFiles

/// The program's version, as the manifest and `--version` name it.
let toolVersion = "0.1.0"

@main
struct AgencyCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agency-check",
        abstract: "Checks English authorities' quarterly returns of agency child and family social workers.",
        discussion: """
            Reads the returns (CSV or XML) of one or many authorities with their employment histories and authority records, checks
            every rule, and writes the list of exceptions.

            Exit codes: 0 nothing with severity error; 1 error findings; 2 the command line or the rules are wrong; 3 an input could
            not be read or an output not written. Where two apply, the higher.
            """,
        version: toolVersion,
        subcommands: [
            Check.self, Submit.self, Compare.self, Template.self, HistoryCommand.self, Evidence.self, HealthCommand.self,
            Verify.self,
            Redact.self,
            Rules.self, Explain.self, Sample.self,
        ])

    /// ArgumentParser ends with 64 on a wrong command line; ours is 2.
    static func main() {
        // A file that may not grow further is a fault to be said, not the end of the program.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let fault as OutputFault {
            try? Said.toErrors("agency-check: \(fault)\n")
            exit(withError: ExitCode(3))
        } catch {
            let code = exitCode(for: error)
            if code == .validationFailure {
                try? Said.toErrors(fullMessage(for: error) + "\n")
                exit(withError: ExitCode(2))
            }
            exit(withError: error)
        }
    }
}
