import CPlatform

/// A linear programme whose columns are never below zero, and whose rows must each have the sum zero.
final class LinearProgram {
    private let programme: UnsafeMutableRawPointer
    private let columnCount: Int

    /// `columns` gives for each column its rows and its factor in each. Nil if the solver cannot be loaded.
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

    /// The columns with the lowest cost between their bounds; nil if there are none.
    func solve(lower: [Double], upper: [Double], cost: [Double]) -> [Double]? {
        var solution = [Double](repeating: 0, count: columnCount)
        return linear_solve(programme, lower, upper, cost, &solution) == 0 ? solution : nil
    }
}

extension Audience {
    /// Why nothing can be made for this audience on this computer; nil if it can.
    public var missing: String? {
        self == .analysts
            ? nil
            : linear_load().map { "COIN-OR's Clp, which finds what must be withheld, could not be loaded (\(String(cString: $0)))" }
    }
}
