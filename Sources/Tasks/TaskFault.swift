import AgencyModel
import Comparison
import Facts
import RuleBook
import SafeFiles
import Wording

/// Why a task did not begin or wrote nothing: what was asked for does not fit what was read. The program puts it into words, with the names of
/// its options. What the disk or a store refuses is an `OutputFault`.
public enum TaskFault: Error {
    /// The rules have mistakes.
    case rules(RuleBookProblems)
    /// The list of accepted findings has mistakes.
    case accepted(RuleBookProblems)
    /// An input lies in the folder of the outputs, which would be replaced.
    case inputInOutput(input: String, output: String)
    /// No file of the inputs is one that can be checked: most likely another folder was meant.
    case nothingToCheck(inputs: [String])
    /// No return of the quarter that was asked for was read, but returns of these.
    case noReturn(of: Quarter, read: [Quarter])
    /// A nil return was declared, and the files have assignments for it.
    case nilHasAssignments(ReturnKey, Int)
    /// A nil return was declared, and the authority record says that there were agency workers.
    case nilContradictsRecord(ReturnKey)
    /// No partnership or region has the name; the rules know these.
    case noPartnership(known: [String])
    /// What the protection of small counts needs and the computer lacks, in words.
    case noProtection(String)
    /// Returns are there twice and would be counted twice.
    case returnsTwice([RepeatedReturn], PrintedText)
    /// No assignment for the authorities and quarters that were asked for.
    case nothingCompared(CheckResult)
}
