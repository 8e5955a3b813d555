import AgencyModel
import RuleBook

/// Which outputs may be published beside each other. An output is protected together with those of all partnerships that lie within it, so
/// areas that hold one another, or that share no authority, are safe together. Of two that share some authorities, neither holding
/// the other, each withholds without knowing the other's returns, and what one shows may give away what the other withholds: only
/// one of them is for members and the public. That is decided by the rules alone, so every run decides alike: partnerships of whole
/// regions come first, then the others by name, then regions that are none of them.
struct Beside: Sendable {
    private let all: [AuthorityTable.Authority]
    /// The partnerships that are published.
    let kept: [Partnership]

    init(_ book: RuleBook) {
        let all = book.authorities.all
        self.all = all
        var kept: [Partnership] = []
        let inOrder = book.partnerships.filter(\.authorities.isEmpty) + book.partnerships.filter { !$0.authorities.isEmpty }
        for partnership in inOrder where !kept.contains(where: { Beside.crosses($0.holds, partnership.holds, all) }) {
            kept.append(partnership)
        }
        self.kept = kept
    }

    /// Whether two areas share some authorities, and neither holds the other.
    private static func crosses(
        _ one: (AuthorityTable.Authority) -> Bool, _ other: (AuthorityTable.Authority) -> Bool, _ all: [AuthorityTable.Authority]
    ) -> Bool {
        var (both, first, second) = (false, false, false)
        for authority in all {
            switch (one(authority), other(authority)) {
            case (true, true): both = true
            case (true, false): first = true
            case (false, true): second = true
            case (false, false): break
            }
        }
        return both && first && second
    }

    /// The partnership that keeps what is compared from being passed on; nil where there is none. A comparison without a partnership is of
    /// whatever returns were given, and no other run can know of it.
    func obstacle(to scope: ComparisonScope) -> String? {
        guard let own = scope.partnership, !kept.contains(where: { $0.name == own.name }) else { return nil }
        return kept.first { Beside.crosses($0.holds, own.holds, all) }?.name
    }

    /// Whether a partnership that is published crosses these authorities.
    func crosses(_ codes: Set<AuthorityCode>) -> Bool {
        kept.contains { Beside.crosses($0.holds, { codes.contains($0.code) }, all) }
    }
}
