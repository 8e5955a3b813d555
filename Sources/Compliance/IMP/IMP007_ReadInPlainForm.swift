import AgencyModel

/// Values of a column, or its name, contain invisible or look-alike characters and were read in plain form: one finding for each
/// file and column.
public enum IMP007_ReadInPlainForm: RuleFile {
    public static let rules = [Rule(.IMP, 7, .notice, places: ["what"])]

    /// `example` contains no personal data.
    static func finding(
        of subject: Subject, column: Column, values: Int, isName: Bool, example: String, _ texts: inout TextPool
    ) -> Finding {
        let what =
            switch (isName, values) {
            case (false, 1): "1 value was"
            case (false, _): "\(values) values were"
            case (true, 0): "the name was"
            case (true, 1): "the name and 1 value were"
            case (true, _): "the name and \(values) values were"
            }
        return Finding(
            rules[0].code, of: subject, field: .column(column), found: .number(values + (isName ? 1 : 0)),
            expected: .wording(texts.keep(wording: example)), .wording(texts.keep(wording: what)))
    }
}
