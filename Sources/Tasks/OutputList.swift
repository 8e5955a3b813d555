import Outputs
import Reports
import Submission

/// The outputs of a check, in the order in which they are listed and begun. A new output is a type of its own and a line here.
public enum OutputList {
    public static let all: [any Output] = [
        ExceptionsCSV(),
        WorkbookOutput(),
        CapBreachesCSV(),
        AgenciesCSV(),
        CoverageCSV(),
        RejectedCSV(),
        SubmissionOutput(),
        ReportOutput(),
        FindingsJSON(),
        FindingsSARIF(),
    ]

    /// The outputs written by default.
    public static var usual: [any Output] { all.filter(\.isUsual) }
    /// The outputs written only on request.
    public static var others: [any Output] { all.filter { !$0.isUsual } }

    /// The outputs with these names, in the order of the list; nil if a name is not in it.
    public static func named(_ names: [String], among known: [any Output] = all) -> [any Output]? {
        let wanted = Set(names)
        guard wanted.isSubset(of: known.map(\.name)) else { return nil }
        return known.filter { wanted.contains($0.name) }
    }
}
