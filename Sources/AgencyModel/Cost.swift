/// The sum of hours multiplied by pounds an hour. Exact up to £100 million million, where it stops.
public struct Cost: Equatable, Sendable {
    /// Billionths of an hour multiplied by ten-thousandths of a pound: 10^-13 pounds.
    public private(set) var units: Int128 = 0
    private static let most: Int128 = 1_000_000_000_000_000_000_000_000_000

    public init() {}
    public init(_ money: Money) { units = min(Int128(money.tenThousandths) * Int128(Quantity.scale), Cost.most) }

    public mutating func add(hours: Quantity, rate: Money) {
        units = min(units + min(Int128(hours.billionths) * Int128(rate.tenThousandths), Cost.most), Cost.most)
    }
    public mutating func add(_ other: Cost) { units = min(units + other.units, Cost.most) }

    /// Rounded to the nearest penny, half a penny up.
    public var toThePenny: Money {
        let penny: Int128 = 100 * Int128(Quantity.scale)
        return Money(tenThousandths: Int64(clamping: (units + penny / 2) / penny) * 100)
    }
}
