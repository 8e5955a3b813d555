/// All limits that keep memory and time within bounds. A message names the limit that was exceeded.
public struct Limits: Sendable {
    /// The largest number of bytes in a file.
    public var fileBytes = 64 << 30
    /// The largest number of bytes in a CSV row, including line breaks within quotation marks.
    public var rowBytes = 1 << 20
    /// The largest number of assignments in a file: their data is counted in 32 bits.
    public var records = 25_000_000
    /// The largest number of rejected rows in a file that are reported one by one. A file with more is refused.
    public var rejectedRows = 250_000
    /// The number of unknown columns or elements in a file that are named one by one. The others are counted together.
    public var namedUnknown = 100
    /// The largest number of nested XML elements.
    public var xmlDepth = 32
    /// The largest number of attributes of an XML element.
    public var xmlAttributes = 64
    /// The largest number of bytes in the text of an XML element.
    public var xmlTextBytes = 64 << 10
    /// The largest number of bytes of XML without a tag or text.
    public var xmlSilentBytes = 256 << 10
    /// The largest number of bytes in each table of the rule book.
    public var rulesFileBytes = 16 << 20

    public init() {}
}
