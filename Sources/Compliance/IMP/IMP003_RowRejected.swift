import AgencyModel

/// A row that cannot be split into its cells, or a second authority record, is rejected on its own.
public enum IMP003_RowRejected: RuleFile {
    public static let rules = [Rule(.IMP, 3, .error, places: ["reason", "row"])]

    /// `row` is the row's range in its file, or its text, for the list of rejected rows.
    static func finding(of subject: Subject, reason: TextRef, row: FindingValue) -> Finding {
        Finding(rules[0].code, of: subject, .wording(reason), row)
    }
}
