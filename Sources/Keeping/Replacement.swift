import AgencyModel
import Facts
import History
import Wording

/// A kept return that a new one would replace, and whether that looks like a mistake.
public struct Replacement {
    public let authority: AuthorityCode
    public let quarter: Quarter
    /// The number of assignments kept before, and now.
    public let before: Int
    public let now: Int
    /// Whether each file of the return is mostly another authority's.
    let isStray: Bool
    /// Whether there is a kept authority record that the new return does not have.
    public let keepsRecord: Bool

    /// Why it is replaced only if the user confirms it; nil if there is no reason against it.
    public var doubt: String? {
        guard now < before else { return nil }
        if isStray { return "most of the file is another authority's: is the authority_code of a row wrong?" }
        return now * 2 < before ? "more than half of the return would go." : nil
    }

    public var words: String {
        "\(authority) \(quarter): \(Words.count(before, "assignment")) kept before, \(Words.grouped(now)) now"
    }

    /// The returns of the run that replace kept ones.
    public static func all(of run: CheckResult, _ summary: RunSummary, replacing kept: [StoredReturn]) -> [Replacement] {
        let files = run.judgement.filesOfReturns()
        var ofAuthorities: [Int: [AuthorityCode: Int]] = [:]
        for (key, counts) in files {
            for (file, count) in counts { ofAuthorities[file, default: [:]][key.authority, default: 0] += count }
        }
        func isStray(_ key: ReturnKey) -> Bool {
            (files[key] ?? [:]).keys.allSatisfy { file in
                ofAuthorities[file]![key.authority]! < ofAuthorities[file]!.values.max()!
            }
        }
        return kept.compactMap { old in
            let key = ReturnKey(authority: old.authority, quarter: old.quarter)
            guard let new = summary.returns.first(where: { $0.key == key }) else { return nil }
            return Replacement(
                authority: old.authority, quarter: old.quarter, before: old.assignments, now: new.assignments,
                isStray: isStray(key),
                keepsRecord: old.hasRecord && new.record == nil)
        }
    }
}
