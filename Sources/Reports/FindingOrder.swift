import AgencyModel
import CheckRun
import Compliance
import SafeFiles

/// The findings of a run in the order of the exception list: authority_code, quarter, assignment_id, rule, field, file, line, found,
/// message. The same whatever the order in which files were read.
public struct FindingOrder: Sequence {
    struct Ref: Sendable {
        let file: UInt32
        let finding: UInt32
        /// Authority, quarter and the first letters of the assignment_id: decides most comparisons.
        let prefix: UInt64
    }

    private var refs: [Ref] = []
    private let context: FindingContext
    private var countsByReturn: [FileJudge.ReturnKey: [RuleCode: Int]] = [:]

    public init(_ result: CheckResult) {
        let run = result.judgement
        context = FindingContext(run: run, names: run.fileOfPart.map { result.files[$0].input.name })
        refs.reserveCapacity(run.parts.reduce(0) { $0 + $1.findings.findings.count })
        for (index, file) in run.parts.enumerated() {
            for (place, finding) in file.findings.findings.enumerated() {
                refs.append(
                    Ref(
                        file: UInt32(index), finding: UInt32(place), prefix: FindingOrder.prefix(finding.subject, in: file)))
                if let key = FindingOrder.key(refs[refs.count - 1].prefix) {
                    countsByReturn[key, default: [:]][finding.rule, default: 0] += 1
                }
            }
        }
        let ranks = Dictionary(
            uniqueKeysWithValues: run.rules.all.map(\.code).sorted { $0.description < $1.description }.enumerated()
                .map { ($1, $0) })
        refs.sort { [context] left, right in
            left.prefix != right.prefix ? left.prefix < right.prefix : FindingOrder.precedes(left, right, context, ranks)
        }
    }

    public var count: Int { refs.count }
    public var underestimatedCount: Int { refs.count }

    public func makeIterator() -> AnyIterator<FindingView> {
        var rest = refs.makeIterator()
        return AnyIterator { rest.next().map { FindingView($0, context) } }
    }

    /// Whether a finding is of that severity or a higher one.
    public func contains(atLeast severity: Severity) -> Bool {
        context.run.parts.contains { file in
            file.findings.findings.contains { context.run.rules.severity(of: $0.rule) >= severity }
        }
    }

    public subscript(position: Int) -> FindingView { FindingView(refs[position], context) }

    /// How often each rule spoke of a return.
    public func counts(of key: FileJudge.ReturnKey) -> [RuleCode: Int] { countsByReturn[key] ?? [:] }

    /// The return that a prefix names.
    private static func key(_ prefix: UInt64) -> FileJudge.ReturnKey? {
        let (authority, quarter) = (prefix >> 48, prefix >> 32 & 0xFFFF)
        guard authority > 0, quarter > 0 else { return nil }
        return FileJudge.ReturnKey(
            authority: AuthorityCode(number: UInt16(authority - 1)), quarter: Quarter(index: UInt16(quarter - 1)))
    }

    private static func prefix(_ subject: Subject, in file: FileJudge) -> UInt64 {
        var authority: UInt64 = 0
        var quarter: UInt64 = 0
        var letters: UInt64 = 0
        if subject.isAssignment {
            let entry = file.ledger.entries[subject.index]
            authority = entry.authority == 0xFFFF ? 0 : UInt64(entry.authority) + 1
            quarter = entry.quarter == 0xFFFF ? 0 : UInt64(entry.quarter) + 1
            let id = file.ledger.id(subject.index)
            for place in 0..<4 {
                letters = letters << 8 | (place < id.count ? UInt64(id[id.startIndex + place]) : 0)
            }
        } else {
            let place = file.places[subject.index]
            authority = place.authority.map { UInt64($0.number) + 1 } ?? 0
            quarter = place.quarter.map { UInt64($0.index) + 1 } ?? 0
        }
        return authority << 48 | quarter << 32 | letters
    }

    private static func precedes(_ left: Ref, _ right: Ref, _ context: FindingContext, _ ranks: [RuleCode: Int]) -> Bool {
        let (a, b) = (context.run.parts[Int(left.file)], context.run.parts[Int(right.file)])
        let (first, second) = (a.findings.findings[Int(left.finding)], b.findings.findings[Int(right.finding)])
        let sameSubject = left.file == right.file && first.subject == second.subject
        if !sameSubject {
            let ids = (
                first.subject.isAssignment ? a.ledger.id(first.subject.index) : [],
                second.subject.isAssignment ? b.ledger.id(second.subject.index) : []
            )
            if ids.0 != ids.1 { return ids.0.lexicographicallyPrecedes(ids.1) }
        }
        if first.rule != second.rule { return ranks[first.rule]! < ranks[second.rule]! }
        // From here on ties are rare: the rendered values decide.
        let views = (FindingView(left, context), FindingView(right, context))
        func rendered(_ view: FindingView, _ append: (FindingView) -> (inout ByteBuffer) -> Void) -> [UInt8] {
            var buffer = ByteBuffer()
            append(view)(&buffer)
            return buffer.bytes
        }
        let fields = (rendered(views.0, FindingView.appendField), rendered(views.1, FindingView.appendField))
        if fields.0 != fields.1 { return fields.0.lexicographicallyPrecedes(fields.1) }
        if left.file != right.file {
            let files = (views.0.file ?? "", views.1.file ?? "")
            if files.0 != files.1 { return files.0.utf8.lexicographicallyPrecedes(files.1.utf8) }
            if left.file != right.file { return left.file < right.file }
        }
        if views.0.line != views.1.line { return views.0.line < views.1.line }
        let found = (rendered(views.0, FindingView.appendFound), rendered(views.1, FindingView.appendFound))
        if found.0 != found.1 { return found.0.lexicographicallyPrecedes(found.1) }
        let messages = (rendered(views.0, FindingView.appendMessage), rendered(views.1, FindingView.appendMessage))
        return messages.0.lexicographicallyPrecedes(messages.1)
    }
}
