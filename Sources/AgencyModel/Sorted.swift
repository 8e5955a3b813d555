extension RandomAccessCollection {
    /// The first index whose element meets the condition, in a collection where all elements that do come last; the end index if
    /// none does.
    @inlinable
    public func partitioningIndex(where condition: (Element) -> Bool) -> Index {
        var (low, left) = (startIndex, count)
        while left > 0 {
            let middle = index(low, offsetBy: left / 2)
            if condition(self[middle]) {
                left /= 2
            } else {
                (low, left) = (index(after: middle), left - left / 2 - 1)
            }
        }
        return low
    }
}
