/// What figures are broken down by. If one figure of a breakdown cannot be protected, the whole breakdown is withheld: all its
/// figures for all areas, including zeros.
enum Breakdown: Int, CaseIterable, Comparable, Sendable {
    case totals, roles, supply, experience, breaches, agencies, moves

    static func < (left: Breakdown, right: Breakdown) -> Bool { left.rawValue < right.rawValue }

    init(_ kind: CountKind) {
        switch kind {
        case .assignments, .workers, .further, .workersCountedAgain: self = .totals
        case .role, .capped, .undecided, .above, .signedOff, .priced, .within, .notSignedOff, .uncapped, .unpriced: self = .roles
        case .supply, .teams, .notInTeams: self = .supply
        case .experience: self = .experience
        case .breach, .kept: self = .breaches
        case .agency: self = .agencies
        case .sharedWorkers, .sharedWithin, .unshared, .unsharedWithin, .joined, .left, .notJoined, .leftElsewhere: self = .moves
        }
    }

    init(_ kind: AmountKind) {
        switch kind {
        case .total, .fullTime: self = .totals
        case .supply: self = .supply
        case .agency: self = .agencies
        case .priced, .atMedian, .role: self = .roles
        }
    }

    /// In the words used on the page.
    var inWords: String {
        switch self {
        case .totals: "totals"
        case .roles: "roles"
        case .supply: "ways of supply"
        case .experience: "experience"
        case .breaches: "breaches of the rules"
        case .agencies: "agencies"
        case .moves: "shared workers and moves"
        }
    }

    /// Everything that must be withheld with what could not be protected: without totals, no breakdown can be shown.
    static func closing(_ exposed: some Sequence<Breakdown>) -> Set<Breakdown> {
        let closed = Set(exposed)
        return closed.contains(.totals) ? Set(allCases) : closed
    }
}
