import AgencyModel

/// A file that is not UTF-8 was read as Windows-1252: an accent or a pound sign may be wrong.
public enum IMP005_ReadAsWindows1252: RuleFile {
    public static let rules = [Rule(.IMP, 5, .warning, places: ["where"])]

    /// `place` is where that shows first.
    static func finding(of subject: Subject, place: TextRef) -> Finding { Finding(rules[0].code, of: subject, .wording(place)) }
}
