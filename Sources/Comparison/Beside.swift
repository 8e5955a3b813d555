import AgencyModel
import RuleBook

/// Decides which outputs can be published together. An output is protected together with those of all partnerships inside it, so
/// areas of which one contains the other, or that have no authority in common, are safe together. If two areas share some
/// authorities and neither contains the other, each output is made without the other's returns, and what one shows may reveal what
/// the other withholds. Only one of them is then published for members and the public. The rules alone decide which, so every run
/// decides alike: partnerships of complete regions come first, then other partnerships by name, then regions that are not
/// partnerships.
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

    /// Whether two areas share some authorities and neither contains the other.
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

    /// The partnership that prevents the comparison from being passed on; nil if there is none. A comparison without a partnership
    /// covers whatever returns were given, and no other run can know of it.
    func obstacle(to scope: ComparisonScope) -> String? {
        guard let own = scope.partnership, !kept.contains(where: { $0.name == own.name }) else { return nil }
        return kept.first { Beside.crosses($0.holds, own.holds, all) }?.name
    }

    /// Whether a published partnership crosses these authorities.
    func crosses(_ codes: Set<AuthorityCode>) -> Bool {
        kept.contains { Beside.crosses($0.holds, { codes.contains($0.code) }, all) }
    }
}
