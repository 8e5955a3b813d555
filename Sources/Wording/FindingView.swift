import AgencyModel
import ByteWriting
import Compliance
import Facts
import RuleBook

/// The data that the findings of a run refer to.
final class FindingContext: Sendable {
    let run: RunJudgement
    /// The names of the files, indexed by part.
    let names: [String]
    /// Indexed by `RuleRegistry.slot`: the rule's message, and its message without a found value.
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

/// A finding with everything that a writer needs. This is the only place where its values are put into words.
public struct FindingView {
    public let finding: Finding
    private let context: FindingContext
    private let fileIndex: Int
    private let entry: AssignmentLedger.Entry?
    private let record: FileJudge.Place?

    // Each of these reads a single value through the context, because copying a part would copy everything in it.
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

    /// The index of the file in the run, and of the finding in the file.
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
    /// Empty if there is none.
    public var assignmentID: ArraySlice<UInt8> {
        entry == nil ? [] : context.run.parts[fileIndex].ledger.id(finding.subject.index)
    }
    public var agency: ArraySlice<UInt8> {
        entry == nil ? [] : context.run.parts[fileIndex].ledger.agency(finding.subject.index)
    }
    /// Nil for a finding that is not in a file.
    public var file: String? { fileIndex < context.names.count ? context.names[fileIndex] : nil }
    /// 0 if there is none.
    public var line: UInt32 {
        guard file != nil else { return 0 }
        return record?.line ?? context.run.parts[fileIndex].ledger.line(finding.subject.index)
    }

    /// Appends the name of the column, or the name that is used instead of one.
    public func appendField(to buffer: inout ByteBuffer) { appendPlain(finding.field, to: &buffer, nil) }
    public func appendFound(to buffer: inout ByteBuffer) { appendPlain(finding.found, to: &buffer, nil) }
    public func appendExpected(to buffer: inout ByteBuffer) { appendPlain(finding.expected, to: &buffer, nil) }
    public func appendMessage(to buffer: inout ByteBuffer) { appendMessage(to: &buffer, nil) }

    // The same values as they may be printed: everything from a file is masked.
    public func appendField(to buffer: inout ByteBuffer, printed: PrintedText) { appendPlain(finding.field, to: &buffer, printed) }
    public func appendFound(to buffer: inout ByteBuffer, printed: PrintedText) { appendPlain(finding.found, to: &buffer, printed) }
    public func appendExpected(to buffer: inout ByteBuffer, printed: PrintedText) {
        appendPlain(finding.expected, to: &buffer, printed)
    }
    public func appendMessage(to buffer: inout ByteBuffer, printed: PrintedText) { appendMessage(to: &buffer, printed) }
    public func appendAssignmentID(to buffer: inout ByteBuffer, printed: PrintedText) {
        append(assignmentID, to: &buffer, printed)
    }

    /// Whether the found value is text that somebody wrote. Such text never leaves the user's own files.
    public var foundIsWritten: Bool {
        if case .text = finding.found { return true }
        return false
    }

    /// Appends text from the file, as it is or as it may be printed. The buffer makes line ends and other control characters safe.
    private func append(
        _ text: some Collection<UInt8>, in place: PersonMask.Place = .value, to buffer: inout ByteBuffer, _ printed: PrintedText?
    ) {
        guard let printed else { return buffer.append(text) }
        printed.append(text, own: worker, in: place, to: &buffer, onOneLine: false)
    }

    /// Appends a value as in a cell: ISO dates, money as 41.20, codes.
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
            // Import messages name columns as they are written; rule messages have amounts and counts.
            append(
                context.run.parts[fileIndex].findings.texts.bytes(of: ref), in: finding.rule.family == .IMP ? .value : .sentence,
                to: &buffer, printed)
        case .place(let file, let line):
            if file < context.names.count { append(context.names[file].utf8, to: &buffer, printed) }
            buffer.append(":")
            buffer.append(number: Int(line))
        }
    }

    /// Appends a value as in a sentence: £41.20, 31 October 2024, social worker.
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

    /// Appends the finding's message.
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
        // A column name is a heading and not about a person, so it may be repeated.
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
    /// The findings of some rules, in the order of the files and their lines.
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
