import AgencyModel

/// A column or element that is not known is left out, and reported once for each file and name.
public enum IMP002_UnknownColumn: RuleFile {
    public static let rules = [Rule(.IMP, 2, .warning, places: ["words"])]

    /// `words` say what is left out and what to do.
    static func finding(of subject: Subject, name: TextRef, words: TextRef) -> Finding {
        Finding(rules[0].code, of: subject, field: .text(name), .wording(words))
    }
}
