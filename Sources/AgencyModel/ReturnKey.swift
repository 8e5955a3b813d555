/// An authority's return for one quarter.
public struct ReturnKey: Hashable, Comparable, Sendable {
    public let authority: AuthorityCode
    public let quarter: Quarter

    public init(authority: AuthorityCode, quarter: Quarter) {
        self.authority = authority
        self.quarter = quarter
    }

    public static func < (left: ReturnKey, right: ReturnKey) -> Bool {
        (left.authority, left.quarter) < (right.authority, right.quarter)
    }
}
