import AgencyModel
import RuleBook
import TextSource

/// What a value falls back to where a record leaves it out: the XML header's word, then the command's.
public struct RecordDefaults: Sendable {
    public var authority: AuthorityCode?
    public var quarter: Quarter?

    public init(authority: AuthorityCode? = nil, quarter: Quarter? = nil) {
        self.authority = authority
        self.quarter = quarter
    }
}

/// Makes an assignment of the values of one record, whether they came as CSV or XML.
struct AssignmentBuilder: ~Copyable {
    let jobs: JobMapping
    var defaults: RecordDefaults
    /// Columns of the defaults that were given but could not be read: their absence is spoken of already.
    var unreadableDefaults = ColumnSet()
    private var titleRoles: [[UInt8]: CoreRole?] = [:]
    private var titleAuthority: AuthorityCode?

    private(set) var assignment = Assignment()
    private(set) var unreadable: [UnreadableValue] = []

    init(jobs: JobMapping, defaults: RecordDefaults) {
        self.jobs = jobs
        self.defaults = defaults
    }

    mutating func start(line: UInt32) {
        assignment = Assignment()
        assignment.line = line
        if !unreadable.isEmpty { unreadable.removeAll(keepingCapacity: true) }
    }

    /// Notes a value that is not of its type; the field counts as missing.
    mutating func reject(_ column: Column, _ written: Bytes, wanted: Phrase? = nil) {
        assignment.unreadable.insert(column)
        unreadable.append(UnreadableValue(column, written: written, wanted: wanted))
    }

    /// Takes a value, white space around it already dropped; an empty one is missing.
    @inline(__always)
    mutating func set(_ column: Column, _ value: Bytes) {
        if value.isEmpty { return }
        @inline(__always) func typed<Value>(_ read: Value?) -> Value? {
            if read == nil { reject(column, value) }
            return read
        }
        switch column {
        case .authorityCode: assignment.authority = typed(AuthorityCode(value))
        case .quarter: assignment.quarter = typed(Quarter(value))
        case .assignmentID: assignment.assignmentID = typed(Self.isShort(value) ? value : nil)
        case .sweNumber:
            assignment.sweNumber = SWENumber(value)
            if assignment.sweNumber == nil { assignment.sweNumberAsWritten = value }
        case .jobTitle: assignment.jobTitle = value
        case .role: assignment.role = typed(CoreRole(value))
        case .startDate: assignment.startDate = typed(CalendarDate(value))
        case .endDate: assignment.endDate = typed(CalendarDate(value))
        case .engagement: assignment.engagement = typed(Engagement(value))
        case .payRate: assignment.payRate = typed(Money(value))
        case .employerNI: assignment.employerNI = typed(Money(value))
        case .holidayPay: assignment.holidayPay = typed(Money(value))
        case .apprenticeshipLevy: assignment.apprenticeshipLevy = typed(Money(value))
        case .agencyFee: assignment.agencyFee = typed(Money(value))
        case .chargeRate: assignment.chargeRate = typed(Money(value))
        case .weeklyHours: assignment.weeklyHours = typed(Quantity(value))
        case .hoursInQuarter: assignment.hoursInQuarter = typed(Quantity(value))
        case .agency: assignment.agency = value
        case .supply: assignment.supply = typed(Supply(value))
        case .teamReference: assignment.teamReference = value
        case .approvedDate: assignment.approvedDate = typed(CalendarDate(value))
        case .costDisaggregated: assignment.costDisaggregated = typed(yesOrNo(value))
        case .practiceManagedBy: assignment.practiceManagedBy = typed(PracticeManager(value))
        case .noticeWeeks: assignment.noticeWeeks = typed(Quantity(value))
        case .references: assignment.references = typed(wholeNumber(value))
        case .experienceMonths: assignment.experienceMonths = typed(wholeNumber(value))
        case .experienceVerified: assignment.experienceVerified = typed(yesOrNo(value))
        case .lastPostAuthority: assignment.lastPostAuthority = typed(AuthorityCode(value))
        case .lastPostEnd: assignment.lastPostEnd = typed(CalendarDate(value))
        case .lastPostReason: assignment.lastPostReason = typed(LeavingReason(value))
        case .capDCSDate: assignment.capDCSDate = typed(CalendarDate(value))
        case .capCEDate: assignment.capCEDate = typed(CalendarDate(value))
        case .capReason: assignment.capReason = value
        case .rateFrom: assignment.rateFrom = typed(CalendarDate(value))
        case .offerDate: assignment.offerDate = typed(CalendarDate(value))
        case .referenceGivenDate: assignment.referenceGivenDate = typed(CalendarDate(value))
        default: preconditionFailure("not a column of an assignment")
        }
    }

    /// The finished record: what it left out taken from the defaults, a missing role from the job mapping.
    mutating func finish<Receiver: AssignmentReceiver>(into receiver: inout Receiver) {
        if assignment.authority == nil, !assignment.unreadable.contains(.authorityCode) {
            assignment.authority = defaults.authority
            if unreadableDefaults.contains(.authorityCode) { assignment.unreadable.insert(.authorityCode) }
        }
        if assignment.quarter == nil, !assignment.unreadable.contains(.quarter) {
            assignment.quarter = defaults.quarter
            if unreadableDefaults.contains(.quarter) { assignment.unreadable.insert(.quarter) }
        }
        if assignment.role == nil, let title = assignment.jobTitle {
            assignment.role = mappedRole(title)
        }
        receiver.receive(assignment, unreadable: unreadable)
    }

    private mutating func mappedRole(_ title: Bytes) -> CoreRole? {
        if titleAuthority != assignment.authority {
            titleRoles.removeAll()
            titleAuthority = assignment.authority
        }
        let key = Array(title)
        if let known = titleRoles[key] { return known }
        let role = jobs.role(for: title.text, authority: assignment.authority)
        if titleRoles.count < 10_000 { titleRoles[key] = .some(role) }
        return role
    }

    /// At most 36 characters.
    @inline(__always)
    private static func isShort(_ value: Bytes) -> Bool {
        value.count <= 36 || (value.count <= 144 && value.text.unicodeScalars.count <= 36)
    }
}
