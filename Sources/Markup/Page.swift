import ByteWriting

/// A self-contained HTML page, written from top to bottom. Everything that is not markup goes through `text`, which escapes it.
///
/// The page needs no script and loads nothing from elsewhere; its content policy forbids both.
public struct Page {
    public private(set) var buffer = ByteBuffer()
    private var regions = 0

    /// Writes the start of the page. `title` is also the title of the browser tab.
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

    /// Writes the end of the page.
    public mutating func end() { raw("</body>\n</html>\n") }

    /// The length of the page so far.
    public var byteCount: Int { buffer.count }

    public mutating func raw(_ markup: String) { buffer.append(markup) }
    /// Appends text, escaped. Characters that change the writing direction become U+FFFD, so that the text after them is shown as
    /// it is. A CR, which HTML does not have, becomes a space.
    public mutating func text(_ text: String) {
        guard text.unicodeScalars.contains(where: { Page.changesDirection($0) || $0 == "\r" }) else {
            return buffer.appendEscaped(text)
        }
        var shown = ""
        for scalar in text.unicodeScalars {
            shown.unicodeScalars.append(Page.changesDirection(scalar) ? "\u{FFFD}" : scalar == "\r" ? " " : scalar)
        }
        buffer.appendEscaped(shown)
    }

    private static func changesDirection(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }

    /// An element that contains only text. `attributes` must be safe, because they are not escaped.
    public mutating func element(_ tag: String, _ attributes: String = "", _ content: String) {
        raw(attributes.isEmpty ? "<\(tag)>" : "<\(tag) \(attributes)>")
        text(content)
        raw("</\(tag)>\n")
    }

    /// A heading with an id, so that links can point to it.
    public mutating func heading(_ level: Int, _ title: String, id: String) { element("h\(level)", "id=\"\(id)\"", title) }

    public mutating func paragraph(_ content: String) { element("p", "", content) }

    /// A paragraph in which names in backticks are shown as code.
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

    /// A text with paragraphs and numbered or dashed lists, as on the rules' pages.
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
        /// How cells are set: text that wraps, a short word that does not wrap, or a number.
        public enum Kind: String, Sendable { case text, short, number }

        let name: String
        let kind: Kind

        public init(_ name: String, _ kind: Kind = .text) {
            self.name = name
            self.kind = kind
        }

        var attribute: String { kind == .text ? "" : " class=\"\(kind.rawValue)\"" }
    }

    /// Begins a table, which can be scrolled if it is too wide. The first cell of each row is its heading.
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

    /// A complete table.
    public mutating func table(_ caption: String, _ columns: [TableColumn], _ rows: [[String]]) {
        beginTable(caption, columns)
        for cells in rows { row(cells) }
        endTable()
    }

    // MARK: Charts

    /// A chart with its title. The caller writes a table with the same figures below it.
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
