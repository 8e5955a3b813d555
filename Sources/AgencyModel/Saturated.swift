extension FixedWidthInteger {
    /// The sum, or the largest number if the sum is larger.
    @inlinable
    public func addingSaturated(_ other: Self) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
