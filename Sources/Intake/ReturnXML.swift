import AgencyModel
import RuleBook
import TextSource

/// The values of one record while its elements are read. The parser keeps the texts.
private struct RecordValues: ~Copyable {
    /// One slot for each column: a repeated element is reported, not kept.
    private let values: UnsafeMutablePointer<(column: Column, text: Bytes)>
    private(set) var count = 0
    private var seen = ColumnSet()
    private(set) var repeated = ColumnSet()
    private(set) var line: UInt32 = 0

    static let most = Column.allCases.count

    init() { values = .allocate(capacity: RecordValues.most) }

    deinit { values.deallocate() }

    mutating func clear(line: UInt32) {
        count = 0
        seen = ColumnSet()
        repeated = ColumnSet()
        self.line = line
    }

    /// Whether the text must be kept, because it is the first for the column.
    @inline(__always)
    mutating func add(_ column: Column, _ text: Bytes) -> Bool {
        if seen.contains(column) {
            repeated.insert(column)
            return false
        }
        seen.insert(column)
        (values + count).initialize(to: (column, text))
        count &+= 1
        return true
    }

    /// Calls `body` with each column once, in the order of the file. The texts are valid until the record is cleared.
    @inline(__always)
    func forEach(_ body: (Column, Bytes) -> Void) {
        for index in 0..<count { body(values[index].column, values[index].text) }
    }

    /// The record as XML again, for the list of rejected rows.
    func markup(_ element: String) -> String {
        var text = "<\(element)>"
        forEach { column, value in
            let escaped = value.text.flatMap { character -> String in
                switch character {
                case "<": "&lt;"
                case ">": "&gt;"
                case "&": "&amp;"
                default: String(character)
                }
            }
            text += "<\(column.elementName)>" + String(escaped) + "</\(column.elementName)>"
        }
        return text + "</\(element)>"
    }
}

/// Reads an agency return: its header, assignments, employment history and authority record.
///
/// The first pass over the files takes only the evidence, and the second only the assignments.
private final class ReturnXMLReceiver<Receiver: AssignmentReceiver>: XMLReceiver {
    /// What is taken: only the header, up to the first assignments; everything other than the assignments; or the assignments.
    enum Part { case header, evidence, assignments }
    /// Thrown when only the header is wanted and has been read.
    static var headerIsRead: TextFault { TextFault("the header is read") }

    private enum Place { case header, assignment, spell, authority }

    private let part: Part
    private let limits: Limits
    private(set) var evidence = FileEvidence()
    private(set) var counts = RowCounts()

    private var builder: AssignmentBuilder
    private var headerReadings = FileReadings()
    private var spell = SpellBuilder()
    private var record: AuthorityRecordBuilder
    private let command: RecordDefaults
    private var defaults: RecordDefaults
    /// The columns of the defaults that the header gave.
    private var givenByHeader = ColumnSet()
    private var unreadableDefaults = ColumnSet()

    private var containers = ReturnElement.agencyReturn
    private var sawHeader = false
    private var place: Place?
    private var recordDepth = 0
    private var values = RecordValues()
    /// The columns that the record can have.
    private var columns = ColumnSet()
    private var columnOpen: Column?
    /// Everything deeper than this is inside an unknown element.
    private var unknownDepth = Int.max
    private var unknownNames: Set<String> = []
    /// In the order of the file.
    private(set) var unknown: [UnknownName] = []
    private let headers: HeaderMapping
    /// The last property, because its size is not known here: the offset of anything after it would have to be computed on each
    /// access.
    var receiver: Receiver

    /// `header` is the header at the start of the file, if only a later part of the file is read.
    init(_ part: Part, _ settings: ReadSettings, after header: ReturnHeader? = nil, receiver: Receiver) {
        self.part = part
        limits = settings.limits
        headers = settings.book.headers
        self.receiver = receiver
        command = settings.defaults
        self.defaults = header?.defaults ?? settings.defaults
        givenByHeader = header?.given ?? ColumnSet()
        unreadableDefaults = header?.unreadable ?? ColumnSet()
        sawHeader = header?.wasSeen ?? false
        builder = AssignmentBuilder(jobs: settings.book.jobs, command: command)
        builder.takeHeader(self.defaults, gave: givenByHeader, unreadable: unreadableDefaults)
        record = AuthorityRecordBuilder(defaults: self.defaults, command: command, givenByHeader: givenByHeader)
    }

    var header: ReturnHeader {
        ReturnHeader(defaults: defaults, given: givenByHeader, unreadable: unreadableDefaults, wasSeen: sawHeader)
    }
    /// What to report about the assignments' values in general.
    var readings: FileReadings {
        var all = headerReadings
        all.add(builder.readings)
        return all
    }

    /// Whether the document's last part was an assignments element, and all of it was known.
    var endedInAssignments: Bool { containers == ReturnElement.assignments && unknownDepth == Int.max }

    override var names: [String] { ReturnElement.names }

    override func start(_ tag: XMLTag) {
        let (name, depth) = (tag.name, tag.depth)
        if depth > unknownDepth { return }
        switch depth {
        case 1:
            if name != ReturnElement.agencyReturn {
                refusal = XMLRoot.fault(tag.written, line: tag.line)
            } else if let version = tag.attribute("version"), version != "1" {
                refusal = TextFault(
                    "it says that its format version is not 1. Export it as version 1", line: tag.line, column: 1)
            }
        case 2:
            containers = name
            switch name {
            case ReturnElement.header:
                if sawHeader { refusal = TextFault("it has two headers. Delete one", line: tag.line, column: 1) }
                sawHeader = true
                begin(.header, depth: depth, line: tag.line)
            case ReturnElement.authority: begin(.authority, depth: depth, line: tag.line)
            case ReturnElement.assignments: if part == .header { refusal = Self.headerIsRead }
            case ReturnElement.employmentHistory: break
            default: passOver(tag)
            }
        case 3 where place == nil:
            if containers == ReturnElement.assignments, name == ReturnElement.assignment {
                begin(.assignment, depth: depth, line: tag.line)
            } else if containers == ReturnElement.employmentHistory, name == ReturnElement.employment {
                begin(.spell, depth: depth, line: tag.line)
            } else {
                passOver(tag)
            }
        default:
            guard depth == recordDepth + 1, let column = ReturnElement.column(name), columns.contains(column) else {
                return passOver(tag)
            }
            columnOpen = column
        }
    }

    override var mostKeptTexts: Int { RecordValues.most }

    override func end(_ name: Int, depth: Int, text: Bytes) -> Bool {
        if let column = columnOpen, depth == recordDepth + 1 {
            columnOpen = nil
            return values.add(column, text)
        }
        if depth >= unknownDepth {
            if depth == unknownDepth { unknownDepth = Int.max }
        } else if depth == recordDepth, let place {
            finish(place)
            self.place = nil
            recordDepth = 0
            forgetTexts()
        }
        return false
    }

    private func begin(_ place: Place, depth: Int, line: UInt32) {
        self.place = place
        recordDepth = depth
        values.clear(line: line)
        columns =
            switch place {
            case .header: ColumnSet([.authorityCode, .quarter])
            case .assignment: ReturnElement.ofAssignment
            case .spell: ReturnElement.ofSpell
            case .authority: ReturnElement.ofAuthorityRecord
            }
    }

    private func passOver(_ tag: XMLTag) {
        unknownDepth = tag.depth
        // A column that is left out is a warning. If complete rows were left out, the return would be incomplete and still pass.
        if place == nil, !tag.isInNamespace, let words = UnknownElement.refusal(tag.written, insteadOf: possible(tag)) {
            refusal = TextFault(words, line: tag.line, column: 1)
            return
        }
        // Unknown elements are reported once, in the pass that takes the assignments.
        guard part == .assignments else { return }
        let name = tag.written
        guard unknownNames.insert(name).inserted else { return }
        let words = unknown.count < limits.namedUnknown ? element(tag).words : ""
        unknown.append(UnknownName(name: name, line: tag.line, words: words))
    }

    /// What to report about an element that is not known in its position.
    private func element(_ tag: XMLTag) -> UnknownElement {
        UnknownElement(
            name: tag.written, isInNamespace: tag.isInNamespace, possible: possible(tag),
            home: tag.name == XMLReceiver.unknown ? nil : ReturnElement.home(of: tag.name),
            suggestion: headers.suggestion(for: tag.written)?.elementName)
    }

    /// The elements that can be in the tag's position.
    private func possible(_ tag: XMLTag) -> [String] {
        switch tag.depth {
        case 2: ["Header", "Assignments", "EmploymentHistory", "Authority"]
        case 3 where place == nil: containers == ReturnElement.assignments ? ["Assignment"] : ["Employment"]
        case recordDepth + 1: Column.allCases.filter { columns.contains($0) }.map(\.elementName)
        default: []
        }
    }

    private func finish(_ place: Place) {
        switch place {
        case .header: finishHeader()
        case .assignment:
            guard part == .assignments else { return }
            counts.read += 1
            guard counts.read <= limits.records else {
                refusal = .tooManyRecords(limits, line: values.line)
                return
            }
            counts.values += values.count
            builder.start(line: values.line)
            let repeated = values.repeated
            values.forEach { column, value in
                if repeated.contains(column) {
                    builder.reject(column, value, wanted: .singleValue)
                } else {
                    builder.set(column, value)
                }
            }
            builder.finish(into: &receiver)
        case .spell:
            guard part == .evidence else { return }
            guard evidence.counts.read < limits.records else {
                refusal = .tooManyRecords(limits, line: values.line)
                return
            }
            evidence.counts.values += values.count
            fill(&spell)
            spell.finish(line: values.line, row: .text(""), into: &evidence)
        case .authority:
            guard part == .evidence else { return }
            record = AuthorityRecordBuilder(defaults: defaults, command: command, givenByHeader: givenByHeader)
            evidence.counts.values += values.count
            fill(&record)
            record.finish(line: values.line, row: .text(values.markup("Authority")), into: &evidence)
        }
    }

    private func fill<Builder: EvidenceBuilder>(_ builder: inout Builder) {
        let repeated = values.repeated
        values.forEach { column, value in
            if repeated.contains(column) {
                builder.reject(column, value, wanted: .singleValue)
            } else {
                builder.set(column, value)
            }
        }
    }

    private func finishHeader() {
        if counts.read > 0 || !evidence.records.isEmpty {
            refusal = TextFault("its header comes after its records. Put it first", line: values.line, column: 1)
            return
        }
        let line = values.line
        var unreadable: [(Column, String, Phrase)] = []
        let repeated = values.repeated
        func read<Value>(_ column: Column, _ value: Bytes, _ read: (Bytes) -> Value?) -> Value? {
            read(value) ?? headerReadings.plainly(column, value, line: line, read)
        }
        values.forEach { column, value in
            if value.isEmpty { return }
            let wanted: Phrase = repeated.contains(column) ? .singleValue : column.wanted
            if column == .authorityCode {
                let code = repeated.contains(column) ? nil : read(column, value, AuthorityCode.init(_:))
                defaults.authority = code
                if code != nil { givenByHeader.insert(column) }
                if code == nil { unreadable.append((column, value.text, wanted)) }
            } else {
                let quarter = repeated.contains(column) ? nil : read(column, value, Quarter.init(_:))
                defaults.quarter = quarter
                if quarter != nil { givenByHeader.insert(column) }
                if quarter == nil { unreadable.append((column, value.text, wanted)) }
            }
        }
        for (column, written, wanted) in unreadable {
            unreadableDefaults.insert(column)
            guard part == .assignments else { continue }
            receiver.note(.headerUnreadable(column: column, written: written, wanted: wanted, line: line))
        }
        builder.takeHeader(defaults, gave: givenByHeader, unreadable: unreadableDefaults)
    }
}

/// The values of a return's header.
struct ReturnHeader {
    let defaults: RecordDefaults
    /// The columns of the defaults that it gave.
    let given: ColumnSet
    /// The columns that it gave but that cannot be read.
    let unreadable: ColumnSet
    let wasSeen: Bool
}

/// Ignores everything: for the pass that reads only the evidence.
private struct NoReceiver: AssignmentReceiver {
    mutating func receive(_ assignment: borrowing Assignment, unreadable: [UnreadableValue]) {}
    mutating func note(_ note: ImportNote) {}
}

/// Agency returns in XML.
public struct ReturnXMLFormat: InputFormat {
    public func recognise(_ file: InputHead) throws(TextFault) -> Recognition {
        guard let root = try file.xmlRoot(), root.name == ReturnElement.names[ReturnElement.agencyReturn] else {
            return .other(because: try file.xmlRoot()?.fault)
        }
        return .tables([ReturnXML(encoding: root.encoding)])
    }
}

/// A return in XML.
struct ReturnXML: InputTable {
    let encoding: TextEncoding
    var what: String { "return" }
    var holdsAssignments: Bool { true }
    var holdsEvidence: Bool { true }

    func readAssignments<Receiver: AssignmentReceiver>(
        in source: FileSource, part: FilePart?, encoding _: TextEncoding?, _ settings: ReadSettings, progress: (Int) -> Void,
        into fresh: () -> Receiver
    ) throws(TextFault) -> (receiver: Receiver, outcome: PartOutcome) {
        if let part { return try readAssignments(in: source, part, settings, progress, fresh()) }
        let events = ReturnXMLReceiver(.assignments, settings, receiver: fresh())
        if encoding == .windows1252 { events.receiver.note(.readAsWindows1252(line: 0)) }
        try XMLStream.read(source, encoding: encoding, limits: settings.limits, progress: progress, into: events)
        for note in UnknownName.notes(of: events.unknown, limits: settings.limits) { events.receiver.note(note) }
        return (
            events.receiver,
            PartOutcome(counts: events.counts, lines: nil, encoding: encoding, readings: events.readings)
        )
    }

    /// Divides a UTF-8 return into parts of about `size` bytes, each starting at an `<Assignment>` that follows the end of another.
    func parts(of source: FileSource, size: Int) throws(TextFault) -> [FilePart] {
        guard encoding == .utf8 else { return [] }
        return try FilePart.parts(of: source, size: size) { text in
            var from = 0
            while let end = ByteSearch.place(of: "</Assignment>", in: text, from: from) {
                var place = end + 13
                while place < text.count, text[place] == 0x20 || (0x09...0x0D).contains(text[place]) { place += 1 }
                if ByteSearch.place(of: "<Assignment>", in: text, from: place, within: 12) == place { return place }
                from = end + 13
            }
            return nil
        }
    }

    /// Streams the assignments of a part of a UTF-8 return to the receiver. Lines are counted from the part's own first line.
    ///
    /// A part is read as a document of its own, with added tags for the elements that are open at its cuts. If it is well formed
    /// with them, it ends between two assignments: inside a comment, a text or a tag, the closing tags would close nothing.
    private func readAssignments<Receiver: AssignmentReceiver>(
        in source: FileSource, _ part: FilePart, _ settings: ReadSettings, _ progress: (Int) -> Void, _ receiver: Receiver
    ) throws(TextFault) -> (receiver: Receiver, outcome: PartOutcome) {
        var header: ReturnHeader?
        if !part.isFirst { header = try readHeader(source, settings) }
        let events = ReturnXMLReceiver(.assignments, settings, after: header, receiver: receiver)
        let input = XMLInput(
            stream: TextStream(source, from: part.start, to: part.end),
            before: part.isFirst ? "" : "<AgencyReturn><Assignments>",
            behind: part.isLast ? "" : "</Assignments></AgencyReturn>")
        let passed = try XMLStream.read(input, limits: settings.limits, progress: progress, into: events)
        let isWhole = part.isLast || events.endedInAssignments
        return (
            events.receiver,
            PartOutcome(
                counts: events.counts, lines: isWhole ? passed.lines : nil, encoding: .utf8, unknown: events.unknown,
                nameBytes: passed.nameBytes, readings: events.readings)
        )
    }

    /// Reads what comes before the first assignments.
    private func readHeader(_ source: FileSource, _ settings: ReadSettings) throws(TextFault) -> ReturnHeader {
        let events = ReturnXMLReceiver(.header, settings, receiver: NoReceiver())
        do {
            try XMLStream.read(source, encoding: .utf8, limits: settings.limits, progress: { _ in }, into: events)
        } catch {
            guard error == ReturnXMLReceiver<NoReceiver>.headerIsRead else { throw error }
        }
        return events.header
    }

    /// The employment history and the authority record of a return.
    func evidence(in source: FileSource, _ settings: ReadSettings) throws(TextFault) -> FileEvidence {
        guard try mayHoldEvidence(source) else { return FileEvidence() }
        let events = ReturnXMLReceiver(.evidence, settings, receiver: NoReceiver())
        try XMLStream.read(source, encoding: encoding, limits: settings.limits, progress: { _ in }, into: events)
        return events.evidence
    }

    /// Whether the return may contain more than assignments. This only searches for the names; a name in a text merely costs one
    /// more reading.
    private func mayHoldEvidence(_ source: FileSource) throws(TextFault) -> Bool {
        // UTF-8 is searched as it is on the disk: the names are ASCII, and whether the rest is valid shows when it is read.
        var stream = TextStream(source, encoding: encoding)
        var offset = 0
        let overlap = 32
        let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256 << 10)
        defer { room.deallocate() }
        var kept = 0
        while true {
            let free = UnsafeMutableBufferPointer(rebasing: room[kept...])
            let count: Int
            if encoding == .utf8 {
                count = try source.read(into: UnsafeMutableRawBufferPointer(free), at: offset)
                offset += count
            } else {
                count = try stream.read(into: free)
            }
            if count == 0 { return false }
            let text = UnsafeRawBufferPointer(start: room.baseAddress, count: kept + count)
            // `<EmploymentHistory` is found by its < and m, with six letters between; `<Authority`, but not `<AuthorityCode`, by
            // its < and y.
            let history = ByteSearch.contains(text, 0x3C, 0x6D, gap: 7) { place in
                text[place + 1] == 0x45 && text[place + 6] == 0x79
            }
            if history { return true }
            let authority = ByteSearch.contains(text, 0x3C, 0x79, gap: 9) { place in
                text[place + 1] == 0x41 && (place + 10 >= text.count || text[place + 10] != 0x43)
            }
            if authority { return true }
            kept = min(overlap, text.count)
            let tail = text.count - kept
            for index in 0..<kept { room[index] = room[tail + index] }
        }
    }
}
