import AgencyModel

/// The authorities that run children's services, and those that did.
public struct AuthorityTable: Sendable {
    public struct Authority: Sendable {
        public let code: AuthorityCode
        public let gssCode: String
        public let name: String
        /// The place of the region in `regions`.
        public let region: Int
        /// Nil: from before anything here.
        public let validFrom: CalendarDate?
        /// The last day; nil: to this day.
        public let validTo: CalendarDate?

        @inlinable
        public func isValid(on day: CalendarDate) -> Bool {
            (validFrom == nil || validFrom! <= day) && (validTo == nil || validTo! >= day)
        }
    }

    /// The names of the regions, in byte order.
    public let regions: [String]
    /// In order of their codes.
    public let all: [Authority]
    /// By code; -1 where there is none.
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

    /// The region's place; nil for an authority outside the table.
    public func region(of code: AuthorityCode) -> Int? { self[code]?.region }
    public func region(named name: String) -> Int? { regions.firstIndex(of: name) }
}
