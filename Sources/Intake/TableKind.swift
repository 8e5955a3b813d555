import AgencyModel
import RuleBook
import TextSource

/// The kind of a table's rows, according to its header. The kinds are the same for every format with rows of cells.
public enum TableKind: Sendable, CaseIterable {
    case assignments, employmentHistory, authorityRecords

    var definition: TableDefinition {
        switch self {
        case .assignments: .assignments
        case .employmentHistory: .employmentHistory
        case .authorityRecords: .authorityRecords
        }
    }

    /// The first kind whose marks are all among the columns; nil if there is none.
    static func of(_ columns: Set<Column>) -> TableKind? {
        allCases.first { $0.definition.marks.allSatisfy(columns.contains) }
    }

    /// Why a table of no known kind is refused.
    static func noneFault(line: UInt32) -> TextFault {
        let marks = allCases.map(\.definition.marksInWords)
        return TextFault(
            "its first row has none of the columns that say what it is: \(marks.dropLast().joined(separator: ", ")) or \(marks.last!). Put the column names in the first row",
            line: line, column: 1)
    }
}

/// One kind of table.
struct TableDefinition {
    /// What the table contains, as named in the summary, the manifests and a store.
    let what: String
    /// The table itself, in a sentence.
    let inWords: String
    let columns: [Column]
    /// The required columns; of an inner list, one is enough.
    let required: [[Column]]
    /// The columns that identify the kind: all of them must be there.
    let marks: [Column]
    let marksInWords: String
    let holdsAssignments: Bool
    /// Whether it may contain employment spells.
    let holdsEvidence: Bool
}
