/// One agency assignment of a return, as read. A missing value is nil: it is empty, absent or not readable (`unreadable`).
///
/// Texts are in the reader's memory and are valid only while the record is being looked at.
public struct Assignment: ~Copyable {
    /// The line of the input where the record starts, from 1.
    public var line: UInt32 = 0
    /// The columns with a value that is not of its type (`IMP004`).
    public var unreadable = ColumnSet()

    public var authority: AuthorityCode?
    public var quarter: Quarter?
    /// The authority's own reference, up to 36 characters.
    public var assignmentID: Bytes?
    public var sweNumber: SWENumber?
    /// The content of `swe_number` if it is not a valid number.
    public var sweNumberAsWritten: Bytes?
    public var jobTitle: Bytes?
    /// The core job type: the row's own, or the job mapping's for `jobTitle`.
    public var role: CoreRole?
    public var startDate: CalendarDate?
    /// The last day, inclusive. Nil means still running.
    public var endDate: CalendarDate?
    public var engagement: Engagement?
    /// Pounds an hour: base pay (PAYE), or the rate paid to the umbrella or limited company.
    public var payRate: Money?
    public var employerNI: Money?
    public var holidayPay: Money?
    public var apprenticeshipLevy: Money?
    /// Pounds an hour, not part of the capped rate.
    public var agencyFee: Money?
    /// Everything that the authority pays an hour, without VAT.
    public var chargeRate: Money?
    public var weeklyHours: Quantity?
    public var hoursInQuarter: Quantity?
    public var agency: Bytes?
    public var supply: Supply?
    public var teamReference: Bytes?
    public var approvedDate: CalendarDate?
    public var costDisaggregated: Bool?
    public var practiceManagedBy: PracticeManager?
    public var noticeWeeks: Quantity?
    public var references: Int?
    public var experienceMonths: Int?
    public var experienceVerified: Bool?
    public var lastPostAuthority: AuthorityCode?
    public var lastPostEnd: CalendarDate?
    public var lastPostReason: LeavingReason?
    public var capDCSDate: CalendarDate?
    public var capCEDate: CalendarDate?
    public var capReason: Bytes?
    /// The day from which `payRate` applies, if it changed during the assignment.
    public var rateFrom: CalendarDate?
    /// The day on which the assignment was offered.
    public var offerDate: CalendarDate?
    /// The day on which the authority gave the worker a practice-based reference.
    public var referenceGivenDate: CalendarDate?

    @inlinable public init() {}

    /// The hourly rate that is compared with the cap. For PAYE, pay with employer's national insurance, holiday pay and levy; for
    /// umbrella and limited companies, the rate paid to the company, which includes them. Nil without a pay rate or engagement.
    @inlinable @inline(__always)
    public var cappedRate: Money? {
        guard let payRate, let engagement else { return nil }
        return engagement == .paye ? payRate + onCosts : payRate
    }

    /// Employer's national insurance, holiday pay and levy. Missing ones count as zero.
    @inlinable @inline(__always)
    public var onCosts: Money { (employerNI ?? .zero) + (holidayPay ?? .zero) + (apprenticeshipLevy ?? .zero) }

    /// Whether this is a PAYE row without any of the on-costs. Its capped rate is at least the pay rate, but it is not known how
    /// much more.
    @inlinable @inline(__always)
    public var lacksOnCosts: Bool { engagement == .paye && employerNI == nil && holidayPay == nil && apprenticeshipLevy == nil }

    /// Calls `body` with the texts of `Column.shortTexts` that are not missing.
    @inlinable @inline(__always)
    public func forEachShortText(_ body: (Column, Bytes) -> Void) {
        if let assignmentID { body(.assignmentID, assignmentID) }
        if let jobTitle { body(.jobTitle, jobTitle) }
        if let agency { body(.agency, agency) }
        if let teamReference { body(.teamReference, teamReference) }
    }

    /// Whether the worker is part of a team or package. A missing supply means INDIVIDUAL.
    @inlinable @inline(__always)
    public var isTeam: Bool { supply == .projectTeam || supply == .packaged }
}
