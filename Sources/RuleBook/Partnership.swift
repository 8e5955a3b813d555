import AgencyModel

/// A named group of regions or authorities that compares its members' returns.
public struct Partnership: Sendable {
    public let name: String
    /// Indexes in the regions of the authority table, in the table's order.
    public internal(set) var regions: [Int] = []
    /// Authorities that are members besides the regions, sorted by code.
    public internal(set) var authorities: [AuthorityCode] = []

    static let columns = ["partnership", "region", "authority_code", "source"]

    init(name: String) { self.name = name }

    /// Whether the authority is a member, by its region or on its own.
    public func holds(_ authority: AuthorityTable.Authority) -> Bool {
        regions.contains(authority.region) || authorities.contains(authority.code)
    }
}

extension RuleBook {
    /// The partnership with this name, in any case. The name of a region means the region.
    public func partnership(named name: String) -> Partnership? {
        let wanted = name.lowercased()
        if let known = partnerships.first(where: { $0.name.lowercased() == wanted }) { return known }
        guard let place = authorities.regions.firstIndex(where: { $0.lowercased() == wanted }) else { return nil }
        var region = Partnership(name: authorities.regions[place])
        region.regions = [place]
        return region
    }
}

/// Reads `partnerships.csv`, with one row for each region or authority of a group.
struct PartnershipReader {
    let table: RuleTable
    let authorities: AuthorityTable
    /// Whether a region or authority that is not in the authority table is a mistake. If not, its row is skipped.
    let isStrict: Bool
    let problems: ProblemList

    /// `cite` is called for each row that is used, with the name of the partnership and the member in words.
    func read(_ cite: (RuleTable.Row, String, String) -> Void) -> [Partnership] {
        var groups: [String: Partnership] = [:]
        for row in table.rows {
            let (name, region) = (table[row, "partnership"], table[row, "region"])
            let code = table[row, "authority_code"]
            guard !name.isEmpty, region.isEmpty != code.isEmpty else {
                problems.add(
                    table.file, row.line, "expected the partnership's name and either a region or an authority_code, not both.")
                continue
            }
            var group = groups[name.lowercased()] ?? Partnership(name: name)
            if !region.isEmpty {
                guard let place = authorities.region(named: region) else {
                    if isStrict {
                        problems.add(
                            table.file, row.line,
                            "\u{201C}\(region)\u{201D} is not a region of authorities.csv; expected one of \(authorities.regions.joined(separator: ", "))."
                        )
                    }
                    continue
                }
                guard !group.regions.contains(place) else {
                    problems.add(table.file, row.line, "\(region) appears twice in \(name); expected it once.")
                    continue
                }
                group.regions = (group.regions + [place]).sorted()
            } else {
                guard let authority = code.read(AuthorityCode.init) else {
                    problems.add(table.file, row.line, "expected an authority_code of three digits.")
                    continue
                }
                guard authorities[authority] != nil else {
                    if isStrict { problems.add(table.file, row.line, "\(authority) is not in the table of authorities.") }
                    continue
                }
                guard !group.authorities.contains(authority) else {
                    problems.add(table.file, row.line, "\(authority) appears twice in \(name); expected it once.")
                    continue
                }
                group.authorities = (group.authorities + [authority]).sorted()
            }
            groups[name.lowercased()] = group
            cite(row, name, region.isEmpty ? code : region)
        }
        return groups.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
