/// The fixed words that fill a placeholder in a message. A finding keeps them as one byte.
public enum Phrase: UInt8, CaseIterable, Sendable {
    case aDate, money, decimal, wholeNumber, yesOrNo, threeDigits, aQuarter, roleCode, engagementCode, supplyCode
    case practiceManagerCode, leavingReasonCode, employmentCode, settingCode, claimCode, sweNumber, shortText, text
    case singleValue
    case moneyInReach, decimalInReach, wholeNumberInReach
    case director, chiefExecutive, directorAndChiefExecutive
    case startsOn, endedOn, below, above
    case notInTable, notInExistence
    case nationalNotice, ownNotice
    case yes, no

    public var words: String {
        switch self {
        case .aDate: "a date such as 2026-01-31 or 31/01/2026"
        case .money: "an amount in pounds such as 41.20"
        case .decimal: "a number such as 37 or 37.5"
        case .wholeNumber: "a whole number such as 36"
        case .yesOrNo: "yes or no"
        case .threeDigits: "a code of three digits"
        case .aQuarter: "a quarter such as 2026-Q1"
        case .roleCode: "one of SW, SSW, AP, TM, IRO, or OTHER for a role outside these five"
        case .engagementCode: "one of PAYE, UMBRELLA, LIMITED"
        case .supplyCode: "one of INDIVIDUAL, PROJECT_TEAM, PACKAGED"
        case .practiceManagerCode: "AUTHORITY or SUPPLIER"
        case .leavingReasonCode: "one of RESIGNED, REDUNDANT, PROBATION, RETIRED, DISMISSED, OTHER"
        case .employmentCode: "one of DIRECT, AGENCY, OTHER"
        case .settingCode: "one of CHILD_FAMILY, ADULT, OTHER"
        case .claimCode: "one of FULL, PARTIAL, NONE"
        case .sweNumber: "SW and up to 10 digits"
        case .shortText: "a text of up to 36 characters"
        case .text: "a text"
        case .singleValue: "one value, but there is more than one"
        case .moneyInReach: "an amount of at most £\(Phrase.grouped(Money.most.tenThousandths / 10_000))"
        case .decimalInReach: "a number below \(Phrase.grouped(Quantity.mostWhole + 1))"
        case .wholeNumberInReach: "a whole number below \(Phrase.grouped(Quantity.mostWhole + 1))"
        case .director: "the director of children's services"
        case .chiefExecutive: "the chief executive"
        case .directorAndChiefExecutive: "the director of children's services and the chief executive"
        case .startsOn: "starts on"
        case .endedOn: "ended on"
        case .below: "below"
        case .above: "above"
        case .notInTable: "is not in the table of authorities"
        case .notInExistence: "was not a children's services authority on the last day of the quarter"
        case .nationalNotice: "the national requirement"
        case .ownNotice: "the authority's own notice for the role"
        case .yes: "yes"
        case .no: "no"
        }
    }

    private static func grouped(_ number: Int64) -> String {
        var figures = String(number)
        var groups: [String] = []
        while figures.count > 3 {
            groups.append(String(figures.suffix(3)))
            figures.removeLast(3)
        }
        return ([figures] + groups.reversed()).joined(separator: ",")
    }
}
