import ArgumentParser
import ByteWriting
import CPlatform
import Glibc
import SafeFiles
import Tasks
import Threads

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

    /// The command runs on a thread with its own stack. The main thread receives the signals that end a program.
    static func main() {
        cp_guard_begin()
        if let lack = Resources.lack {
            try? Terminal.writeError("agency-check: \(lack)\n")
            Glibc.exit(3)
        }
        let thread = OwnThread(stackBytes: Resources.stackBytes) { Glibc.exit(AgencyCheck.perform()) }
        guard let thread else {
            try? Terminal.writeError("agency-check: \(Resources.noThread)\n")
            Glibc.exit(3)
        }
        withExtendedLifetime(thread) { Interruption.takeSignals() }
    }

    /// Runs the command and returns its exit code. ArgumentParser ends with 64 on a wrong command line; our code is 2.
    private static func perform() -> Int32 {
        do {
            var command = try parseAsRoot(Arguments.read(Array(CommandLine.arguments.dropFirst())))
            try command.run()
            return 0
        } catch {
            do {
                return try say(error)
            } catch {
                // Standard output or standard error cannot be written, so there may be nowhere to report it.
                try? Terminal.writeErrorLine("agency-check: \((error as? OutputFault).map { Faults.words($0) } ?? "\(error)")")
                return 3
            }
        }
    }

    /// Prints the message for the error, and returns the exit code.
    private static func say(_ error: any Error) throws -> Int32 {
        let error = try (error as? TaskFault).map(Faults.told) ?? error
        if let code = error as? ExitCode { return code.rawValue }
        if let fault = error as? OutputFault {
            try Terminal.writeErrorLine("agency-check: \(Faults.words(fault))")
            return 3
        }
        let code = exitCode(for: error)
        var message = fullMessage(for: error)
        if code == .success {
            // Help or the version.
            try Terminal.writeOwnWords(message + "\n")
            return 0
        }
        // A shell puts file names on the command line. Line ends in them must not end our lines.
        for argument in CommandLine.arguments { message = message.replacing(argument, by: HarmlessText.line(argument)) }
        try Terminal.writeError(message + "\n")
        return code == .validationFailure ? 2 : 3
    }
}

extension String {
    /// The text with each occurrence of a word replaced, if the two differ.
    fileprivate func replacing(_ word: String, by other: String) -> String {
        guard !word.isEmpty, word != other else { return self }
        var result: [UInt8] = []
        var rest = Array(utf8)[...]
        let (sought, given) = (Array(word.utf8), Array(other.utf8))
        while let first = rest.first {
            if rest.starts(with: sought) {
                result += given
                rest = rest.dropFirst(sought.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
