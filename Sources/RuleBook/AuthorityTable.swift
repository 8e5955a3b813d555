import AgencyModel

/// The authorities that run children's services, and those that used to.
public struct AuthorityTable: Sendable {
    public struct Authority: Sendable {
        public let code: AuthorityCode
        public let gssCode: String
        public let name: String
        /// The index of the region in `regions`.
        public let region: Int
        /// Nil if there is no first day.
        public let validFrom: CalendarDate?
        /// The last day; nil if the authority still exists.
        public let validTo: CalendarDate?

        @inlinable
        public func isValid(on day: CalendarDate) -> Bool {
            (validFrom == nil || validFrom! <= day) && (validTo == nil || validTo! >= day)
        }
    }

    /// The names of the regions, sorted by bytes.
    public let regions: [String]
    /// Sorted by code.
    public let all: [Authority]
    /// Indexed by code; -1 if there is none.
    private let places: [Int16]

    init(_ authorities: [Authority], regions: [String]) {
        all = authorities.sorted { $0.code < $1.code }
        self.regions = regions
        var places = [Int16](repeating: -1, count: 1000)
        for (index, authority) in all.enumerated() { places[Int(authority.code.number)] = Int16(index) }
        self.places = places
    }

    public subscript(code: AuthorityCode) -> Authority? {
        let place = places[Int(code.number)]
        return place < 0 ? nil : all[Int(place)]
    }

    /// The index of the region; nil for an authority that is not in the table.
    public func region(of code: AuthorityCode) -> Int? { self[code]?.region }
    public func region(named name: String) -> Int? { regions.firstIndex(of: name) }
}
