import AgencyModel
import Comparison
import Facts
import RuleBook
import SafeFiles
import Wording

/// Why a task did not begin or wrote nothing: the request does not fit what was read. The program puts it into words, with the
/// names of its options. Errors of the disk or a store are an `OutputFault`.
public enum TaskFault: Error {
    /// The rules have mistakes.
    case rules(RuleBookProblems)
    /// The list of accepted findings has mistakes.
    case accepted(RuleBookProblems)
    /// An input is in the folder of the outputs, which would be replaced.
    case inputInOutput(input: String, output: String)
    /// No file of the inputs can be checked: most likely the wrong folder was given.
    case nothingToCheck(inputs: [String])
    /// No return of the requested quarter was read, but returns of these quarters were.
    case noReturn(of: Quarter, read: [Quarter])
    /// A nil return was declared, and the files have assignments for it.
    case nilHasAssignments(ReturnKey, Int)
    /// A nil return was declared, and the authority record says that there were agency workers.
    case nilContradictsRecord(ReturnKey)
    /// No partnership or region has the name; the rules have these.
    case noPartnership(known: [String])
    /// What the protection of small counts needs but the computer lacks, in words.
    case noProtection(String)
    /// Returns are in two files and would be counted twice.
    case returnsTwice([RepeatedReturn], PrintedText)
    /// There is no assignment for the requested authorities and quarters.
    case nothingCompared(CheckResult)
}
