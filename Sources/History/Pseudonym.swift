import AgencyModel
import Crypto

/// How a store keeps the workers' Social Work England numbers.
public enum Identifiers: UInt8, CaseIterable, Sendable {
    /// As keyed pseudonyms: without the key, nobody can read the number from the store, and a worker can be joined across stores
    /// with the same key.
    case pseudonym
    /// Unchanged.
    case keep

    public var name: String { String(describing: self) }
}

/// A worker as named in a store: the first 8 bytes of a keyed SHA-256. Equal for the same worker under the same key.
public struct Pseudonym: Hashable, Comparable, Sendable {
    /// The 8 bytes that people see, as a number.
    public let shownHalf: UInt64

    public static func < (left: Pseudonym, right: Pseudonym) -> Bool { left.shownHalf < right.shownHalf }

    /// The beginning of every pseudonym as shown.
    public static let mark = "w-"
    private static let shownDigits = 16

    /// `w-` and 16 hexadecimal digits, as people see it.
    public var text: String {
        let figures = String(shownHalf, radix: 16)
        return Pseudonym.mark + String(repeating: "0", count: Pseudonym.shownDigits - figures.count) + figures
    }

    /// The number of a pseudonym as a user enters it; nil for anything else.
    public static func shownHalf(_ text: String) -> UInt64? {
        guard text.hasPrefix(mark), text.utf8.count == mark.utf8.count + shownDigits else { return nil }
        let figures = text.dropFirst(mark.count)
        guard figures.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        return UInt64(figures, radix: 16)
    }
}

/// The key that turns Social Work England numbers into pseudonyms. Its bytes are written only to its file.
struct PseudonymKey: Sendable {
    private let key: SymmetricKey
    /// An HMAC that has processed the key but no text. Copying it saves half of the work.
    private let begun: HMAC<SHA256>

    private init(_ key: SymmetricKey) {
        self.key = key
        begun = HMAC<SHA256>(key: key)
    }

    /// A new random key.
    init() { self.init(SymmetricKey(size: .bits256)) }

    /// From 64 hexadecimal digits, optionally followed by white space; nil for anything else.
    init?(hex text: [UInt8]) {
        var figures = text[...]
        while let last = figures.last, last == 0x0A || last == 0x0D || last == 0x20 { figures.removeLast() }
        guard figures.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var rest = figures
        while let high = rest.popFirst(), let low = rest.popFirst() {
            guard let high = PseudonymKey.digit(high), let low = PseudonymKey.digit(low) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(SymmetricKey(data: bytes))
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x57
        case 0x41...0x46: byte - 0x37
        default: nil
        }
    }

    /// 64 hexadecimal digits and a line end, only for the key's file.
    var fileText: [UInt8] {
        let figures = Array("0123456789abcdef".utf8)
        return key.withUnsafeBytes { bytes in bytes.flatMap { [figures[Int($0 >> 4)], figures[Int($0 & 15)]] } } + [0x0A]
    }

    func pseudonym(of worker: SWENumber) -> Pseudonym { Pseudonym(shownHalf: half(Array(worker.normalForm.utf8)).high) }

    /// A check value by which a store recognises its key. No worker's number has this form, so it reveals nothing about any worker.
    var check: [UInt8] {
        let half = half(Array("agency-check: is this the key of the store?".utf8))
        return withUnsafeBytes(of: (half.high.bigEndian, half.low.bigEndian)) { Array($0) }
    }

    private func half(_ bytes: [UInt8]) -> (high: UInt64, low: UInt64) {
        var code = begun
        code.update(data: bytes)
        return code.finalize().withUnsafeBytes { raw in
            (
                UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}
