import AgencyModel

/// A file that cannot be read is refused; the run continues with the others.
public enum IMP001_FileRefused: RuleFile {
    public static let rules = [Rule(.IMP, 1, .error, places: ["reason"])]

    static func finding(of subject: Subject, reason: TextRef) -> Finding {
        Finding(rules[0].code, of: subject, .wording(reason))
    }
}
