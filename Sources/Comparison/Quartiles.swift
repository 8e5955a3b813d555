import AgencyModel

/// The lowest value, the quartiles and the highest value of whole numbers, computed exactly.
///
/// Quartiles are interpolated linearly between the two nearest values (type 7 of Hyndman and Fan, as in the spreadsheet function
/// `QUARTILE.INC`): of n sorted values, the k-th quartile is at position (n - 1) k / 4, counted from zero. The result is rounded to
/// a whole unit, half a unit up.
public struct Quartiles: Equatable, Sendable {
    public let count: Int
    public let lowest: Int64
    public let lower: Int64
    public let median: Int64
    public let upper: Int64
    public let highest: Int64

    /// From sorted values; nil if there are none.
    public init?(_ sorted: [Int64]) {
        guard let first = sorted.first, let last = sorted.last else { return nil }
        (count, lowest, highest) = (sorted.count, first, last)
        func quartile(_ number: Int) -> Int64 {
            let (place, rest) = ((sorted.count - 1) * number).quotientAndRemainder(dividingBy: 4)
            if rest == 0 { return sorted[place] }
            let (below, above) = (Int128(sorted[place]), Int128(sorted[place + 1]))
            return Int64(Quartiles.floor(4 * below + (above - below) * Int128(rest) + 2, 4))
        }
        (lower, median, upper) = (quartile(1), quartile(2), quartile(3))
    }

    /// The largest whole number that is not above the quotient. `divisor` must be positive.
    static func floor(_ value: Int128, _ divisor: Int128) -> Int128 {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }

    /// `part` of `whole` in tenths of a per cent, half a tenth up; nil if `whole` is zero.
    static func perMille(_ part: Int128, of whole: Int128) -> Int64? {
        guard whole > 0 else { return nil }
        return Int64(clamping: floor(part * 2000 + whole, 2 * whole))
    }
}

extension Quartiles {
    /// As money, if the values are ten-thousandths of a pound.
    var lowestMoney: Money { Money(tenThousandths: lowest) }
    var lowerMoney: Money { Money(tenThousandths: lower) }
    var medianMoney: Money { Money(tenThousandths: median) }
    var upperMoney: Money { Money(tenThousandths: upper) }
    var highestMoney: Money { Money(tenThousandths: highest) }
}
