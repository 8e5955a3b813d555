/// The person that a census record is about, as in the published headcounts: number, birth date, sex and ethnic origin. Records
/// that agree in all four are one person.
public struct CensusIdentity: Hashable, Sendable {
    public var number: CensusNumber?
    public var birthDate: CalendarDate?
    /// `Sex` (`GenderCurrent` until 2023), as written.
    public var sex: CensusCode?
    /// `Ethnicity`, as written.
    public var ethnicity: CensusCode?

    public init() {}
}

/// A number as the census specification defines it: two letters and up to ten digits. Case and leading zeros make no difference.
/// This is wider than `SWENumber`, because old numbers of other registers count too.
public struct CensusNumber: Hashable, Sendable {
    private let letters: UInt16
    private let digits: UInt64

    public init?(_ bytes: Bytes) {
        guard (3...12).contains(bytes.count) else { return nil }
        var letters: UInt16 = 0
        for byte in bytes[..<2] {
            let upper = byte & 0xDF
            guard (0x41...0x5A).contains(upper) else { return nil }
            letters = letters << 8 | UInt16(upper)
        }
        var digits: UInt64 = 0
        for byte in bytes[2...] {
            guard (0x30...0x39).contains(byte) else { return nil }
            digits = digits * 10 + UInt64(byte - 0x30)
        }
        self.letters = letters
        self.digits = digits
    }
}

/// A code of a few letters or digits, such as `F` or `WBRI`, compared without case. Of a longer text, only the first eight bytes.
public struct CensusCode: Hashable, Sendable {
    private let packed: UInt64

    public init(_ bytes: Bytes) {
        packed = bytes.prefix(8).reduce(0) { packed, byte in
            packed << 8 | UInt64((0x61...0x7A).contains(byte) ? byte & 0xDF : byte)
        }
    }
}
