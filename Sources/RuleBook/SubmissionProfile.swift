import AgencyModel

/// The layout of the submission to the Department for Education: which values, in which order, under which names and in which
/// format.
///
/// The Department's template may change from quarter to quarter, so the layout is data, in submission-profile.csv and
/// submission-codes.csv.
public struct SubmissionProfile: Sendable {
    /// A column of the assignments: a column of the return, or one that is worked out.
    public enum AssignmentField: Hashable, Sendable {
        case column(Column)
        /// The rate that is compared with the cap, in pounds an hour.
        case cappedRate
        case authorityName
        case region

        static let own: [String: AssignmentField] = [
            "capped_rate": .cappedRate, "authority_name": .authorityName, "region": .region,
        ]

        init?(name: String) {
            if let field = AssignmentField.own[name] {
                self = field
            } else if let column = Column(name: name), Column.ofAssignment.contains(column) {
                self = .column(column)
            } else {
                return nil
            }
        }

        public var kind: ValueKind {
            switch self {
            case .cappedRate: .money
            case .authorityName, .region: .text
            case .column(let column): ValueKind(column)
            }
        }
    }

    /// A line of the general data about an authority and quarter.
    public enum GeneralField: String, CaseIterable, Sendable {
        case authorityCode = "authority_code"
        case authorityName = "authority_name"
        case quarter, assignments, workers
        /// The computed compliance with the families named under `rules`.
        case compliance
        /// The same, as claimed by the authority.
        case claimed
        case explanation
        /// The number of findings of each rule named under `rules`.
        case findings
        case capBreaches = "cap_breaches"
        case costMonth1 = "cost_month_1"
        case costMonth2 = "cost_month_2"
        case costMonth3 = "cost_month_3"
        case costTotal = "cost_total"

        var kind: ValueKind {
            switch self {
            case .costMonth1, .costMonth2, .costMonth3, .costTotal: .money
            case .compliance, .claimed: .code("compliance")
            default: .text
            }
        }
        /// What must be in its `rules` column.
        var rules: RulesRequirement {
            switch self {
            case .compliance, .claimed, .explanation: .families
            case .findings: .codes
            default: .none
            }
        }
    }

    enum RulesRequirement { case none, families, codes }

    /// The values of a breach of the cap in the general data.
    public enum CapBreachField: String, CaseIterable, Sendable {
        case role, region, rule, reason
        case cappedRate = "capped_rate"
        case cap
        case excessPerHour = "excess_per_hour"
        case hoursInQuarter = "hours_in_quarter"
        case excessInQuarter = "excess_in_quarter"
        case directorDate = "dcs_date"
        case chiefExecutiveDate = "ce_date"
        case dueDate = "due_date"

        var kind: ValueKind {
            switch self {
            case .role: .code("role")
            case .cappedRate, .cap, .excessPerHour, .excessInQuarter: .money
            case .directorDate, .chiefExecutiveDate, .dueDate: .date
            case .region, .rule, .reason, .hoursInQuarter: .text
            }
        }
    }

    /// The values of an agency that affected compliance in the general data.
    public enum AgencyField: String, CaseIterable, Sendable {
        case assignments, workers, hours, cost, errors, warnings

        var kind: ValueKind { self == .cost ? .money : .text }
    }

    /// The kind of a value, which decides the formats that it can have.
    public enum ValueKind: Equatable, Sendable {
        case text, date, money, yesNo
        /// A word list of submission-codes.csv.
        case code(String)

        init(_ column: Column) {
            switch column.wanted {
            case .aDate: self = .date
            case .money: self = .money
            case .yesOrNo: self = .yesNo
            case .roleCode: self = .code("role")
            case .engagementCode: self = .code("engagement")
            case .supplyCode: self = .code("supply")
            case .practiceManagerCode: self = .code("practice_managed_by")
            case .leavingReasonCode: self = .code("last_post_reason")
            default: self = .text
            }
        }

        var formats: [String] {
            switch self {
            case .date: ["", "yyyy-mm-dd", "dd/mm/yyyy"]
            case .money: ["", "0.00", "0.0000"]
            case .text, .yesNo, .code: [""]
            }
        }
    }

    public enum Format: Sendable {
        case unchanged
        /// `31/10/2024` instead of `2024-10-31`.
        case dayFirst
        /// Pounds with this number of decimal places, rounded half up.
        case decimals(Int)
    }

    /// One value of the submission, and how it is written.
    public struct Item<Field: Sendable>: Sendable {
        public let field: Field
        public let header: String
        /// The XML element; empty except for assignments.
        public let element: String
        public let kind: ValueKind
        public let format: Format
        /// The families, for compliance, claim and explanation.
        public let families: [ReturnFamily]
        /// The rule codes, for findings.
        public let codes: [RuleCode]
    }

    public internal(set) var name = ""
    public internal(set) var version = ""
    public internal(set) var rootElement = ""
    public internal(set) var headerElement = ""
    public internal(set) var listElement = ""
    public internal(set) var rowElement = ""
    public internal(set) var assignments: [Item<AssignmentField>] = []
    /// A column of the general data.
    public enum GeneralColumn: String, CaseIterable, Sendable { case part, reference, item, value }

    /// The columns of the general data, in order.
    public internal(set) var generalColumns: [(column: GeneralColumn, header: String)] = []
    public internal(set) var general: [Item<GeneralField>] = []
    public internal(set) var capBreaches: [Item<CapBreachField>] = []
    public internal(set) var agencies: [Item<AgencyField>] = []
    /// By list and our code.
    var codes: [String: [String: String]] = [:]

    /// The submission's word for one of our codes.
    public func written(_ code: String, in list: String) -> String { codes[list]?[code] ?? code }

    /// The submission's words of a list, for the schema.
    public func words(of list: String) -> [String] { (SubmissionProfile.codeLists[list] ?? []).map { written($0, in: list) } }

    static let codeLists: [String: [String]] = [
        "role": CoreRole.allCases.map(\.text), "engagement": Engagement.allCases.map(\.text),
        "supply": Supply.allCases.map(\.text), "practice_managed_by": PracticeManager.allCases.map(\.text),
        "last_post_reason": LeavingReason.ofReturn.map(\.text), "compliance": ComplianceClaim.allCases.map(\.text),
        "yes_no": ["YES", "NO"],
    ]
}

/// When a quarter's return can be sent.
public struct SubmissionWindow: Sendable {
    public let from: CalendarDate
    public let to: CalendarDate
    /// Whether no window was announced for this quarter, so it is inferred from the first one.
    public let isInferred: Bool

    /// The days left, including this one; 0 or less if the window is over. Nil before the window opens.
    public func daysLeft(on day: CalendarDate) -> Int? {
        day < from ? nil : Int(to.dayNumber - day.dayNumber) + 1
    }
}
