import ByteWriting

/// One self-contained page of HTML, written from top to bottom. Everything that is not markup goes through `text`, which escapes it.
///
/// The page needs no script and asks for nothing from elsewhere: its policy forbids both.
public struct Page {
    public private(set) var buffer = ByteBuffer()
    private var regions = 0

    /// Begins the page; `title` is also what a browser's tab shows.
    public init(title: String) {
        raw("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n")
        raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
        raw("<meta name=\"referrer\" content=\"no-referrer\">\n<title>")
        text(title)
        raw("</title>\n<style>\n")
        raw(Stylesheet.text)
        raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the main content</a>\n")
    }

    /// Ends the page.
    public mutating func end() { raw("</body>\n</html>\n") }

    /// How long the page is so far.
    public var byteCount: Int { buffer.count }

    public mutating func raw(_ markup: String) { buffer.append(markup) }
    /// Text as it stands, escaped. Marks that turn the writing direction become U+FFFD, so that what follows them is shown as it is; a CR,
    /// which HTML does not have, becomes a space.
    public mutating func text(_ text: String) {
        guard text.unicodeScalars.contains(where: { Page.isTurning($0) || $0 == "\r" }) else { return buffer.appendEscaped(text) }
        var shown = ""
        for scalar in text.unicodeScalars {
            shown.unicodeScalars.append(Page.isTurning(scalar) ? "\u{FFFD}" : scalar == "\r" ? " " : scalar)
        }
        buffer.appendEscaped(shown)
    }

    private static func isTurning(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }

    /// An element that holds a text alone. `attributes` are ours and stand as they are.
    public mutating func element(_ tag: String, _ attributes: String = "", _ content: String) {
        raw(attributes.isEmpty ? "<\(tag)>" : "<\(tag) \(attributes)>")
        text(content)
        raw("</\(tag)>\n")
    }

    /// A heading that links can point at.
    public mutating func heading(_ level: Int, _ title: String, id: String) { element("h\(level)", "id=\"\(id)\"", title) }

    public mutating func paragraph(_ content: String) { element("p", "", content) }

    /// A paragraph of plain words in which `backticked` names are shown as code.
    public mutating func prose(_ content: String) {
        raw("<p>")
        inline(content)
        raw("</p>\n")
    }

    private mutating func inline(_ content: String) {
        for (index, piece) in content.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 { raw("<code>") }
            text(String(piece))
            if index % 2 == 1 { raw("</code>") }
        }
    }

    /// A text of paragraphs and numbered or dashed lists, as the rules' pages are written.
    public mutating func document(_ content: String) {
        var list: String?
        for line in content.split(separator: "\n", omittingEmptySubsequences: true).map(String.init) {
            let isDashed = line.hasPrefix("- ")
            let number = line.prefix { $0.isNumber }
            let isNumbered = !number.isEmpty && line.dropFirst(number.count).hasPrefix(". ")
            let wanted = isDashed ? "ul" : isNumbered ? "ol" : nil
            if list != wanted {
                if let list { raw("</\(list)>\n") }
                if let wanted { raw("<\(wanted)>\n") }
                list = wanted
            }
            if wanted != nil {
                raw("<li>")
                inline(String(line.dropFirst(isDashed ? 2 : number.count + 2)))
                raw("</li>\n")
            } else {
                prose(line)
            }
        }
        if let list { raw("</\(list)>\n") }
    }

    // MARK: Tables

    public struct TableColumn {
        /// How its cells stand: as text that wraps, as a short word that does not, as a number.
        public enum Kind: String, Sendable { case text, short, number }

        let name: String
        let kind: Kind

        public init(_ name: String, _ kind: Kind = .text) {
            self.name = name
            self.kind = kind
        }

        var attribute: String { kind == .text ? "" : " class=\"\(kind.rawValue)\"" }
    }

    /// Begins a table that scrolls by itself where it is too wide. The first cell of each row is its heading.
    public mutating func beginTable(_ caption: String, _ columns: [TableColumn]) {
        regions += 1
        raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"table-\(regions)\">\n<table>\n")
        raw("<caption id=\"table-\(regions)\">")
        text(caption)
        raw("</caption>\n<thead><tr>")
        for column in columns {
            raw("<th scope=\"col\"\(column.attribute)>")
            text(column.name)
            raw("</th>")
        }
        raw("</tr></thead>\n<tbody>\n")
        self.columns = columns
    }

    private var columns: [TableColumn] = []

    public mutating func row(_ cells: [String]) {
        raw("<tr>")
        for (index, cell) in cells.enumerated() {
            let tag = index == 0 ? "th scope=\"row\"" : "td"
            raw("<\(tag)\(columns[index].attribute)>")
            text(cell)
            raw(index == 0 ? "</th>" : "</td>")
        }
        raw("</tr>\n")
    }

    public mutating func endTable() { raw("</tbody>\n</table>\n</div>\n") }

    /// A whole table at once.
    public mutating func table(_ caption: String, _ columns: [TableColumn], _ rows: [[String]]) {
        beginTable(caption, columns)
        for cells in rows { row(cells) }
        endTable()
    }

    // MARK: Charts

    /// A chart with its title; its figures stand in a table that the caller writes below.
    public mutating func figure(_ chart: Chart) {
        raw("<figure>\n<figcaption>")
        text(chart.title)
        raw("</figcaption>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
        text("Chart: " + chart.title)
        raw("\">\n")
        buffer.append(chart.svg.bytes)
        raw("</div>\n</figure>\n")
    }
}
