import AgencyModel
import TestSupport
import Testing

@testable import Compliance

/// Texts that somebody chose so that they collide in a hash table.
@Suite(.serialized) struct TextInternerTests {
    private static let count = 8_000

    /// Texts of sixteen bytes that all have the same hash under `seed`: the last eight bytes cancel what the hash made of the
    /// first.
    private static func meeting(under seed: UInt64) -> [[UInt8]] {
        (0..<UInt64(count)).map { number in
            let product = (seed ^ 16 ^ number).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
            return withUnsafeBytes(of: (number, product.high ^ product.low)) { Array($0) }
        }
    }

    private func seconds(_ texts: [[UInt8]], into interner: TextInterner) -> Double {
        var interner = interner
        let start = ContinuousClock.now
        for (number, text) in texts.enumerated() {
            #expect(text.withUnsafeBufferPointer { interner.place(of: $0) } == UInt32(number + 1))
        }
        let passed = start.duration(to: .now)
        return Double(passed.components.seconds) + Double(passed.components.attoseconds) / 1e18
    }

    /// With the seed that they were chosen for, the time grows with the square of their number; in a run, nobody knows the seed.
    @Test func textsCannotBeChosenToCollide() {
        let seed: UInt64 = 0x9E37_79B9_7F4A_7C15
        let texts = Self.meeting(under: seed)
        let known = seconds(texts, into: TextInterner(seed: seed))
        let own = seconds(texts, into: TextInterner())
        #expect(known > own * 8, "\(known) s with the seed known, \(own) s without")
    }

    /// The seed decides where a text is in the table, but not its number or what is kept.
    @Test(arguments: [0, 1, .max, 0x9E37_79B9_7F4A_7C15] as [UInt64]) func indexesDoNotDependOnTheSeed(seed: UInt64) {
        var interner = TextInterner(seed: seed)
        let texts = (0..<500).map { Array("Agency \($0 % 200)".utf8) }
        let places = texts.map { $0.withUnsafeBufferPointer { interner.place(of: $0) } }
        #expect(places == (0..<500).map { UInt32($0 % 200 + 1) })
        #expect(zip(texts, places).allSatisfy { Array(interner.text($1)) == $0 })
    }

    /// Each process has its own seed.
    @Test func everyProcessHasItsOwnSeed() { #expect(processSeed != 0 && processSeed != 0x9E37_79B9_7F4A_7C15) }
}
