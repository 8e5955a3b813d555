extension RandomAccessCollection {
    /// The first place whose element does not satisfy the condition, in a collection where those that do stand first.
    @inlinable
    public func end(ofThose condition: (Element) -> Bool) -> Index {
        var (low, left) = (startIndex, count)
        while left > 0 {
            let middle = index(low, offsetBy: left / 2)
            if condition(self[middle]) {
                (low, left) = (index(after: middle), left - left / 2 - 1)
            } else {
                left /= 2
            }
        }
        return low
    }
}
