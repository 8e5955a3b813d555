import AgencyModel
import Facts
import Wording

/// A run that was checked: what all of its outputs are written from.
public struct CheckedRun: Sendable {
    public let result: CheckResult
    public let summary: RunSummary
    public let findings: FindingOrder
    public let accepted: AcceptedFindings
    public let identity: RunIdentity
    /// The day to compare with the submission windows; nil leaves out the days left.
    public let today: CalendarDate?

    public init(
        _ result: CheckResult, _ summary: RunSummary, _ findings: FindingOrder, accepted: AcceptedFindings = AcceptedFindings(),
        identity: RunIdentity, today: CalendarDate? = nil
    ) {
        self.result = result
        self.summary = summary
        self.findings = findings
        self.accepted = accepted
        self.identity = identity
        self.today = today
    }
}
