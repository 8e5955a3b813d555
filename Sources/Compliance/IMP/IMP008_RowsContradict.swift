import AgencyModel

/// Rows give another authority or quarter than the command or the XML header; the row's own value is used. One finding for each
/// file.
public enum IMP008_RowsContradict: RuleFile {
    public static let rules = [Rule(.IMP, 8, .warning, places: ["rows", "given"])]

    /// `own` is the value of the first of these rows.
    static func finding(
        of subject: Subject, column: Column, rows count: Int, own: FindingValue, given: FindingValue, byHeader: Bool,
        _ texts: inout TextPool
    ) -> Finding {
        let rows = count == 1 ? "1 row names" : "\(count) rows name"
        let source = byHeader ? "the header" : "the one given for all rows"
        return Finding(
            rules[0].code, of: subject, field: .column(column), found: own, expected: given,
            .wording(texts.keep(wording: rows + (column == .quarter ? " another quarter" : " another authority"))),
            .wording(texts.keep(wording: source)))
    }
}
