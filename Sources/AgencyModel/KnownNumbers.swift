/// The numbers of a run's workers, so that their digits alone are recognised as personal data.
public struct KnownNumbers: Sendable {
    /// The digits of shorter numbers alone are not recognised: they may be a year or a serial number.
    public static let least: UInt64 = 10_000
    private static let mostBits: UInt64 = 1 << 24

    private var bits: [UInt64] = []
    private var large: Set<UInt64> = []

    public init() {}

    public mutating func insert(_ number: UInt64) {
        guard number >= KnownNumbers.least else { return }
        guard number < KnownNumbers.mostBits else {
            large.insert(number)
            return
        }
        let word = Int(number >> 6)
        if word >= bits.count { bits += repeatElement(0, count: max(word + 1 - bits.count, bits.count)) }
        bits[word] |= 1 << (number & 63)
    }

    public func contains(_ number: UInt64) -> Bool {
        guard number < KnownNumbers.mostBits else { return large.contains(number) }
        let word = Int(number >> 6)
        return word < bits.count && bits[word] & 1 << (number & 63) != 0
    }

    public var isEmpty: Bool { bits.isEmpty && large.isEmpty }
}
