import AgencyModel
import ByteWriting

/// A synthetic assignment before it is written. Money is in pence an hour, hours are in hundredths.
struct SampleAssignment {
    var authority: Int
    var id: String
    var worker: Int
    var workerText: String?
    var role: CoreRole
    var start: CalendarDate
    var end: CalendarDate?
    var engagement: Engagement?
    var pay: Int
    var onCosts = (ni: 0, holiday: 0, levy: 0)
    var fee: Int
    var charge: Int
    var weekly: Int
    var hours: Int
    var agency: String
    var supply = Supply.individual
    var team: String?
    var approved: CalendarDate?
    var disaggregated: Bool?
    var managedBy: PracticeManager? = .authority
    var notice: String? = "4"
    var references: String? = "2"
    var months: Int? = 48
    var verified: Bool? = true
    var lastPost: (authority: Int, end: CalendarDate, reason: LeavingReason)?
    var signOffs: (director: CalendarDate?, chiefExecutive: CalendarDate?) = (nil, nil)
    var reason: String?

    var capped: Int { engagement == .paye ? pay + onCosts.ni + onCosts.holiday + onCosts.levy : pay }

    mutating func settleCharge() { charge = capped + fee }

    /// Appends the value of a column, or nothing if it is missing.
    func append(_ column: Column, quarter: Quarter, to buffer: inout ByteBuffer) {
        func pounds(_ pence: Int) { buffer.append(Money(tenThousandths: Int64(pence) * 100)) }
        func hundredths(_ value: Int) {
            buffer.append(number: value / 100)
            if value % 100 != 0 {
                buffer.append(0x2E)
                buffer.append(number: value % 100, width: 2)
            }
        }
        func yesNo(_ value: Bool?) { if let value { buffer.append(value ? "yes" : "no") } }
        func date(_ value: CalendarDate?) { if let value { buffer.append(value) } }
        switch column {
        case .authorityCode: buffer.append(number: authority, width: 3)
        case .quarter: buffer.append(quarter)
        case .assignmentID: buffer.append(id)
        case .sweNumber:
            if let workerText {
                buffer.append(workerText)
            } else {
                buffer.append("SW")
                buffer.append(number: worker)
            }
        case .jobTitle: buffer.append(role.inWords)
        case .role: buffer.append(role.text)
        case .startDate: date(start)
        case .endDate: date(end)
        case .engagement: if let engagement { buffer.append(engagement.text) }
        case .payRate: pounds(pay)
        case .employerNI: if engagement == .paye || onCosts.ni > 0 { pounds(onCosts.ni) }
        case .holidayPay: if engagement == .paye { pounds(onCosts.holiday) }
        case .apprenticeshipLevy: if engagement == .paye { pounds(onCosts.levy) }
        case .agencyFee: pounds(fee)
        case .chargeRate: pounds(charge)
        case .weeklyHours: hundredths(weekly)
        case .hoursInQuarter: hundredths(hours)
        case .agency: buffer.append(agency)
        case .supply: buffer.append(supply.text)
        case .teamReference: if let team { buffer.append(team) }
        case .approvedDate: date(approved)
        case .costDisaggregated: yesNo(disaggregated)
        case .practiceManagedBy: if let managedBy { buffer.append(managedBy.text) }
        case .noticeWeeks: if let notice { buffer.append(notice) }
        case .references: if let references { buffer.append(references) }
        case .experienceMonths: if let months { buffer.append(number: months) }
        case .experienceVerified: yesNo(verified)
        case .lastPostAuthority: if let lastPost { buffer.append(number: lastPost.authority, width: 3) }
        case .lastPostEnd: date(lastPost?.end)
        case .lastPostReason: if let lastPost { buffer.append(lastPost.reason.text) }
        case .capDCSDate: date(signOffs.director)
        case .capCEDate: date(signOffs.chiefExecutive)
        case .capReason: if let reason { buffer.append(reason) }
        default: break
        }
    }
}
