import AgencyModel
import ByteWriting
import RuleBook

/// Writes values in the formats and words of a profile.
struct SubmissionValues {
    let book: RuleBook
    /// The profile's words, indexed by the code's raw value.
    private let roles: [[UInt8]]
    private let engagements: [[UInt8]]
    private let supplies: [[UInt8]]
    private let managers: [[UInt8]]
    private let reasons: [[UInt8]]
    private let noAndYes: [[UInt8]]

    init(book: RuleBook) {
        self.book = book
        func words<Code: ReturnCode>(_ list: String, of code: Code.Type) -> [[UInt8]] {
            Code.allCases.map { Array(book.submission.written($0.text, in: list).utf8) }
        }
        roles = words("role", of: CoreRole.self)
        engagements = words("engagement", of: Engagement.self)
        supplies = words("supply", of: Supply.self)
        managers = words("practice_managed_by", of: PracticeManager.self)
        reasons = words("last_post_reason", of: LeavingReason.self)
        noAndYes = ["NO", "YES"].map { Array(book.submission.written($0, in: "yes_no").utf8) }
    }

    /// Appends the value of an assignment's column, or nothing if it is missing.
    func append(
        _ field: SubmissionProfile.AssignmentField, _ format: SubmissionProfile.Format, of assignment: borrowing Assignment,
        to buffer: inout ByteBuffer
    ) {
        switch field {
        case .cappedRate: append(assignment.cappedRate, format, to: &buffer)
        case .authorityName:
            if let authority = assignment.authority { buffer.append(book.authorities[authority]?.name ?? "") }
        case .region:
            if let region = assignment.authority.flatMap({ book.authorities.region(of: $0) }) {
                buffer.append(book.authorities.regions[region])
            }
        case .column(let column): append(column, format, of: assignment, to: &buffer)
        }
    }

    private func append(
        _ column: Column, _ format: SubmissionProfile.Format, of assignment: borrowing Assignment, to buffer: inout ByteBuffer
    ) {
        func text(_ value: Bytes?) { if let value { buffer.append(value) } }
        func quantity(_ value: Quantity?) { if let value { buffer.append(value) } }
        func number(_ value: Int?) { if let value { buffer.append(number: value) } }
        func money(_ value: Money?) { append(value, format, to: &buffer) }
        func date(_ value: CalendarDate?) { append(value, format, to: &buffer) }
        func code(_ value: (some ReturnCode)?, _ words: [[UInt8]]) { if let value { buffer.append(words[Int(value.rawValue)]) } }
        func yesNo(_ value: Bool?) { if let value { buffer.append(noAndYes[value ? 1 : 0]) } }
        switch column {
        case .authorityCode: if let code = assignment.authority { buffer.append(number: Int(code.number), width: 3) }
        case .quarter: if let quarter = assignment.quarter { buffer.append(quarter) }
        case .assignmentID: text(assignment.assignmentID)
        case .sweNumber:
            if let number = assignment.sweNumber {
                buffer.append("SW")
                buffer.append(number: Int(number.number))
            } else {
                text(assignment.sweNumberAsWritten)
            }
        case .jobTitle: text(assignment.jobTitle)
        case .role: code(assignment.role, roles)
        case .startDate: date(assignment.startDate)
        case .endDate: date(assignment.endDate)
        case .engagement: code(assignment.engagement, engagements)
        case .payRate: money(assignment.payRate)
        case .employerNI: money(assignment.employerNI)
        case .holidayPay: money(assignment.holidayPay)
        case .apprenticeshipLevy: money(assignment.apprenticeshipLevy)
        case .agencyFee: money(assignment.agencyFee)
        case .chargeRate: money(assignment.chargeRate)
        case .weeklyHours: quantity(assignment.weeklyHours)
        case .hoursInQuarter: quantity(assignment.hoursInQuarter)
        case .agency: text(assignment.agency)
        // A missing supply means INDIVIDUAL.
        case .supply: code(assignment.unreadable.contains(.supply) ? nil : assignment.supply ?? .individual, supplies)
        case .teamReference: text(assignment.teamReference)
        case .approvedDate: date(assignment.approvedDate)
        case .costDisaggregated: yesNo(assignment.costDisaggregated)
        case .practiceManagedBy: code(assignment.practiceManagedBy, managers)
        case .noticeWeeks: quantity(assignment.noticeWeeks)
        case .references: number(assignment.references)
        case .experienceMonths: number(assignment.experienceMonths)
        case .experienceVerified: yesNo(assignment.experienceVerified)
        case .lastPostAuthority: if let code = assignment.lastPostAuthority { buffer.append(number: Int(code.number), width: 3) }
        case .lastPostEnd: date(assignment.lastPostEnd)
        case .lastPostReason: code(assignment.lastPostReason, reasons)
        case .capDCSDate: date(assignment.capDCSDate)
        case .capCEDate: date(assignment.capCEDate)
        case .capReason: text(assignment.capReason)
        case .rateFrom: date(assignment.rateFrom)
        case .offerDate: date(assignment.offerDate)
        case .referenceGivenDate: date(assignment.referenceGivenDate)
        default: preconditionFailure("the profile's reader lets only columns of assignments through")
        }
    }

    func append(_ money: Money?, _ format: SubmissionProfile.Format, to buffer: inout ByteBuffer) {
        guard let money else { return }
        guard case .decimals(let decimals) = format else { return buffer.append(money) }
        let unit: Int64 = decimals == 2 ? 100 : 1
        // Rounded half up; the amounts in a return are not negative.
        let rounded = (money.tenThousandths + unit / 2) / unit
        let scale: Int64 = 10_000 / unit
        buffer.append(number: Int(rounded / scale))
        buffer.append(0x2E)
        buffer.append(number: Int(rounded % scale), width: decimals)
    }

    func append(_ date: CalendarDate?, _ format: SubmissionProfile.Format, to buffer: inout ByteBuffer) {
        guard let date else { return }
        guard case .dayFirst = format else { return buffer.append(date) }
        let (year, month, day) = date.parts
        buffer.append(number: day, width: 2)
        buffer.append(0x2F)
        buffer.append(number: month, width: 2)
        buffer.append(0x2F)
        buffer.append(number: year, width: 4)
    }

    /// The compliance with several families together: FULL or NONE if all of them are, otherwise PARTIAL. Nil if one of them is not
    /// known.
    static func together(_ claims: [ComplianceClaim?]) -> ComplianceClaim? {
        guard let first = claims.first, let claim = first, claims.allSatisfy({ $0 != nil }) else { return nil }
        return claims.allSatisfy { $0 == claim } ? claim : .partial
    }
}
