import AgencyModel

/// A required value is missing (one finding for each field), and IMP004 has not already reported the field.
public enum DATA001_RequiredValueMissing: AssignmentRule {
    public static let rules = [
        Rule(.DATA, 1, .error)
    ]

    public static func judge(
        _ assignment: borrowing Assignment, _ circumstances: Circumstances, _ findings: inout FindingList
    ) -> Verdict {
        var verdict = Verdict.clear
        func require(_ column: Column, _ isThere: Bool) {
            if isThere || assignment.unreadable.contains(column) { return }
            verdict = findings.breach(rules[0].code, field: .column(column))
        }
        require(.authorityCode, assignment.authority != nil)
        require(.quarter, assignment.quarter != nil)
        require(.assignmentID, assignment.assignmentID != nil)
        require(.sweNumber, assignment.sweNumber != nil || assignment.sweNumberAsWritten != nil)
        require(.role, assignment.role != nil)
        require(.startDate, assignment.startDate != nil)
        require(.engagement, assignment.engagement != nil)
        require(.payRate, assignment.payRate != nil)
        require(.chargeRate, assignment.chargeRate != nil)
        return verdict
    }
}
