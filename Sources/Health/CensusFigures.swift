import AgencyModel

/// The figures of an authority from one census, as parts of the published table.
///
/// In post are employed workers whose role has begun and has not ended on the reference date. The year is the twelve months that
/// end on it. Full-time equivalents are summed over records. People are counted without duplicates: records with the same number,
/// birth date, sex and ethnic origin are one person, and agency workers' records are never merged (methodology of the Department
/// for Education, headcount and full-time equivalent).
public struct CensusFigures: Sendable {
    public private(set) var figures = WorkforceFigures()
    /// The number of people behind a part; nil if it does not count people (vacancies).
    private var people = [Int?](repeating: nil, count: WorkforcePart.allCases.count)
    /// What the figures leave out, in words, without anything that identifies a worker.
    public private(set) var notes: [String] = []

    /// The smallest number of people in a figure that a page can show.
    public static let leastShown = 5

    private struct Group {
        var fte: Int128 = 0
        var lackFTE = 0
        private var people: Set<CensusIdentity> = []
        /// Records that are never merged: those of agency workers, and those without a number.
        private var unmerged = 0
        private(set) var records = 0

        var count: Int { people.count + unmerged }
        var duplicates: Int { records - count }

        mutating func add(_ worker: CensusWorker, fte: Quantity?) {
            records += 1
            if worker.isAgency == true || worker.identity.number == nil {
                unmerged += 1
            } else {
                people.insert(worker.identity)
            }
            if let fte { self.fte += Int128(fte.billionths) } else { lackFTE += 1 }
        }
    }

    public init(_ census: Census) {
        let day = census.referenceDate
        let before = day.adding(months: -12)
        func isInYear(_ date: CalendarDate?) -> Bool { date.map { $0 > before && $0 <= day } ?? false }
        var (inPost, starters, leavers, agency, holders) = (Group(), Group(), Group(), Group(), Group())
        var (cases, holdersWithoutFTE, caseFigures) = (Int128(0), 0, 0)
        var (daysLost, absent, dayFigures) = (Int128(0), 0, 0)
        var (flagUnknown, unnumbered, undated, tooMuch) = (0, 0, 0, 0)
        for worker in census.workers {
            guard let isAgency = worker.isAgency else {
                flagUnknown += 1
                continue
            }
            let isThere =
                (worker.roleStart.map { $0 <= day } ?? true) && (worker.roleEnd.map { $0 > day } ?? true)
            if worker.identity.number == nil { unnumbered += 1 }
            if let fte = worker.fte, fte.billionths > Quantity.scale { tooMuch += 1 }
            if isThere, let held = worker.cases {
                caseFigures += 1
                let holding = worker.fte.flatMap { $0 > .zero ? $0 : nil }
                if held > 0, let holding {
                    holders.add(worker, fte: holding)
                    cases += Int128(held)
                } else if held > 0 {
                    holdersWithoutFTE += 1
                }
            }
            if isAgency {
                if isThere { agency.add(worker, fte: worker.fte) }
                continue
            }
            if worker.roleStart == nil { undated += 1 }
            if isThere {
                inPost.add(worker, fte: worker.fte)
                if let days = worker.workingDaysLost {
                    dayFigures += 1
                    daysLost += Int128(days.billionths)
                    if days > .zero { absent += 1 }
                }
            }
            if isInYear(worker.roleStart) { starters.add(worker, fte: worker.fte) }
            if isInYear(worker.roleEnd) {
                // The census gives an FTE of zero for leavers. The FTE one year earlier is what the post was.
                leavers.add(worker, fte: [worker.fte, worker.fteYearBefore].compactMap { $0 }.first { $0 > .zero })
            }
        }
        set(.inpostFTE, inPost.fte, inPost.count)
        setCount(.inpostHeadcount, inPost.count)
        set(.startersFTE, starters.fte, starters.count)
        setCount(.startersHeadcount, starters.count)
        set(.leaversFTE, leavers.fte, leavers.count)
        setCount(.leaversHeadcount, leavers.count)
        if let stated = census.agencyFTE {
            set(.agencyFTE, Int128(stated.billionths), census.agencyHeadcount)
        } else {
            set(.agencyFTE, agency.fte, agency.count)
        }
        setCount(.agencyHeadcount, census.agencyHeadcount ?? agency.count)
        if let vacancies = census.vacancies { figures[.vacancyFTE] = Int128(vacancies.billionths) }
        if caseFigures > 0 {
            set(.caseHoldersFTE, holders.fte, holders.count)
            set(.cases, cases * WorkforceFigures.scale, holders.count)
        }
        if dayFigures > 0 { set(.workingDaysLostFTE, daysLost, absent) }
        note(flagUnknown, "does not say whether it is an agency worker's, so it counts nowhere")
        note(inPost.lackFTE, "of a social worker in post has no FTE, so it adds to no FTE")
        note(leavers.lackFTE, "of a leaver has no FTE, so it adds to no FTE")
        note(holdersWithoutFTE, "of a worker with cases has no FTE, so the caseload leaves it out")
        note(tooMuch, "gives an FTE above 1; the census asks for 0 to 1")
        note(undated, "of a social worker has no start date, so it counts as in post and not as a starter")
        note(unnumbered, "has no number of two letters and up to ten digits, so it counts as a separate person")
        note(
            max(inPost.duplicates, leavers.duplicates),
            "repeats the number, birth date, sex and ethnic origin of another social worker's record, so headcounts count the person once; its FTE counts, as in the published figures"
        )
        if let stated = census.agencyFTE, stated.billionths != agency.fte {
            let isSmall = isHidden(.agencyFTE) || (agency.count > 0 && agency.count < Self.leastShown)
            notes.append(
                (isSmall
                    ? "The FTE of agency workers that the census states differs from that of the agency workers that it lists."
                    : "The census states \(Self.shown(Int128(stated.billionths))) FTE of agency workers; the agency workers that it lists come to \(Self.shown(agency.fte)).")
                    + " The stated figure is used.")
        }
    }

    private mutating func set(_ part: WorkforcePart, _ value: Int128, _ count: Int?) {
        figures[part] = value
        people[Int(part.rawValue)] = count
    }

    private mutating func setCount(_ part: WorkforcePart, _ count: Int) {
        set(part, Int128(count) * WorkforceFigures.scale, count)
    }

    private mutating func note(_ count: Int, _ words: String) {
        if count > 0 { notes.append("\(Self.fewOr(count)) records of the census: each \(words).") }
    }

    /// `Fewer than 5`, or the number, because the note is on a page that is published.
    static func fewOr(_ count: Int) -> String { count < leastShown ? "Fewer than \(leastShown)" : "\(count)" }

    private static func shown(_ value: Int128) -> String {
        Tenths(Int(clamping: (value * 20 + WorkforceFigures.scale) / (WorkforceFigures.scale * 2))).description
    }

    // MARK: Small counts

    /// Whether the part is based on one to four people.
    public func isSmall(_ part: WorkforcePart) -> Bool {
        if let count = people[Int(part.rawValue)] { return count > 0 && count < Self.leastShown }
        if part == .vacancyFTE { return false }
        // A stated FTE without its people counts as full-time people.
        return figures[part].map { $0 > 0 && $0 < Int128(Self.leastShown) * WorkforceFigures.scale } ?? false
    }

    /// Whether a page must hide the part. Starters and leavers are hidden together: with the numbers in post a year ago and now,
    /// one would reveal the other.
    public func isHidden(_ part: WorkforcePart) -> Bool {
        switch part {
        case .startersFTE, .startersHeadcount, .leaversFTE, .leaversHeadcount:
            isSmall(.startersHeadcount) || isSmall(.leaversHeadcount)
        case .agencyFTE, .agencyHeadcount: isSmall(.agencyFTE) || isSmall(.agencyHeadcount)
        case .caseHoldersFTE, .cases: isSmall(.caseHoldersFTE)
        default: isSmall(part)
        }
    }

    /// Whether a page must hide the rate, because it would reveal a hidden part.
    public func isHidden(_ indicator: WorkforceIndicator) -> Bool { isHidden(indicator.definition) }

    func isHidden(_ definition: WorkforceIndicator.Definition) -> Bool {
        ([definition.numerator] + definition.denominator).contains { isHidden($0) }
    }
}
