import AgencyModel
import RuleBook
import TextSource

/// What the rows of a table are; its header says so. The kinds are the same for every format that has rows of cells.
public enum TableKind: Sendable, CaseIterable {
    case assignments, employmentHistory, authorityRecords

    var definition: TableDefinition {
        switch self {
        case .assignments: .assignments
        case .employmentHistory: .employmentHistory
        case .authorityRecords: .authorityRecords
        }
    }

    /// The first kind whose marks are all among the columns; nil where it is none.
    static func of(_ columns: Set<Column>) -> TableKind? {
        allCases.first { $0.definition.marks.allSatisfy(columns.contains) }
    }

    /// Why a table of none of the kinds is refused.
    static func noneFault(line: UInt32) -> TextFault {
        let marks = allCases.map(\.definition.marksInWords)
        return TextFault(
            "its first row has none of the columns that say what it is: \(marks.dropLast().joined(separator: ", ")) or \(marks.last!). Put the column names in the first row",
            line: line, column: 1)
    }
}

/// One kind of table.
struct TableDefinition {
    /// What the table holds, as the summary, the manifests and a store name it.
    let what: String
    /// The table itself, in a sentence.
    let inWords: String
    let columns: [Column]
    /// The columns that must be there; of an inner list one is enough.
    let required: [[Column]]
    /// The columns by which the kind is told: all of them.
    let marks: [Column]
    let marksInWords: String
    let holdsAssignments: Bool
    /// Whether it may hold employment spells.
    let holdsEvidence: Bool
}
