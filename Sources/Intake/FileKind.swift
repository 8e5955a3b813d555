import AgencyModel
import RuleBook
import TextSource

/// What a file is, found from its content, never from its name.
public enum FileKind: Sendable {
    case csv(CSVKind)
    case returnXML(TextEncoding)
    case census(TextEncoding)

    public var holdsAssignments: Bool {
        switch self {
        case .csv(.assignments), .returnXML: true
        case .csv, .census: false
        }
    }

    /// Looks at the first bytes and, of a CSV, at the header. A root that is neither a return nor a census is told when it is read.
    public static func find(_ source: FileSource, mapping: HeaderMapping) throws(TextFault) -> FileKind {
        guard !source.head.isEmpty else {
            throw TextFault("it is empty. Export it again", line: 1, column: 1)
        }
        guard looksLikeXML(source) else {
            do {
                return .csv(try CSVIntake.kind(of: source, encoding: .marked(by: source.head), mapping: mapping))
            } catch  where error.isNotUTF8 {
                return .csv(try CSVIntake.kind(of: source, encoding: .windows1252, mapping: mapping))
            }
        }
        let encoding = try XMLStream.encoding(of: source)
        let root = RootFinder()
        do {
            try XMLStream.read(source, encoding: encoding, limits: Limits(), progress: { _ in }, into: root)
        } catch {
            guard error == RootFinder.found else { throw error }
        }
        return root.isMessage ? .census(encoding) : .returnXML(encoding)
    }

    /// The first character that is not white space is `<`.
    private static func looksLikeXML(_ source: FileSource) -> Bool {
        let head = source.head
        switch TextEncoding.marked(by: head) {
        case .utf16LittleEndian, .utf16BigEndian:
            let units = head.dropFirst(2).filter { $0 != 0 }
            return units.first { $0 != 0x20 && !(0x09...0x0D).contains($0) } == 0x3C
        default:
            return head[source.textStart...].first { $0 != 0x20 && !(0x09...0x0D).contains($0) } == 0x3C
        }
    }

    /// Reads no further than the root's start tag.
    private final class RootFinder: XMLReceiver {
        static let found = TextFault("the root is found")
        private(set) var isMessage = false

        override var names: [String] { ["Message"] }
        override func start(_ tag: XMLTag) {
            isMessage = tag.name == 0
            refusal = RootFinder.found
        }
    }
}

/// Reads an XML file for its own sake: whether it is well formed and within the limits.
public enum XMLCheck {
    /// Sets the parser up; to be called before threads read.
    public static func setUp() { XMLStream.setUp() }

    public static func read(_ source: FileSource, limits: Limits = Limits()) throws(TextFault) {
        try XMLStream.read(
            source, encoding: XMLStream.encoding(of: source), limits: limits, progress: { _ in }, into: XMLReceiver())
    }
}
