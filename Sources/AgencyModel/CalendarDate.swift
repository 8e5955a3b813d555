/// A day of the Gregorian calendar, in the years 1 to 9999, without a time or time zone.
public struct CalendarDate: Equatable, Comparable, Hashable, Sendable {
    /// Days since 1 January 1970.
    public let dayNumber: Int32

    @inlinable public init(dayNumber: Int32) { self.dayNumber = dayNumber }

    /// Nil if the day does not exist.
    @inlinable
    public init?(year: Int, month: Int, day: Int) {
        guard year >= 1, year <= 9999, month >= 1, month <= 12, day >= 1,
            day <= CalendarDate.daysIn(month: month, year: year)
        else { return nil }
        dayNumber = CalendarDate.number(year: year, month: month, day: day)
    }

    /// Reads `yyyy-mm-dd` or `dd/mm/yyyy` (also `d/m/yyyy`), never month first. Nil for anything else.
    @inlinable
    public init?(_ bytes: Bytes) {
        if bytes.count == 10, bytes[4] == 0x2D {
            guard let (year, month, day) = CalendarDate.iso(bytes) else { return nil }
            self.init(year: year, month: month, day: day)
            return
        }
        guard bytes.count >= 8, bytes.count <= 10 else { return nil }
        let afterDay = bytes[1] == 0x2F ? 1 : 2
        let afterMonth = bytes.count - 5
        guard bytes[afterDay] == 0x2F, bytes[afterMonth] == 0x2F, (2...3).contains(afterMonth - afterDay),
            let day = CalendarDate.figures(bytes, 0, afterDay),
            let month = CalendarDate.figures(bytes, afterDay + 1, afterMonth),
            let year = CalendarDate.figures(bytes, afterMonth + 1, bytes.count)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The first or last day of a post, read like any date, but only from 1940. An earlier date has a two-digit year or is a
    /// mistake, because no working person began before then, and it would prove centuries of experience.
    public static func ofPost(_ bytes: Bytes) -> CalendarDate? {
        guard let date = CalendarDate(bytes), date.parts.year >= 1940 else { return nil }
        return date
    }

    /// The year, month and day of ten bytes `yyyy-mm-dd`, read eight and two bytes at a time. Nil if a byte is wrong.
    @inlinable
    static func iso(_ bytes: Bytes) -> (year: Int, month: Int, day: Int)? {
        let raw = UnsafeRawPointer(bytes.baseAddress!)
        // Digits become 0 to 9 and hyphens 0. The first byte is the lowest.
        let front = UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self)) ^ 0x2D30_302D_3030_3030
        let back = UInt64(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self)) ^ 0x3030)
        let noHigher = (front & 0xFFF0_F0FF_F0F0_F0F0) | (back & 0xF0F0)
        guard noHigher == 0 else { return nil }
        let carried = ((front &+ 0x0006_0600_0606_0606) & 0x00F0_F000_F0F0_F0F0) | ((back &+ 0x0606) & 0xF0F0)
        guard carried == 0 else { return nil }
        @inline(__always) func figure(_ word: UInt64, _ place: UInt64) -> Int {
            Int(truncatingIfNeeded: word >> (8 &* place) & 0xF)
        }
        return (
            figure(front, 0) &* 1000 &+ figure(front, 1) &* 100 &+ figure(front, 2) &* 10 &+ figure(front, 3),
            figure(front, 5) &* 10 &+ figure(front, 6), figure(back, 0) &* 10 &+ figure(back, 1)
        )
    }

    @inlinable
    static func figures(_ bytes: Bytes, _ from: Int, _ to: Int) -> Int? {
        var value = 0
        for index in from..<to {
            guard let figure = digit(bytes[index]) else { return nil }
            value = value * 10 + figure
        }
        return value
    }

    @inlinable
    static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day number of a calendar date, computed in eras of 400 years that start on 1 March.
    @inlinable
    static func number(year: Int, month: Int, day: Int) -> Int32 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// Year, month 1 to 12, day 1 to 31.
    public var parts: (year: Int, month: Int, day: Int) {
        let days = Int(dayNumber) + 719_468
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    @inlinable public static func < (left: CalendarDate, right: CalendarDate) -> Bool { left.dayNumber < right.dayNumber }

    @inlinable
    public func adding(days: Int) -> CalendarDate { CalendarDate(dayNumber: dayNumber + Int32(days)) }

    /// The same day a number of months later, or the last day of that month if it is shorter: 30 November plus 3 months is 28 or 29
    /// February.
    public func adding(months: Int) -> CalendarDate {
        let (year, month, day) = parts
        let count = year * 12 + month - 1 + months
        let (newYear, newMonth) = (count / 12, count % 12 + 1)
        let number = CalendarDate.number(
            year: newYear, month: newMonth, day: min(day, CalendarDate.daysIn(month: newMonth, year: newYear)))
        return CalendarDate(dayNumber: number)
    }

    public static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}

extension CalendarDate: CustomStringConvertible {
    /// `2024-10-31`.
    public var description: String {
        let (year, month, day) = parts
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
    }
}

/// A number with leading zeros.
func padded(_ value: Int, _ width: Int) -> String {
    let figures = String(value)
    return String(repeating: "0", count: max(0, width - figures.count)) + figures
}

/// A calendar quarter, `2026-Q1`.
public struct Quarter: Equatable, Comparable, Hashable, Sendable {
    /// Quarters since the start of the year 0: four times the year, plus 0 to 3.
    public let index: UInt16

    @inlinable public init(index: UInt16) { self.index = index }

    /// `number` is 1 to 4, `year` is 1 to 9999.
    @inlinable public init(year: Int, number: Int) { index = UInt16(year * 4 + number - 1) }

    /// Reads a year of four digits, `-Q` and 1 to 4. Nil for anything else.
    @inlinable
    public init?(_ bytes: Bytes) {
        guard bytes.count == 7, bytes[4] == 0x2D, bytes[5] == 0x51, let year = CalendarDate.figures(bytes, 0, 4), year >= 1,
            let number = digit(bytes[6]), number >= 1, number <= 4
        else { return nil }
        self.init(year: year, number: number)
    }

    public var year: Int { Int(index) / 4 }
    public var number: Int { Int(index) % 4 + 1 }

    public var firstDay: CalendarDate {
        CalendarDate(dayNumber: CalendarDate.number(year: year, month: number * 3 - 2, day: 1))
    }
    public var lastDay: CalendarDate {
        CalendarDate(dayNumber: CalendarDate.number(year: year, month: number * 3, day: number == 1 || number == 4 ? 31 : 30))
    }

    @inlinable public static func < (left: Quarter, right: Quarter) -> Bool { left.index < right.index }
}

extension Quarter: CustomStringConvertible {
    public var description: String { padded(year, 4) + "-Q" + String(number) }

    /// `2026-Q1 (January to March 2026)`: for the first mention of a quarter.
    public var inWords: String {
        let first = number * 3 - 3
        return "\(self) (\(CalendarDate.monthNames[first]) to \(CalendarDate.monthNames[first + 2]) \(year))"
    }
}
