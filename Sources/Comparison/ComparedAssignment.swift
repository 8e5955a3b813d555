import AgencyModel

/// How far a worker's three years of experience are shown.
public enum ShownExperience: UInt8, CaseIterable, Sendable {
    /// The employment history holds the days that are required.
    case proven
    /// The months required are declared, and the authority has verified them.
    case verified
    /// The months required are declared, not verified.
    case declared
    /// Neither.
    case none

    public var name: String { String(describing: self) }
}

/// One assignment of one return, as the comparison uses it. It holds no text that somebody wrote but the numbers of an agency and a
/// team in the facts' lists.
public struct ComparedAssignment: Sendable {
    public var authority: AuthorityCode
    public var quarter: Quarter
    /// A number that is the same for the same worker in the whole comparison; 0 where it is not known.
    public var worker: UInt64 = 0
    public var role: CoreRole?
    public var supply = Supply.individual
    /// The agency's place in `ComparisonFacts.agencies`; 0 where there is none.
    public var agency = 0
    /// The team's number within the facts; 0 where there is none.
    public var team = 0
    public var start: CalendarDate?
    /// The last day, inclusive; nil: still running.
    public var end: CalendarDate?
    /// Pounds an hour.
    public var cappedRate: Money?
    /// The cap in force, where the caps apply to the assignment and one is on file. Pounds an hour.
    public var cap: Money?
    /// Whether both dates of the sign-off of a rate above the cap are there.
    public var isSignedOff = false
    /// Pounds an hour.
    public var agencyFee: Money?
    /// Pounds an hour, without VAT.
    public var chargeRate: Money?
    public var weeklyHours: Quantity?
    public var hoursInQuarter: Quantity?
    public var experience = ShownExperience.none
    /// A bit for each of `AgencyTotals.families` in which the assignment has an error.
    public var breaches: UInt8 = 0
    /// The substantive post that the worker left last before this assignment, where it is known, and its last day.
    public var post: (authority: AuthorityCode, end: CalendarDate)?

    public init(authority: AuthorityCode, quarter: Quarter) {
        self.authority = authority
        self.quarter = quarter
    }

    public var isAboveCap: Bool {
        guard let cappedRate, let cap else { return false }
        return cappedRate > cap
    }

    /// Days from the first to the last in the quarter, both counted; to the quarter's end while it runs. Nil where it has none.
    public var days: Int64? {
        guard let start else { return nil }
        let last = min(end ?? quarter.lastDay, quarter.lastDay)
        return last < start ? nil : Int64(last.dayNumber - start.dayNumber) + 1
    }
}

/// What a permanent worker of a census earns.
public struct PermanentSalary: Sendable {
    public let authority: AuthorityCode
    public let year: Int
    /// `OrgRole` of the census: 3 first-line manager, 4 senior practitioner, 5 case holder.
    public let orgRole: Int
    /// Pounds a year.
    public let salary: Money

    public init(authority: AuthorityCode, year: Int, orgRole: Int, salary: Money) {
        self.authority = authority
        self.year = year
        self.orgRole = orgRole
        self.salary = salary
    }
}

/// What a comparison is made of, whether it comes from returns or from the history.
public struct ComparisonFacts: Sendable {
    public var assignments: [ComparedAssignment] = []
    /// Names of agencies by their number; number 0 is no agency.
    public var agencies: [String] = [""]
    public var salaries: [PermanentSalary] = []
    /// Assignments that cannot stand in a table, and why.
    public var leftOut: [LeftOut] = []

    public init() {}

    /// Assignments of one authority and quarter that are in no figure.
    public struct LeftOut: Sendable {
        public enum Reason: UInt8, Sendable {
            case noAuthorityOrQuarter, notAnAuthority, repeated, outsidePartnership, outsideQuarters

            public var words: String {
                switch self {
                case .noAuthorityOrQuarter: "the authority or the quarter is not said"
                case .notAnAuthority: "it was no children's services authority on the last day of the quarter"
                case .repeated: "the same assignment stands in the return already"
                case .outsidePartnership: "the authority is not in the partnership"
                case .outsideQuarters: "the quarter was not asked for"
                }
            }
        }
        public let authority: AuthorityCode?
        public let quarter: Quarter?
        public let reason: Reason
        public internal(set) var assignments = 0
        public internal(set) var cost = Cost()
    }
}
