import AgencyModel
import CLibXML2
import TextSource

/// A start tag as the parser gives it, valid only during the call.
struct XMLTag {
    /// The index of its name in the receiver's `names`, or `XMLReceiver.unknown`.
    let name: Int
    /// From 1 for the root.
    let depth: Int
    fileprivate let context: xmlParserCtxtPtr
    fileprivate let localName: UnsafePointer<xmlChar>
    fileprivate let prefix: UnsafePointer<xmlChar>?
    let isInNamespace: Bool
    fileprivate let attributeCount: Int
    fileprivate let attributeParts: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?

    /// Its line, from 1.
    var line: UInt32 { UInt32(clamping: xmlSAX2GetLineNumber(context)) }

    /// The name as written in the document.
    var written: String { (prefix.map { String(cString: $0) + ":" } ?? "") + String(cString: localName) }

    /// The value of an attribute; nil if there is none of this name.
    func attribute(_ name: String) -> String? {
        for index in 0..<attributeCount {
            guard let attributeParts, let key = attributeParts[5 * index], let from = attributeParts[5 * index + 3],
                let to = attributeParts[5 * index + 4], String(cString: key) == name
            else { continue }
            return String(decoding: UnsafeBufferPointer(start: from, count: to - from), as: UTF8.self)
        }
        return nil
    }
}

/// Receives the elements of an XML document. Names are passed as small numbers: the index in `names`, or `unknown`.
class XMLReceiver {
    static let unknown = -1

    /// The element names that the receiver knows, in no namespace.
    var names: [String] { [] }

    func start(_ tag: XMLTag) {}

    /// An end tag, with the text since the last tag, without white space at either end. Returns whether to keep the text, which
    /// then stays in place until `forgetTexts`.
    func end(_ name: Int, depth: Int, text: Bytes) -> Bool { false }

    /// Why the document is refused. Checked after each start tag.
    final var refusal: TextFault? {
        didSet { isRefused = refusal != nil }
    }
    fileprivate final var isRefused = false

    /// The largest number of texts kept at the same time.
    var mostKeptTexts: Int { 0 }

    /// Allows the kept texts to be overwritten.
    final func forgetTexts() { keepsTexts = false }
    fileprivate final var keepsTexts = false
}

/// Sends an XML file through libxml2's SAX2 parser, in constant memory and with our own limits.
///
/// The parser requests text from us, a few kilobytes at a time. We are its input, so it opens nothing and decodes nothing: it
/// receives UTF-8 whatever the file declares, and no other decoder is ever used. A document type is refused at its first character,
/// so no entity is ever declared or expanded. Nothing outside the file is ever opened.
enum XMLStream {
    /// libxml2 is set up once, by the first thread that reads.
    private static let isSetUp: Void = xmlInitParser()

    /// The encoding of the file, by its byte order mark or its XML declaration. Only encodings that we decode ourselves.
    static func encoding(of source: FileSource) throws(TextFault) -> TextEncoding {
        if isCutInDeclaration(source) {
            throw TextFault(
                XMLTrouble.cutOff(XML_ERR_OK, sawElement: false, within: nil), line: 1, column: UInt32(source.byteCount))
        }
        let marked = TextEncoding.marked(by: source.head)
        if marked != .utf8 { return marked }
        guard let declared = declaredEncoding(source) else { return .utf8 }
        switch declared.lowercased() {
        case "utf-8", "us-ascii", "ascii": return .utf8
        case "iso-8859-1", "latin1", "iso_8859-1": return .latin1
        case "windows-1252", "cp1252": return .windows1252
        default:
            throw TextFault(
                "its XML declaration names the encoding \u{201C}\(declared.prefix(40))\u{201D}. Save it as UTF-8, UTF-16 with a byte order mark, ISO-8859-1 or windows-1252",
                line: 1, column: 1)
        }
    }

    /// Whether the file ends within its XML declaration. For UTF-16 too: its letters are ASCII letters with a zero byte beside
    /// them.
    private static func isCutInDeclaration(_ source: FileSource) -> Bool {
        guard source.byteCount == source.head.count else { return false }
        let text = source.head[source.textStart...].filter { $0 != 0 && $0 < 0x80 }
        return text.starts(with: "<?xml".utf8) && !text.contains(UInt8(ascii: ">"))
    }

    /// The value of `encoding` in an XML declaration at the start; nil if there is none.
    private static func declaredEncoding(_ source: FileSource) -> String? {
        let text = String(decoding: source.head[source.textStart...].prefix(256), as: UTF8.self)
        guard text.hasPrefix("<?xml"), let declaration = text.split(separator: ">", maxSplits: 1).first else { return nil }
        guard let key = declaration.firstRange(ofText: "encoding") else { return nil }
        let rest = declaration[key...].dropFirst("encoding".count).drop { $0 != "\"" && $0 != "'" }
        guard let quote = rest.first else { return nil }
        return String(rest.dropFirst().prefix { $0 != quote })
    }

    /// What the parser counted and kept for a document.
    struct Passed {
        let lines: UInt32
        let nameBytes: Int
    }

    static func read(
        _ source: FileSource, encoding: TextEncoding, limits: Limits, progress: (Int) -> Void, into receiver: XMLReceiver
    ) throws(TextFault) {
        _ = try read(
            XMLInput(stream: TextStream(source, encoding: encoding)), limits: limits, progress: progress, into: receiver)
    }

    @discardableResult
    static func read(
        _ input: XMLInput, limits: Limits, progress: (Int) -> Void, into receiver: XMLReceiver
    ) throws(TextFault) -> Passed {
        _ = isSetUp
        let state = XMLParseState.allocate(input: input, limits: limits, receiver: receiver)
        defer { XMLParseState.free(state) }
        var handler = XMLParseState.handler()
        guard
            let context = xmlCreateIOParserCtxt(
                &handler, state, { state, room, count in XMLParseState.give(state, room, count) }, { _ in 0 }, state,
                XML_CHAR_ENCODING_NONE)
        else {
            if let fault = state.pointee.fault { throw fault }
            throw TextFault("there is not enough memory to read it. Close other programs and run again")
        }
        state.pointee.context = context
        defer { xmlFreeParserCtxt(context) }
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_COMPACT.rawValue
        xmlCtxtUseOptions(context, CInt(bitPattern: options))
        withoutActuallyEscaping(progress) { progress in
            state.pointee.progress = progress
            xmlParseDocument(context)
            state.pointee.progress = { _ in }
        }
        if let fault = state.pointee.fault ?? receiver.refusal { throw fault }
        guard context.pointee.wellFormed == 1, context.pointee.nsWellFormed == 1, context.pointee.errNo == 0 else {
            throw TextFault(
                "its XML is not well formed: \(XMLTrouble.words(XML_ERR_OK, before: nil))", line: XMLParseState.line(state),
                column: 0)
        }
        return Passed(lines: XMLParseState.line(state) - 1, nameBytes: Int(xmlDictGetUsage(context.pointee.dict)))
    }
}

/// Reads an XML file only to check whether it is well formed and within the limits.
public enum XMLCheck {
    public static func read(_ source: FileSource, limits: Limits = Limits()) throws(TextFault) {
        try XMLStream.read(
            source, encoding: XMLStream.encoding(of: source), limits: limits, progress: { _ in }, into: XMLReceiver())
    }
}

/// The text for the parser: a file's, or a part of one between added tags that make it a document.
struct XMLInput {
    var stream: TextStream
    /// The text added before and after.
    var before: StaticString = ""
    var behind: StaticString = ""

    private enum Place { case before, text, behind }
    private var place = Place.before

    init(stream: TextStream, before: StaticString = "", behind: StaticString = "") {
        self.stream = stream
        self.before = before
        self.behind = behind
    }

    /// Fills the buffer, which has room at least for the added text. Returns 0 at the end.
    mutating func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(TextFault) -> Int {
        if place == .before {
            place = .text
            if let count = give(before, into: buffer) { return count }
        }
        if place == .text {
            let count = try stream.read(into: buffer)
            if count > 0 { return count }
            place = .behind
            if let count = give(behind, into: buffer) { return count }
        }
        return 0
    }

    private func give(_ words: StaticString, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        let count = words.utf8CodeUnitCount
        guard count > 0 else { return nil }
        buffer.baseAddress!.update(from: words.utf8Start, count: count)
        return count
    }
}

extension Substring {
    /// The index where the text first occurs.
    fileprivate func firstRange(ofText text: String) -> Index? {
        indices.first { self[$0...].hasPrefix(text) }
    }
}

/// The state of the parser's callbacks, behind a raw pointer: they are C functions and capture nothing.
private struct XMLParseState {
    var context: xmlParserCtxtPtr?
    var input: XMLInput
    var progress: (Int) -> Void = { _ in }
    let limits: Limits
    let receiver: Unmanaged<XMLReceiver>
    var fault: TextFault?
    var depth = 0
    /// Whether an element has been opened.
    var sawElement = false
    /// The bytes given in all, and since the last tag, text, comment or instruction.
    var givenBytes = 0
    var silentBytes = 0
    /// The texts that the receiver keeps, one after another, followed by the one that is being read.
    let text: UnsafeMutablePointer<UInt8>
    /// The start and end of the text that is being read.
    var textStart = 0
    var textEnd = 0
    /// libxml2 keeps one copy of each name, so the address identifies it. Address and number, by the low bits of the address.
    let nameSlots: UnsafeMutablePointer<(UnsafePointer<xmlChar>?, Int)>
    /// The numbers of the open elements, by depth.
    let openPlaces: UnsafeMutablePointer<Int>
    let namePlaces: Unmanaged<NamePlaces>

    final class NamePlaces {
        let places: [String: Int]
        init(_ names: [String]) { places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) }) }
    }

    static let slotCount = 512

    static func allocate(input: XMLInput, limits: Limits, receiver: XMLReceiver) -> UnsafeMutablePointer<XMLParseState> {
        let state = UnsafeMutablePointer<XMLParseState>.allocate(capacity: 1)
        let slots = UnsafeMutablePointer<(UnsafePointer<xmlChar>?, Int)>.allocate(capacity: slotCount)
        slots.initialize(repeating: (nil, 0), count: slotCount)
        state.initialize(
            to: XMLParseState(
                context: nil, input: input, limits: limits, receiver: .passRetained(receiver),
                // Pages that no text reaches take no memory.
                text: .allocate(capacity: limits.xmlTextBytes * (receiver.mostKeptTexts + 1) + 1), nameSlots: slots,
                openPlaces: .allocate(capacity: limits.xmlDepth + 1),
                namePlaces: .passRetained(NamePlaces(receiver.names))))
        return state
    }

    static func free(_ state: UnsafeMutablePointer<XMLParseState>) {
        state.pointee.text.deallocate()
        state.pointee.openPlaces.deallocate()
        state.pointee.nameSlots.deallocate()
        state.pointee.namePlaces.release()
        state.pointee.receiver.release()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    // These are functions on the pointer and not methods, because a method that does not change the state would receive a copy of
    // it.

    static func line(_ state: UnsafeMutablePointer<XMLParseState>) -> UInt32 {
        UInt32(clamping: xmlSAX2GetLineNumber(state.pointee.context))
    }

    static func column(_ state: UnsafeMutablePointer<XMLParseState>) -> UInt32 {
        UInt32(clamping: xmlSAX2GetColumnNumber(state.pointee.context))
    }

    static func stop(_ state: UnsafeMutablePointer<XMLParseState>, _ fault: TextFault) {
        if state.pointee.fault == nil { state.pointee.fault = fault }
        if let context = state.pointee.context { xmlStopParser(context) }
    }

    private static func limitFault(_ state: UnsafeMutablePointer<XMLParseState>, _ what: String) -> TextFault {
        TextFault("it has \(what), which no return has. Export it again", line: line(state), column: column(state))
    }

    static func stopAtLimit(_ state: UnsafeMutablePointer<XMLParseState>, _ what: String) { stop(state, limitFault(state, what)) }

    /// The parser's input: the next text of the file, as UTF-8. Returns 0 at the end or after a fault. The parser must not be
    /// stopped from here, because that would free the buffer that it is filling.
    static func give(_ raw: UnsafeMutableRawPointer?, _ room: UnsafeMutablePointer<CChar>?, _ count: CInt) -> CInt {
        let state = raw!.assumingMemoryBound(to: XMLParseState.self)
        guard state.pointee.fault == nil else { return 0 }
        if state.pointee.silentBytes > state.pointee.limits.xmlSilentBytes {
            state.pointee.fault = limitFault(
                state, "a comment, name or attribute of more than \(state.pointee.limits.xmlSilentBytes >> 10) KB")
            return 0
        }
        let given = room!.withMemoryRebound(to: UInt8.self, capacity: Int(count)) { bytes -> Int in
            do throws(TextFault) {
                return try state.pointee.input.read(into: UnsafeMutableBufferPointer(start: bytes, count: Int(count)))
            } catch {
                var fault = error
                if fault.isNotUTF8 {
                    let isCutOff = state.pointee.input.stream.endsWithinCharacter
                    fault = state.pointee.input.stream.fault(
                        ofBrokenUTF8: isCutOff
                            ? "it ends in the middle of a character: it was cut off while it was written or sent. Get the complete file, or export it again"
                            : "it has bytes that are not UTF-8, and its XML declaration names no other encoding. Export it again as UTF-8"
                    )
                }
                if fault.line == 0, state.pointee.context != nil { fault.line = line(state) }
                state.pointee.fault = fault
                return 0
            }
        }
        state.pointee.givenBytes += given
        state.pointee.silentBytes += given
        if state.pointee.givenBytes & 0xF_FFFF < given { state.pointee.progress(state.pointee.givenBytes) }
        return CInt(given)
    }

    /// The number of an element name.
    static func place(
        _ state: UnsafeMutablePointer<XMLParseState>, of name: UnsafePointer<xmlChar>, inNamespace: Bool
    ) -> Int {
        if inNamespace { return XMLReceiver.unknown }
        var index = (Int(bitPattern: name) >> 3) & (slotCount - 1)
        // A few names may share their low bits. A document with many unknown names overwrites existing slots.
        for _ in 0..<8 {
            let slot = state.pointee.nameSlots[index]
            if slot.0 == name { return slot.1 }
            if slot.0 == nil { break }
            index = (index &+ 1) & (slotCount &- 1)
        }
        let place = state.pointee.namePlaces._withUnsafeGuaranteedRef {
            $0.places[String(cString: name)] ?? XMLReceiver.unknown
        }
        state.pointee.nameSlots[index] = (name, place)
        return place
    }

    static func handler() -> xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { data, name, prefix, uri, _, _, attributeCount, _, attributes in
            let state = data!.assumingMemoryBound(to: XMLParseState.self)
            XMLParseState.start(state, name!, prefix, uri, Int(attributeCount), attributes)
        }
        handler.endElementNs = { data, _, _, _ in
            let state = data!.assumingMemoryBound(to: XMLParseState.self)
            XMLParseState.end(state)
        }
        let characters: charactersSAXFunc = { data, bytes, count in
            let state = data!.assumingMemoryBound(to: XMLParseState.self)
            state.pointee.silentBytes = 0
            XMLParseState.append(state, bytes!, Int(count))
        }
        handler.characters = characters
        handler.ignorableWhitespace = characters
        handler.cdataBlock = characters
        handler.comment = { data, _ in data!.assumingMemoryBound(to: XMLParseState.self).pointee.silentBytes = 0 }
        handler.processingInstruction = { data, _, _ in
            data!.assumingMemoryBound(to: XMLParseState.self).pointee.silentBytes = 0
        }
        handler.internalSubset = { data, _, _, _ in
            let state = data!.assumingMemoryBound(to: XMLParseState.self)
            XMLParseState.stop(
                state,
                TextFault(
                    "it has a document type (DOCTYPE), which a return never needs and which can hide harmful content. Export it without one",
                    line: XMLParseState.line(state), column: XMLParseState.column(state)))
        }
        handler.serror = { data, error in
            guard let data, let error else { return }
            let state = data.assumingMemoryBound(to: XMLParseState.self)
            guard error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
            XMLParseState.stop(state, XMLParseState.fault(state, error.pointee))
        }
        return handler
    }

    /// What the parser stopped at, in words.
    private static func fault(_ state: UnsafeMutablePointer<XMLParseState>, _ error: xmlError) -> TextFault {
        let depth = state.pointee.depth
        let names = state.pointee.receiver._withUnsafeGuaranteedRef { $0.names }
        let open = depth > 0 ? state.pointee.openPlaces[depth] : XMLReceiver.unknown
        let trouble = XMLTrouble(
            code: xmlParserErrors(rawValue: UInt32(error.code)), allIsGiven: state.pointee.input.stream.isAtEnd,
            sawElement: state.pointee.sawElement, isClosed: state.pointee.sawElement && depth == 0,
            within: names.indices.contains(open) ? names[open] : nil)
        return trouble.fault(
            in: state.pointee.context?.pointee.input, line: UInt32(clamping: error.line), column: UInt32(clamping: error.int2))
    }

    private static func start(
        _ state: UnsafeMutablePointer<XMLParseState>, _ name: UnsafePointer<xmlChar>, _ prefix: UnsafePointer<xmlChar>?,
        _ uri: UnsafePointer<xmlChar>?, _ attributeCount: Int, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        state.pointee.silentBytes = 0
        let depth = state.pointee.depth &+ 1
        state.pointee.depth = depth
        state.pointee.sawElement = true
        state.pointee.textEnd = state.pointee.textStart
        if depth > state.pointee.limits.xmlDepth {
            return stopAtLimit(state, "elements more than \(state.pointee.limits.xmlDepth) deep")
        }
        if attributeCount > state.pointee.limits.xmlAttributes {
            return stopAtLimit(state, "an element of more than \(state.pointee.limits.xmlAttributes) attributes")
        }
        let place = place(state, of: name, inNamespace: uri != nil)
        state.pointee.openPlaces[depth] = place
        let tag = XMLTag(
            name: place, depth: depth, context: state.pointee.context!, localName: name,
            prefix: prefix, isInNamespace: uri != nil || prefix != nil, attributeCount: attributeCount, attributeParts: attributes)
        state.pointee.receiver._withUnsafeGuaranteedRef { receiver in
            receiver.start(tag)
            if receiver.isRefused, let refusal = receiver.refusal { stop(state, refusal) }
        }
    }

    private static func end(_ state: UnsafeMutablePointer<XMLParseState>) {
        let (start, end) = (state.pointee.textStart, state.pointee.textEnd)
        let text = trimmed(Bytes(start: state.pointee.text + start, count: end &- start))
        state.pointee.silentBytes = 0
        let depth = state.pointee.depth
        let place = state.pointee.openPlaces[depth]
        state.pointee.receiver._withUnsafeGuaranteedRef { receiver in
            if receiver.end(place, depth: depth, text: text) {
                receiver.keepsTexts = true
                state.pointee.textStart = end
            } else {
                if !receiver.keepsTexts { state.pointee.textStart = 0 }
                state.pointee.textEnd = state.pointee.textStart
            }
        }
        state.pointee.depth = depth &- 1
    }

    private static func append(_ state: UnsafeMutablePointer<XMLParseState>, _ bytes: UnsafePointer<UInt8>, _ count: Int) {
        let end = state.pointee.textEnd &+ count
        guard end &- state.pointee.textStart <= state.pointee.limits.xmlTextBytes else {
            let kilobytes = state.pointee.limits.xmlTextBytes >> 10
            return stopAtLimit(state, "a text of more than \(kilobytes) KB")
        }
        (state.pointee.text + state.pointee.textEnd).update(from: bytes, count: count)
        state.pointee.textEnd = end
    }
}
