/// An assignment that rules other than IMP and DATA look at: it has a worker, authority, quarter and start. `Assignment.assessed`
/// lends it for the duration of a call, and it can be neither copied nor kept.
public struct AssessedAssignment: ~Copyable {
    @usableFromInline let lent: UnsafePointer<Assignment>
    public let worker: SWENumber
    public let authority: AuthorityCode
    public let quarter: Quarter
    public let start: CalendarDate

    @inlinable @inline(__always)
    init(
        _ lent: UnsafePointer<Assignment>, _ worker: SWENumber, _ authority: AuthorityCode, _ quarter: Quarter,
        _ start: CalendarDate
    ) {
        self.lent = lent
        (self.worker, self.authority, self.quarter, self.start) = (worker, authority, quarter, start)
    }

    /// The assignment as it was read, for values that may be missing. Functions called on it must be inlined, because any other
    /// would receive a copy.
    @inlinable
    public var row: Assignment {
        @inline(__always) unsafeAddress { lent }
    }
}

extension Assignment {
    /// Lends the assignment as an assessed one; nil if it lacks its worker, authority, quarter or start.
    @inlinable @inline(__always)
    public borrowing func assessed<Result>(_ body: (borrowing AssessedAssignment) -> Result) -> Result? {
        guard let sweNumber, let authority, let quarter, let startDate else { return nil }
        return withUnsafePointer(to: self) { body(AssessedAssignment($0, sweNumber, authority, quarter, startDate)) }
    }
}
