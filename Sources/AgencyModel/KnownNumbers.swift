/// The numbers of the workers of a run, so that the bare digits of one are known for a person's.
public struct KnownNumbers: Sendable {
    /// A shorter number is no worker's by its digits alone: it may be a year or a running number.
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
