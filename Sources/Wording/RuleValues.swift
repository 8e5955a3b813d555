import AgencyModel
import Compliance
import Facts
import RuleBook

/// The dated values that a rule uses.
public enum RuleValues {
    /// By the value's key: the family's letters or the rule's code, or the rule's commencement.
    public static func reads(_ code: RuleCode, _ citation: RuleBook.Citation) -> Bool {
        switch citation.table {
        case "parameters.csv":
            // Both outcomes of the judgement use the same figures.
            if code.family == .COOL { return citation.key.hasPrefix("COOL") }
            return citation.key.hasPrefix("\(code).") || citation.key.hasPrefix("\(code.family.prefix).")
        case "commencement.csv":
            return RuleRegistry.shared.commencement(of: code)?.key == citation.key
        case "caps.csv": return code.family == .CAP
        case "regions.csv": return code.family == .CAP || code.family == .COOL
        default: return false
        }
    }
}

extension RunSummary {
    /// Which returns have more rows than assignments, and why; nil if there are none.
    public var rowsInWords: String? {
        let returns = returns.filter { $0.records > $0.assignments }
        if returns.isEmpty { return nil }
        let named = returns.prefix(5).map { return_ in
            "\(return_.authority) \(return_.quarter): \(Words.count(return_.records, "row")), \(Words.count(return_.assignments, "assignment"))"
        }
        let more = returns.count - named.count
        return
            "The rate changed during some assignments, and each rate has a row. \(named.joined(separator: "; "))\(more > 0 ? "; and \(Words.count(more, "more return"))" : "")."
    }
}
