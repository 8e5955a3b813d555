/// Every limit that holds memory and time flat, in one place. A breach of one is said by name.
public struct Limits: Sendable {
    /// A file may have so many bytes.
    public var fileBytes = 64 << 30
    /// A CSV row may have so many bytes, quoted line breaks included.
    public var rowBytes = 1 << 20
    /// A file may have so many assignments: what is kept of them is counted in 32 bits.
    public var records = 25_000_000
    /// So many rows of a file may be rejected one by one; a file with more of them is refused.
    public var rejectedRows = 250_000
    /// So many columns or elements of a file that are not known are named one by one; how many more there are is said once.
    public var namedUnknown = 100
    /// XML elements may lie so deep in each other.
    public var xmlDepth = 32
    /// An XML element may have so many attributes.
    public var xmlAttributes = 64
    /// The text of one XML element may have so many bytes.
    public var xmlTextBytes = 64 << 10
    /// So many bytes of XML may pass without a tag or a text.
    public var xmlSilentBytes = 256 << 10
    /// The rule book's tables may have so many bytes each.
    public var rulesFileBytes = 16 << 20

    public init() {}
}
