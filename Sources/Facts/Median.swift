import AgencyModel

extension Money {
    /// The median of sorted values, or the mean of the two middle values, half a ten-thousandth of a pound up.
    public static func median(_ sorted: [Money]) -> Money {
        let middle = sorted.count / 2
        if sorted.count % 2 == 1 { return sorted[middle] }
        let sum = Int128(sorted[middle - 1].tenThousandths) + Int128(sorted[middle].tenThousandths)
        return Money(tenThousandths: Int64((sum + 1) / 2))
    }
}
