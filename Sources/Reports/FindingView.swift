import AgencyModel
import CheckRun
import Compliance
import RuleBook
import SafeFiles

/// What the findings of a run are read from.
final class FindingContext: Sendable {
    let run: RunJudgement
    /// The files' names.
    let names: [String]

    init(run: RunJudgement, names: [String]) {
        self.run = run
        self.names = names
    }
}

/// A finding with everything around it that a writer needs, and the one place where its values become words.
public struct FindingView {
    public let finding: Finding
    private let context: FindingContext
    private var run: RunJudgement { context.run }
    private var names: [String] { context.names }
    private let fileIndex: Int
    private let entry: AssignmentLedger.Entry?
    private let record: FileJudge.Place?

    init(_ ref: FindingOrder.Ref, _ context: FindingContext) {
        self.context = context
        let run = context.run
        fileIndex = Int(ref.file)
        place = (fileIndex, Int(ref.finding))
        let file = run.parts[fileIndex]
        finding = file.findings.findings[Int(ref.finding)]
        if finding.subject.isAssignment {
            entry = file.ledger.entries[finding.subject.index]
            record = nil
        } else {
            entry = nil
            record = file.places[finding.subject.index]
        }
    }

    /// The file's place in the run and the finding's place in it.
    public let place: CheckedReturn.FindingPlace

    public var severity: Severity { run.rules.severity(of: finding.rule) }
    public var text: RuleText? { run.book.texts[finding.rule] }

    public var authority: AuthorityCode? {
        if let entry { return entry.authority == 0xFFFF ? nil : AuthorityCode(number: entry.authority) }
        return record?.authority
    }
    public var quarter: Quarter? {
        if let entry { return entry.quarter == 0xFFFF ? nil : Quarter(index: entry.quarter) }
        return record?.quarter
    }
    public var worker: SWENumber? {
        if let entry { return entry.worker == 0 ? nil : SWENumber(number: entry.worker) }
        return record?.worker
    }
    public var role: CoreRole? {
        if case .role(let role) = finding.field { return role }
        return entry.flatMap { CoreRole(rawValue: $0.role) }
    }
    /// Empty where there is none.
    public var assignmentID: ArraySlice<UInt8> { entry == nil ? [] : run.parts[fileIndex].ledger.id(finding.subject.index) }
    /// Whether the reference is nothing but the worker's own number.
    public var isNamedByNumber: Bool {
        guard let worker else { return false }
        var number: UInt64 = 0
        var figures = 0
        for byte in assignmentID where byte &- 0x30 < 10 {
            figures += 1
            if figures > 18 { return false }
            number = number * 10 + UInt64(byte &- 0x30)
        }
        return figures > 0 && number == worker.number
    }
    public var agency: ArraySlice<UInt8> { entry == nil ? [] : run.parts[fileIndex].ledger.agency(finding.subject.index) }
    /// Nil for a finding that no file holds.
    public var file: String? { fileIndex < names.count ? names[fileIndex] : nil }
    /// 0 where there is none.
    public var line: UInt32 {
        guard file != nil else { return 0 }
        return record?.line ?? run.parts[fileIndex].ledger.line(finding.subject.index)
    }

    /// The name of the column, or what stands in its place.
    public func appendField(to buffer: inout ByteBuffer) { appendPlain(finding.field, to: &buffer) }
    public func appendFound(to buffer: inout ByteBuffer) { appendPlain(finding.found, to: &buffer) }
    public func appendExpected(to buffer: inout ByteBuffer) { appendPlain(finding.expected, to: &buffer) }

    /// Whether the found value is what somebody wrote, which never leaves the user's own files.
    public var foundIsWritten: Bool {
        if case .text = finding.found { return true }
        return false
    }

    /// A value as a cell holds it: ISO dates, money as 41.20, codes.
    private func appendPlain(_ value: FindingValue, to buffer: inout ByteBuffer) {
        switch value {
        case .none, .stretch: break
        case .money(let money): buffer.append(money)
        case .date(let date): buffer.append(date)
        case .number(let number): buffer.append(number: number)
        case .quantity(let quantity): buffer.append(quantity.description)
        case .phrase(let phrase): buffer.append(phrase.words)
        case .column(let column): buffer.append(column.name)
        case .role(let role): buffer.append(role.text)
        case .engagement(let engagement): buffer.append(engagement.text)
        case .practiceManager(let manager): buffer.append(manager.text)
        case .claim(let claim): buffer.append(claim.text)
        case .authority(let code): buffer.append(code.description)
        case .quarter(let quarter): buffer.append(quarter)
        case .region(let index): buffer.append(run.book.authorities.regions[index])
        case .text(let ref), .wording(let ref): buffer.append(run.parts[fileIndex].findings.texts.text(ref))
        case .place(let file, let line):
            buffer.append(file < names.count ? names[file] : "")
            buffer.append(":")
            buffer.append(number: Int(line))
        }
    }

    /// A value as a sentence says it: £41.20, 31 October 2024, social worker.
    private func appendInWords(_ value: FindingValue, to buffer: inout ByteBuffer) {
        switch value {
        case .money(let money):
            buffer.append("£")
            buffer.append(grouped: money)
        case .number(let number): buffer.append(grouped: number)
        case .date(let date): buffer.append(date.inWords)
        case .role(let role): buffer.append(role.inWords)
        case .text: break
        default: appendPlain(value, to: &buffer)
        }
    }

    /// The finding's sentence.
    public func appendMessage(to buffer: inout ByteBuffer) {
        guard let text else { return }
        var template = text.message
        if case .none = finding.found, let missing = text.messageWhenMissing { template = missing }
        for part in template.parts {
            switch part {
            case .words(let words): buffer.append(words)
            case .place(let place): appendPlace(place, to: &buffer)
            }
        }
    }

    private func appendPlace(_ place: MessageTemplate.Place, to buffer: inout ByteBuffer) {
        switch place {
        case .found: appendInWords(finding.found, to: &buffer)
        case .expected: appendInWords(finding.expected, to: &buffer)
        case .first: appendInWords(finding.first, to: &buffer)
        case .second: appendInWords(finding.second, to: &buffer)
        // A column's name as written is ours to repeat: it is a heading, not a person's.
        case .field: appendPlain(finding.field, to: &buffer)
        case .authority: buffer.append(authority?.description ?? "the authority")
        case .quarter:
            if let quarter { buffer.append(quarter) } else { buffer.append("the quarter") }
        case .assignment: buffer.append(assignmentID.isEmpty ? "the assignment" : String(decoding: assignmentID, as: UTF8.self))
        case .role: buffer.append(role?.inWords ?? "the role")
        case .region:
            let region = authority.flatMap { run.book.authorities.region(of: $0) }
            buffer.append(region.map { run.book.authorities.regions[$0] } ?? "regional")
        }
    }
}
