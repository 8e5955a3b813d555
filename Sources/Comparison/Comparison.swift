import AgencyModel
import ByteWriting
import RuleBook

/// What the authorities of a comparison pay for agency workers, quarter by quarter.
public struct Comparison: Sendable {
    public let book: RuleBook
    public let scope: ComparisonScope
    public let audience: Audience
    /// Counts below it are withheld, unless the audience is the partnership's own analysts.
    public let small: Int
    let agencies: [String]
    let leftOut: [ComparisonFacts.LeftOut]
    let quarters: [QuarterFigures]
    let salaries: [AuthorityCode: [PermanentSalary]]
    /// A partnership of the rules that shares some of the authorities, so that nothing can be passed on.
    let obstacle: String?

    /// Neighbours and published figures; nil if they are not wanted.
    let reference: ReferenceTables?
    /// The number of returns from a history store; nil if there was none.
    public let returnsFromHistory: Int?

    /// Whether nothing could be compared.
    public var isEmpty: Bool { quarters.isEmpty }
    /// The number of assignments in the figures.
    public let assignmentCount: Int

    public init(
        _ facts: ComparisonFacts, returnsFromHistory: Int? = nil, book: RuleBook, reference: ReferenceTables? = nil,
        scope: ComparisonScope, audience: Audience, small: Int
    ) {
        self.reference = reference
        self.returnsFromHistory = returnsFromHistory
        self.book = book
        self.scope = scope
        self.audience = audience
        self.small = small
        agencies = facts.agencies
        leftOut = facts.leftOut
        assignmentCount = facts.assignments.count
        // Sorted by name, so that the order of the files makes no difference.
        let order = facts.agencies.indices.sorted { left, right in
            facts.agencies[left].utf8.lexicographicallyPrecedes(facts.agencies[right].utf8)
        }
        let byQuarter = Dictionary(grouping: facts.assignments, by: \.quarter)
        let moves = Comparison.moves(facts.assignments, book)
        let salaries = Comparison.newestSalaries(facts.salaries)
        let beside = audience == .analysts ? nil : Beside(book)
        obstacle = beside.flatMap { $0.obstacle(to: scope) }
        let isBarred = obstacle != nil
        self.salaries = salaries
        quarters = byQuarter.keys.sorted().reduce(into: []) { earlier, quarter in
            earlier.append(
                QuarterFigures(
                    quarter, byQuarter[quarter]!, moves: moves[quarter] ?? [], book: book, scope: scope, agencyOrder: order,
                    audience: audience, small: small, earlier: earlier, beside: beside, isBarred: isBarred
                ) { code, role in
                    guard let orgRole = Comparison.orgRole(of: role) else { return false }
                    return salaries[code]?.contains { $0.orgRole == orgRole } ?? false
                })
        }
    }

    /// Each worker's first agency work in the region within the allowed months after leaving a substantive post there, by the
    /// quarter in which it began.
    private static func moves(_ assignments: [ComparedAssignment], _ book: RuleBook) -> [Quarter: [Move]] {
        struct Post: Hashable {
            let worker: UInt64
            let authority: AuthorityCode
            let end: CalendarDate
        }
        var first: [Post: Move] = [:]
        for assignment in assignments {
            guard assignment.worker > 0, let post = assignment.post, let start = assignment.start,
                let months = book.parameters.moveMonths.value(on: start), start <= post.end.adding(months: months),
                let region = book.authorities.region(of: post.authority),
                region == book.authorities.region(of: assignment.authority)
            else { continue }
            let key = Post(worker: assignment.worker, authority: post.authority, end: post.end)
            let move = Move(
                worker: assignment.worker, from: post.authority, to: assignment.authority, left: post.end, began: start)
            if let known = first[key], (known.began, known.to) <= (move.began, move.to) { continue }
            first[key] = move
        }
        let quarters = Set(assignments.map(\.quarter))
        return Dictionary(grouping: first.values) { move in
            quarters.first { ($0.firstDay...$0.lastDay).contains(move.began) } ?? Quarter(index: 0)
        }
    }

    /// The salaries of each authority's newest census that gives any.
    private static func newestSalaries(_ all: [PermanentSalary]) -> [AuthorityCode: [PermanentSalary]] {
        Dictionary(grouping: all, by: \.authority).mapValues { salaries in
            let year = salaries.map(\.year).max()
            return salaries.filter { $0.year == year }
        }
    }

    /// The census role whose salary a core role is compared with; nil for independent reviewing officers and roles outside the
    /// five, which have none.
    static func orgRole(of role: CoreRole) -> Int? {
        switch role {
        case .socialWorker: 5
        case .seniorSocialWorker, .advancedPractitioner: 4
        case .teamManager: 3
        case .independentReviewingOfficer, .other: nil
        }
    }

    // MARK: What can be shown

    /// Whether the median of this number of values can be shown.
    func showsMedian(of count: Int) -> Bool { count > 0 && (audience == .analysts || count >= 2 * small) }
    /// Whether the quartiles can be shown: of few values, they are individual people's.
    func showsQuartiles(of count: Int) -> Bool { count > 0 && (audience == .analysts || count >= 4 * small) }
    /// Whether the lowest and highest values can be shown: they are individual people's.
    var showsExtremes: Bool { audience == .analysts }

    /// The breakdowns that are withheld because a figure could not be protected, in a sentence for each quarter.
    public var withheldWhole: [String] {
        if let obstacle {
            return [
                "Everything is withheld: \(obstacle) in partnerships.csv has some of these authorities, and others. What one comparison shows could give away what the other withholds. Compare \(obstacle) instead."
            ]
        }
        return quarters.compactMap { quarter in
            let words = quarter.closedInWords
            if words.isEmpty { return nil }
            let parts =
                quarter.showsParts ? " Only what a part of it publishes separately is shown, and what follows from that." : ""
            return
                "\(quarter.quarter): some figures could otherwise be worked out, so all of these are withheld: \(words.joined(separator: ", ")).\(parts)"
        }
    }

    func figures(of quarter: Quarter) -> QuarterFigures? { quarters.first { $0.quarter == quarter } }

    /// The quarter `count` quarters earlier, if it is compared too.
    func earlier(_ quarter: Quarter, by count: UInt16) -> QuarterFigures? {
        quarter.index >= count ? figures(of: Quarter(index: quarter.index - count)) : nil
    }

    /// What is compared, in words.
    public var title: String {
        if let partnership = scope.partnership { return partnership.name }
        let regions = Set(quarters.flatMap { $0.areas.filter { $0.area.kind == .region }.map(\.area.name) }).sorted()
        return regions.count > 3 ? "\(regions.count) regions" : regions.joined(separator: ", ")
    }
    var period: String {
        guard let first = quarters.first?.quarter, let last = quarters.last?.quarter else { return "" }
        return first == last ? "\(first)" : "\(first) to \(last)"
    }
    var periodInWords: String {
        guard let first = quarters.first?.quarter, let last = quarters.last?.quarter else { return "" }
        return first == last ? first.inWords : "\(first.inWords) to \(last.inWords)"
    }
}
