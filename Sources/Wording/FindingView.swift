import AgencyModel
import ByteWriting
import Compliance
import Facts
import RuleBook

/// What the findings of a run are read from.
final class FindingContext: Sendable {
    let run: RunJudgement
    /// The files' names, by part.
    let names: [String]
    /// By `RuleRegistry.slot`: what a finding of the rule says, and what it says without a found value.
    private let messages: [MessageTemplate]
    private let messagesWhenMissing: [MessageTemplate]

    init(run: RunJudgement, names: [String]) {
        self.run = run
        self.names = names
        var messages = [MessageTemplate](repeating: MessageTemplate(parts: []), count: RuleRegistry.slotCount)
        var whenMissing = messages
        for (code, text) in run.book.texts {
            messages[RuleRegistry.slot(code)] = text.message
            whenMissing[RuleRegistry.slot(code)] = text.messageWhenMissing ?? text.message
        }
        self.messages = messages
        messagesWhenMissing = whenMissing
    }

    func message(of finding: Finding) -> MessageTemplate {
        if case .none = finding.found { return messagesWhenMissing[RuleRegistry.slot(finding.rule)] }
        return messages[RuleRegistry.slot(finding.rule)]
    }
}

/// A finding with everything around it that a writer needs, and the one place where its values become words.
public struct FindingView {
    public let finding: Finding
    private let context: FindingContext
    private let fileIndex: Int
    private let entry: AssignmentLedger.Entry?
    private let record: FileJudge.Place?

    // Each of these reads one value through the context: a copy of a part would copy all that it keeps.
    init(_ ref: FindingOrder.Ref, _ context: FindingContext) {
        self.context = context
        fileIndex = Int(ref.file)
        place = (fileIndex, Int(ref.finding))
        finding = context.run.parts[fileIndex].findings.findings[Int(ref.finding)]
        if finding.subject.isAssignment {
            entry = context.run.parts[fileIndex].ledger.entries[finding.subject.index]
            record = nil
        } else {
            entry = nil
            record = context.run.parts[fileIndex].places[finding.subject.index]
        }
    }

    /// The file's place in the run and the finding's place in it.
    public let place: CheckedReturn.FindingPlace

    public var severity: Severity { context.run.rules.severity(of: finding.rule) }
    public var text: RuleText? { context.run.book.texts[finding.rule] }

    public var authority: AuthorityCode? {
        if let entry { return entry.authorityCode }
        return record?.authority
    }
    public var quarter: Quarter? {
        if let entry { return entry.returnQuarter }
        return record?.quarter
    }
    public var worker: SWENumber? {
        if let entry { return entry.worker == 0 ? nil : SWENumber(number: entry.worker) }
        return record?.worker
    }
    public var role: CoreRole? {
        if case .role(let role) = finding.field { return role }
        return entry?.role
    }
    /// Empty where there is none.
    public var assignmentID: ArraySlice<UInt8> {
        entry == nil ? [] : context.run.parts[fileIndex].ledger.id(finding.subject.index)
    }
    public var agency: ArraySlice<UInt8> {
        entry == nil ? [] : context.run.parts[fileIndex].ledger.agency(finding.subject.index)
    }
    /// Nil for a finding that no file holds.
    public var file: String? { fileIndex < context.names.count ? context.names[fileIndex] : nil }
    /// 0 where there is none.
    public var line: UInt32 {
        guard file != nil else { return 0 }
        return record?.line ?? context.run.parts[fileIndex].ledger.line(finding.subject.index)
    }

    /// The name of the column, or what stands in its place.
    public func appendField(to buffer: inout ByteBuffer) { appendPlain(finding.field, to: &buffer, nil) }
    public func appendFound(to buffer: inout ByteBuffer) { appendPlain(finding.found, to: &buffer, nil) }
    public func appendExpected(to buffer: inout ByteBuffer) { appendPlain(finding.expected, to: &buffer, nil) }
    public func appendMessage(to buffer: inout ByteBuffer) { appendMessage(to: &buffer, nil) }

    // The same as they may be printed: whatever comes from a file is masked.
    public func appendField(to buffer: inout ByteBuffer, printed: PrintedText) { appendPlain(finding.field, to: &buffer, printed) }
    public func appendFound(to buffer: inout ByteBuffer, printed: PrintedText) { appendPlain(finding.found, to: &buffer, printed) }
    public func appendExpected(to buffer: inout ByteBuffer, printed: PrintedText) {
        appendPlain(finding.expected, to: &buffer, printed)
    }
    public func appendMessage(to buffer: inout ByteBuffer, printed: PrintedText) { appendMessage(to: &buffer, printed) }
    public func appendAssignmentID(to buffer: inout ByteBuffer, printed: PrintedText) {
        append(assignmentID, to: &buffer, printed)
    }

    /// Whether the found value is what somebody wrote, which never leaves the user's own files.
    public var foundIsWritten: Bool {
        if case .text = finding.found { return true }
        return false
    }

    /// A text of the file's, as it is or as it may be printed. Line ends and the like are the buffer's to make harmless.
    private func append(
        _ text: some Collection<UInt8>, in place: PersonMask.Place = .value, to buffer: inout ByteBuffer, _ printed: PrintedText?
    ) {
        guard let printed else { return buffer.append(text) }
        printed.append(text, own: worker, in: place, to: &buffer, onOneLine: false)
    }

    /// A value as a cell holds it: ISO dates, money as 41.20, codes.
    private func appendPlain(_ value: FindingValue, to buffer: inout ByteBuffer, _ printed: PrintedText?) {
        switch value {
        case .none, .stretch: break
        case .money(let money): buffer.append(money)
        case .date(let date): buffer.append(date)
        case .number(let number): buffer.append(number: number)
        case .quantity(let quantity): buffer.append(quantity)
        case .phrase(let phrase): buffer.append(phrase.words)
        case .column(let column): buffer.append(column.name)
        case .role(let role): buffer.append(role.text)
        case .engagement(let engagement): buffer.append(engagement.text)
        case .practiceManager(let manager): buffer.append(manager.text)
        case .claim(let claim): buffer.append(claim.text)
        case .family(let family): buffer.append(family.returnFamily?.words ?? family.inWords)
        case .authority(let code): buffer.append(number: Int(code.number), width: 3)
        case .quarter(let quarter): buffer.append(quarter)
        case .region(let index): append(context.run.book.authorities.regions[index].utf8, to: &buffer, printed)
        case .text(let ref): append(context.run.parts[fileIndex].findings.texts.bytes(of: ref), to: &buffer, printed)
        case .wording(let ref):
            // What the import says names columns as they are written; what the rules say has amounts and counts.
            append(
                context.run.parts[fileIndex].findings.texts.bytes(of: ref), in: finding.rule.family == .IMP ? .value : .sentence,
                to: &buffer, printed)
        case .place(let file, let line):
            if file < context.names.count { append(context.names[file].utf8, to: &buffer, printed) }
            buffer.append(":")
            buffer.append(number: Int(line))
        }
    }

    /// A value as a sentence says it: £41.20, 31 October 2024, social worker.
    private func appendInWords(_ value: FindingValue, to buffer: inout ByteBuffer, _ printed: PrintedText?) {
        switch value {
        case .money(let money):
            buffer.append("£")
            buffer.append(grouped: money)
        case .number(let number): buffer.append(grouped: number)
        case .date(let date): buffer.append(inWords: date)
        case .role(let role): buffer.append(role.inWords)
        case .text: break
        default: appendPlain(value, to: &buffer, printed)
        }
    }

    /// The finding's sentence.
    private func appendMessage(to buffer: inout ByteBuffer, _ printed: PrintedText?) {
        for part in context.message(of: finding).parts {
            switch part {
            case .words(let words): buffer.append(words)
            case .place(let place): appendPlace(place, to: &buffer, printed)
            }
        }
    }

    private func appendPlace(_ place: MessageTemplate.Place, to buffer: inout ByteBuffer, _ printed: PrintedText?) {
        switch place {
        case .found: appendInWords(finding.found, to: &buffer, printed)
        case .expected: appendInWords(finding.expected, to: &buffer, printed)
        case .first: appendInWords(finding.first, to: &buffer, printed)
        case .second: appendInWords(finding.second, to: &buffer, printed)
        // A column's name as written is ours to repeat: it is a heading, not a person's.
        case .field: appendPlain(finding.field, to: &buffer, printed)
        case .authority:
            if let authority { buffer.append(number: Int(authority.number), width: 3) } else { buffer.append("the authority") }
        case .quarter:
            if let quarter { buffer.append(quarter) } else { buffer.append("the quarter") }
        case .assignment:
            if assignmentID.isEmpty { buffer.append("the assignment") } else { append(assignmentID, to: &buffer, printed) }
        case .role: buffer.append(role?.inWords ?? "the role")
        case .region:
            let region = authority.flatMap { context.run.book.authorities.region(of: $0) }
            buffer.append(region.map { context.run.book.authorities.regions[$0] } ?? "regional")
        }
    }
}

extension FindingView {
    /// The findings of some rules, in the order of the files and of their lines.
    public static func inFileOrder(of rules: Set<RuleCode>, in result: CheckResult) -> [FindingView] {
        let run = result.judgement
        let context = FindingContext(run: run, names: run.fileOfPart.map { result.files[$0].input.name })
        return run.parts.indices.flatMap { part in
            run.parts[part].findings.findings.enumerated().compactMap { place, finding in
                guard rules.contains(finding.rule) else { return nil }
                return FindingView(
                    FindingOrder.Ref(prefix: 0, letters: 0, file: UInt32(part), finding: UInt32(place)), context)
            }
        }
    }
}
