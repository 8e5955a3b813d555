/// One agency assignment of a return, as read. A missing value is nil: empty, absent, or not readable (`unreadable`).
///
/// Texts lie in the reader's memory and are valid only while the record is looked at.
public struct Assignment: ~Copyable {
    /// The line of the input where the record starts, from 1.
    public var line: UInt32 = 0
    /// The columns whose value was there but not of its type (`IMP004`).
    public var unreadable = ColumnSet()

    public var authority: AuthorityCode?
    public var quarter: Quarter?
    /// The authority's own reference, up to 36 characters.
    public var assignmentID: Bytes?
    public var sweNumber: SWENumber?
    /// What stands in `swe_number` where that is not a valid number.
    public var sweNumberAsWritten: Bytes?
    public var jobTitle: Bytes?
    /// The core job type: the row's own, or by the job mapping from `jobTitle`.
    public var role: CoreRole?
    public var startDate: CalendarDate?
    /// The last day, inclusive. Nil: still running.
    public var endDate: CalendarDate?
    public var engagement: Engagement?
    /// Pounds an hour: base pay (PAYE), or the rate paid to the umbrella or limited company.
    public var payRate: Money?
    public var employerNI: Money?
    public var holidayPay: Money?
    public var apprenticeshipLevy: Money?
    /// Pounds an hour, outside the cap.
    public var agencyFee: Money?
    /// Everything the authority pays an hour, without VAT.
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
    /// The day from which `payRate` holds, where it changed during the assignment.
    public var rateFrom: CalendarDate?
    /// The day on which the assignment was offered.
    public var offerDate: CalendarDate?
    /// The day on which the authority gave the worker a practice-based reference.
    public var referenceGivenDate: CalendarDate?

    @inlinable public init() {}

    /// The hourly rate that is held against the cap: PAYE pay with employer's national insurance, holiday pay and levy;
    /// for umbrella and limited companies the rate paid to them, which holds those parts. Nil without pay rate or engagement.
    @inlinable @inline(__always)
    public var cappedRate: Money? {
        guard let payRate, let engagement else { return nil }
        return engagement == .paye ? payRate + onCosts : payRate
    }

    /// Employer's national insurance, holiday pay and levy, missing ones as nought.
    @inlinable @inline(__always)
    public var onCosts: Money { (employerNI ?? .zero) + (holidayPay ?? .zero) + (apprenticeshipLevy ?? .zero) }

    /// A PAYE row without any of the parts that belong to its capped rate: that is at least the pay rate, and nobody knows how much more.
    @inlinable @inline(__always)
    public var lacksOnCosts: Bool { engagement == .paye && employerNI == nil && holidayPay == nil && apprenticeshipLevy == nil }

    /// The texts of `Column.shortTexts` that are there.
    @inlinable @inline(__always)
    public func forEachShortText(_ body: (Column, Bytes) -> Void) {
        if let assignmentID { body(.assignmentID, assignmentID) }
        if let jobTitle { body(.jobTitle, jobTitle) }
        if let agency { body(.agency, agency) }
        if let teamReference { body(.teamReference, teamReference) }
    }

    /// A team or package, not a single worker. A missing supply is an individual one.
    @inlinable @inline(__always)
    public var isTeam: Bool { supply == .projectTeam || supply == .packaged }
}
