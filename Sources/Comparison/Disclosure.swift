/// Withholds small counts, and others with them, so that no sum of published counts gives a withheld one away.
///
/// Counts and the sums among them are laid down first. `protect` withholds every count from 1 to below the limit (primary), then
/// looks at what remains as an outsider would: from the published counts and all sums it works out the least and the most that each
/// withheld count can be, and, by elimination, whether the sums settle it. As long as one is given away, the smallest published
/// count in a sum with it is withheld too (secondary), a total only where no part is left. Noughts are published unless they are
/// withheld to protect another count: so an outsider cannot take a withheld count for at least 1.
struct Disclosure {
    typealias Cell = Int

    private(set) var counts: [Int] = []
    private(set) var isShown: [Bool] = []
    /// Whether the count was withheld for its own size.
    private(set) var isPrimary: [Bool] = []
    /// Sums: the counts on the left add up to the same as those on the right.
    private var sums: [(left: [Cell], right: [Cell])] = []
    /// By cell: the sums that it stands in.
    private var sumsOf: [[Int]] = []
    /// A count that is withheld wherever another is.
    private var followers: [(leader: Cell, follower: Cell)] = []

    /// `isPublished`: false for a count that stands in no table, but that the others may give away.
    mutating func add(_ count: Int, isPublished: Bool = true) -> Cell {
        counts.append(count)
        isShown.append(isPublished || count == 0)
        isPrimary.append(false)
        sumsOf.append([])
        return counts.count - 1
    }

    mutating func equate(_ left: [Cell], _ right: [Cell]) {
        assert(left.reduce(0) { $0 + counts[$1] } == right.reduce(0) { $0 + counts[$1] }, "the counts do not add up")
        for cell in left + right { sumsOf[cell].append(sums.count) }
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
            var exposed = exposedBySize()
            if exposed.isEmpty { exposed = exposedByElimination() }
            if exposed.isEmpty { return }
            var isMended = false
            for (cell, sum) in exposed {
                guard let other = partnerNear(cell, from: sum) else { continue }
                isShown[other] = false
                isMended = true
            }
            // Every count that these hang together with is withheld: no outsider has a figure to start from.
            if !isMended { return }
        }
    }

    /// A count to withhold with the cell: a part of the sum that gives it away or, failing that, of the nearest sum that hangs
    /// together with it; a total only where no part is left.
    private func partnerNear(_ cell: Cell, from sum: Int) -> Cell? {
        for kind in [Candidates.parts, .totals] {
            if let other = partner(of: cell, in: sum, among: kind) { return other }
            var reached: Set<Cell> = [cell]
            var seen: Set<Int> = []
            var next = [cell]
            while !next.isEmpty {
                var beyond: [Cell] = []
                for hidden in next {
                    for sum in sumsOf[hidden] where seen.insert(sum).inserted {
                        if let other = partner(of: cell, in: sum, among: kind) { return other }
                        for other in sums[sum].left + sums[sum].right where !isShown[other] && reached.insert(other).inserted {
                            beyond.append(other)
                        }
                    }
                }
                next = beyond
            }
        }
        return nil
    }

    private enum Candidates { case parts, totals }

    /// The smallest published count of the sum that may hide the cell. A nought of a sum of noughts hides nothing.
    private func partner(of cell: Cell, in sum: Int, among kind: Candidates) -> Cell? {
        let (left, right) = sums[sum]
        let (parts, totals) = left.count > right.count ? (left, right) : (right, left)
        return (kind == .parts ? parts : totals).filter { other in
            other != cell && isShown[other]
                && (counts[other] > 0 || !sumsOf[other].contains { sums[$0].left.allSatisfy { counts[$0] == 0 } })
        }.min { (counts[$0], $0) < (counts[$1], $1) }
    }

    // MARK: What an outsider can work out

    /// A withheld count and the sum that gives it away.
    private typealias Exposure = (cell: Cell, sum: Int)
    private static let unlimited = Int.max / 4

    /// Withheld counts whose least and most are the same, by going through the sums until nothing narrows.
    private func exposedBySize() -> [Exposure] {
        var least = counts.indices.map { isShown[$0] ? counts[$0] : 0 }
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
            if least[cell] >= most[cell], let sum = narrowedBy[cell] { exposed.append((cell, sum)) }
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
        return settled.sorted().compactMap { cell in sumsOf[cell].first.map { (cell, $0) } }
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
