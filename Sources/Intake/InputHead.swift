import AgencyModel
import RuleBook
import TextSource

/// A file whose format is being recognised. What several formats need to know is found out once.
public final class InputHead {
    public let source: FileSource
    let headers: HeaderMapping
    private var root: XMLRoot?

    public init(_ source: FileSource, headers: HeaderMapping) {
        self.source = source
        self.headers = headers
    }

    /// Whether the first character that is not white space is `<`, in any encoding.
    public var isXML: Bool {
        source.head.first { ![0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0x00, 0x20].contains($0) && !(0x09...0x0D).contains($0) } == 0x3C
    }

    /// The outermost element of an XML file; nil for any other file.
    func xmlRoot() throws(TextFault) -> XMLRoot? {
        if let root { return root }
        guard isXML else { return nil }
        let found = try XMLRoot(of: source)
        root = found
        return found
    }
}

/// The outermost element of an XML file, for which only its start tag is read.
struct XMLRoot {
    /// As written; nil if it is in a namespace.
    let name: String?
    /// Why a file with this element is refused.
    let fault: TextFault
    let encoding: TextEncoding

    /// The elements of the known formats.
    private static let known = ["AgencyReturn", "Message"]

    init(of source: FileSource) throws(TextFault) {
        encoding = try XMLStream.encoding(of: source)
        let finder = RootFinder()
        do {
            try XMLStream.read(source, encoding: encoding, limits: Limits(), progress: { _ in }, into: finder)
        } catch {
            guard error == RootFinder.found else { throw error }
        }
        name = finder.name
        fault = XMLRoot.fault(finder.written, line: finder.line)
    }

    /// Why a file is refused if its outermost element belongs to none of the formats.
    static func fault(_ written: String, line: UInt32) -> TextFault {
        TextFault(
            UnknownElement.root(written, insteadOf: known)
                ?? "its outermost element is not AgencyReturn (a return) or Message (a census), without a namespace. Check that it is the right file, and export it again",
            line: line, column: 1)
    }

    private final class RootFinder: XMLReceiver {
        static let found = TextFault("the root is found")
        private(set) var name: String?
        private(set) var written = ""
        private(set) var line: UInt32 = 1

        override func start(_ tag: XMLTag) {
            name = tag.isInNamespace ? nil : tag.written
            (written, line) = (tag.written, tag.line)
            refusal = RootFinder.found
        }
    }
}
