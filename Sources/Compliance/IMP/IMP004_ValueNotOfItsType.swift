import AgencyModel

/// A value that is not of its column's type; the record is kept and the field counts as missing.
public enum IMP004_ValueNotOfItsType: RuleFile {
    public static let rules = [Rule(.IMP, 4, .error, places: ["wanted"])]

    static func finding(of subject: Subject, field: FindingValue, written: TextRef, wanted: Phrase) -> Finding {
        Finding(rules[0].code, of: subject, field: field, found: .text(written), .phrase(wanted))
    }
}
