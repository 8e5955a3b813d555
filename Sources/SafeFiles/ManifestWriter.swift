import ByteWriting

/// Builds a manifest with one member on each line, and one list element on each line.
public struct ManifestWriter {
    public private(set) var json = ByteBuffer()
    private var isFirst = true

    public init() { json.append("{") }

    private mutating func begin(_ name: String) {
        json.append(isFirst ? "\n  " : ",\n  ")
        isFirst = false
        json.appendJSON(name)
        json.append(": ")
    }

    public mutating func member(_ name: String, _ text: String) {
        begin(name)
        json.appendJSON(text)
    }

    public mutating func member(_ name: String, _ number: Int) {
        begin(name)
        json.append(number: number)
    }

    /// A flat object on one line. The values are JSON already.
    public mutating func member(_ name: String, _ members: [(String, String)]) {
        begin(name)
        append(members)
    }

    public mutating func list(_ name: String, _ elements: [[(String, String)]]) {
        begin(name)
        json.append("[")
        for (index, element) in elements.enumerated() {
            json.append(index == 0 ? "\n    " : ",\n    ")
            append(element)
        }
        json.append(elements.isEmpty ? "]" : "\n  ]")
    }

    private mutating func append(_ members: [(String, String)]) {
        json.append("{")
        json.appendMembers(members)
        json.append("}")
    }

    /// Ends the manifest with the digest of its own text, so that a change in it shows.
    public mutating func end() { json.append(ManifestCheck.ending(Digest.hex(of: json.bytes))) }

    /// A text as JSON.
    public static func text(_ text: String) -> String { ByteBuffer.text { $0.appendJSON(text) } }

    public static func file(_ name: String, _ bytes: Int, _ digest: String) -> [(String, String)] {
        [("file", text(name)), ("bytes", "\(bytes)"), ("sha256", text(digest))]
    }
}
