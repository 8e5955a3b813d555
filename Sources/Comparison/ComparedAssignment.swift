import AgencyModel
import Compliance

/// The hours of one row of an assignment, and their hourly rates. An assignment whose rate changed has several.
public struct WorkedHours: Equatable, Sendable {
    public var hours: Quantity?
    /// Pounds an hour, without VAT.
    public var chargeRate: Money?
    /// Pounds an hour.
    public var cappedRate: Money?

    public init(hours: Quantity? = nil, chargeRate: Money? = nil, cappedRate: Money? = nil) {
        (self.hours, self.chargeRate, self.cappedRate) = (hours, chargeRate, cappedRate)
    }
}

/// How an assignment compares with the cap that applies to it.
public enum CapStanding: Equatable, Sendable {
    /// No cap applies to it, or none is on file.
    case none
    /// Its rate is not known, or it is a PAYE rate without on-costs that is not above the cap on its own; with them, it may be.
    case undecided
    case within
    /// `isSignedOff` says whether both sign-off dates are given.
    case above(isSignedOff: Bool)

    /// For a single rate.
    public init(rate: Money?, cap: Money?, lacksOnCosts: Bool, isSignedOff: Bool) {
        guard let cap else {
            self = .none
            return
        }
        switch rate.map({ RateAndCap(rate: $0, cap: cap, lacksOnCosts: lacksOnCosts) }) {
        case .above: self = .above(isSignedOff: isSignedOff)
        case .within: self = .within
        case .undecided, nil: self = .undecided
        }
    }

    /// For an assignment whose rate changed: it is above the cap if one of its rates is, signed off if each such rate is, and
    /// within the cap if every rate is known to be.
    public func joined(with other: CapStanding) -> CapStanding {
        switch (self, other) {
        case (.above(let first), .above(let second)): .above(isSignedOff: first && second)
        case (.above, _): self
        case (_, .above): other
        case (.undecided, _), (_, .undecided): .undecided
        case (.within, _), (_, .within): .within
        case (.none, .none): .none
        }
    }
}

/// One assignment of one return, as the comparison uses it. The rows of an assignment whose rate changed are combined. It has no
/// text that somebody wrote, only the numbers of an agency and a team in the facts' lists.
public struct ComparedAssignment: Sendable {
    public var authority: AuthorityCode
    public var quarter: Quarter
    /// A number that is the same for the same worker in the whole comparison; 0 if the worker is not known.
    public var worker: UInt64 = 0
    public var role: CoreRole?
    public var supply = Supply.individual
    /// The agency's index in `ComparisonFacts.agencies`; 0 if there is none.
    public var agency = 0
    /// The number of the team in the facts; 0 if there is none.
    public var team = 0
    public var start: CalendarDate?
    /// The last day, inclusive; nil if it is still running.
    public var end: CalendarDate?
    /// The day from which the rate applies; nil means from the start.
    public var rateFrom: CalendarDate?
    /// The latest rate, in pounds an hour.
    public var cappedRate: Money?
    /// The cap in force, if caps apply to the assignment and one is on file, in pounds an hour.
    public var cap: Money?
    public var capStanding = CapStanding.none
    /// The highest of its rates minus the cap, among the rows for which it is known, in pounds an hour.
    public var distance: Money?
    /// Pounds an hour.
    public var agencyFee: Money?
    /// Contracted hours a week: the highest of its rows.
    public var weeklyHours: Quantity?
    /// The hours and rates of its first row.
    public var work = WorkedHours()
    /// The hours and rates of its further rows.
    public var furtherWork: [WorkedHours] = []
    public var experience = ExperienceProof.nothing
    /// The families in which the assignment has an error; those of `AgencyTotals.families` are counted.
    public var breaches = FamilySet()
    /// The substantive post that the worker left last before this assignment, if it is known, and its last day.
    public var post: (authority: AuthorityCode, end: CalendarDate)?

    public init(authority: AuthorityCode, quarter: Quarter) {
        self.authority = authority
        self.quarter = quarter
    }

    /// Calls `body` with the hours and rates of each of its rows.
    @inline(__always)
    func forEachWork(_ body: (WorkedHours) -> Void) {
        body(work)
        for work in furtherWork { body(work) }
    }

    /// Adds the hours of its rows, and the cost of those with a charge rate.
    func addWork(to hours: inout HoursSum, _ cost: inout Cost) {
        forEachWork { work in
            guard let worked = work.hours else { return }
            hours.add(worked)
            if let charge = work.chargeRate { cost.add(hours: worked, rate: charge) }
        }
    }

    /// Adds a further row of the same assignment, whose rate changed. The assignment then has the role, agency and rate of the
    /// latest row.
    mutating func join(_ row: ComparedAssignment) {
        furtherWork.append(row.work)
        start = start.flatMap { own in row.start.map { min(own, $0) } } ?? start ?? row.start
        end = end.flatMap { own in row.end.map { max(own, $0) } }
        if let hours = row.weeklyHours { weeklyHours = max(weeklyHours ?? hours, hours) }
        capStanding = capStanding.joined(with: row.capStanding)
        distance = distance.flatMap { own in row.distance.map { max(own, $0) } } ?? distance ?? row.distance
        breaches.formUnion(row.breaches)
        if experience.rawValue > row.experience.rawValue { experience = row.experience }
        post = post ?? row.post
        guard let from = row.rateFrom, rateFrom.map({ $0 < from }) ?? true else { return }
        (rateFrom, role, supply, agency, team) = (row.rateFrom, row.role, row.supply, row.agency, row.team)
        cappedRate = row.cappedRate ?? cappedRate
        cap = row.cap ?? cap
        agencyFee = row.agencyFee ?? agencyFee
    }

    /// The number of days from the first to the last in the quarter, or to the end of the quarter while it is running. Nil if it
    /// has none.
    public var days: Int64? {
        guard let start else { return nil }
        let last = min(end ?? quarter.lastDay, quarter.lastDay)
        return last < start ? nil : Int64(last.dayNumber - start.dayNumber) + 1
    }
}

/// The salary of a permanent worker in a census.
public struct PermanentSalary: Sendable {
    public let authority: AuthorityCode
    public let year: Int
    /// The census's `OrgRole`: 3 first-line manager, 4 senior practitioner, 5 case holder.
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

/// What a comparison is made from, whether it comes from returns or from the history.
public struct ComparisonFacts: Sendable {
    public var assignments: [ComparedAssignment] = []
    /// The names of agencies by their number; number 0 means no agency.
    public var agencies: [String] = [""]
    public var salaries: [PermanentSalary] = []
    /// Assignments that are in no table, and why.
    public var leftOut: [LeftOut] = []

    public init() {}

    /// Assignments of one authority and quarter that are in no figure.
    public struct LeftOut: Sendable {
        public enum Reason: UInt8, Sendable {
            case noAuthorityOrQuarter, notAnAuthority, repeated, outsidePartnership, outsideQuarters

            public var words: String {
                switch self {
                case .noAuthorityOrQuarter: "the authority or the quarter is missing"
                case .notAnAuthority: "it was not a children's services authority on the last day of the quarter"
                case .repeated: "the same assignment is already in the return"
                case .outsidePartnership: "the authority is not in the partnership"
                case .outsideQuarters: "the quarter was not asked for"
                }
            }
        }
        public let authority: AuthorityCode?
        public let quarter: Quarter?
        public let reason: Reason
        /// The number of assignments: one whose rate changed counts once.
        public internal(set) var assignments = 0
        public internal(set) var cost = Cost()
    }
}
