import ArgumentParser
import ByteWriting
import Compliance
import RuleBook
import SafeFiles
import Tasks
import Wording

/// The errors of libraries, in words with the names of the options, which the libraries do not know.
enum Faults {
    /// The message for a fault of the disk or of a store.
    static func words(_ fault: OutputFault, arguments: [String] = CommandLine.arguments) -> String {
        fault.words { remedy in
            switch remedy {
            case .name(let advice, let named): "\(advice) with \(option(named, arguments))."
            case .makeStore(let store): "Make it with agency-check history add FILE --store \(store)."
            case .addReturns(let store): "Add returns with agency-check history add FILE --store \(store)."
            case .checkStore(let store): "Run agency-check history check --store \(store)."
            }
        }
    }

    /// Commands that read both a store and files name the store with `--history`.
    private static func option(_ named: OutputFault.Named, _ arguments: [String]) -> String {
        switch named {
        case .output: "--out"
        case .log: "--log"
        case .store: arguments.contains { $0 == "--history" || $0.hasPrefix("--history=") } ? "--history" : "--store"
        }
    }

    /// The error with which this program ends after a task was refused. Messages that are still outstanding are printed first.
    static func told(_ fault: TaskFault) throws -> any Error {
        switch fault {
        case .rules(let problems):
            let count = problems.all.count
            return try told(problems, "\(count) mistake\(count == 1 ? "" : "s") in the rules; nothing was checked.")
        case .accepted(let problems):
            return try told(problems, "the list of accepted findings cannot be used; nothing was checked.")
        case .inputInOutput(let input, let output):
            return OutputFault("\(input) is in \(output), which would be replaced.", .name("Name another folder", .output))
        case .nothingToCheck(let inputs):
            return OutputFault(
                "There is nothing to check: no return, employment history, authority record or census in \(inputs.joined(separator: ", ")). Name the file or the folder that contains them."
            )
        case .noReturn(let wanted, let read):
            let instead =
                read.isEmpty
                ? "No return of any quarter was read."
                : "The returns are for \(read.map(\.inWords).joined(separator: ", ")): name one of these, or leave out --quarter."
            return ValidationError("There is no return of \(wanted.inWords) to submit. \(instead)")
        case .nilHasAssignments(let key, let count):
            return ValidationError(
                "--nil says that \(key.authority) had no agency workers in \(key.quarter), but the files have \(Words.count(count, "assignment")) for it. Leave out --nil, or leave out those files."
            )
        case .nilContradictsRecord(let key):
            return ValidationError(
                "--nil says that \(key.authority) had no agency workers in \(key.quarter), but its authority record says that there were some (no_agency_workers is no). Leave out --nil, or correct the record."
            )
        case .noPartnership(let known):
            try Terminal.writeError(
                "agency-check: there is no partnership of that name. The rules know \(known.joined(separator: "; ")).\n")
            return ExitCode(2)
        case .noProtection(let missing):
            try Terminal.writeError("agency-check: \(missing). Install the package coinor-libclp1. Nothing was written.\n")
            return ExitCode(3)
        case .returnsTwice(let returns, let printed):
            try Terminal.writeError(Compare.words(returns, printed))
            return OutputFault("a return that appears twice would be counted twice, so nothing was written.")
        case .nothingCompared:
            return OutputFault(
                "the inputs have no assignment for the authorities and quarters that you asked for; nothing was written.")
        }
    }

    /// Writes every mistake to standard error; exit code 2.
    static func told(_ problems: RuleBookProblems, _ end: String) throws -> ExitCode {
        var text = ""
        for problem in problems.all { text += HarmlessText.line("\(problem)") + "\n" }
        try Terminal.writeError(text + "agency-check: \(end)\n")
        return ExitCode(2)
    }
}
