/// Who a census record of an authority is of, as the published headcount sees it: the number, the birth date, the sex and the ethnic
/// origin. Records that agree in all four are one person.
public struct CensusIdentity: Hashable, Sendable {
    public var number: CensusNumber?
    public var birthDate: CalendarDate?
    /// `Sex`, until 2023 `GenderCurrent`, as written.
    public var sex: CensusCode?
    /// `Ethnicity`, as written.
    public var ethnicity: CensusCode?

    public init() {}
}

/// A number as the census specification asks for it: two letters and up to ten digits. Letters of any case are the same, and leading
/// noughts do not count. Wider than `SWENumber`: an old number of another register is one too.
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

/// A code of a few letters or digits, such as `F` or `WBRI`, compared without case; of a longer text the first eight bytes.
public struct CensusCode: Hashable, Sendable {
    private let packed: UInt64

    public init(_ bytes: Bytes) {
        packed = bytes.prefix(8).reduce(0) { packed, byte in
            packed << 8 | UInt64((0x61...0x7A).contains(byte) ? byte & 0xDF : byte)
        }
    }
}
