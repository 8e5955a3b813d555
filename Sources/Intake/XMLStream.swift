import AgencyModel
import CLibXML2
import TextSource

/// Receives the elements of an XML document. Names come as small numbers: the place in `names`, or `unknown`.
class XMLReceiver {
    static let unknown = -1

    /// The element names that the receiver knows, of no namespace.
    var names: [String] { [] }

    /// A start tag. `attributes` are only given for the root.
    func start(_ name: Int, depth: Int, line: UInt32, written: () -> String, attributes: () -> [String: String]) {}

    /// An end tag, with the text since the last tag, white space around it dropped.
    func end(_ name: Int, depth: Int, text: Bytes) {}

    /// Why the document is refused; looked at after each piece of text.
    final var refusal: TextFault?
}

/// Pushes an XML file through libxml2's SAX2 parser, in flat memory and with our own limits.
///
/// libxml2 gets UTF-8 from us whatever the file says, so that no other decoder is ever used. A document type is refused where it
/// starts: no entity is ever declared, so none can be expanded. Nothing outside the file is ever opened.
enum XMLStream {
    private static let pieceBytes = 16 << 10

    /// The encoding of the file: by its byte order mark, or by its XML declaration. Only those that we decode ourselves.
    static func encoding(of source: FileSource) throws(TextFault) -> TextEncoding {
        let marked = TextEncoding.marked(by: source.head)
        if marked != .utf8 { return marked }
        guard let declared = declaredEncoding(source.head) else { return .utf8 }
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

    /// The value of `encoding` in an XML declaration at the start, nil where there is none.
    private static func declaredEncoding(_ head: [UInt8]) -> String? {
        let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let text = String(decoding: head[start..<min(head.count, start + 256)], as: UTF8.self)
        guard text.hasPrefix("<?xml"), let declaration = text.split(separator: ">", maxSplits: 1).first else { return nil }
        guard let key = declaration.firstRange(ofText: "encoding") else { return nil }
        let rest = declaration[key...].dropFirst("encoding".count).drop { $0 != "\"" && $0 != "'" }
        guard let quote = rest.first else { return nil }
        return String(rest.dropFirst().prefix { $0 != quote })
    }

    static func read(
        _ source: FileSource, encoding: TextEncoding, limits: Limits, progress: (Int) -> Void, into receiver: XMLReceiver
    ) throws(TextFault) {
        let state = XMLParseState.allocate(limits: limits, receiver: receiver)
        defer { XMLParseState.free(state) }
        var handler = XMLParseState.handler()
        guard let context = xmlCreatePushParserCtxt(&handler, state, nil, 0, nil) else {
            throw TextFault("there is not enough memory to read it. Close other programs and run again")
        }
        state.pointee.context = context
        defer { xmlFreeParserCtxt(context) }
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_COMPACT.rawValue
        xmlCtxtUseOptions(context, CInt(bitPattern: options))
        var stream = TextStream(source, encoding: encoding)
        let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceBytes)
        defer { piece.deallocate() }
        var passed = 0
        while true {
            let count: Int
            do {
                count = try stream.read(into: piece)
            } catch {
                if error.isNotUTF8 {
                    throw TextFault(
                        "it has bytes that are not UTF-8, and its XML declaration names no other encoding. Export it again as UTF-8",
                        line: UInt32(clamping: xmlSAX2GetLineNumber(context)), column: 0)
                }
                var fault = error
                if fault.line == 0 { fault.line = UInt32(clamping: xmlSAX2GetLineNumber(context)) }
                throw fault
            }
            state.pointee.silentBytes += count
            piece.baseAddress!.withMemoryRebound(to: CChar.self, capacity: pieceBytes) { bytes in
                _ = xmlParseChunk(context, bytes, CInt(count), count == 0 ? 1 : 0)
            }
            if let fault = state.pointee.fault ?? receiver.refusal { throw fault }
            if state.pointee.silentBytes > limits.xmlSilentBytes {
                throw state.pointee.limitFault(
                    "a comment, name or attribute of more than \(limits.xmlSilentBytes >> 10) KB")
            }
            if count == 0 { break }
            passed += count
            progress(passed)
        }
        guard context.pointee.wellFormed == 1, context.pointee.nsWellFormed == 1, context.pointee.errNo == 0 else {
            throw TextFault("its XML is not well formed. Export it again", line: state.pointee.line, column: 0)
        }
    }
}

extension Substring {
    /// Where the text first stands.
    fileprivate func firstRange(ofText text: String) -> Index? {
        indices.first { self[$0...].hasPrefix(text) }
    }
}

/// What the parser's callbacks keep, behind a raw pointer: they are C functions and catch nothing.
private struct XMLParseState {
    var context: xmlParserCtxtPtr?
    let limits: Limits
    let receiver: Unmanaged<XMLReceiver>
    var fault: TextFault?
    var depth = 0
    /// Bytes pushed since the last tag or text.
    var silentBytes = 0
    let text: UnsafeMutablePointer<UInt8>
    var textCount = 0
    /// libxml2 keeps one copy of each name, so its address names it: address and number, by the address's low bits.
    let nameSlots: UnsafeMutablePointer<(UnsafePointer<xmlChar>?, Int)>
    let namePlaces: Unmanaged<NamePlaces>

    final class NamePlaces {
        let places: [String: Int]
        init(_ names: [String]) { places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) }) }
    }

    static let slotCount = 512

    static func allocate(limits: Limits, receiver: XMLReceiver) -> UnsafeMutablePointer<XMLParseState> {
        let state = UnsafeMutablePointer<XMLParseState>.allocate(capacity: 1)
        let slots = UnsafeMutablePointer<(UnsafePointer<xmlChar>?, Int)>.allocate(capacity: slotCount)
        slots.initialize(repeating: (nil, 0), count: slotCount)
        state.initialize(
            to: XMLParseState(
                context: nil, limits: limits, receiver: .passRetained(receiver),
                text: .allocate(capacity: limits.xmlTextBytes + 1), nameSlots: slots,
                namePlaces: .passRetained(NamePlaces(receiver.names))))
        return state
    }

    static func free(_ state: UnsafeMutablePointer<XMLParseState>) {
        state.pointee.text.deallocate()
        state.pointee.nameSlots.deallocate()
        state.pointee.namePlaces.release()
        state.pointee.receiver.release()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    var line: UInt32 { UInt32(clamping: xmlSAX2GetLineNumber(context)) }
    var column: UInt32 { UInt32(clamping: xmlSAX2GetColumnNumber(context)) }

    mutating func stop(_ newFault: TextFault) {
        if fault == nil { fault = newFault }
        xmlStopParser(context)
    }

    func limitFault(_ what: String) -> TextFault {
        TextFault("it has \(what), which no return has. Export it again", line: line, column: column)
    }

    /// The number of an element name.
    func place(of name: UnsafePointer<xmlChar>, inNamespace: Bool) -> Int {
        if inNamespace { return XMLReceiver.unknown }
        let slot = (Int(bitPattern: name) >> 3) & (XMLParseState.slotCount - 1)
        if nameSlots[slot].0 == name { return nameSlots[slot].1 }
        let place = namePlaces._withUnsafeGuaranteedRef { $0.places[String(cString: name)] ?? XMLReceiver.unknown }
        nameSlots[slot] = (name, place)
        return place
    }

    static func handler() -> xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { data, name, prefix, uri, _, _, attributeCount, _, attributes in
            let state = data!.assumingMemoryBound(to: XMLParseState.self)
            XMLParseState.start(state, name!, prefix, uri, Int(attributeCount), attributes)
        }
        handler.endElementNs = { data, name, _, uri in
            let state = data!.assumingMemoryBound(to: XMLParseState.self)
            let place = state.pointee.place(of: name!, inNamespace: uri != nil)
            let text = trimmed(Bytes(start: state.pointee.text, count: state.pointee.textCount))
            state.pointee.silentBytes = 0
            let depth = state.pointee.depth
            state.pointee.receiver._withUnsafeGuaranteedRef { $0.end(place, depth: depth, text: text) }
            state.pointee.depth = depth - 1
            state.pointee.textCount = 0
        }
        let characters: charactersSAXFunc = { data, bytes, count in
            let state = data!.assumingMemoryBound(to: XMLParseState.self)
            state.pointee.silentBytes = 0
            let end = state.pointee.textCount + Int(count)
            guard end <= state.pointee.limits.xmlTextBytes else {
                let kilobytes = state.pointee.limits.xmlTextBytes >> 10
                return state.pointee.stop(state.pointee.limitFault("a text of more than \(kilobytes) KB"))
            }
            (state.pointee.text + state.pointee.textCount).update(from: bytes!, count: Int(count))
            state.pointee.textCount = end
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
            state.pointee.stop(
                TextFault(
                    "it has a document type (DOCTYPE), which a return never needs and which can hide harmful content. Export it without one",
                    line: state.pointee.line, column: state.pointee.column))
        }
        handler.serror = { data, error in
            guard let data, let error else { return }
            let state = data.assumingMemoryBound(to: XMLParseState.self)
            guard error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
            state.pointee.stop(
                TextFault(
                    "its XML is not well formed: \(XMLParseState.words(for: error.pointee))",
                    line: UInt32(clamping: error.pointee.line), column: UInt32(clamping: error.pointee.int2)))
        }
        return handler
    }

    /// The parser's trouble in plain words. Its own message may quote the file's text, so it is never shown.
    private static func words(for error: xmlError) -> String {
        switch xmlParserErrors(rawValue: UInt32(error.code)) {
        case XML_ERR_DOCUMENT_EMPTY: "there is nothing in it. Export it again"
        case XML_ERR_DOCUMENT_END, XML_ERR_TAG_NOT_FINISHED, XML_ERR_GT_REQUIRED:
            "it breaks off or has something behind its end. Export it again"
        case XML_ERR_TAG_NAME_MISMATCH: "an element is closed by another's end tag. Export it again"
        case XML_ERR_UNDECLARED_ENTITY, XML_WAR_UNDECLARED_ENTITY: "it uses an entity that XML does not have. Write & as &amp;"
        case XML_ERR_NAME_REQUIRED: "a & or < stands by itself. Write them as &amp; and &lt;"
        case XML_ERR_INVALID_CHAR, XML_ERR_INVALID_CHARREF: "it has a character that XML does not allow. Export it again"
        default: "the parser stopped with code \(error.code). Export it again"
        }
    }

    private static func start(
        _ state: UnsafeMutablePointer<XMLParseState>, _ name: UnsafePointer<xmlChar>, _ prefix: UnsafePointer<xmlChar>?,
        _ uri: UnsafePointer<xmlChar>?, _ attributeCount: Int, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        state.pointee.silentBytes = 0
        let depth = state.pointee.depth + 1
        state.pointee.depth = depth
        state.pointee.textCount = 0
        let limits = state.pointee.limits
        if depth > limits.xmlDepth {
            return state.pointee.stop(state.pointee.limitFault("elements more than \(limits.xmlDepth) deep"))
        }
        if attributeCount > limits.xmlAttributes {
            return state.pointee.stop(state.pointee.limitFault("an element of more than \(limits.xmlAttributes) attributes"))
        }
        let place = state.pointee.place(of: name, inNamespace: uri != nil)
        let line = state.pointee.line
        let written = { (prefix.map { String(cString: $0) + ":" } ?? "") + String(cString: name) }
        let named = { () -> [String: String] in
            var named: [String: String] = [:]
            for index in 0..<attributeCount {
                guard let attributes, let key = attributes[5 * index], let from = attributes[5 * index + 3],
                    let to = attributes[5 * index + 4]
                else { continue }
                named[String(cString: key)] = String(decoding: UnsafeBufferPointer(start: from, count: to - from), as: UTF8.self)
            }
            return named
        }
        withoutActuallyEscaping(written) { written in
            state.pointee.receiver._withUnsafeGuaranteedRef {
                $0.start(place, depth: depth, line: line, written: written, attributes: named)
            }
        }
        if let refusal = state.pointee.receiver._withUnsafeGuaranteedRef({ $0.refusal }) { state.pointee.stop(refusal) }
    }
}
