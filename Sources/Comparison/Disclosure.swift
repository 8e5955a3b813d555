/// Withholds small counts, and others with them, so that no sum of published counts gives a withheld one away.
///
/// Counts and the sums among them are laid down first. `protect` withholds every count from 1 to below the limit (primary), then
/// looks at what remains as an outsider would: from the published counts and all sums it works out the least and the most that each
/// withheld count can be, and, by elimination, whether the sums settle it. As long as one is given away, the smallest published
/// count in a sum with it is withheld too (secondary), a total only where its parts do not suffice. Noughts are published.
struct Disclosure {
    typealias Cell = Int

    private(set) var counts: [Int] = []
    private(set) var isShown: [Bool] = []
    /// Whether the count was withheld for its own size.
    private(set) var isPrimary: [Bool] = []
    /// Sums: the counts on the left add up to the same as those on the right.
    private var sums: [(left: [Cell], right: [Cell])] = []
    /// A count that is withheld wherever another is.
    private var followers: [(leader: Cell, follower: Cell)] = []

    /// `isPublished`: false for a count that stands in no table, but that the others may give away.
    mutating func add(_ count: Int, isPublished: Bool = true) -> Cell {
        counts.append(count)
        isShown.append(isPublished || count == 0)
        isPrimary.append(false)
        return counts.count - 1
    }

    mutating func equate(_ left: [Cell], _ right: [Cell]) {
        assert(left.reduce(0) { $0 + counts[$1] } == right.reduce(0) { $0 + counts[$1] }, "the counts do not add up")
        sums.append((left, right))
    }

    mutating func withhold(_ follower: Cell, with leader: Cell) { followers.append((leader, follower)) }

    /// Withholds what must be, for counts below `small`.
    mutating func protect(small: Int) {
        for cell in counts.indices where (1..<small).contains(counts[cell]) {
            isShown[cell] = false
            isPrimary[cell] = true
        }
        while true {
            for (leader, follower) in followers where !isShown[leader] && counts[follower] > 0 { isShown[follower] = false }
            var exposed = exposedBySize(small: small)
            if exposed.isEmpty { exposed = exposedByElimination() }
            if exposed.isEmpty { return }
            var isMended = false
            for (cell, sum) in exposed {
                let near = sums.indices.filter { sums[$0].left.contains(cell) || sums[$0].right.contains(cell) }
                for sum in [sum] + near {
                    guard let other = partner(of: cell, in: sum) else { continue }
                    isShown[other] = false
                    isMended = true
                    break
                }
            }
            if isMended { continue }
            // The sums of the count itself are all unknown already: what gives it away lies further off.
            let rest = counts.indices.filter { isShown[$0] && counts[$0] > 0 }
            guard let other = rest.min(by: { (counts[$0], $0) < (counts[$1], $1) }) else { return }
            isShown[other] = false
        }
    }

    /// The smallest published count of the sum that may hide the cell, a part before a total.
    private func partner(of cell: Cell, in sum: Int) -> Cell? {
        let (left, right) = sums[sum]
        let (parts, totals) = left.count > right.count ? (left, right) : (right, left)
        func smallest(_ cells: [Cell]) -> Cell? {
            cells.filter { $0 != cell && isShown[$0] && counts[$0] > 0 }.min { (counts[$0], $0) < (counts[$1], $1) }
        }
        return smallest(parts) ?? smallest(totals)
    }

    // MARK: What an outsider can work out

    /// A withheld count and the sum that gives it away.
    private typealias Exposure = (cell: Cell, sum: Int)
    private static let unlimited = Int.max / 4

    /// Withheld counts whose least and most are the same, or that are seen to be below the limit, by going through the sums until
    /// nothing narrows. An outsider knows that a withheld count is at least 1, because noughts are published.
    private func exposedBySize(small: Int) -> [Exposure] {
        var least = counts.indices.map { isShown[$0] ? counts[$0] : 1 }
        var most = counts.indices.map { isShown[$0] ? counts[$0] : Disclosure.unlimited }
        var narrowedBy: [Cell: Int] = [:]
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for (index, sum) in sums.enumerated() {
                for (own, other) in [(sum.left, sum.right), (sum.right, sum.left)] {
                    let otherMost = other.reduce(0) { min(Disclosure.unlimited, $0 + most[$1]) }
                    let otherLeast = other.reduce(0) { $0 + least[$1] }
                    let ownLeast = own.reduce(0) { $0 + least[$1] }
                    let unlimited = own.count { most[$0] >= Disclosure.unlimited }
                    let ownMost = own.reduce(0) { $0 + (most[$1] >= Disclosure.unlimited ? 0 : most[$1]) }
                    for cell in own where !isShown[cell] {
                        if otherMost < Disclosure.unlimited {
                            let bound = otherMost - (ownLeast - least[cell])
                            if bound < most[cell] {
                                (most[cell], hasChanged) = (bound, true)
                                narrowedBy[cell] = index
                            }
                        }
                        let isOnlyUnlimited = unlimited == 0 || (unlimited == 1 && most[cell] >= Disclosure.unlimited)
                        if isOnlyUnlimited {
                            let others = most[cell] >= Disclosure.unlimited ? ownMost : ownMost - most[cell]
                            let bound = otherLeast - others
                            // `ownMost` was taken before this round's narrowing: the bound is never too high.
                            if bound > least[cell] {
                                (least[cell], hasChanged) = (bound, true)
                                narrowedBy[cell] = narrowedBy[cell] ?? index
                            }
                        }
                    }
                }
            }
        }
        var exposed: [Exposure] = []
        for cell in counts.indices where !isShown[cell] {
            let isGivenAway = least[cell] >= most[cell] || (isPrimary[cell] && most[cell] < small)
            if isGivenAway, let sum = narrowedBy[cell] { exposed.append((cell, sum)) }
        }
        return exposed
    }

    private static let prime: UInt64 = 2_147_483_647

    /// Withheld counts that the sums together settle, by Gauss and Jordan's elimination over the whole numbers modulo a prime.
    private func exposedByElimination() -> [Exposure] {
        var equations = sums.indices.map { index in
            var equation: [Cell: UInt64] = [:]
            for cell in sums[index].left where !isShown[cell] {
                equation[cell] = ((equation[cell] ?? 0) + 1) % Disclosure.prime
            }
            for cell in sums[index].right where !isShown[cell] {
                equation[cell] = ((equation[cell] ?? 0) + Disclosure.prime - 1) % Disclosure.prime
            }
            return (sum: index, terms: equation.filter { $0.value != 0 })
        }
        equations.removeAll { $0.terms.isEmpty }
        // A sum with a count that stands in no other settles nothing as long as its other counts are not settled.
        while true {
            var uses: [Cell: Int] = [:]
            for equation in equations { for cell in equation.terms.keys { uses[cell, default: 0] += 1 } }
            let kept = equations.filter { equation in
                equation.terms.count == 1 || !equation.terms.keys.contains { uses[$0] == 1 }
            }
            if kept.count == equations.count { break }
            equations = kept
        }
        var solved: [(pivot: Cell, terms: [Cell: UInt64])] = []
        for equation in equations.sorted(by: { ($0.terms.count, $0.sum) < ($1.terms.count, $1.sum) }) {
            var terms = equation.terms
            for row in solved { Disclosure.eliminate(row.pivot, with: row.terms, in: &terms) }
            guard let pivot = terms.keys.min() else { continue }
            let inverse = Disclosure.inverse(terms[pivot]!)
            terms = terms.mapValues { $0 * inverse % Disclosure.prime }
            for index in solved.indices { Disclosure.eliminate(pivot, with: terms, in: &solved[index].terms) }
            solved.append((pivot, terms))
        }
        let settled = Set(solved.filter { $0.terms.count == 1 }.map(\.pivot))
        return settled.sorted().flatMap { cell in
            sums.indices.filter { sums[$0].left.contains(cell) || sums[$0].right.contains(cell) }.map { (cell, $0) }
        }
    }

    private static func eliminate(_ pivot: Cell, with row: [Cell: UInt64], in terms: inout [Cell: UInt64]) {
        guard let factor = terms[pivot] else { return }
        for (cell, value) in row {
            let rest = ((terms[cell] ?? 0) + (prime - factor) * value) % prime
            terms[cell] = rest == 0 ? nil : rest
        }
    }

    private static func inverse(_ value: UInt64) -> UInt64 {
        // Fermat: the inverse is the value to the power of the prime less two.
        var (result, base, exponent) = (UInt64(1), value, prime - 2)
        while exponent > 0 {
            if exponent & 1 == 1 { result = result * base % prime }
            base = base * base % prime
            exponent >>= 1
        }
        return result
    }
}
