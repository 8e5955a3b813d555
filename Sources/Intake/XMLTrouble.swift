import CLibXML2
import TextSource

/// What is wrong with a file that is not well-formed XML, in plain words: the problem and what to do, without a full stop at the
/// end. The parser's own message may quote the file's text, and its number means nothing to users, so neither is ever shown.
struct XMLTrouble {
    let code: xmlParserErrors
    /// Whether the parser has received the file to its end.
    let allIsGiven: Bool
    /// Whether an element has been opened, and whether the outermost element has been closed.
    let sawElement: Bool
    let isClosed: Bool
    /// The open element, if it is one that we know.
    let within: String?

    func fault(in input: xmlParserInputPtr?, line: UInt32, column: UInt32) -> TextFault {
        func fault(_ words: String) -> TextFault {
            TextFault("its XML is not well formed: \(words)", line: line, column: column)
        }
        guard let input, let cursor = input.pointee.cur, let end = input.pointee.end, let base = input.pointee.base else {
            return fault(XMLTrouble.words(code, before: nil))
        }
        if allIsGiven, isCutOff(rest: UnsafeBufferPointer(start: cursor, count: max(0, end - cursor))) {
            return TextFault(XMLTrouble.cutOff(code, sawElement: sawElement, within: within), line: line, column: column)
        }
        if code == XML_ERR_RESERVED_XML_NAME, line == 1, column <= 6 {
            return fault(XMLTrouble.words(XML_ERR_XMLDECL_NOT_FINISHED, before: nil))
        }
        return fault(XMLTrouble.words(code, before: cursor > base ? cursor[-1] : nil))
    }

    /// If a file was cut off, what is there of it has no error: the parser stops at its end, or at the incomplete start of
    /// something.
    private func isCutOff(rest: UnsafeBufferPointer<UInt8>) -> Bool {
        switch code {
        // Reported after the complete tag has been read, which may be at the end of the file.
        case XML_ERR_TAG_NAME_MISMATCH: false
        case XML_ERR_COMMENT_NOT_FINISHED, XML_ERR_CDATA_NOT_FINISHED: true
        case XML_ERR_HYPHEN_IN_COMMENT: rest.allSatisfy { $0 == UInt8(ascii: "-") }
        default: rest.isEmpty ? !(code == XML_ERR_DOCUMENT_END && isClosed) : XMLTrouble.begins(rest)
        }
    }

    /// Whether a text is the incomplete start of a comment, a CDATA section or an instruction.
    private static func begins(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        ["<!--", "<![CDATA[", "!--", "![CDATA["].contains { $0.utf8.count > text.count && $0.utf8.starts(with: text) }
    }

    /// For a file that ends too early.
    static func cutOff(_ code: xmlParserErrors, sawElement: Bool, within: String?) -> String {
        let place =
            switch code {
            case XML_ERR_COMMENT_NOT_FINISHED: "within a comment, which --> would close"
            case XML_ERR_CDATA_NOT_FINISHED: "within a CDATA section, which ]]> would close"
            case XML_ERR_PI_NOT_FINISHED: "within an instruction, which ?> would close"
            default: sawElement ? within.map { "in the middle, within \($0)" } ?? "in the middle" : "before its first element"
            }
        return "it ends \(place): it was cut off while it was written or sent. Get the complete file, or export it again"
    }

    /// For an error in the middle of a file. `before` is the byte in front of it.
    static func words(_ code: xmlParserErrors, before: UInt8?) -> String {
        switch code {
        case XML_ERR_DOCUMENT_EMPTY: "its first < opens no element. Export it again"
        case XML_ERR_DOCUMENT_END, XML_ERR_EXTRA_CONTENT:
            "there is something after the end of its outermost element. Remove it, or export the file again"
        case XML_ERR_TAG_NAME_MISMATCH, XML_ERR_TAG_NOT_FINISHED, XML_ERR_NOT_WELL_BALANCED:
            "an element is closed by another's end tag. Give each element the end tag of its own name, with the same capitals and small letters as its start tag"
        case XML_ERR_GT_REQUIRED: "a tag is not closed with >. Add the >, or write < as &lt; where it is part of a text"
        case XML_ERR_LTSLASH_REQUIRED, XML_ERR_LT_REQUIRED: "a tag is not valid XML. Export it again"
        case XML_ERR_NAME_REQUIRED, XML_ERR_ENTITYREF_NO_NAME:
            before == UInt8(ascii: "<")
                ? "there is a < on its own. Write it as &lt;"
                : before == UInt8(ascii: "&") ? "there is a & on its own. Write it as &amp;" : "a name is missing. Export it again"
        case XML_ERR_ENTITYREF_SEMICOL_MISSING: "a & is followed by a word without a semicolon. Write & as &amp;"
        case XML_ERR_UNDECLARED_ENTITY, XML_WAR_UNDECLARED_ENTITY:
            "it uses an entity that XML does not have. Write & as &amp;, and letters such as \u{E9} as themselves"
        case XML_ERR_INVALID_CHARREF, XML_ERR_INVALID_DEC_CHARREF, XML_ERR_INVALID_HEX_CHARREF:
            "a reference that begins with &# is not a character that XML allows. Write the character itself"
        case XML_ERR_INVALID_CHAR where before == UInt8(ascii: ";"): words(XML_ERR_INVALID_CHARREF, before: nil)
        case XML_ERR_INVALID_CHAR: "it has a control character, which XML does not allow. Remove it"
        case XML_ERR_LT_IN_ATTRIBUTE: "there is a < in the value of an attribute. Write it as &lt;"
        case XML_ERR_ATTRIBUTE_NOT_STARTED, XML_ERR_ATTRIBUTE_NOT_FINISHED, XML_ERR_ATTRIBUTE_WITHOUT_VALUE, XML_ERR_EQUAL_REQUIRED:
            "an attribute has no value in quotes. Write it as name=\"value\""
        case XML_ERR_ATTRIBUTE_REDEFINED, XML_NS_ERR_ATTRIBUTE_REDEFINED: "an attribute appears twice in one tag. Delete one"
        case XML_ERR_SPACE_REQUIRED: "a space is missing between two attributes, or before an attribute. Add it"
        case XML_ERR_COMMENT_NOT_FINISHED, XML_ERR_HYPHEN_IN_COMMENT:
            "a comment has -- in it or does not end with -->. Delete the comment"
        case XML_ERR_CDATA_NOT_FINISHED: "a CDATA section does not end with ]]>. Add the ]]>"
        case XML_ERR_MISPLACED_CDATA_END: "a text contains the characters ]]>. Write them as ]]&gt;"
        case XML_ERR_PI_NOT_STARTED, XML_ERR_PI_NOT_FINISHED: "an instruction that begins with <? does not end with ?>. Remove it"
        case XML_ERR_RESERVED_XML_NAME:
            "there is an XML declaration (<?xml \u{2026}?>) here, but it may only be at the very start of a file. Remove everything before it, including blank lines and spaces"
        case XML_ERR_XMLDECL_NOT_STARTED, XML_ERR_XMLDECL_NOT_FINISHED, XML_ERR_STRING_NOT_STARTED, XML_ERR_STRING_NOT_CLOSED,
            XML_ERR_VERSION_MISSING, XML_ERR_STANDALONE_VALUE, XML_ERR_ENCODING_NAME, XML_ERR_INVALID_ENCODING,
            XML_ERR_UNKNOWN_ENCODING, XML_ERR_UNSUPPORTED_ENCODING, XML_ERR_MISSING_ENCODING, XML_ERR_UNKNOWN_VERSION,
            XML_ERR_VERSION_MISMATCH:
            "its XML declaration cannot be read. Write it as <?xml version=\"1.0\" encoding=\"UTF-8\"?>"
        case XML_NS_ERR_XML_NAMESPACE, XML_NS_ERR_UNDEFINED_NAMESPACE, XML_NS_ERR_QNAME, XML_NS_ERR_EMPTY, XML_NS_ERR_COLON,
            XML_ERR_NS_DECL_ERROR:
            "a name has a colon, or xmlns is not used as it should be. A return has no namespaces: remove xmlns and the prefixes before the colons"
        case XML_ERR_NAME_TOO_LONG, XML_ERR_INTERNAL_ERROR: "a name or a tag is longer than any return has. Export it again"
        case XML_ERR_NO_MEMORY: "there is not enough memory to read it. Close other programs and run again"
        default: "what is here is not XML. Export the file again"
        }
    }
}
