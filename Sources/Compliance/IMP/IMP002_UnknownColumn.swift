import AgencyModel

/// A column or element that no mapping knows is left out, and said once for each file and name.
public enum IMP002_UnknownColumn: RuleFile {
    public static let rules = [Rule(.IMP, 2, .warning, places: ["hint"])]

    /// `hint` are the words that name the column which is likely meant; nil where none is near.
    static func finding(of subject: Subject, name: TextRef, hint: TextRef?) -> Finding {
        Finding(rules[0].code, of: subject, field: .text(name), hint.map { .wording($0) } ?? .none)
    }
}
