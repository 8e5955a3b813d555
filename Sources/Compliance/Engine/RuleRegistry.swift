import AgencyModel

/// Every rule, in the order of the catalogue. A new rule is one line here.
public struct RuleRegistry: Sendable {
    public static let shared = RuleRegistry()

    /// A rule's file: one that judges single assignments, or one that looks at files, rows, returns or several assignments.
    private enum Entry {
        case ofAssignments(any (AssignmentRule & SendableMetatype).Type)
        case ofOthers(any (RuleFile & SendableMetatype).Type)
    }

    /// In the catalogue's order.
    private static let entries: [Entry] = [
        .ofOthers(IMP001_FileRefused.self),
        .ofOthers(IMP002_UnknownColumn.self),
        .ofOthers(IMP003_RowRejected.self),
        .ofOthers(IMP004_ValueNotOfItsType.self),
        .ofOthers(IMP005_ReadAsWindows1252.self),
        .ofAssignments(DATA001_RequiredValueMissing.self),
        .ofAssignments(DATA002_SWENumberNotValid.self),
        .ofAssignments(DATA003_AuthorityNotKnown.self),
        .ofAssignments(DATA004_EndBeforeStart.self),
        .ofAssignments(DATA005_NoDayInQuarter.self),
        .ofOthers(DATA006_AssignmentRepeated.self),
        .ofAssignments(DATA007_ChargeDiffersFromParts.self),
        .ofAssignments(DATA008_RateOutOfRange.self),
        .ofAssignments(DATA009_OnCostsOfCompany.self),
        .ofOthers(DATA010_HoursOfOneWorker.self),
        .ofAssignments(DATA011_HoursAboveContract.self),
        .ofAssignments(DATA012_TextThatRuns.self),
        .ofAssignments(CAP001_RateAboveCap.self),
        .ofAssignments(CAP004_NoCapOnFile.self),
        .ofAssignments(EXP001_ThreeYearsExperience.self),
        .ofAssignments(TEAM001_ApprovedBeforehand.self),
        .ofAssignments(TEAM002_CostPerWorker.self),
        .ofAssignments(TEAM003_PracticeManagedByAuthority.self),
        .ofAssignments(TEAM004_LooksLikePackage.self),
        .ofAssignments(TEAM005_TeamReference.self),
        .ofAssignments(COOL001_CoolOffPeriod.self),
        .ofAssignments(NOTE001_NoticeTooShort.self),
        .ofAssignments(NOTE002_NoticeMissing.self),
        .ofAssignments(REF001_References.self),
        .ofOthers(AUTH001_RecordMissing.self),
        .ofOthers(AUTH002_MonthlyCostMissing.self),
        .ofOthers(AUTH003_CostsDiffer.self),
        .ofOthers(AUTH004_FullClaimedInBreach.self),
        .ofOthers(AUTH005_ExplanationMissing.self),
        .ofOthers(REGION001_HoursAcrossAuthorities.self),
        .ofOthers(REGION002_RatesAcrossAuthorities.self),
    ]

    /// The rules' files in the catalogue's order.
    public let files: [any (RuleFile & SendableMetatype).Type]

    /// After one of these an assignment is looked at by IMP and DATA alone.
    private static let stopping: Set<RuleCode> = [
        RuleCode(.DATA, 2), RuleCode(.DATA, 3), RuleCode(.DATA, 4), RuleCode(.DATA, 5),
    ]

    /// A rule of single assignments and its place in `files`.
    typealias Judge = (rule: any (AssignmentRule & SendableMetatype).Type, place: Int)

    /// The rules that look at every assignment.
    let dataRules: [Judge]
    /// Of each of them, whether its finding ends the assessment.
    let stopsAssessment: [Bool]
    /// The rules that look at assessed assignments only.
    let assessedRules: [Judge]
    /// Of each of them, the bit of its `ReturnFamily`; 0 where it has none.
    let familyBits: [UInt8]

    /// Every rule, in the order of the catalogue.
    public let all: [Rule]
    /// By family and number.
    private let severities: [Severity]
    private let places: [ObjectIdentifier: Int]

    init() {
        var data: [Judge] = []
        var assessed: [Judge] = []
        var files: [any (RuleFile & SendableMetatype).Type] = []
        for (place, entry) in RuleRegistry.entries.enumerated() {
            guard case .ofAssignments(let rule) = entry else {
                if case .ofOthers(let rule) = entry { files.append(rule) }
                continue
            }
            files.append(rule)
            if rule.rules[0].code.family == .DATA { data.append((rule, place)) } else { assessed.append((rule, place)) }
        }
        self.files = files
        dataRules = data
        assessedRules = assessed
        stopsAssessment = data.map { RuleRegistry.stopping.contains($0.rule.rules[0].code) }
        precondition(files.count <= 64, "a judge counts the verdicts of 64 judgements")
        familyBits = assessed.map { judge in judge.rule.rules[0].code.family.returnFamily.map { 1 << $0.rawValue } ?? 0 }
        all = files.flatMap { $0.rules }.sorted { $0.code < $1.code }
        var severities = [Severity](repeating: .error, count: RuleFamily.allCases.count << 8)
        for rule in all { severities[RuleRegistry.slot(rule.code)] = rule.severity }
        self.severities = severities
        places = Dictionary(uniqueKeysWithValues: files.enumerated().map { (ObjectIdentifier($1), $0) })
    }

    private static func slot(_ code: RuleCode) -> Int { Int(code.family.rawValue) << 8 | Int(code.number) }

    public func severity(of code: RuleCode) -> Severity { severities[RuleRegistry.slot(code)] }

    /// The rule's file's place in `files`.
    public func place(of file: any RuleFile.Type) -> Int { places[ObjectIdentifier(file)]! }
}
