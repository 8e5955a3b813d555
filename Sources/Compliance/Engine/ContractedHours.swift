import AgencyModel

/// Weekly hours multiplied by days and a percentage, for comparison with the hours worked: in whole numbers, with 128 bits where
/// needed.
struct ContractedHours {
    private let weekly: Int64
    private let days: Int64
    private let share: Int64

    @inline(__always)
    init(_ weekly: Quantity, days: Int, share: Quantity) {
        (self.weekly, self.days, self.share) = (weekly.billionths, Int64(days), share.billionths)
    }

    /// Whether they are at least `times` the hours.
    @inline(__always)
    func areAtLeast(_ worked: Quantity, times: Int64) -> Bool {
        let own = product
        let other = worked.billionths.multipliedFullWidth(by: times * Quantity.scale)
        return (own.high, own.low) >= (other.high, other.low)
    }

    /// Whether they are at most `times` the hours.
    @inline(__always)
    func areAtMost(_ worked: Quantity, times: Int64) -> Bool {
        let own = product
        let other = worked.billionths.multipliedFullWidth(by: times * Quantity.scale)
        return (own.high, own.low) <= (other.high, other.low)
    }

    /// The same for a sum of hours, in billionths.
    func areAtMost(_ worked: Int128, times: Int64) -> Bool { whole <= worked * Int128(times) * Int128(Quantity.scale) }

    @inline(__always)
    private var product: (high: Int64, low: UInt64) {
        let (shareOfDays, overflow) = share.multipliedReportingOverflow(by: days)
        if overflow { return longProduct }
        return weekly.multipliedFullWidth(by: shareOfDays)
    }

    @inline(never)
    private var longProduct: (high: Int64, low: UInt64) {
        (Int64(truncatingIfNeeded: whole >> 64), UInt64(truncatingIfNeeded: whole))
    }

    private var whole: Int128 { Int128(weekly) * Int128(days) * Int128(share) }

    /// The hours divided by a number, to hundredths of an hour, truncated, and at most the largest quantity.
    func inHundredths(by divisor: Int64) -> Quantity {
        let billionths = whole / (Int128(divisor) * Int128(Quantity.scale))
        let hundredth = Quantity.scale / 100
        return Quantity(billionths: Int64(clamping: billionths) / hundredth * hundredth)
    }
}

/// The hours in the quarter, and the contracted week over the assignment's days in the quarter, with which they are compared.
struct HoursAndContract {
    let worked: Quantity
    let weekly: Quantity
    let days: Int
}

extension Assignment {
    /// Judges the hours in the quarter against the contract, if the assignment has a day in the quarter and both are known.
    @inline(__always)
    func judgingHours(_ circumstances: Circumstances, _ judge: (HoursAndContract) -> Verdict) -> Verdict {
        switch daysInQuarter(circumstances) {
        case .none: return .notApplicable
        case .unknown: return .undecided
        case .some(let days):
            guard let worked = hoursInQuarter, let weekly = weeklyHours else { return .undecided }
            return judge(HoursAndContract(worked: worked, weekly: weekly, days: days))
        }
    }
}
