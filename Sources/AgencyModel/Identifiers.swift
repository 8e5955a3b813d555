/// A Social Work England registration number: `SW` and digits. It is kept as a number, so SW000123 and SW123 are equal.
public struct SWENumber: Equatable, Comparable, Hashable, Sendable {
    public let number: UInt64

    @inlinable public init(number: UInt64) { self.number = number }

    /// Reads `SW` in any case and 1 to 10 digits, not all zero. Nil for anything else.
    @inlinable
    public init?(_ bytes: Bytes) {
        guard bytes.count >= 3, bytes.count <= 12, bytes[0] | 0x20 == 0x73, bytes[1] | 0x20 == 0x77 else { return nil }
        var value: UInt64 = 0
        for index in 2..<bytes.count {
            guard let figure = digit(bytes[index]) else { return nil }
            value = value * 10 + UInt64(figure)
        }
        guard value > 0 else { return nil }
        number = value
    }

    @inlinable public static func < (left: SWENumber, right: SWENumber) -> Bool { left.number < right.number }

    /// `SW` and the digits without leading zeros. This is personal data: never put it in a log, a message or on standard output.
    public var normalForm: String { "SW" + String(number) }
}

/// The Department for Education's code of an authority: three digits.
public struct AuthorityCode: Equatable, Comparable, Hashable, Sendable {
    public let number: UInt16

    @inlinable public init(number: UInt16) { self.number = number }

    /// Reads three digits. Nil for anything else.
    @inlinable
    public init?(_ bytes: Bytes) {
        guard bytes.count == 3, let value = CalendarDate.figures(bytes, 0, 3) else { return nil }
        number = UInt16(value)
    }

    @inlinable public static func < (left: AuthorityCode, right: AuthorityCode) -> Bool { left.number < right.number }
}

extension AuthorityCode: CustomStringConvertible {
    public var description: String { padded(Int(number), 3) }
}
