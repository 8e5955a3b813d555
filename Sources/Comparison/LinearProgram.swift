import CPlatform

/// A linear programme over columns that are never below nought, whose rows must each come to nought.
final class LinearProgram {
    private let programme: UnsafeMutableRawPointer
    private let columnCount: Int

    /// `columns`: by column its rows and what it counts in each. Nil where the solver cannot be loaded.
    init?(_ columns: [[(row: Int, value: Double)]], rows: Int) {
        guard linear_load() == nil else { return nil }
        var starts: [Int32] = [0]
        var indices: [Int32] = []
        var values: [Double] = []
        for column in columns {
            for (row, value) in column {
                indices.append(Int32(row))
                values.append(value)
            }
            starts.append(Int32(indices.count))
        }
        columnCount = columns.count
        programme = linear_new(Int32(columns.count), Int32(rows), starts, indices, values)
    }

    deinit { linear_free(programme) }

    /// The columns of least cost between their bounds; nil where there are none.
    func solve(lower: [Double], upper: [Double], cost: [Double]) -> [Double]? {
        var solution = [Double](repeating: 0, count: columnCount)
        return linear_solve(programme, lower, upper, cost, &solution) == 0 ? solution : nil
    }
}

extension Audience {
    /// Why nothing can be made for this audience on this machine; nil where it can.
    public var missing: String? {
        self == .analysts
            ? nil
            : linear_load().map { "COIN-OR's Clp, which finds what must be withheld, could not be loaded (\(String(cString: $0)))" }
    }
}
