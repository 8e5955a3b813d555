import AgencyModel

/// There is no authority record for an authority and quarter with assignments. The general data is half of the return.
public enum AUTH001_RecordMissing: AuthorityRule {
    public static let rules = [Rule(.AUTH, 1, .error)]

    static func judge(_ return_: AuthorityReturn, of subject: Subject, _ findings: inout [Finding]) -> Verdict {
        if return_.record != nil { return .clear }
        findings.append(Finding(rules[0].code, of: subject))
        return .breach
    }
}
