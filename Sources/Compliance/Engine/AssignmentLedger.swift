import AgencyModel

/// What stays in memory of each assignment of a file: what findings name, and what the rules across records compare.
public struct AssignmentLedger: Sendable {
    /// 36 bytes. Hours and rates as they commonly are fit into it; the others stand in tables of the ledger.
    public struct Entry: Sendable {
        /// The worker's number (34 bits), the role (3, all set where it is missing), whether it is assessed (1), whether it has a rate_from
        /// (1), and the agency's place among the file's agencies (25, 0 where there is none): two words, so that an entry is no multiple of eight bytes.
        private var low: UInt32
        private var high: UInt32
        /// Day numbers; `openEnd` where the assignment is still running.
        public let start: Int32
        public let end: Int32
        /// In the part of the file that the ledger is of: see `AssignmentLedger.line`.
        fileprivate let line: UInt32
        /// Where its reference starts; it ends where the next one's starts.
        fileprivate var idStart: UInt32 = 0
        /// Ten-thousandths of an hour, or `elsewhere`.
        fileprivate var hours: Int32 = 0
        /// Ten-thousandths of a pound an hour, `unknownRate` or `elsewhere`.
        fileprivate var rate: Int32 = Entry.unknownRate
        /// 0xFFFF where it is missing.
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

        /// Nil where it is missing.
        public var authorityCode: AuthorityCode? { authority == 0xFFFF ? nil : AuthorityCode(number: authority) }
        /// Nil where it is missing.
        public var returnQuarter: Quarter? { quarter == 0xFFFF ? nil : Quarter(index: quarter) }
        /// The return that it belongs to; nil where it names no authority or no quarter.
        public var returnKey: ReturnKey? {
            guard let authorityCode, let returnQuarter else { return nil }
            return ReturnKey(authority: authorityCode, quarter: returnQuarter)
        }
        /// The worker's number; 0 where it is missing or not valid.
        public var worker: UInt64 { UInt64(high & 3) << 32 | UInt64(low) }
        /// Nil where it is missing.
        public var role: CoreRole? { CoreRole(rawValue: UInt8(high >> 2 & 7)) }
        /// Whether the rules beyond IMP and DATA look at it.
        public var isAssessed: Bool { high >> 5 & 1 == 1 }
        /// Whether it says from when its rate holds: it may be a part of an assignment whose rate changed.
        public var hasRateFrom: Bool { high >> 6 & 1 == 1 }
        /// 0 where there is none.
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
    /// Entries that are assessed, and those of them whose role and rate are known.
    private(set) var assessedCount = 0
    private(set) var comparableCount = 0
    /// The authorities that the entries name.
    private(set) var authorities: Set<UInt16> = []
    private var lastAuthority: UInt16 = 0xFFFF
    private var ids: [UInt8] = []
    private var agencies = TextInterner()
    /// By entry: weekly hours in billionths and capped rates in ten-thousandths that do not fit into it.
    private var longHours: [Int: Int64] = [:]
    private var longRates: [Int: Int64] = [:]
    /// By entry: the days of those that have a rate_from.
    private var rateFroms: [Int: CalendarDate] = [:]

    public init() {
        precondition(
            CoreRole.allCases.count <= Int(Entry.noRole), "an entry has three bits for the role, and one value of them is none")
    }

    /// A million hours a week: more cannot be meant, and nine thousand of them can still be added up.
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

    /// Makes room for so many entries in all, and a few more, so that none is moved as the ledger grows.
    mutating func reserve(_ count: Int) {
        guard count > entries.count else { return }
        let room = count + count / 32
        entries.reserveCapacity(room)
        ids.reserveCapacity(entries.isEmpty ? room * 10 : ids.count / entries.count * room + room)
    }

    /// A missing value is 0.
    public func weeklyHours(_ index: Int) -> Quantity {
        let short = entries[index].hours
        return Quantity(billionths: short == Entry.elsewhere ? longHours[index]! : Int64(short) * 100_000)
    }

    /// Nil where it is not known.
    public func cappedRate(_ index: Int) -> Money? {
        switch entries[index].rate {
        case Entry.unknownRate: nil
        case Entry.elsewhere: Money(tenThousandths: longRates[index]!)
        case let short: Money(tenThousandths: Int64(short))
        }
    }

    /// Nil where it is missing.
    public func rateFrom(_ index: Int) -> CalendarDate? { entries[index].hasRateFrom ? rateFroms[index] : nil }

    /// The lines of the file that stand before the part that the ledger is of.
    var linesBefore: UInt32 = 0

    /// The line on which an assignment starts.
    public func line(_ index: Int) -> UInt32 { entries[index].line + linesBefore }

    /// Of the newest entry.
    mutating func markAssessed() {
        let last = entries.count - 1
        entries[last].markAssessed()
        assessedCount += 1
        if entries[last].role != nil, entries[last].isRateKnown { comparableCount += 1 }
    }

    /// Every entry with its reference, which is empty where it is missing.
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

    /// The assignment's reference; empty where it is missing.
    public func id(_ index: Int) -> ArraySlice<UInt8> { ids[idRange(index)] }

    /// The agency as the return writes it; empty where it is missing.
    public func agency(_ index: Int) -> ArraySlice<UInt8> { agencies.text(entries[index].agency) }
}

/// Keeps each different text once and gives it a number; 0 is no text.
struct TextInterner: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0, 0]
    private var slots: [UInt32] = Array(repeating: 0, count: 64)
    /// Only the slots go by it, never the places.
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

    /// The text's slot and its place there; 0 where it is not kept yet. Spans: an array that is looked into would be kept alive each time.
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

/// Is shown the bytes that are hashed, eight at a time: the last of them may come twice, and fewer than eight have hyphens behind them.
protocol HashedWords {
    mutating func see(_ word: UInt64)
}

/// Looks at nothing.
private struct Unseen: HashedWords {
    @inline(__always)
    mutating func see(_ word: UInt64) {}
}

/// Another number in every process, so that nobody can write a file whose values all meet in one slot of a table. It is Swift's own, which
/// SWIFT_DETERMINISTIC_HASHING holds still.
let processSeed = UInt64(bitPattern: Int64(Hasher().finalize()))

@inline(__always)
func hash(of bytes: Bytes, seed: UInt64) -> UInt64 {
    var unseen = Unseen()
    return hash(of: bytes, seed: seed, setting: 0, &unseen)
}

/// A hash of bytes that is the same for the same seed. Eight bytes at a step, the last of them together with some before. `bits` are set in each
/// eight: what differs in them alone has one hash.
@inline(__always)
func hash<Words: HashedWords>(of bytes: Bytes, seed: UInt64, setting bits: UInt64, _ words: inout Words) -> UInt64 {
    let count = bytes.count
    var state = seed ^ UInt64(truncatingIfNeeded: count)
    guard let base = bytes.baseAddress, count > 0 else { return state }
    let raw = UnsafeRawPointer(base)
    @inline(__always) func take(_ word: UInt64) {
        words.see(word)
        // Both halves of the product: each bit of it has a say in the lower ones.
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
