/// Withholds figures so that nobody can work out a withheld one from what is published.
///
/// Figures and the sums among them are added first, including figures that are in no table but follow from it (a complement, the
/// rest in an inequality). A withheld figure is safe if there is another table that would be published in exactly the same way, and
/// in which the figure is far enough from its true value. The differences between such a table and the true one are a *witness*:
/// they keep every sum, change no published figure and leave nothing below its floor. Exact sums check whether differences are a
/// witness (`adopt`); a linear programme only searches for those that need the fewest further figures withheld. Each published
/// figure that a witness changes is withheld too, and must then be safe itself.
struct Disclosure {
    typealias Cell = Int
    typealias Witness = [(cell: Cell, difference: Double)]

    /// What makes a withheld figure safe.
    enum Measure: Equatable {
        /// For counts: the highest and lowest possible values differ by `width`.
        case counts(width: Int)
        /// For amounts: the highest and lowest possible values differ by twice this share of the amount, so that any estimate may
        /// be off by the share.
        case amounts(share: Double)
    }

    struct Figure {
        let value: Double
        /// The cost of withholding it.
        var weight = 1.0
        /// Its lowest possible value if it is withheld.
        var floor = 0.0
        /// False for a figure that is in no table.
        var isPublished = true
        /// Whether it must be withheld itself.
        var isSensitive = false
        /// Whether it is already published elsewhere, so that it can no longer be withheld.
        var isLocked = false
        /// Whether it is already withheld elsewhere.
        var isWithheldBefore = false
        /// Whether it is withheld with its whole breakdown, even if it is zero.
        var isClosed = false
        /// Figures of one group are withheld together; nil if it is in no group.
        var group: Int?
    }

    private let measure: Measure
    private(set) var figures: [Figure] = []
    private(set) var isShown: [Bool] = []
    /// The witnesses found, in order.
    private(set) var witnesses: [Witness] = []
    /// The figures that cannot be protected.
    private(set) var exposed: [Cell] = []

    private var sums: [[(cell: Cell, factor: Double)]] = []
    private var sumsOf: [[Int]] = []
    private var groups: [Int: [Cell]] = [:]
    /// How far the witnesses lower each figure (not above zero) and raise it.
    private var lowest: [Double] = []
    private var highest: [Double] = []

    init(_ measure: Measure) { self.measure = measure }

    // MARK: Figures and sums

    @discardableResult mutating func add(_ figure: Figure) -> Cell {
        let cell = figures.count
        figures.append(figure)
        isShown.append(true)
        sumsOf.append([])
        lowest.append(0)
        highest.append(0)
        if let group = figure.group { groups[group, default: []].append(cell) }
        return cell
    }

    /// The sum of the figures, each multiplied by its factor, is zero.
    mutating func relate(_ terms: [(cell: Cell, factor: Double)]) {
        let terms = terms.filter { figures[$0.cell].value != 0 || !isFixed($0.cell) }
        if terms.isEmpty { return }
        for term in terms { sumsOf[term.cell].append(sums.count) }
        sums.append(terms)
    }

    /// The first is the sum of the others.
    mutating func equate(_ total: Cell, _ parts: [Cell]) { relate([(total, 1)] + parts.map { ($0, -1) }) }

    /// Whether no witness can change the figure: it is published elsewhere, or it is a published zero.
    private func isFixed(_ cell: Cell) -> Bool {
        let figure = figures[cell]
        if figure.isLocked { return true }
        if figure.isClosed { return false }
        return figure.value == 0 && (figure.isPublished || !isOfCounts)
    }

    private var isOfCounts: Bool { if case .counts = measure { true } else { false } }

    /// Whether it must not be revealed: it is withheld, or it is sensitive and in no table.
    private func isGuarded(_ cell: Cell) -> Bool {
        let figure = figures[cell]
        if figure.isLocked || figure.value == 0 && figure.isPublished && !figure.isClosed { return false }
        return figure.isPublished ? !isShown[cell] : figure.isSensitive
    }

    private func isSafe(_ cell: Cell) -> Bool {
        switch measure {
        case .counts(let width): return highest[cell] - lowest[cell] >= Double(width)
        case .amounts: return rise(of: cell, above: lowest[cell]) <= highest[cell] + 0.001 * figures[cell].value
        }
    }

    /// How far a withheld figure must be able to rise if it can fall to `lowest` (not above zero).
    ///
    /// For an amount that is withheld to protect another, it is enough that no estimate is within the share of both its highest and
    /// its lowest value.
    private func rise(of cell: Cell, above lowest: Double) -> Double {
        switch measure {
        case .counts(let width): return Double(width) + lowest
        case .amounts(let share):
            let value = figures[cell].value
            let span = 2 * share * value + lowest
            return isOwnMarked(cell) ? span : min(span, (value + lowest) * (1 + share) / (1 - share) - value)
        }
    }

    /// The same for how far it must be able to fall if it can rise to `highest`.
    private func fall(of cell: Cell, below highest: Double) -> Double {
        switch measure {
        case .counts(let width): return Double(width) - highest
        case .amounts(let share):
            let value = figures[cell].value
            let span = 2 * share * value - highest
            return isOwnMarked(cell) ? span : min(span, value - (value + highest) * (1 - share) / (1 + share))
        }
    }

    private mutating func withhold(_ cell: Cell) {
        guard figures[cell].isPublished, !figures[cell].isLocked, isShown[cell] else { return }
        isShown[cell] = false
        guard let group = figures[cell].group else { return }
        for other in groups[group]! where !figures[other].isLocked { isShown[other] = false }
    }

    // MARK: Witnesses

    /// Adds a witness after checking it: nothing published differs, every sum is kept, and nothing is below its floor.
    mutating func adopt(_ witness: Witness) -> Bool {
        var differences: [Cell: Double] = [:]
        for (cell, difference) in witness { differences[cell] = difference }
        var touched: Set<Int> = []
        for (cell, difference) in witness {
            if isFixed(cell) || figures[cell].isPublished && isShown[cell] { return false }
            if figures[cell].value + difference < figures[cell].floor - tolerance(figures[cell].value) { return false }
            if case .counts = measure, difference != difference.rounded() { return false }
            touched.formUnion(sumsOf[cell])
        }
        for sum in touched {
            var (rest, size) = (0.0, 0.0)
            for (cell, factor) in sums[sum] {
                guard let difference = differences[cell] else { continue }
                rest += factor * difference
                size = max(size, abs(factor * difference))
            }
            if abs(rest) > tolerance(size) { return false }
        }
        // Amounts can also be changed in the other direction, as long as nothing falls below its floor.
        let back: Double =
            switch measure {
            case .counts: 0
            case .amounts:
                witness.reduce(1) {
                    $1.difference > 0 ? min($0, (figures[$1.cell].value - figures[$1.cell].floor) / $1.difference) : $0
                }
            }
        for (cell, difference) in witness {
            highest[cell] = max(highest[cell], difference, -difference * back)
            lowest[cell] = min(lowest[cell], difference, -difference * back)
        }
        witnesses.append(witness)
        return true
    }

    private func tolerance(_ size: Double) -> Double { isOfCounts ? 0 : 1e-6 * max(1, size) }

    // MARK: Protection

    /// Withholds what must be withheld itself.
    mutating func withholdSensitive() {
        for cell in figures.indices where figures[cell].isClosed { withhold(cell) }
        for cell in figures.indices where figures[cell].isSensitive || figures[cell].isWithheldBefore {
            if figures[cell].value != 0 { withhold(cell) }
        }
    }

    /// Withholds what must be withheld, and what is needed to protect it. What cannot be protected is then in `exposed`.
    mutating func protect() {
        settle()
        withholdSensitive()
        var given: Set<Cell> = []
        var search: Search?
        while true {
            let open = figures.indices.filter { isGuarded($0) && !isSafe($0) && !given.contains($0) }
                .sorted { (-figures[$0].weight, $0) < (-figures[$1].weight, $1) }
            if open.isEmpty { break }
            if search == nil { search = Search(self) }
            guard let searching = search else {
                exposed = open
                return
            }
            for cell in open where isGuarded(cell) && !isSafe(cell) {
                // If no way is found, everything in a sum with the figure is withheld, and the search continues with more figures.
                if widen(cell, searching) || withholdAround(cell) { continue }
                if tell(cell, searching) {
                    search = nil
                    break
                }
                given.insert(cell)
            }
        }
        exposed = given.filter { isGuarded($0) && !isSafe($0) }.sorted()
        if let search = search ?? Search(self) { showAgain(search) }
    }

    /// A figure that follows from fixed figures is fixed itself, unless something requires it to be withheld.
    private mutating func settle() {
        var isKnown = figures.indices.map { isFixed($0) }
        var next = Array(sums.indices)
        while let sum = next.popLast() {
            let open = sums[sum].filter { !isKnown[$0.cell] }
            guard open.count == 1, let cell = open.first?.cell else { continue }
            isKnown[cell] = true
            next += sumsOf[cell]
        }
        // A closed breakdown withholds nothing that the reader of another output can work out.
        for cell in figures.indices where isKnown[cell] && figures[cell].isPublished && !together(cell).contains(where: isOwnMarked)
        {
            figures[cell].isLocked = true
        }
    }

    /// Whether something requires it to be withheld.
    private func isMarked(_ cell: Cell) -> Bool { isOwnMarked(cell) || figures[cell].isClosed }

    /// Whether something other than its breakdown requires it to be withheld.
    private func isOwnMarked(_ cell: Cell) -> Bool { figures[cell].isSensitive || figures[cell].isWithheldBefore }

    /// The figures that are withheld together with it.
    private func together(_ cell: Cell) -> [Cell] { figures[cell].group.map { groups[$0]! } ?? [cell] }

    /// Finds what protects a withheld figure, at the lowest cost. Returns false if nothing was found.
    private mutating func widen(_ cell: Cell, _ search: Search, withholdsMore: Bool = true) -> Bool {
        // One witness may not work in the other direction; the next one then changes the figure that way. If none goes far enough,
        // the furthest up and the furthest down are combined.
        for _ in 0..<3 where !isSafe(cell) {
            guard let witness = cheapest(for: cell, search, withholdsMore: withholdsMore) else { break }
            if withholdsMore { for (touched, _) in witness { withhold(touched) } }
            if !adopt(witness) { return false }
        }
        // This would take too long for showing figures again.
        for isUp in [true, false] where withholdsMore && !isSafe(cell) {
            guard let witness = furthest(for: cell, isUp: isUp, search) else { continue }
            for (touched, _) in witness { withhold(touched) }
            if !adopt(witness) { return false }
        }
        return isSafe(cell)
    }

    /// Withholds everything in a sum with the figure, or with a figure that is. Returns false if all of it is already withheld.
    private mutating func withholdAround(_ cell: Cell) -> Bool {
        var near: Set<Cell> = [cell]
        for _ in 0..<2 {
            for other in near { for sum in sumsOf[other] { near.formUnion(sums[sum].map(\.cell)) } }
            var hasMore = false
            for other in near where figures[other].isPublished && !isFixed(other) {
                if isShown[other] { hasMore = true }
                withhold(other)
            }
            if hasMore { return true }
        }
        return false
    }

    /// A figure that can be worked out whatever else is withheld cannot be kept secret. If nothing requires it to be withheld, it
    /// is shown for good. In a closed breakdown, this applies only to figures that are known exactly: showing one that is known
    /// roughly would make the others better known.
    private mutating func tell(_ cell: Cell, _ search: Search) -> Bool {
        let together = together(cell)
        if !figures[cell].isPublished || together.contains(where: isOwnMarked) { return false }
        if together.contains(where: { figures[$0].isClosed && !isFollowing($0, search) }) { return false }
        for other in together {
            isShown[other] = true
            figures[other].isLocked = true
        }
        leave(together, among: witnesses)
        return true
    }

    /// Whether only one value is consistent with what cannot be withheld.
    private func isFollowing(_ cell: Cell, _ search: Search) -> Bool {
        let size = max(1, figures[cell].value)
        return [size, -size].allSatisfy { most in
            // Without an answer, it is not known to follow.
            let found = search.witness(moving: cell, by: most, in: self, withholdsMore: true, isAtMost: true)
            guard let witness = found?.witness else { return false }
            return witness.allSatisfy { $0.cell != cell || abs($0.difference) <= tolerance(size) }
        }
    }

    /// Keeps only the witnesses that do not change the figures.
    private mutating func leave(_ cells: [Cell], among known: [Witness]) {
        let left = Set(cells)
        witnesses.removeAll()
        for other in figures.indices { (lowest[other], highest[other]) = (0, 0) }
        for witness in known where !witness.contains(where: { left.contains($0.cell) }) { _ = adopt(witness) }
    }

    private func cheapest(for cell: Cell, _ search: Search, withholdsMore: Bool = true) -> Witness? {
        func move(_ difference: Double) -> (witness: Witness, cost: Double)? {
            search.witness(moving: cell, by: difference, in: self, withholdsMore: withholdsMore)
        }
        let first = move(rise(of: cell, above: lowest[cell]))
        if let first, first.cost == 0 { return first.witness }
        let down = fall(of: cell, below: highest[cell])
        guard figures[cell].value - down >= figures[cell].floor, let second = move(-down) else { return first?.witness }
        guard let first, first.cost <= second.cost else { return second.witness }
        return first.witness
    }

    /// The witness that changes the figure furthest in one direction, but not further than needed; nil if none goes further than
    /// those already known.
    private func furthest(for cell: Cell, isUp: Bool, _ search: Search) -> Witness? {
        let known = isUp ? highest[cell] : -lowest[cell]
        let most = isUp ? rise(of: cell, above: lowest[cell]) : fall(of: cell, below: highest[cell])
        guard
            let witness = search.witness(
                moving: cell, by: isUp ? most : -most, in: self, withholdsMore: true, isAtMost: true)?.witness,
            let moved = witness.first(where: { $0.cell == cell })?.difference
        else { return nil }
        return abs(moved) > known + (isOfCounts ? 0.5 : 1e-3 * figures[cell].value) ? witness : nil
    }

    /// The cost of withholding what the witness changes and is still shown. A group of figures costs as much as one.
    private func price(of witness: Witness) -> Double {
        var (price, seen) = (0.0, Set<Int>())
        for (cell, _) in witness where figures[cell].isPublished && isShown[cell] {
            if let group = figures[cell].group, !seen.insert(group).inserted { continue }
            price += figures[cell].weight
        }
        return price
    }

    // MARK: Showing figures again

    /// Shows again what was withheld to protect others but is not needed: all others are safe by witnesses that do not change it.
    private mutating func showAgain(_ search: Search) {
        let hidden = figures.indices.filter { !isShown[$0] && figures[$0].isPublished && figures[$0].value > 0 }
            .sorted { (-figures[$0].weight, -figures[$0].value, $0) < (-figures[$1].weight, -figures[$1].value, $1) }
        for cell in hidden where !isShown[cell] {
            let together = together(cell)
            if together.contains(where: { isMarked($0) || figures[$0].isLocked }) { continue }
            let before = self
            for other in together { isShown[other] = true }
            leave(together, among: before.witnesses)
            let open = figures.indices.filter { isGuarded($0) && !isSafe($0) && !before.exposed.contains($0) }
            var isKept = open.count <= 40
            for other in open where isKept && !isSafe(other) { isKept = widen(other, search, withholdsMore: false) }
            if !isKept { self = before }
        }
    }

    // MARK: Search

    /// The linear programme over all differences, with two columns for each figure that can differ: the increase and the decrease.
    private final class Search {
        private let program: LinearProgram
        private var columnOf: [Int]
        private let cells: [Cell]

        init?(_ disclosure: Disclosure) {
            columnOf = Array(repeating: -1, count: disclosure.figures.count)
            var cells: [Cell] = []
            var columns: [[(row: Int, value: Double)]] = []
            var entries = [[(row: Int, value: Double)]](repeating: [], count: disclosure.figures.count)
            for (row, sum) in disclosure.sums.enumerated() {
                for (cell, factor) in sum { entries[cell].append((row, factor)) }
            }
            for cell in disclosure.figures.indices where !disclosure.isFixed(cell) {
                columnOf[cell] = columns.count
                cells.append(cell)
                columns.append(entries[cell])
                columns.append(entries[cell].map { ($0.row, -$0.value) })
            }
            self.cells = cells
            guard let program = LinearProgram(columns, rows: disclosure.sums.count) else { return nil }
            self.program = program
        }

        /// The cheapest witness in which the figure differs by the given amount, and the cost of withholding what it changes. If
        /// nothing more may be withheld, shown figures do not change. With `isAtMost`, the difference is as close to that amount as
        /// possible.
        func witness(
            moving target: Cell, by difference: Double, in disclosure: Disclosure, withholdsMore: Bool, isAtMost: Bool = false
        ) -> (witness: Witness, cost: Double)? {
            guard columnOf[target] >= 0 else { return nil }
            var lower = [Double](repeating: 0, count: 2 * cells.count)
            var (upper, cost) = (lower, lower)
            var open: [Int] = []
            for (place, cell) in cells.enumerated() {
                let figure = disclosure.figures[cell]
                let isOpen = figure.isPublished && disclosure.isShown[cell]
                if isOpen && !withholdsMore { continue }
                switch disclosure.measure {
                case .counts(let width):
                    upper[2 * place] = Double(5 * width)
                    upper[2 * place + 1] = max(0, figure.value - figure.floor)
                case .amounts:
                    upper[2 * place] = .greatestFiniteMagnitude
                    upper[2 * place + 1] = figure.value
                }
                // A small cost for what is withheld anyway, so that the witness stays small; slightly more for later figures, so
                // that there is a single cheapest one.
                let price = isOpen ? figure.weight : 0.001 + 0.000_001 * Double(place % 97)
                (cost[2 * place], cost[2 * place + 1]) = (price, price)
                if isOpen { open.append(place) }
            }
            let column = columnOf[target] + (difference > 0 ? 0 : 1)
            let other = columnOf[target] + (difference > 0 ? 1 : 0)
            let most = isAtMost ? min(upper[column], abs(difference)) : abs(difference)
            (lower[column], upper[column], upper[other]) = (isAtMost ? 0 : most, most, 0)
            // More expensive than everything else that may have to be withheld for it.
            if isAtMost { cost[column] = -1_000_000 }
            var best: (witness: Witness, cost: Double)?
            for attempt in 0..<4 {
                guard let solution = program.solve(lower: lower, upper: upper, cost: cost) else { break }
                if let witness = witness(from: solution, disclosure) {
                    let price = disclosure.price(of: witness)
                    if price < best?.cost ?? .infinity { best = (witness, price) }
                    if price == 0 || attempt == 2 || isAtMost { break }
                    // A figure is withheld completely, however little of it differs, so a figure that differs a lot costs less for
                    // each unit.
                    for place in open {
                        let moved = abs(solution[2 * place] - solution[2 * place + 1])
                        let price = disclosure.figures[cells[place]].weight * abs(difference) / (moved + 0.2 * abs(difference))
                        (cost[2 * place], cost[2 * place + 1]) = (price, price)
                    }
                } else {
                    // Other prices lead to another corner, where the differences may be whole numbers.
                    for place in cells.indices where 2 * place != column && 2 * place + 1 != column {
                        let factor = 1 + 0.13 * Double((place * (31 + attempt)) % 17)
                        cost[2 * place] *= factor
                        cost[2 * place + 1] *= factor
                    }
                }
            }
            return best
        }

        /// Nil if counts would differ by fractions. Halves are doubled if the floors allow it.
        private func witness(from solution: [Double], _ disclosure: Disclosure) -> Witness? {
            var witness: Witness = []
            for (place, cell) in cells.enumerated() {
                let difference = solution[2 * place] - solution[2 * place + 1]
                if abs(difference) > 1e-6 { witness.append((cell, difference)) }
            }
            guard case .counts = disclosure.measure else { return witness }
            for factor in [1.0, 2.0] {
                let scaled = witness.map { ($0.cell, difference: ($0.difference * factor).rounded()) }
                let isWhole = zip(witness, scaled).allSatisfy { abs($0.difference * factor - $1.difference) < 1e-5 }
                let isAbove = scaled.allSatisfy { disclosure.figures[$0.0].value + $0.difference >= disclosure.figures[$0.0].floor }
                if isWhole, isAbove { return scaled.filter { $0.difference != 0 } }
            }
            return nil
        }
    }
}
