import AgencyModel

/// Every rule, in the order of the catalogue. A new rule is one line here.
public struct RuleRegistry: Sendable {
    public static let shared = RuleRegistry()

    /// The rules' files in the catalogue's order.
    public let files: [any (RuleFile & SendableMetatype).Type] = [
        IMP001_FileRefused.self,
        IMP002_UnknownColumn.self,
        IMP003_RowRejected.self,
        IMP004_ValueNotOfItsType.self,
        IMP005_ReadAsWindows1252.self,
        DATA001_RequiredValueMissing.self,
        DATA002_SWENumberNotValid.self,
        DATA003_AuthorityNotKnown.self,
        DATA004_EndBeforeStart.self,
        DATA005_NoDayInQuarter.self,
        DATA006_AssignmentRepeated.self,
        DATA007_ChargeDiffersFromParts.self,
        DATA008_RateOutOfRange.self,
        DATA009_OnCostsOfCompany.self,
        DATA010_HoursOfOneWorker.self,
        DATA011_HoursAboveContract.self,
        DATA012_TextThatRuns.self,
        CAP001_RateAboveCap.self,
        CAP004_NoCapOnFile.self,
        EXP001_ThreeYearsExperience.self,
        TEAM001_ApprovedBeforehand.self,
        TEAM002_CostPerWorker.self,
        TEAM003_PracticeManagedByAuthority.self,
        TEAM004_LooksLikePackage.self,
        TEAM005_TeamReference.self,
        COOL001_CoolOffPeriod.self,
        NOTE001_NoticeTooShort.self,
        NOTE002_NoticeMissing.self,
        REF001_References.self,
        AUTH001_RecordMissing.self,
        AUTH002_MonthlyCostMissing.self,
        AUTH003_CostsDiffer.self,
        AUTH004_FullClaimedInBreach.self,
        AUTH005_ExplanationMissing.self,
        REGION001_HoursAcrossAuthorities.self,
        REGION002_RatesAcrossAuthorities.self,
    ]

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
        for (place, file) in files.enumerated() {
            guard let rule = file as? any (AssignmentRule & SendableMetatype).Type else { continue }
            if rule.rules[0].code.family == .DATA { data.append((rule, place)) } else { assessed.append((rule, place)) }
        }
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
