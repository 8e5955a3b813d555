import AgencyModel
import RuleBook

/// Every rule of the catalogue, in three lists. A new rule takes one line in one of them.
public struct RuleRegistry: Sendable {
    public static let shared = RuleRegistry()

    /// The rules that look at every assignment, in the catalogue's order.
    @inline(__always)
    static func visitDataRules<Visitor: RuleVisitor>(_ visitor: inout Visitor, _ subject: borrowing Visitor.Subject) {
        visitor.visit(DATA001_RequiredValueMissing.self, subject)
        visitor.visit(DATA002_SWENumberNotValid.self, subject)
        visitor.visit(DATA003_AuthorityNotKnown.self, subject)
        visitor.visit(DATA004_EndBeforeStart.self, subject)
        visitor.visit(DATA005_NoDayInQuarter.self, subject)
        visitor.visit(DATA007_ChargeDiffersFromParts.self, subject)
        visitor.visit(DATA008_RateOutOfRange.self, subject)
        visitor.visit(DATA009_OnCostsOfCompany.self, subject)
        visitor.visit(DATA011_HoursAboveContract.self, subject)
        visitor.visit(DATA012_TextThatRuns.self, subject)
        visitor.visit(DATA013_DateHardlyMeant.self, subject)
        visitor.visit(DATA014_LineBreakInside.self, subject)
        visitor.visit(DATA018_HoursMissing.self, subject)
        visitor.visit(DATA019_HoursFarBelowContract.self, subject)
        visitor.visit(DATA020_ChargeNotAbovePay.self, subject)
        visitor.visit(DATA021_OnCostsMissing.self, subject)
    }

    /// The rules that look at assessed assignments only, in the catalogue's order.
    @inline(__always)
    static func visitAssessedRules<Visitor: AssessedRuleVisitor>(_ visitor: inout Visitor, _ subject: borrowing Visitor.Subject) {
        visitor.visit(CAP001_RateAboveCap.self, subject)
        visitor.visit(CAP004_NoCapOnFile.self, subject)
        visitor.visit(EXP001_ThreeYearsExperience.self, subject)
        visitor.visit(TEAM001_ApprovedBeforehand.self, subject)
        visitor.visit(TEAM002_CostPerWorker.self, subject)
        visitor.visit(TEAM003_PracticeManagedByAuthority.self, subject)
        visitor.visit(TEAM004_LooksLikePackage.self, subject)
        visitor.visit(TEAM005_TeamReference.self, subject)
        visitor.visit(COOL001_CoolOffPeriod.self, subject)
        visitor.visit(NOTE001_NoticeTooShort.self, subject)
        visitor.visit(NOTE002_NoticeMissing.self, subject)
        visitor.visit(REF001_References.self, subject)
        visitor.visit(REF002_ReferenceGiven.self, subject)
    }

    /// The rules that look at files, rows, returns or several assignments.
    private static let rulesOfOthers: [any (RuleFile & SendableMetatype).Type] = [
        IMP001_FileRefused.self, IMP002_UnknownColumn.self, IMP003_RowRejected.self, IMP004_ValueNotOfItsType.self,
        IMP005_ReadAsWindows1252.self, IMP007_ReadInPlainForm.self, IMP008_RowsContradict.self,
        DATA006_AssignmentRepeated.self, DATA010_HoursOfOneWorker.self, DATA015_ReferenceLooksAlike.self,
        AUTH001_RecordMissing.self, AUTH002_MonthlyCostMissing.self, AUTH003_CostsDiffer.self,
        AUTH004_FullClaimedInBreach.self, AUTH005_ExplanationMissing.self, REGION001_HoursAcrossAuthorities.self,
        REGION002_RatesAcrossAuthorities.self,
    ]

    /// The rule files in the order of the catalogue.
    public let files: [any (RuleFile & SendableMetatype).Type]

    /// The fixed properties of a rule for single assignments.
    struct Judge: Sendable {
        /// Its index in `files`.
        let place: Int
        /// Whether its finding ends the assessment.
        let stopsAssessment: Bool
        /// Its family alone.
        let family: FamilySet
    }

    /// In the order of `visitDataRules`.
    let dataRules: [Judge]
    /// In the order of `visitAssessedRules`.
    let assessedRules: [Judge]

    /// Every rule, in the order of the catalogue.
    public let all: [Rule]
    /// Indexed by family and number.
    private let severities: [Severity]
    private let commencements: [RuleCode: CommencementFamily]
    private let places: [ObjectIdentifier: Int]

    init() {
        var (data, assessed) = (Collector(), Collector())
        RuleRegistry.visitDataRules(&data, ())
        RuleRegistry.visitAssessedRules(&assessed, ())
        let files = (data.files + assessed.files + RuleRegistry.rulesOfOthers).sorted { $0.rules[0].code < $1.rules[0].code }
        let places = Dictionary(uniqueKeysWithValues: files.enumerated().map { (ObjectIdentifier($1), $0) })
        func judges(_ rules: [any (RuleFile & SendableMetatype).Type]) -> [Judge] {
            rules.map { rule in
                Judge(
                    place: places[ObjectIdentifier(rule)]!, stopsAssessment: rule.stopsAssessment,
                    family: FamilySet([rule.rules[0].code.family]))
            }
        }
        self.files = files
        self.places = places
        dataRules = judges(data.files)
        assessedRules = judges(assessed.files)
        precondition(RuleFamily.allCases.count <= FamilySet.most, "a set of families holds \(FamilySet.most) of them")
        precondition(Column.allCases.count <= ColumnSet.most, "a set of columns holds \(ColumnSet.most) of them")
        precondition(max(dataRules.count, assessedRules.count) <= 32, "a judge counts the verdicts of 32 judgements of each kind")
        all = files.flatMap { $0.rules }.sorted { $0.code < $1.code }
        var severities = [Severity](repeating: .error, count: RuleRegistry.slotCount)
        var commencements: [RuleCode: CommencementFamily] = [:]
        for file in files {
            for rule in file.rules {
                severities[RuleRegistry.slot(rule.code)] = rule.severity
                commencements[rule.code] = file.commencement
            }
        }
        self.severities = severities
        self.commencements = commencements
    }

    private struct Collector: RuleVisitor, AssessedRuleVisitor {
        var files: [any (RuleFile & SendableMetatype).Type] = []
        mutating func visit<Rule: AssignmentRule & SendableMetatype>(_ rule: Rule.Type, _: borrowing Void) { files.append(rule) }
        mutating func visit<Rule: AssessedRule & SendableMetatype>(_ rule: Rule.Type, _: borrowing Void) { files.append(rule) }
    }

    /// A number for each possible code, below `slotCount`, in the order of the catalogue.
    public static func slot(_ code: RuleCode) -> Int { Int(code.family.rawValue) << 8 | Int(code.number) }
    public static let slotCount = RuleFamily.allCases.count << 8

    public func severity(of code: RuleCode) -> Severity { severities[RuleRegistry.slot(code)] }

    /// From when the rule applies; nil for one that always does.
    public func commencement(of code: RuleCode) -> CommencementFamily? { commencements[code] }

    /// The index in `files` of the rule file.
    public func place(of file: any RuleFile.Type) -> Int { places[ObjectIdentifier(file)]! }
}

/// Is shown the rules of a list one by one, each with its own type, so that each call is direct and not through a table.
protocol RuleVisitor {
    /// The value that the rules are visited with. It is borrowed, so that it is not retained for each rule.
    associatedtype Subject
    mutating func visit<Rule: AssignmentRule & SendableMetatype>(_ rule: Rule.Type, _ subject: borrowing Subject)
}

/// The same for the rules of assessed assignments.
protocol AssessedRuleVisitor {
    associatedtype Subject
    mutating func visit<Rule: AssessedRule & SendableMetatype>(_ rule: Rule.Type, _ subject: borrowing Subject)
}
