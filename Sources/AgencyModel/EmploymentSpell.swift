/// A worker's time in one post, from an employment history or a census. The first and last day are included.
public struct EmploymentSpell: Hashable, Sendable {
    public var worker: SWENumber
    public var authority: AuthorityCode?
    public var start: CalendarDate
    /// Nil means still in post.
    public var end: CalendarDate?
    /// Whether the end is the reference date of the last census that names the worker, and not a date that somebody gave.
    public var endIsInferred = false
    /// Whether it is from a census. A census has no code for probation, and may leave the reason for leaving open.
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

/// What an authority says about itself for one quarter.
public struct AuthorityRecord: Sendable {
    public var authority: AuthorityCode
    public var quarter: Quarter
    /// The cost of the agency workforce in each month, in pounds.
    public var monthlyCosts: [Money?] = [nil, nil, nil]
    /// The contractual notice of the authority's own staff in weeks, by role. Nil means 4 or more.
    public var noticeWeeks: [Quantity?] = Array(repeating: nil, count: CoreRole.core.count)
    public var claims = ByFamily<ComplianceClaim?>(repeating: nil)
    public var explanations = ByFamily<String?>(repeating: nil)
    /// Whether the authority says that it had no agency workers in the quarter (a nil return).
    public var noAgencyWorkers: Bool?
    /// The line where the record starts.
    public var line: UInt32

    public init(authority: AuthorityCode, quarter: Quarter, line: UInt32) {
        self.authority = authority
        self.quarter = quarter
        self.line = line
    }

    /// Whether it makes a claim for any family.
    public var hasClaim: Bool { claims.declared.contains { $0 != nil } }
}

/// A worker in a children's social work workforce census (CSWW), with the values that the project uses.
public struct CensusWorker: Sendable {
    /// Nil if the number does not start with SW or is not valid.
    public var worker: SWENumber?
    /// What published headcounts use to tell people apart.
    public var identity = CensusIdentity()
    public var isAgency: Bool?
    public var roleStart: CalendarDate?
    public var roleEnd: CalendarDate?
    public var leavingReason: LeavingReason?
    /// `OrgRole`: 1 (senior manager) to 6 (case holder), as coded in the census.
    public var orgRole: Int?
    /// `FTE`: the full-time equivalent on the reference date, 0 to 1; 0 for leavers.
    public var fte: Quantity?
    /// `FTE30`: the full-time equivalent one year before the reference date, 0 to 1; 0 for starters.
    public var fteYearBefore: Quantity?
    /// `Cases30`: cases held on 30 September.
    public var cases: Int?
    /// Working days lost to sickness in the year.
    public var workingDaysLost: Quantity?
    /// Pounds a year, from 2025 on.
    public var baseSalary: Money?

    public init() {}

    /// The row of a spell that came from a census: the inverse of `spell(in:)`.
    public init(_ spell: EmploymentSpell) {
        worker = spell.worker
        isAgency = spell.employment == .agency
        roleStart = spell.start
        roleEnd = spell.end
        leavingReason = spell.leavingReason
    }

    /// What a row lacks to count as a spell.
    public enum SpellGap: Sendable {
        case number, agencyFlag, startDate
    }

    /// The first missing value because of which the row does not count as a spell; nil if it does.
    public var spellGap: SpellGap? {
        if worker == nil { return .number }
        if isAgency == nil { return .agencyFlag }
        return roleStart == nil ? .startDate : nil
    }

    /// The spell of the row on its own; nil if it has a gap. Every role in a census is child and family social work.
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
    /// The spells of its rows, in order. `EmploymentHistory` combines several censuses.
    public var spells: [EmploymentSpell] { workers.compactMap { $0.spell(in: self) } }

    /// The pay, in pounds a year, of workers who are not agency workers, with their `OrgRole`, if both are known.
    public var permanentSalaries: [(orgRole: Int, salary: Money)] {
        workers.compactMap { worker in
            guard worker.isAgency == false, let role = worker.orgRole, let salary = worker.baseSalary, salary > .zero else {
                return nil
            }
            return (role, salary)
        }
    }
}

/// The stored evidence of some workers' employment: spells of employment histories, and censuses with only these workers.
public struct RememberedEvidence: Sendable {
    public var spells: [EmploymentSpell] = []
    /// Every stored census of the authorities, even one that names none of the workers: that it does not is evidence too.
    public var censuses: [Census] = []

    public init() {}

    public var isEmpty: Bool { spells.isEmpty && censuses.isEmpty }
}

/// The evidence for three years' experience, as the EXP rules judged it.
public enum ExperienceProof: UInt8, CaseIterable, Sendable {
    /// The history shows enough days.
    case proven
    /// Enough months are declared, and the authority verified them.
    case verified
    /// Enough months are declared but not verified; the history, if there is one, shows fewer days.
    case declared
    /// None of these: too few days or months, or no evidence.
    case nothing

    public var name: String { self == .nothing ? "none" : String(describing: self) }
}
