import AgencyModel
import RuleBook
import TextSource

/// Follows a children's social work workforce census (CSWW): its header, its authority's figures, its workers.
private final class CensusXMLReceiver: XMLReceiver {
    /// Every element of the schemas of 2021 to 2025; the ones that are used come first, in the order of `Used`.
    private static let known =
        [
            "Message", "CSWWWorker", "Collection", "Year", "ReferenceDate", "LEA", "NumberOfVacancies", "NoAgencyFTE",
            "NoAgencyHeadcount", "AgencyWorker", "SWENo", "FTE", "OrgRole", "RoleStartDate", "RoleEndDate", "ReasonLeave",
            "Cases30", "WorkingDaysLost", "BaseSalary", "FTE30",
        ] + [
            "Header", "CollectionDetails", "Source", "SourceLevel", "SoftwareCode", "DateTime", "LALevel", "LALevelVacancies",
            "Absat30Sept", "CFKSSstatus", "CarAllowance", "ContractWeeks", "CostDBS", "CostSWE", "Ethnicity",
            "FrontlineGrad", "GenderCurrent", "Sex", "LeaverDestination", "OtherAllowances", "OtherPayments", "PerformanceAward",
            "PersonBirthDate", "QualInst", "QualLevel", "RRPayments", "ReasonAbsence", "RecruitmentBonus", "RegionalWeighting",
            "RelocationPackage", "RetentionBonus", "StartOrigin", "StepUpGrad",
        ]

    private enum Used: Int {
        case message, worker, collection, year, referenceDate, lea, vacancies, agencyFTE, agencyHeadcount, agencyWorker
        case sweNo, fte, orgRole, roleStart, roleEnd, reasonLeave, cases, daysLost, salary, fteAtEndOfYear
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
    private var numberStartsWithSW = false
    private var inWorker = false
    private var unknownDepth = Int.max
    private var unknownNames: Set<String> = []

    init(years: ClosedRange<Int>) { self.years = years }

    override var names: [String] { CensusXMLReceiver.known }

    override func start(_ tag: XMLTag) {
        let (name, depth, line) = (tag.name, tag.depth, tag.line)
        if depth > unknownDepth { return }
        if name == XMLReceiver.unknown {
            unknownDepth = depth
            let name = tag.written
            if unknownNames.insert(name).inserted { evidence.notes.append(EvidenceNote(.unknownColumn(name: name), line: line)) }
        } else if name == Used.worker.rawValue, depth == 2 {
            if census == nil { openCensus(line: line) }
            worker = CensusWorker()
            workerLine = line
            numberStartsWithSW = false
            inWorker = true
        }
    }

    /// With the first worker, or at the end, the header must have said what this is.
    private func openCensus(line: UInt32) {
        guard collection == "CSWW" else {
            refusal = TextFault(
                "it is a message of another collection than the social work workforce census (CSWW). Leave it out", line: line,
                column: 1)
            return
        }
        // The schema lets the year be left out; the reference date has it too.
        guard let year = year ?? referenceDate?.parts.year else {
            refusal = TextFault("its header names neither its year nor its reference date. Export it again", line: line, column: 1)
            return
        }
        guard years.contains(year) else {
            refusal = TextFault(
                "it is a census of another year than \(years.lowerBound) to \(years.upperBound). Leave it out, or set census.first_year and census.last_year in parameters.csv",
                line: line, column: 1)
            return
        }
        guard let authority else {
            refusal = TextFault(
                "its header does not name the authority (LEA, three digits). Export it again", line: line, column: 1)
            return
        }
        let day = referenceDate ?? CalendarDate(year: year, month: 9, day: 30)!
        var opened = Census(authority: authority, year: year, referenceDate: day)
        opened.vacancies = header.vacancies
        opened.agencyFTE = header.agencyFTE
        opened.agencyHeadcount = header.agencyHeadcount
        census = opened
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
        if used == .message {
            if census == nil { openCensus(line: 1) }
            return
        }
        if used == .worker {
            finishWorker()
            return
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
        case .message, .worker: break
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
            numberStartsWithSW = text.count >= 2 && Bytes(rebasing: text[..<2]).equalsIgnoringCase("sw")
        case .fte: worker.fte = typed(Quantity(text), .decimal)
        case .fteAtEndOfYear: worker.fteAtEndOfYear = typed(Quantity(text), .decimal)
        case .orgRole: worker.orgRole = typed(wholeNumber(text), .wholeNumber)
        case .roleStart: worker.roleStart = typed(CalendarDate(text), .aDate)
        case .roleEnd: worker.roleEnd = typed(CalendarDate(text), .aDate)
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
        default: .other
        }
    }

    private func finishWorker() {
        inWorker = false
        evidence.counts.read += 1
        evidence.censusCounts.workers += 1
        if worker.worker == nil {
            evidence.censusCounts.notSWNumber += 1
        } else if worker.roleStart == nil {
            evidence.censusCounts.noStartDate += 1
        } else if worker.isAgency == nil {
            evidence.censusCounts.agencyFlagUnknown += 1
        } else {
            evidence.censusCounts.spells += 1
        }
        census?.workers.append(worker)
    }

    func finish() -> FileEvidence {
        evidence.census = census
        evidence.counts.withoutSpell = evidence.censusCounts.workers - evidence.censusCounts.spells
        return evidence
    }
}

/// Reads census files.
public enum CensusXML {
    public static func read(
        _ source: FileSource, encoding: TextEncoding, years: ClosedRange<Int>, limits: Limits = Limits()
    ) throws(TextFault) -> FileEvidence {
        let events = CensusXMLReceiver(years: years)
        try XMLStream.read(source, encoding: encoding, limits: limits, progress: { _ in }, into: events)
        var evidence = events.finish()
        if encoding == .windows1252 { evidence.notes.append(EvidenceNote(.readAsWindows1252, line: 0)) }
        return evidence
    }
}
