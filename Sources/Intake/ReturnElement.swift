import AgencyModel

/// The elements of an agency return. Column names follow the structural ones, in the order of `Column`.
///
/// `Employment` is both the record of an employment history and a column in it. Here it is listed as a column; its position tells
/// the two apart.
enum ReturnElement {
    static let agencyReturn = 0
    static let header = 1
    static let assignments = 2
    static let assignment = 3
    static let employmentHistory = 4
    static let authority = 5
    static let firstColumn = 6

    static let names =
        ["AgencyReturn", "Header", "Assignments", "Assignment", "EmploymentHistory", "Authority"]
        + Column.allCases.map(\.elementName)

    static let ofAssignment = ColumnSet(Column.ofAssignment)
    static let ofSpell = ColumnSet(Column.ofSpell)
    static let ofAuthorityRecord = ColumnSet(Column.ofAuthorityRecord)

    static let employment = firstColumn + Int(Column.employment.rawValue)

    /// Where an element belongs, in words.
    static func home(of name: Int) -> String? {
        switch name {
        case agencyReturn: return nil
        case header, assignments, employmentHistory, authority: return "AgencyReturn"
        case assignment: return "Assignments"
        default:
            guard let column = column(name) else { return nil }
            if column == .employment { return "EmploymentHistory" }
            if ofAssignment.contains(column) { return "Assignment" }
            return ofSpell.contains(column) ? "Employment" : "Authority"
        }
    }

    @inline(__always)
    static func column(_ name: Int) -> Column? {
        name >= firstColumn ? Column(rawValue: UInt8(truncatingIfNeeded: name &- firstColumn)) : nil
    }
}
