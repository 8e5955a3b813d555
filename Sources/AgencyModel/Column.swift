/// A column of the return format: of assignments, employment histories or authority records. Some are in two of them.
public enum Column: UInt8, CaseIterable, Hashable, Sendable {
    // Assignments
    case authorityCode
    case quarter
    case assignmentID
    case sweNumber
    case jobTitle
    case role
    case startDate
    case endDate
    case engagement
    case payRate
    case employerNI
    case holidayPay
    case apprenticeshipLevy
    case agencyFee
    case chargeRate
    case weeklyHours
    case hoursInQuarter
    case agency
    case supply
    case teamReference
    case approvedDate
    case costDisaggregated
    case practiceManagedBy
    case noticeWeeks
    case references
    case experienceMonths
    case experienceVerified
    case lastPostAuthority
    case lastPostEnd
    case lastPostReason
    case capDCSDate
    case capCEDate
    case capReason
    case rateFrom
    case offerDate
    case referenceGivenDate
    // Employment history (with swe_number, authority_code, start_date, end_date)
    case employment
    case setting
    case registered
    case leavingReason
    // Authority record (with authority_code, quarter)
    case costMonth1
    case costMonth2
    case costMonth3
    case noticeWeeksSW
    case noticeWeeksSSW
    case noticeWeeksAP
    case noticeWeeksTM
    case noticeWeeksIRO
    case capsCompliance
    case capsExplanation
    case experienceCompliance
    case experienceExplanation
    case teamsCompliance
    case teamsExplanation
    case cooloffCompliance
    case cooloffExplanation
    case noticeCompliance
    case noticeExplanation
    case referencesCompliance
    case referencesExplanation
    case noAgencyWorkers

    /// The name in a CSV header: `pay_rate`.
    public var name: String { Column.names[Int(rawValue)] }

    /// The name of the XML element: `PayRate`.
    public var elementName: String { Column.elementNames[Int(rawValue)] }

    static let names = [
        "authority_code", "quarter", "assignment_id", "swe_number", "job_title", "role", "start_date",
        "end_date", "engagement", "pay_rate", "employer_ni", "holiday_pay", "apprenticeship_levy", "agency_fee",
        "charge_rate", "weekly_hours", "hours_in_quarter", "agency", "supply", "team_reference",
        "approved_date", "cost_disaggregated", "practice_managed_by", "notice_weeks", "references",
        "experience_months", "experience_verified", "last_post_authority", "last_post_end", "last_post_reason",
        "cap_dcs_date", "cap_ce_date", "cap_reason", "rate_from", "offer_date", "reference_given_date", "employment", "setting",
        "registered", "leaving_reason",
        "cost_month_1", "cost_month_2", "cost_month_3", "notice_weeks_SW", "notice_weeks_SSW",
        "notice_weeks_AP", "notice_weeks_TM", "notice_weeks_IRO", "caps_compliance", "caps_explanation",
        "experience_compliance", "experience_explanation", "teams_compliance", "teams_explanation",
        "cooloff_compliance", "cooloff_explanation", "notice_compliance", "notice_explanation",
        "references_compliance", "references_explanation", "no_agency_workers",
    ]

    static let elementNames = [
        "AuthorityCode", "Quarter", "AssignmentID", "SWENumber", "JobTitle", "Role", "StartDate", "EndDate",
        "Engagement", "PayRate", "EmployerNI", "HolidayPay", "ApprenticeshipLevy", "AgencyFee", "ChargeRate",
        "WeeklyHours", "HoursInQuarter", "Agency", "Supply", "TeamReference", "ApprovedDate",
        "CostDisaggregated", "PracticeManagedBy", "NoticeWeeks", "References", "ExperienceMonths",
        "ExperienceVerified", "LastPostAuthority", "LastPostEnd", "LastPostReason", "CapDCSDate", "CapCEDate",
        "CapReason", "RateFrom", "OfferDate", "ReferenceGivenDate", "Employment", "Setting", "Registered", "LeavingReason",
        "CostMonth1", "CostMonth2",
        "CostMonth3", "NoticeWeeksSW", "NoticeWeeksSSW", "NoticeWeeksAP", "NoticeWeeksTM", "NoticeWeeksIRO",
        "CapsCompliance", "CapsExplanation", "ExperienceCompliance", "ExperienceExplanation", "TeamsCompliance",
        "TeamsExplanation", "CooloffCompliance", "CooloffExplanation", "NoticeCompliance", "NoticeExplanation",
        "ReferencesCompliance", "ReferencesExplanation", "NoAgencyWorkers",
    ]

    /// The columns of an assignment, in the order of the return format.
    public static let ofAssignment: [Column] = Array(allCases[...Int(Column.referenceGivenDate.rawValue)])
    /// The columns of an employment history.
    public static let ofSpell: [Column] = [
        .sweNumber, .authorityCode, .startDate, .endDate, .employment, .setting, .registered, .leavingReason,
    ]
    /// The columns of an authority record.
    public static let ofAuthorityRecord: [Column] =
        [.authorityCode, .quarter] + Array(allCases[Int(Column.costMonth1.rawValue)...])

    /// The short texts that somebody writes freely. The reason for a rate above the cap can have several lines and is not one of
    /// them.
    public static let shortTexts: [Column] = [.assignmentID, .jobTitle, .agency, .teamReference]

    static let byName: [String: Column] = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

    /// The column with exactly this name, as the format spells it.
    public init?(name: String) {
        guard let column = Column.byName[name] else { return nil }
        self = column
    }

    /// What a value that was not read should look like. If a number has the right form, it is too large.
    public func wanted(insteadOf written: Bytes) -> Phrase {
        var digits = 0
        var index = 0
        while index < written.count, written[index] > 0x7F || written[index] == 0x20 { index += 1 }
        while index < written.count, digit(written[index]) != nil || written[index] == 0x2C {
            if written[index] != 0x2C { digits += 1 }
            index += 1
        }
        guard digits > 9, index == written.count || written[index] == 0x2E else { return wanted }
        switch wanted {
        case .money: return digits > 14 ? .moneyInReach : wanted
        case .decimal: return .decimalInReach
        case .wholeNumber: return index == written.count ? .wholeNumberInReach : wanted
        default: return wanted
        }
    }

    /// What a value of the column should look like, for a sentence.
    public var wanted: Phrase {
        switch self {
        case .startDate, .endDate, .approvedDate, .lastPostEnd, .capDCSDate, .capCEDate, .rateFrom, .offerDate,
            .referenceGivenDate:
            .aDate
        case .payRate, .employerNI, .holidayPay, .apprenticeshipLevy, .agencyFee, .chargeRate, .costMonth1, .costMonth2,
            .costMonth3:
            .money
        case .weeklyHours, .hoursInQuarter, .noticeWeeks, .noticeWeeksSW, .noticeWeeksSSW, .noticeWeeksAP, .noticeWeeksTM,
            .noticeWeeksIRO:
            .decimal
        case .references, .experienceMonths: .wholeNumber
        case .costDisaggregated, .experienceVerified, .registered, .noAgencyWorkers: .yesOrNo
        case .authorityCode, .lastPostAuthority: .threeDigits
        case .quarter: .aQuarter
        case .role: .roleCode
        case .engagement: .engagementCode
        case .supply: .supplyCode
        case .practiceManagedBy: .practiceManagerCode
        case .lastPostReason, .leavingReason: .leavingReasonCode
        case .employment: .employmentCode
        case .setting: .settingCode
        case .capsCompliance, .experienceCompliance, .teamsCompliance, .cooloffCompliance, .noticeCompliance,
            .referencesCompliance:
            .claimCode
        case .sweNumber: .sweNumber
        case .assignmentID: .shortText
        case .jobTitle, .agency, .teamReference, .capReason, .capsExplanation, .experienceExplanation, .teamsExplanation,
            .cooloffExplanation, .noticeExplanation, .referencesExplanation:
            .text
        }
    }
}

/// A set of columns, with one bit for each.
public struct ColumnSet: Sendable {
    /// A sixty-fifth column needs a wider set: the registry says so before a run begins.
    public static let most = UInt64.bitWidth

    @usableFromInline var bits: UInt64 = 0
    @inlinable public init() {}
    public init(_ columns: [Column]) { for column in columns { insert(column) } }
    @inlinable public var isEmpty: Bool { bits == 0 }
    @inlinable @inline(__always)
    public func contains(_ column: Column) -> Bool { bits &>> UInt64(column.rawValue) & 1 == 1 }
    @inlinable @inline(__always)
    public mutating func insert(_ column: Column) { bits |= 1 &<< UInt64(column.rawValue) }
}
