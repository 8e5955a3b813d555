/// An amount in pounds, kept in ten-thousandths of a pound (so £41.20 is 412,000), and never in binary floating point.
public struct Money: Equatable, Comparable, Hashable, Sendable {
    public let tenThousandths: Int64

    /// The largest amount that can be read, £900,000,000,000,000. Sums stop there, so results are always in the range of amounts.
    public static let most = Money(tenThousandths: mostTenThousandths)
    @usableFromInline static let mostTenThousandths: Int64 = 9_000_000_000_000_000_000

    @inlinable public init(tenThousandths: Int64) { self.tenThousandths = tenThousandths }

    /// Reads pounds with up to 4 decimal places, an optional `£` (with spaces after it) and commas between groups of three digits.
    /// Nil for anything else: a sign, a point without digits, more than 4 decimal places, or an amount above `most`.
    @inlinable
    public init?(_ bytes: Bytes) {
        var start = 0
        if bytes.count >= 2, bytes[0] == 0xC2, bytes[1] == 0xA3 {
            start = 2
            while start < bytes.count {
                if bytes[start] == 0x20 {
                    start += 1
                } else if start + 1 < bytes.count, bytes[start] == 0xC2, bytes[start + 1] == 0xA0 {
                    // Excel's accounting format joins the sign and the digits with a no-break space.
                    start += 2
                } else {
                    break
                }
            }
        }
        guard let number = FixedPoint.read(bytes, from: start, scale: 4, thousandsCommas: true), !number.inexact,
            number.value <= Money.mostTenThousandths
        else { return nil }
        tenThousandths = number.value
    }

    @inlinable public static func < (left: Money, right: Money) -> Bool { left.tenThousandths < right.tenThousandths }
    @inlinable public static func + (left: Money, right: Money) -> Money {
        let (sum, overflow) = left.tenThousandths.addingReportingOverflow(right.tenThousandths)
        return held(sum, overflow, isNegative: right.tenThousandths < 0)
    }
    @inlinable public static func - (left: Money, right: Money) -> Money {
        let (rest, overflow) = left.tenThousandths.subtractingReportingOverflow(right.tenThousandths)
        return held(rest, overflow, isNegative: right.tenThousandths > 0)
    }
    @inlinable static func held(_ amount: Int64, _ overflow: Bool, isNegative: Bool) -> Money {
        if overflow { return Money(tenThousandths: isNegative ? -mostTenThousandths : mostTenThousandths) }
        return Money(tenThousandths: min(max(amount, -mostTenThousandths), mostTenThousandths))
    }
    public static let zero = Money(tenThousandths: 0)

    /// The amount without its sign.
    @inlinable public var magnitude: Money { Money(tenThousandths: abs(tenThousandths)) }
}

extension Money: CustomStringConvertible {
    /// `41.20`, with a third and fourth decimal place only if they are not zero.
    public var description: String {
        let sign = tenThousandths < 0 ? "-" : ""
        let amount = tenThousandths.magnitude
        return sign + String(amount / 10_000) + "." + FixedPoint.decimals(amount % 10_000, width: 4, least: 2)
    }
}

/// A decimal of the return format (hours, weeks), not negative, kept in billionths.
public struct Quantity: Equatable, Comparable, Hashable, Sendable {
    public static let scale: Int64 = 1_000_000_000
    public let billionths: Int64
    /// The largest whole part that can be read.
    public static let mostWhole: Int64 = 999_999_999

    @inlinable public init(billionths: Int64) { self.billionths = billionths }
    @inlinable public init(whole: Int64) { billionths = whole &* Quantity.scale }

    /// Reads digits, or digits, a point and digits, with up to 9 digits before the point. If there are more than 9 decimal places,
    /// the rest is kept as a ninth place that is not 0, so that comparisons with a limit of up to 8 decimal places are correct.
    @inlinable
    public init?(_ bytes: Bytes) {
        guard let number = FixedPoint.read(bytes, from: 0, scale: 9, thousandsCommas: false),
            number.value < (Quantity.mostWhole + 1) * Quantity.scale
        else { return nil }
        billionths = number.value &+ (number.inexact && number.value % 10 == 0 ? 1 : 0)
    }

    @inlinable public static func < (left: Quantity, right: Quantity) -> Bool { left.billionths < right.billionths }
    public static let zero = Quantity(billionths: 0)
}

extension Quantity: CustomStringConvertible {
    /// `37`, `37.5`: with no more decimal places than needed.
    public var description: String {
        let whole = String(billionths / Quantity.scale)
        let rest = billionths % Quantity.scale
        return rest == 0 ? whole : whole + "." + FixedPoint.decimals(rest.magnitude, width: 9, least: 1)
    }
}

/// Reads decimal digits into an integer with a fixed scale, for money and quantities.
@usableFromInline
enum FixedPoint {
    /// `value` is in units of 10^-scale, truncated; `inexact` is true if decimal places beyond the scale were lost or are not zero.
    /// For money, a fifth decimal place makes it inexact even if it is zero, because the format allows four.
    @inlinable
    static func read(
        _ bytes: Bytes, from start: Int, scale: Int, thousandsCommas: Bool
    ) -> (value: Int64, inexact: Bool)? {
        if let value = short(bytes, from: start, scale: scale) { return (value, false) }
        var index = start
        var value: Int64 = 0
        var digits = 0
        var sinceComma = -1
        while index < bytes.count {
            let byte = bytes[index]
            if let figure = digit(byte) {
                value = value &* 10 &+ Int64(figure)
                digits += 1
                if digits > 18 { return nil }
                if sinceComma >= 0 { sinceComma += 1 }
            } else if byte == 0x2C, thousandsCommas {
                guard sinceComma < 0 ? (1...3).contains(digits) : sinceComma == 3 else { return nil }
                sinceComma = 0
            } else {
                break
            }
            index += 1
        }
        guard digits > 0, sinceComma < 0 || sinceComma == 3 else { return nil }
        var inexact = false
        var decimals = 0
        if index < bytes.count {
            guard bytes[index] == 0x2E, index + 1 < bytes.count else { return nil }
            index += 1
            while index < bytes.count {
                guard let figure = digit(bytes[index]) else { return nil }
                if decimals < scale {
                    let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
                    if overflow { return nil }
                    value = tens &+ Int64(figure)
                    if value < 0 { return nil }
                    decimals += 1
                } else if figure != 0 || thousandsCommas {
                    inexact = true
                }
                index += 1
            }
        }
        let (scaled, overflow) = value.multipliedReportingOverflow(by: powerOfTen(scale - decimals))
        return overflow ? nil : (scaled, inexact)
    }

    /// Reads the usual form of a number in one step: up to eight characters, only digits, or digits with a point. Nil for any
    /// other, right or wrong.
    @inlinable
    static func short(_ bytes: Bytes, from start: Int, scale: Int) -> Int64? {
        let count = bytes.count &- start
        guard count > 0, count <= 8 else { return nil }
        let raw = UnsafeRawPointer(bytes.baseAddress!) + start
        // The first character is the lowest byte. Some bytes are loaded twice, at the same position.
        var word: UInt64
        if count >= 4 {
            let front = UInt64(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
            let back = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)))
            word = front | back &<< UInt64(8 &* (count &- 4))
        } else {
            let (middle, last) = (count >> 1, count &- 1)
            word = UInt64(raw.load(as: UInt8.self))
            word |= UInt64(raw.load(fromByteOffset: middle, as: UInt8.self)) &<< UInt64(8 &* middle)
            word |= UInt64(raw.load(fromByteOffset: last, as: UInt8.self)) &<< UInt64(8 &* last)
        }
        // Digits become 0 to 9, a point 0x1E, and bytes before the first character zero.
        let unused = UInt64(8 &* (8 &- count))
        word = (word ^ 0x3030_3030_3030_3030) &<< unused
        var decimals = 0
        let odd = word & 0xF0F0_F0F0_F0F0_F0F0
        if odd != 0 {
            let place = UInt64(odd.trailingZeroBitCount & ~7)
            decimals = 7 &- Int(place >> 3)
            guard word &>> place & 0xFF == 0x1E, place > unused, decimals > 0, decimals <= scale else { return nil }
            // Moves the digits before the point next to the digits after it.
            let before: UInt64 = (1 &<< place) &- 1
            word = (word & ~(before &<< 8 | 0xFF)) | (word & before) &<< 8
        }
        guard (word | (word &+ 0x0606_0606_0606_0606)) & 0xF0F0_F0F0_F0F0_F0F0 == 0 else { return nil }
        // Combines pairs of digits, then pairs of those.
        word = (word &* 2_561) >> 8 & 0x00FF_00FF_00FF_00FF
        word = (word &* 6_553_601) >> 16 & 0x0000_FFFF_0000_FFFF
        word = (word &* 42_949_672_960_001) >> 32
        return Int64(truncatingIfNeeded: word) &* powerOfTen(scale &- decimals)
    }

    /// 1 to 1,000,000,000.
    @inlinable
    static func powerOfTen(_ exponent: Int) -> Int64 {
        switch exponent {
        case 0: 1
        case 1: 10
        case 2: 100
        case 3: 1_000
        case 4: 10_000
        case 5: 100_000
        case 6: 1_000_000
        case 7: 10_000_000
        case 8: 100_000_000
        default: 1_000_000_000
        }
    }

    /// The decimal places of a remainder below 10^width, without trailing zeros but with at least `least` digits.
    static func decimals(_ rest: UInt64, width: Int, least: Int) -> String {
        var figures = String(rest)
        figures = String(repeating: "0", count: width - figures.count) + figures
        while figures.count > least, figures.hasSuffix("0") { figures.removeLast() }
        return figures
    }
}
