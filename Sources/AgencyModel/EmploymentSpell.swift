/// A worker's time in one post, from an employment history or a census. Days are inclusive at both ends.
public struct EmploymentSpell: Hashable, Sendable {
    public var worker: SWENumber
    public var authority: AuthorityCode?
    public var start: CalendarDate
    /// Nil: still there.
    public var end: CalendarDate?
    /// The end is the reference date of the last census that names the worker, not a date that somebody gave.
    public var endIsInferred = false
    /// A census tells it: it has no code for probation, and may leave open why somebody left.
    public var isFromCensus = false
    public var employment: Employment?
    public var setting: Setting?
    public var registered: Bool
    public var leavingReason: LeavingReason?

    public init(
        worker: SWENumber, authority: AuthorityCode?, start: CalendarDate, end: CalendarDate?, employment: Employment?,
        setting: Setting?, registered: Bool = true, leavingReason: LeavingReason? = nil, endIsInferred: Bool = false,
        isFromCensus: Bool = false
    ) {
        self.worker = worker
        self.authority = authority
        self.start = start
        self.end = end
        self.endIsInferred = endIsInferred
        self.isFromCensus = isFromCensus
        self.employment = employment
        self.setting = setting
        self.registered = registered
        self.leavingReason = leavingReason
    }
}

/// What one authority says of itself for one quarter.
public struct AuthorityRecord: Sendable {
    public var authority: AuthorityCode
    public var quarter: Quarter
    /// What the agency workforce cost in each month, pounds.
    public var monthlyCosts: [Money?] = [nil, nil, nil]
    /// The substantive staff's contractual notice in weeks, by role; nil: 4 or more.
    public var noticeWeeks: [Quantity?] = Array(repeating: nil, count: CoreRole.core.count)
    public var claims = ByFamily<ComplianceClaim?>(repeating: nil)
    public var explanations = ByFamily<String?>(repeating: nil)
    /// Whether the authority says that it had no agency workers in the quarter: a nil return.
    public var noAgencyWorkers: Bool?
    /// The line where the record starts.
    public var line: UInt32

    public init(authority: AuthorityCode, quarter: Quarter, line: UInt32) {
        self.authority = authority
        self.quarter = quarter
        self.line = line
    }

    /// Whether it claims anything of any family.
    public var hasClaim: Bool { claims.declared.contains { $0 != nil } }
}

/// A worker of a children's social work workforce census (CSWW), as far as the project uses it.
public struct CensusWorker: Sendable {
    /// Nil where the number does not start with SW or is not valid.
    public var worker: SWENumber?
    /// By which the published headcount tells people apart.
    public var identity = CensusIdentity()
    public var isAgency: Bool?
    public var roleStart: CalendarDate?
    public var roleEnd: CalendarDate?
    public var leavingReason: LeavingReason?
    /// `OrgRole`: 1 senior manager to 6 case holder-like codes of the census.
    public var orgRole: Int?
    /// `FTE`: the full-time equivalent on the reference date, 0 to 1; 0 for who has left.
    public var fte: Quantity?
    /// `FTE30`: the full-time equivalent a year before the reference date, 0 to 1; 0 for who has come since.
    public var fteYearBefore: Quantity?
    /// `Cases30`: cases held at 30 September.
    public var cases: Int?
    /// Working days lost to sickness in the year.
    public var workingDaysLost: Quantity?
    /// Pounds a year, from 2025.
    public var baseSalary: Money?

    public init() {}

    /// The row of a spell that a census gave: the inverse of `spell(in:)`.
    public init(_ spell: EmploymentSpell) {
        worker = spell.worker
        isAgency = spell.employment == .agency
        roleStart = spell.start
        roleEnd = spell.end
        leavingReason = spell.leavingReason
    }

    /// What a row lacks to be a spell.
    public enum SpellGap: Sendable {
        case number, agencyFlag, startDate
    }

    /// The first value without which the row gives no spell; nil where it gives one.
    public var spellGap: SpellGap? {
        if worker == nil { return .number }
        if isAgency == nil { return .agencyFlag }
        return roleStart == nil ? .startDate : nil
    }

    /// The spell that the row gives by itself; nil where it has a gap. Every role in a census is child and family social work.
    public func spell(in census: Census) -> EmploymentSpell? {
        guard let worker, let roleStart, let isAgency else { return nil }
        return EmploymentSpell(
            worker: worker, authority: census.authority, start: roleStart, end: roleEnd, employment: isAgency ? .agency : .direct,
            setting: .childFamily, leavingReason: leavingReason, isFromCensus: true)
    }
}

/// One census of one authority.
public struct Census: Sendable {
    public var authority: AuthorityCode
    public var year: Int
    public var referenceDate: CalendarDate
    public var vacancies: Quantity?
    public var agencyFTE: Quantity?
    public var agencyHeadcount: Int?
    public var workers: [CensusWorker] = []

    public init(authority: AuthorityCode, year: Int, referenceDate: CalendarDate) {
        self.authority = authority
        self.year = year
        self.referenceDate = referenceDate
    }
}

extension Census {
    /// The spells that its rows give by themselves, in their order; several censuses are brought together by `EmploymentHistory`.
    public var spells: [EmploymentSpell] { workers.compactMap { $0.spell(in: self) } }

    /// What the workers earn who are not agency workers, pounds a year, and their `OrgRole`; those of whom both are known.
    public var permanentSalaries: [(orgRole: Int, salary: Money)] {
        workers.compactMap { worker in
            guard worker.isAgency == false, let role = worker.orgRole, let salary = worker.baseSalary, salary > .zero else {
                return nil
            }
            return (role, salary)
        }
    }
}

/// What an earlier time kept of some workers' employment: spells of employment histories, and censuses with those workers alone.
public struct RememberedEvidence: Sendable {
    public var spells: [EmploymentSpell] = []
    /// Every census that is kept of the authorities, even one that names none of the workers: that it does not is evidence too.
    public var censuses: [Census] = []

    public init() {}

    public var isEmpty: Bool { spells.isEmpty && censuses.isEmpty }
}

/// What three years' experience rests on, as the EXP rules judged it.
public enum ExperienceProof: UInt8, CaseIterable, Sendable {
    /// The history shows enough days.
    case proven
    /// A declaration of enough months that the authority verified.
    case verified
    /// A declaration of enough months that nobody verified; the history, if there is one, shows fewer days.
    case declared
    /// Neither: too few days or months, or nothing at all.
    case nothing

    public var name: String { self == .nothing ? "none" : String(describing: self) }
}
