import AgencyModel

/// A column or element that no mapping knows is left out, and said once for each file and name.
public enum IMP002_UnknownColumn: RuleFile {
    public static let rules = [Rule(.IMP, 2, .warning)]

    static func finding(of subject: Subject, name: TextRef) -> Finding {
        Finding(rules[0].code, of: subject, field: .text(name))
    }
}
