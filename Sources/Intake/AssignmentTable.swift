import AgencyModel

extension TableDefinition {
    /// Agency assignments: a row is one assignment of a return. `AssignmentBuilder` reads the values, as for an XML return.
    static let assignments = TableDefinition(
        what: "assignments", inWords: "a file of assignments", columns: Column.ofAssignment,
        required: [[.assignmentID], [.sweNumber], [.startDate], [.engagement], [.payRate], [.chargeRate], [.role, .jobTitle]],
        marks: [.assignmentID], marksInWords: "assignment_id (assignments)", holdsAssignments: true, holdsEvidence: false)
}
