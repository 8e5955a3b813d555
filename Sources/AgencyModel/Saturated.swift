extension FixedWidthInteger {
    /// The sum, or the largest number where it is larger than that.
    @inlinable
    public func addingSaturated(_ other: Self) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
