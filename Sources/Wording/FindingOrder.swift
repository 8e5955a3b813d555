import AgencyModel
import ByteWriting
import Compliance
import Facts

/// The findings of a run in the order of the exception list: authority_code, quarter, assignment_id, rule, field, file, line,
/// found, message. The order does not depend on the order in which files were read.
public struct FindingOrder: Sequence, Sendable {
    struct Ref: Sendable {
        /// Authority and quarter, each plus one, and the first four letters of the assignment_id.
        let prefix: UInt64
        /// The next eight letters. Together with the prefix, they decide most comparisons.
        let letters: UInt64
        let file: UInt32
        let finding: UInt32
    }

    private var refs: [Ref] = []
    private let context: FindingContext

    /// The number of cores that put findings into words.
    public let threads: Int

    public init(_ result: CheckResult, threads: Int = 1) {
        self.threads = threads
        let run = result.judgement
        context = FindingContext(run: run, names: run.fileOfPart.map { result.files[$0].input.name })
        refs.reserveCapacity(run.parts.reduce(0) { $0 + $1.findings.findings.count })
        for file in run.parts.indices { FindingOrder.append(run.parts[file], file, to: &refs) }
        var ranks = [Int](repeating: 0, count: RuleRegistry.slotCount)
        for (rank, code) in run.rules.all.map(\.code).sorted(by: { $0.description < $1.description }).enumerated() {
            ranks[RuleRegistry.slot(code)] = rank
        }
        refs.sort { [context] left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            if left.letters != right.letters { return left.letters < right.letters }
            return FindingOrder.precedes(left, right, context, ranks)
        }
    }

    private static func append(_ file: borrowing FileJudge, _ index: Int, to refs: inout [Ref]) {
        for (place, finding) in file.findings.findings.enumerated() {
            let (prefix, letters) = key(finding.subject, in: file)
            refs.append(Ref(prefix: prefix, letters: letters, file: UInt32(index), finding: UInt32(place)))
        }
    }

    public var count: Int { refs.count }

    /// How values of the run may be printed, with its workers known.
    public var printed: PrintedText { PrintedText(context.run) }

    public var underestimatedCount: Int { refs.count }

    public func makeIterator() -> AnyIterator<FindingView> {
        var rest = refs.makeIterator()
        return AnyIterator { rest.next().map { FindingView($0, context) } }
    }

    /// Whether there is a finding of this severity or a higher one.
    public func contains(atLeast severity: Severity) -> Bool {
        context.run.parts.contains { file in
            file.findings.findings.contains { context.run.rules.severity(of: $0.rule) >= severity }
        }
    }

    public subscript(position: Int) -> FindingView { FindingView(refs[position], context) }

    /// The number of findings of each rule for a return.
    public func counts(of key: ReturnKey) -> [RuleCode: Int] {
        let prefix = FindingOrder.prefix(key.authority.number, key.quarter.index)
        var counts: [RuleCode: Int] = [:]
        for ref in refs[refs.partitioningIndex { $0.prefix >= prefix }...].prefix(while: { $0.prefix >> 32 == prefix >> 32 }) {
            counts[context.run.parts[Int(ref.file)].findings.findings[Int(ref.finding)].rule, default: 0] += 1
        }
        return counts
    }

    /// A missing value is 0xFFFF and comes first.
    private static func prefix(_ authority: UInt16, _ quarter: UInt16) -> UInt64 {
        UInt64(authority &+ 1) << 48 | UInt64(quarter &+ 1) << 32
    }

    private static func key(_ subject: Subject, in file: borrowing FileJudge) -> (prefix: UInt64, letters: UInt64) {
        guard subject.isAssignment else {
            let place = file.places[subject.index]
            return (prefix(place.authority?.number ?? 0xFFFF, place.quarter?.index ?? 0xFFFF), 0)
        }
        let entry = file.ledger.entries[subject.index]
        var (first, next): (UInt64, UInt64) = (0, 0)
        let id = file.ledger.id(subject.index)
        for place in 0..<4 { first = first << 8 | (place < id.count ? UInt64(id[id.startIndex + place]) : 0) }
        for place in 4..<12 { next = next << 8 | (place < id.count ? UInt64(id[id.startIndex + place]) : 0) }
        return (prefix(entry.authority, entry.quarter) | first, next)
    }

    private static func precedes(_ left: Ref, _ right: Ref, _ context: FindingContext, _ ranks: [Int]) -> Bool {
        let first = context.run.parts[Int(left.file)].findings.findings[Int(left.finding)]
        let second = context.run.parts[Int(right.file)].findings.findings[Int(right.finding)]
        if left.file != right.file || first.subject != second.subject {
            let ids = (id(first.subject, in: left.file, context), id(second.subject, in: right.file, context))
            if ids.0 != ids.1 { return ids.0.lexicographicallyPrecedes(ids.1) }
        }
        if first.rule != second.rule { return ranks[RuleRegistry.slot(first.rule)] < ranks[RuleRegistry.slot(second.rule)] }
        let views = (FindingView(left, context), FindingView(right, context))
        func rendered(_ view: FindingView, _ append: (FindingView) -> (inout ByteBuffer) -> Void) -> [UInt8] {
            var buffer = ByteBuffer()
            append(view)(&buffer)
            return buffer.bytes
        }
        // If many findings name one assignment, most have the same rule and field and differ in their lines, so these are compared
        // without putting them into words.
        if case .column(let one) = first.field, case .column(let other) = second.field {
            if one != other { return one.name.utf8.lexicographicallyPrecedes(other.name.utf8) }
        } else {
            let fields = (rendered(views.0, FindingView.appendField), rendered(views.1, FindingView.appendField))
            if fields.0 != fields.1 { return fields.0.lexicographicallyPrecedes(fields.1) }
        }
        if left.file != right.file {
            let files = (views.0.file ?? "", views.1.file ?? "")
            if files.0 != files.1 { return files.0.utf8.lexicographicallyPrecedes(files.1.utf8) }
            if left.file != right.file { return left.file < right.file }
        }
        let lines = (views.0.line, views.1.line)
        if lines.0 != lines.1 { return lines.0 < lines.1 }
        // From here on, equal keys are rare, so the rendered values are compared.
        let found = (rendered(views.0, FindingView.appendFound), rendered(views.1, FindingView.appendFound))
        if found.0 != found.1 { return found.0.lexicographicallyPrecedes(found.1) }
        let messages = (rendered(views.0, FindingView.appendMessage), rendered(views.1, FindingView.appendMessage))
        return messages.0.lexicographicallyPrecedes(messages.1)
    }

    private static func id(_ subject: Subject, in file: UInt32, _ context: FindingContext) -> ArraySlice<UInt8> {
        subject.isAssignment ? context.run.parts[Int(file)].ledger.id(subject.index) : []
    }
}
