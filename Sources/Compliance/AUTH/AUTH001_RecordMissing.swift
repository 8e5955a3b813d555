import AgencyModel

/// No authority record for an authority and quarter that has assignments.
public enum AUTH001_RecordMissing: AuthorityRule {
    public static let rules = [Rule(.AUTH, 1, .warning)]

    static func judge(_ return_: AuthorityReturn, of subject: Subject, _ findings: inout [Finding]) -> Verdict {
        if return_.record != nil { return .clear }
        findings.append(Finding(rules[0].code, of: subject))
        return .breach
    }
}
