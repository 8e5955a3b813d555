import AgencyModel
import RuleBook

/// The values used if a record leaves them out: the XML header's, then the command's.
public struct RecordDefaults: Sendable {
    public var authority: AuthorityCode?
    public var quarter: Quarter?

    public init(authority: AuthorityCode? = nil, quarter: Quarter? = nil) {
        self.authority = authority
        self.quarter = quarter
    }
}

/// Makes an assignment from the values of one record, from CSV or XML.
struct AssignmentBuilder: ~Copyable {
    let jobs: JobMapping
    var defaults: RecordDefaults
    /// The columns of the defaults that were given but could not be read. That has already been reported.
    var unreadableDefaults = ColumnSet()
    /// The values from the command, even if a header has given others since.
    private let command: RecordDefaults
    /// The columns of the defaults that the file's header gave.
    private var givenByHeader = ColumnSet()
    private let plainReference = PlainReference()
    private var titleRoles: [[UInt8]: CoreRole?] = [:]
    private var titleAuthority: AuthorityCode?

    private(set) var assignment = Assignment()
    private(set) var unreadable: [UnreadableValue] = []
    private(set) var readings = FileReadings()

    init(jobs: JobMapping, command: RecordDefaults) {
        self.jobs = jobs
        self.command = command
        defaults = command
    }

    /// The file's header takes precedence over the command.
    mutating func takeHeader(_ header: RecordDefaults, gave given: ColumnSet, unreadable: ColumnSet) {
        defaults = header
        givenByHeader = given
        unreadableDefaults = unreadable
    }

    mutating func start(line: UInt32) {
        assignment = Assignment()
        assignment.line = line
        if !unreadable.isEmpty { unreadable.removeAll(keepingCapacity: true) }
    }

    /// Records a value that is not of its type; the field counts as missing.
    mutating func reject(_ column: Column, _ written: Bytes, wanted: Phrase? = nil) {
        assignment.unreadable.insert(column)
        unreadable.append(UnreadableValue(column, written: written, wanted: wanted))
    }

    /// Reads a value that is not of its type as written: in its plain form, or not at all.
    @inline(never)
    private mutating func readPlainly<Value>(_ column: Column, _ value: Bytes, _ read: (Bytes) -> Value?) -> Value? {
        if let value = readings.plainly(column, value, line: assignment.line, read) { return value }
        if !readings.isNothing(column, value, line: assignment.line) { reject(column, value) }
        return nil
    }

    @inline(never)
    private mutating func readNumberPlainly(_ value: Bytes) {
        assignment.sweNumber = readings.plainNumber(value, line: assignment.line)
        if assignment.sweNumber == nil, !readings.isNothing(.sweNumber, value, line: assignment.line) {
            assignment.sweNumberAsWritten = value
        }
    }

    /// Takes a value, already without white space at either end; an empty value is missing.
    @inline(__always)
    mutating func set(_ column: Column, _ value: Bytes) {
        if value.isEmpty { return }
        @inline(__always) func typed<Value>(_ read: (Bytes) -> Value?) -> Value? {
            if let value = read(value) { return value }
            return readPlainly(column, value, read)
        }
        // Only a text that starts outside ASCII can have no visible character.
        @inline(__always) func seen(_ text: Bytes) -> Bytes? {
            text[0] < 0x80 || !readings.isNothing(column, text, line: assignment.line) ? text : nil
        }
        switch column {
        case .authorityCode: assignment.authority = typed(AuthorityCode.init(_:))
        case .quarter: assignment.quarter = typed(Quarter.init(_:))
        case .assignmentID: assignment.assignmentID = Self.isShort(value) ? seen(value) : shortened(column, value)
        case .sweNumber:
            assignment.sweNumber = SWENumber(value)
            if assignment.sweNumber == nil { readNumberPlainly(value) }
        case .jobTitle: assignment.jobTitle = seen(value)
        case .role: assignment.role = typed(CoreRole.init(_:))
        case .startDate: assignment.startDate = typed(CalendarDate.init(_:))
        case .endDate: assignment.endDate = typed(CalendarDate.init(_:))
        case .engagement: assignment.engagement = typed(Engagement.init(_:))
        case .payRate: assignment.payRate = typed(Money.init(_:))
        case .employerNI: assignment.employerNI = typed(Money.init(_:))
        case .holidayPay: assignment.holidayPay = typed(Money.init(_:))
        case .apprenticeshipLevy: assignment.apprenticeshipLevy = typed(Money.init(_:))
        case .agencyFee: assignment.agencyFee = typed(Money.init(_:))
        case .chargeRate: assignment.chargeRate = typed(Money.init(_:))
        case .weeklyHours: assignment.weeklyHours = typed(Quantity.init(_:))
        case .hoursInQuarter: assignment.hoursInQuarter = typed(Quantity.init(_:))
        case .agency: assignment.agency = seen(value)
        case .supply: assignment.supply = typed(Supply.init(_:))
        case .teamReference: assignment.teamReference = seen(value)
        case .approvedDate: assignment.approvedDate = typed(CalendarDate.init(_:))
        case .costDisaggregated: assignment.costDisaggregated = typed(yesOrNo)
        case .practiceManagedBy: assignment.practiceManagedBy = typed(PracticeManager.init(_:))
        case .noticeWeeks: assignment.noticeWeeks = typed(Quantity.init(_:))
        case .references: assignment.references = typed(wholeNumber)
        case .experienceMonths: assignment.experienceMonths = typed(wholeNumber)
        case .experienceVerified: assignment.experienceVerified = typed(yesOrNo)
        case .lastPostAuthority: assignment.lastPostAuthority = typed(AuthorityCode.init(_:))
        case .lastPostEnd: assignment.lastPostEnd = typed(CalendarDate.init(_:))
        case .lastPostReason: assignment.lastPostReason = typed(LeavingReason.init(_:))
        case .capDCSDate: assignment.capDCSDate = typed(CalendarDate.init(_:))
        case .capCEDate: assignment.capCEDate = typed(CalendarDate.init(_:))
        case .capReason: assignment.capReason = seen(value)
        case .rateFrom: assignment.rateFrom = typed(CalendarDate.init(_:))
        case .offerDate: assignment.offerDate = typed(CalendarDate.init(_:))
        case .referenceGivenDate: assignment.referenceGivenDate = typed(CalendarDate.init(_:))
        default: preconditionFailure("not a column of an assignment")
        }
    }

    /// A reference that is too long only because of invisible characters: in its plain form, or not at all.
    @inline(never)
    private mutating func shortened(_ column: Column, _ value: Bytes) -> Bytes? {
        let place = plainReference
        return readPlainly(column, value) { Self.isShort($0) ? place.keep($0) : nil }
    }

    /// Finishes the record: missing values come from the defaults, and a missing role from the job mapping.
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
        if let authority = assignment.authority {
            readings.compare(
                authority, defaults.authority, byHeader: givenByHeader.contains(.authorityCode), command.authority,
                line: assignment.line)
        }
        if let quarter = assignment.quarter {
            readings.compare(
                quarter, defaults.quarter, byHeader: givenByHeader.contains(.quarter), command.quarter, line: assignment.line)
        }
        let unreadable = unreadable
        // Passed by address, because it would be copied otherwise.
        withUnsafePointer(to: &assignment) { receiver.receive($0.pointee, unreadable: unreadable) }
    }

    private mutating func mappedRole(_ title: Bytes) -> CoreRole? {
        if titleAuthority != assignment.authority {
            titleRoles.removeAll()
            titleAuthority = assignment.authority
        }
        let key = Array(title)
        let role: CoreRole?
        if let known = titleRoles[key] {
            role = known
        } else {
            role = jobs.role(for: title.text, authority: assignment.authority)
            if titleRoles.count < 10_000 { titleRoles[key] = .some(role) }
        }
        if role != nil { readings.noteLookedUp(.jobTitle, title, line: assignment.line) }
        return role
    }

    /// At most 36 characters, with up to four bytes each.
    fileprivate static let mostReferenceBytes = 144

    @inline(__always)
    private static func isShort(_ value: Bytes) -> Bool {
        value.count <= 36 || (value.count <= mostReferenceBytes && value.text.unicodeScalars.count <= 36)
    }
}

/// Keeps a reference that was read in its plain form, until the next one is.
private final class PlainReference {
    private let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: AssignmentBuilder.mostReferenceBytes)

    deinit { bytes.deallocate() }

    func keep(_ text: Bytes) -> Bytes {
        let end = bytes.update(fromContentsOf: text)
        return Bytes(rebasing: bytes[..<end])
    }
}
