import AgencyModel
import ByteWriting
import Facts
import RuleBook

/// Numbers and phrases as people read them. They are the same on the terminal and on pages.
public enum Words {
    /// `1 error`, `2 errors`, `1,095 rows`.
    public static func count(_ number: Int, _ noun: String) -> String { "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")" }

    /// `1 census`, `2 censuses`.
    public static func count(_ number: Int, _ noun: String, _ plural: String) -> String {
        "\(grouped(number)) \(number == 1 ? noun : plural)"
    }

    /// `2025-Q4 (October to December 2025) and 2026-Q1 (January to March 2026)`: quarters of the calendar year, not of the
    /// financial year. If there are more than three, only the first and the last.
    public static func quarters(_ quarters: Set<Quarter>) -> String {
        let sorted = quarters.sorted()
        guard let first = sorted.first, let last = sorted.last else { return "" }
        if sorted.count > 3 { return "\(sorted.count) quarters from \(first.inWords) to \(last.inWords)" }
        return sorted.dropLast().map(\.inWords).joined(separator: ", ") + (sorted.count > 1 ? " and " : "") + last.inWords
    }

    /// `1,095`.
    public static func grouped(_ number: Int) -> String { ByteBuffer.text { $0.append(grouped: number) } }

    /// `1,733.09`, with a third and fourth decimal place only if they are not zero.
    public static func grouped(_ money: Money) -> String { ByteBuffer.text { $0.append(grouped: money) } }

    /// `£1,733`, to the nearest pound.
    public static func pounds(_ money: Money) -> String { "£" + grouped(Int((money.tenThousandths + 5_000) / 10_000)) }

    /// When the returns of a quarter can be sent: `Submit 2026-Q1 (January to March 2026) between 1 April and 31 May 2026`.
    public static func submissionDates(_ quarter: Quarter, _ window: SubmissionWindow) -> String {
        let from = window.from.inWords.split(separator: " ")
        let until = window.to.inWords.split(separator: " ")
        let first = (from.last == until.last ? from.dropLast() : from[...]).joined(separator: " ")
        return "Submit \(quarter.inWords) between \(first) and \(until.joined(separator: " "))"
    }

    /// How much time is left to send a return.
    public static func daysLeft(_ window: SubmissionWindow, on day: CalendarDate) -> String {
        guard let left = window.daysLeft(on: day) else {
            return "The window opens in \(count(Int(window.from.dayNumber - day.dayNumber), "day"))."
        }
        if left <= 0 { return "The window closed \(count(1 - left, "day")) ago." }
        return left == 1 ? "Today is the last day." : "\(count(left, "day")) left, today included."
    }

    /// What was missing if a rule could not decide.
    public static func undecidedReason(_ rule: RuleCode) -> String {
        switch rule.family {
        case .IMP: "The file was refused."
        case .DATA: "A value that the rule compares is missing or cannot be read."
        case .CAP:
            "The rate, the engagement, all on-costs of a PAYE worker (DATA021) or the role is missing, or no cap is on file for the region, role and day (CAP004)."
        case .EXP: "The employment history and the declaration are not enough to decide."
        case .TEAM:
            rule.number == 4
                ? "practice_managed_by is missing." : "A value that the rule needs is missing or cannot be read."
        case .COOL: "The last substantive post is not known, is only partly known, or its end was inferred from a census."
        case .NOTE: "notice_weeks or the role is missing."
        case .REF: "A value that the rule needs is missing or cannot be read."
        case .AUTH: "The authority's record is missing, or lacks a cost or a claim."
        case .REGION: "The hours, the rate or the role is missing."
        }
    }

    /// Whether a rule has undecided records other than the assignments that were left out of the assessment.
    public static func hasOtherUndecided(_ rule: RuleCode, undecided: Int, leftOut: Int) -> Bool {
        switch rule.family {
        case .IMP, .AUTH: true
        case .DATA where rule.number != 10: true
        default: undecided > leftOut
        }
    }
}

extension CheckedReturn {
    /// What stops the submission, and what to do about it.
    public func words(of obstacle: Obstacle) -> String {
        switch obstacle {
        case .recordSaysNone:
            "\(authority) \(quarter): the authority record says that there were no agency workers (no_agency_workers is yes), but there \(assignments == 1 ? "is" : "are") \(Words.count(assignments, "assignment")). Correct the record, or leave the \(assignments == 1 ? "assignment" : "assignments") out."
        case .authorityNotKnown:
            "\(authority) \(quarter): a nil return for an authority that is not in authorities.csv on \(quarter.lastDay.inWords). Check the code, or add the authority in a folder of your own."
        }
    }
}
