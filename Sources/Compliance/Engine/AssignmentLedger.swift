import AgencyModel

/// What is kept in memory of each assignment of a file: values that findings name, and values that rules across records compare.
public struct AssignmentLedger: Sendable {
    /// An entry takes 36 bytes. The usual hours and rates fit into it; others are in tables of the ledger.
    public struct Entry: Sendable {
        /// The worker's number (34 bits), the role (3, all set if it is missing), whether it is assessed (1), whether it has a
        /// rate_from (1), and the index of the agency among the file's agencies (25, 0 if there is none). Two words, so that the
        /// size of an entry is not a multiple of eight bytes.
        private var low: UInt32
        private var high: UInt32
        /// Day numbers; `openEnd` if the assignment is still running.
        public let start: Int32
        public let end: Int32
        /// Counted in the part of the file that the ledger belongs to: see `AssignmentLedger.line`.
        fileprivate let line: UInt32
        /// The offset of its reference, which ends where the next one starts.
        fileprivate var idStart: UInt32 = 0
        /// Ten-thousandths of an hour, or `elsewhere`.
        fileprivate var hours: Int32 = 0
        /// Ten-thousandths of a pound an hour, `unknownRate` or `elsewhere`.
        fileprivate var rate: Int32 = Entry.unknownRate
        /// 0xFFFF if it is missing.
        public let authority: UInt16
        public let quarter: UInt16

        init(_ assignment: borrowing Assignment) {
            let worker = assignment.sweNumber?.number ?? 0
            low = UInt32(truncatingIfNeeded: worker)
            high = UInt32(truncatingIfNeeded: worker >> 32) | (assignment.role.map { UInt32($0.rawValue) } ?? Entry.noRole) << 2
            if assignment.rateFrom != nil { high |= 1 << 6 }
            start = assignment.startDate?.dayNumber ?? 0
            end = assignment.endDate?.dayNumber ?? Entry.openEnd
            line = assignment.line
            authority = assignment.authority?.number ?? 0xFFFF
            quarter = assignment.quarter?.index ?? 0xFFFF
        }

        /// Nil if it is missing.
        public var authorityCode: AuthorityCode? { authority == 0xFFFF ? nil : AuthorityCode(number: authority) }
        /// Nil if it is missing.
        public var returnQuarter: Quarter? { quarter == 0xFFFF ? nil : Quarter(index: quarter) }
        /// The return that it belongs to; nil without an authority or a quarter.
        public var returnKey: ReturnKey? {
            guard let authorityCode, let returnQuarter else { return nil }
            return ReturnKey(authority: authorityCode, quarter: returnQuarter)
        }
        /// The worker's number; 0 if it is missing or not valid.
        public var worker: UInt64 { UInt64(high & 3) << 32 | UInt64(low) }
        /// Nil if it is missing.
        public var role: CoreRole? { CoreRole(rawValue: UInt8(high >> 2 & 7)) }
        /// Whether rules other than IMP and DATA apply to it.
        public var isAssessed: Bool { high >> 5 & 1 == 1 }
        /// Whether it gives the day from which its rate applies, so that it may be a part of an assignment whose rate changed.
        public var hasRateFrom: Bool { high >> 6 & 1 == 1 }
        /// 0 if there is none.
        public var agency: UInt32 { high >> 7 }

        public var isRateKnown: Bool { rate != Entry.unknownRate }

        fileprivate mutating func markAssessed() { high |= 1 << 5 }
        fileprivate mutating func setAgency(_ place: UInt32) { high |= place << 7 }

        public static let openEnd = Int32.max
        /// All three bits of the role.
        fileprivate static let noRole: UInt32 = 7
        fileprivate static let unknownRate: Int32 = -1
        fileprivate static let elsewhere: Int32 = -2
    }

    public private(set) var entries: [Entry] = []
    /// The number of assessed entries, and how many of those have a known role and rate.
    private(set) var assessedCount = 0
    private(set) var comparableCount = 0
    /// The authorities of the entries.
    private(set) var authorities: Set<UInt16> = []
    private var lastAuthority: UInt16 = 0xFFFF
    private var ids: [UInt8] = []
    private var agencies = TextInterner()
    /// By entry: weekly hours in billionths, and capped rates in ten-thousandths, that do not fit into it.
    private var longHours: [Int: Int64] = [:]
    private var longRates: [Int: Int64] = [:]
    /// By entry: the rate_from of those that have one.
    private var rateFroms: [Int: CalendarDate] = [:]

    public init() {
        precondition(
            CoreRole.allCases.count <= Int(Entry.noRole), "an entry has three bits for the role, and one value of them is none")
    }

    /// A million hours a week. Nobody can mean more, and nine thousand of them can still be added up.
    private static let mostWeeklyHours = 1_000_000 * Quantity.scale

    mutating func append(_ assignment: borrowing Assignment) {
        var entry = Entry(assignment)
        if entry.authority != lastAuthority {
            lastAuthority = entry.authority
            if lastAuthority != 0xFFFF { authorities.insert(lastAuthority) }
        }
        entry.idStart = UInt32(ids.count)
        if let id = assignment.assignmentID { ids.append(contentsOf: id) }
        if let agency = assignment.agency { entry.setAgency(agencies.place(of: agency)) }
        if let weeklyHours = assignment.weeklyHours {
            let billionths = min(weeklyHours.billionths, AssignmentLedger.mostWeeklyHours)
            let (short, rest) = billionths.quotientAndRemainder(dividingBy: 100_000)
            if rest == 0, short <= Int64(Int32.max) {
                entry.hours = Int32(truncatingIfNeeded: short)
            } else {
                entry.hours = Entry.elsewhere
                longHours[entries.count] = billionths
            }
        }
        if let cappedRate = assignment.cappedRate {
            if cappedRate.tenThousandths <= Int64(Int32.max) {
                entry.rate = Int32(truncatingIfNeeded: cappedRate.tenThousandths)
            } else {
                entry.rate = Entry.elsewhere
                longRates[entries.count] = cappedRate.tenThousandths
            }
        }
        if let rateFrom = assignment.rateFrom { rateFroms[entries.count] = rateFrom }
        entries.append(entry)
    }

    /// Reserves room for this number of entries in all and a few more, so that none is moved as the ledger grows.
    mutating func reserve(_ count: Int) {
        guard count > entries.count else { return }
        let room = count + count / 32
        entries.reserveCapacity(room)
        ids.reserveCapacity(entries.isEmpty ? room * 10 : ids.count / entries.count * room + room)
    }

    /// A missing value counts as 0.
    public func weeklyHours(_ index: Int) -> Quantity {
        let short = entries[index].hours
        return Quantity(billionths: short == Entry.elsewhere ? longHours[index]! : Int64(short) * 100_000)
    }

    /// Nil if it is not known.
    public func cappedRate(_ index: Int) -> Money? {
        switch entries[index].rate {
        case Entry.unknownRate: nil
        case Entry.elsewhere: Money(tenThousandths: longRates[index]!)
        case let short: Money(tenThousandths: Int64(short))
        }
    }

    /// Nil if it is missing.
    public func rateFrom(_ index: Int) -> CalendarDate? { entries[index].hasRateFrom ? rateFroms[index] : nil }

    /// The number of lines of the file before the part that the ledger belongs to.
    var linesBefore: UInt32 = 0

    /// The line on which an assignment starts.
    public func line(_ index: Int) -> UInt32 { entries[index].line + linesBefore }

    /// Marks the newest entry.
    mutating func markAssessed() {
        let last = entries.count - 1
        entries[last].markAssessed()
        assessedCount += 1
        if entries[last].role != nil, entries[last].isRateKnown { comparableCount += 1 }
    }

    /// Calls `body` with every entry and its reference, which is empty if it is missing.
    func forEachID(_ body: (Int, Entry, Bytes) -> Void) {
        ids.withUnsafeBufferPointer { all in
            for (index, entry) in entries.enumerated() {
                body(index, entry, Bytes(rebasing: all[idRange(index)]))
            }
        }
    }

    private func idRange(_ index: Int) -> Range<Int> {
        Int(entries[index].idStart)..<(index + 1 < entries.count ? Int(entries[index + 1].idStart) : ids.count)
    }

    /// The assignment's reference; empty if it is missing.
    public func id(_ index: Int) -> ArraySlice<UInt8> { ids[idRange(index)] }

    /// The agency as written in the return; empty if it is missing.
    public func agency(_ index: Int) -> ArraySlice<UInt8> { agencies.text(entries[index].agency) }
}

/// Keeps each different text once and gives it a number; 0 means no text.
struct TextInterner: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0, 0]
    private var slots: [UInt32] = Array(repeating: 0, count: 64)
    /// Only the slots depend on it, never the indexes.
    private let seed: UInt64

    init(seed: UInt64 = processSeed) { self.seed = seed }

    mutating func place(of text: Bytes) -> UInt32 {
        let (slot, known) = find(text)
        if known != 0 { return known }
        let place = UInt32(ends.count - 1)
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        slots[slot] = place
        if ends.count * 2 > slots.count { grow() }
        return place
    }

    /// The text's slot and its index; 0 if it is not kept yet. Spans are used because an array would be retained on each access.
    private func find(_ text: Bytes) -> (slot: Int, place: UInt32) {
        let (slots, ends, bytes) = (slots.span, ends.span, bytes.span)
        var slot = Int(truncatingIfNeeded: hash(of: text, seed: seed)) & (slots.count - 1)
        while true {
            let place = slots[slot]
            if place == 0 { return (slot, 0) }
            let (start, end) = (ends[Int(place)], ends[Int(place) + 1])
            if end - start == text.count,
                bytes.withUnsafeBufferPointer({ areEqual($0.baseAddress! + start, text.baseAddress!, text.count) })
            {
                return (slot, place)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    func text(_ place: UInt32) -> ArraySlice<UInt8> {
        place == 0 ? [] : bytes[ends[Int(place)]..<ends[Int(place) + 1]]
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for place in 1..<UInt32(ends.count - 1) {
            let text = text(place)
            var slot = text.withUnsafeBufferPointer { Int(truncatingIfNeeded: hash(of: $0, seed: seed)) } & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = place
        }
    }
}

/// Is shown the bytes that are hashed, eight at a time. The last ones may be shown twice, and fewer than eight are filled with
/// hyphens.
protocol HashedWords {
    mutating func see(_ word: UInt64)
}

/// Ignores the bytes.
private struct Unseen: HashedWords {
    @inline(__always)
    mutating func see(_ word: UInt64) {}
}

/// A different number in every process, so that nobody can write a file whose values all hash to one slot of a table. It is Swift's
/// own seed, which SWIFT_DETERMINISTIC_HASHING makes constant.
let processSeed = UInt64(bitPattern: Int64(Hasher().finalize()))

@inline(__always)
func hash(of bytes: Bytes, seed: UInt64) -> UInt64 {
    var unseen = Unseen()
    return hash(of: bytes, seed: seed, setting: 0, &unseen)
}

/// A hash of bytes, the same for the same seed. It takes eight bytes at a time; the last step may overlap the one before. `bits`
/// are set in each eight bytes, so that bytes that differ only in these bits have the same hash.
@inline(__always)
func hash<Words: HashedWords>(of bytes: Bytes, seed: UInt64, setting bits: UInt64, _ words: inout Words) -> UInt64 {
    let count = bytes.count
    var state = seed ^ UInt64(truncatingIfNeeded: count)
    guard let base = bytes.baseAddress, count > 0 else { return state }
    let raw = UnsafeRawPointer(base)
    @inline(__always) func take(_ word: UInt64) {
        words.see(word)
        // Both halves of the product are used, so that each bit affects the lower ones.
        let product = (state ^ (word | bits)).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        state = product.high ^ product.low
    }
    if count >= 8 {
        var at = 0
        while at &+ 8 < count {
            take(raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            at &+= 8
        }
        take(raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
    } else if count >= 4 {
        let front = UInt64(raw.loadUnaligned(as: UInt32.self))
        take(front | UInt64(raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)) << 32)
    } else {
        let ends = UInt64(base[0]) | UInt64(base[count >> 1]) << 8 | UInt64(base[count &- 1]) << 16
        take(0x2D2D_2D2D_2D00_0000 | ends)
    }
    return state
}

/// Spreads a number over all 64 bits.
@inline(__always)
func mixed(_ value: UInt64) -> UInt64 {
    var state = value
    state = (state ^ state >> 32) &* 0xD6E8_FEB8_6659_FD93
    state = (state ^ state >> 32) &* 0xD6E8_FEB8_6659_FD93
    return state ^ state >> 32
}
