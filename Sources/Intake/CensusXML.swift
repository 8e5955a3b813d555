import AgencyModel
import TextSource

/// Reads a children's social work workforce census (CSWW): its header, its authority's figures and its workers.
///
/// Workers are directly in `Message`, as in the schemas, or inside `CSWWWorkers`, as in the overall structure of the Department's
/// specification for 2024 to 2025.
private final class CensusXMLReceiver: XMLReceiver {
    /// Every element of the schemas of 2021 to 2025 and of the specification. The ones used come first, in the order of `Used`.
    private static let known =
        [
            "Message", "CSWWWorker", "Collection", "Year", "ReferenceDate", "LEA", "NumberOfVacancies", "NoAgencyFTE",
            "NoAgencyHeadcount", "AgencyWorker", "SWENo", "FTE", "OrgRole", "RoleStartDate", "RoleEndDate", "ReasonLeave",
            "Cases30", "WorkingDaysLost", "BaseSalary", "FTE30", "CSWWWorkers", "PersonBirthDate", "Sex", "GenderCurrent",
            "Ethnicity",
        ] + [
            "Header", "CollectionDetails", "Source", "SourceLevel", "SoftwareCode", "DateTime", "LALevel", "LALevelVacancies",
            "Absat30Sept", "CFKSSstatus", "CarAllowance", "ContractWeeks", "CostDBS", "CostSWE",
            "FrontlineGrad", "LeaverDestination", "OtherAllowances", "OtherPayments", "PerformanceAward", "PerformanceReward",
            "QualInst", "QualLevel", "RRPayments", "ReasonAbsence", "RecruitmentBonus", "RegionalWeighting",
            "RelocationPackage", "RetentionBonus", "StartOrigin", "StepUpGrad",
        ]

    private enum Used: Int {
        case message, worker, collection, year, referenceDate, lea, vacancies, agencyFTE, agencyHeadcount, agencyWorker
        case sweNo, fte, orgRole, roleStart, roleEnd, reasonLeave, cases, daysLost, salary, fteYearBefore
        case workers, birthDate, sex, genderCurrent, ethnicity
    }

    private let years: ClosedRange<Int>
    private(set) var census: Census?
    private(set) var evidence = FileEvidence()

    private var collection: String?
    private var year: Int?
    private var referenceDate: CalendarDate?
    private var authority: AuthorityCode?
    private var header = Census(authority: AuthorityCode(number: 0), year: 0, referenceDate: CalendarDate(dayNumber: 0))
    private var worker = CensusWorker()
    private var workerLine: UInt32 = 0
    private var inWorker = false
    private var inWorkers = false
    private var unknownDepth = Int.max
    private var unknownNames: Set<String> = []
    private(set) var unknown: [UnknownName] = []
    /// The first unknown element directly below the root.
    private var outermostUnknown: String?

    init(years: ClosedRange<Int>) { self.years = years }

    override var names: [String] { CensusXMLReceiver.known }

    override func start(_ tag: XMLTag) {
        let (name, depth, line) = (tag.name, tag.depth, tag.line)
        if depth > unknownDepth { return }
        if name == XMLReceiver.unknown {
            unknownDepth = depth
            let name = tag.written
            if depth == 2, outermostUnknown == nil { outermostUnknown = String(name.prefix(40)) }
            guard unknownNames.insert(name).inserted else { return }
            let element = UnknownElement(
                name: name, isInNamespace: tag.isInNamespace, possible: CensusXMLReceiver.known, home: nil, suggestion: nil)
            unknown.append(UnknownName(name: name, line: line, words: element.words))
        } else if name == Used.workers.rawValue, depth == 2 {
            inWorkers = true
        } else if name == Used.worker.rawValue, depth == (inWorkers ? 3 : 2) {
            if census == nil { openCensus(line: line) }
            worker = CensusWorker()
            workerLine = line
            inWorker = true
        }
    }

    /// At the first worker, or at the end, the header must have said what the file is.
    private func openCensus(line: UInt32) {
        guard collection == "CSWW" else {
            refusal = TextFault(
                "it is a message for a collection other than the social work workforce census (CSWW). Leave it out", line: line,
                column: 1)
            return
        }
        // The schema allows the year to be left out; the reference date includes it.
        guard let year = year ?? referenceDate?.parts.year else {
            refusal = TextFault("its header names neither its year nor its reference date. Export it again", line: line, column: 1)
            return
        }
        guard years.contains(year) else {
            refusal = TextFault(
                "it is a census for a year outside \(years.lowerBound) to \(years.upperBound). Leave it out, or set census.first_year and census.last_year in parameters.csv",
                line: line, column: 1)
            return
        }
        guard let authority else {
            refusal = TextFault(
                "its header does not name the authority (LEA, three digits). Export it again", line: line, column: 1)
            return
        }
        let day = referenceDate ?? CalendarDate(year: year, month: 9, day: 30)!
        census = Census(authority: authority, year: year, referenceDate: day)
    }

    /// At the end of the message. Without workers it is not a census, whatever else it contains.
    private func closeCensus(line: UInt32) {
        if census == nil { openCensus(line: line) }
        census?.vacancies = header.vacancies
        census?.agencyFTE = header.agencyFTE
        census?.agencyHeadcount = header.agencyHeadcount
        guard refusal == nil, evidence.censusCounts.workers == 0 else { return }
        let elsewhere =
            outermostUnknown.map { "; its element \($0) is not one of a census, and its content was not read" } ?? ""
        refusal = TextFault(
            "it contains no worker (CSWWWorker, in Message or in CSWWWorkers), so it says nothing about the workforce\(elsewhere). Export it again with the workers",
            line: line, column: 1)
    }

    override func end(_ name: Int, depth: Int, text: Bytes) -> Bool {
        take(name, depth: depth, text: text)
        return false
    }

    private func take(_ name: Int, depth: Int, text: Bytes) {
        if depth >= unknownDepth {
            if depth == unknownDepth { unknownDepth = Int.max }
            return
        }
        guard let used = Used(rawValue: name) else { return }
        switch used {
        case .message: return closeCensus(line: 1)
        case .workers: return inWorkers = false
        case .worker: return finishWorker()
        default: break
        }
        if text.isEmpty { return }
        evidence.counts.values += 1
        func typed<Value>(_ read: Value?, _ wanted: Phrase) -> Value? {
            if read == nil {
                evidence.notes.append(
                    EvidenceNote(
                        .unreadableElement(name: CensusXMLReceiver.known[name], written: text.text, wanted: wanted),
                        line: inWorker ? workerLine : 0, authority: authority))
            }
            return read
        }
        switch used {
        case .message, .workers, .worker: break
        case .collection: collection = text.text
        case .year: year = typed(wholeNumber(text), .wholeNumber)
        case .referenceDate: referenceDate = typed(CalendarDate(text), .aDate)
        case .lea: authority = AuthorityCode(text)
        case .vacancies: header.vacancies = typed(Quantity(text), .decimal)
        case .agencyFTE: header.agencyFTE = typed(Quantity(text), .decimal)
        case .agencyHeadcount: header.agencyHeadcount = typed(wholeNumber(text), .wholeNumber)
        case .agencyWorker: worker.isAgency = typed(yesOrNo(text), .yesOrNo)
        case .sweNo:
            worker.worker = SWENumber(text)
            worker.identity.number = CensusNumber(text)
        case .fte: worker.fte = typed(Quantity(text), .decimal)
        case .fteYearBefore: worker.fteYearBefore = typed(Quantity(text), .decimal)
        case .birthDate: worker.identity.birthDate = CalendarDate(text)
        case .sex, .genderCurrent: worker.identity.sex = CensusCode(text)
        case .ethnicity: worker.identity.ethnicity = CensusCode(text)
        case .orgRole: worker.orgRole = typed(wholeNumber(text), .wholeNumber)
        case .roleStart: worker.roleStart = typed(CalendarDate.ofPost(text), .aDate)
        case .roleEnd: worker.roleEnd = typed(CalendarDate.ofPost(text), .aDate)
        case .reasonLeave: worker.leavingReason = leavingReason(typed(wholeNumber(text), .wholeNumber))
        case .cases: worker.cases = typed(wholeNumber(text), .wholeNumber)
        case .daysLost: worker.workingDaysLost = typed(Quantity(text), .decimal)
        case .salary: worker.baseSalary = typed(Money(text), .money)
        }
    }

    private func leavingReason(_ code: Int?) -> LeavingReason? {
        switch code {
        case nil: nil
        case 1: .resigned
        case 2, 3: .redundant
        case 4: .dismissed
        case 5: .retired
        case 7: .movedWithinAuthority
        case 8, 9, 10: .notTold
        default: .other
        }
    }

    private func finishWorker() {
        guard inWorker else { return }
        inWorker = false
        evidence.counts.read += 1
        evidence.censusCounts.workers += 1
        switch worker.spellGap {
        case .number: evidence.censusCounts.notSWNumber += 1
        case .agencyFlag: evidence.censusCounts.agencyFlagUnknown += 1
        case .startDate where worker.isAgency == true: evidence.censusCounts.agencyWithoutStartDate += 1
        case .startDate: evidence.censusCounts.noStartDate += 1
        case nil: evidence.censusCounts.spells += 1
        }
        census?.workers.append(worker)
    }

    func finish() -> FileEvidence {
        evidence.census = census
        evidence.counts.withoutSpell = evidence.censusCounts.workers - evidence.censusCounts.spells
        return evidence
    }
}

/// The children's social work workforce census.
public struct CensusXMLFormat: InputFormat {
    public init() {}

    public func recognise(_ file: InputHead) throws(TextFault) -> Recognition {
        guard let root = try file.xmlRoot(), root.name == "Message" else {
            return .other(because: try file.xmlRoot()?.fault)
        }
        return .tables([CensusXML(encoding: root.encoding)])
    }
}

/// A census.
struct CensusXML: InputTable {
    let encoding: TextEncoding
    var what: String { "census" }
    var holdsAssignments: Bool { false }
    var holdsEvidence: Bool { true }

    func evidence(in source: FileSource, _ settings: ReadSettings) throws(TextFault) -> FileEvidence {
        let events = CensusXMLReceiver(years: settings.censusYears)
        try XMLStream.read(source, encoding: encoding, limits: settings.limits, progress: { _ in }, into: events)
        var evidence = events.finish()
        evidence.fileNotes = UnknownName.notes(of: events.unknown, limits: settings.limits)
        if encoding == .windows1252 { evidence.fileNotes.append(.readAsWindows1252(line: 0)) }
        return evidence
    }
}
