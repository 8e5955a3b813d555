import ByteWriting

/// A drawing with a title and, for people who cannot see it, a sentence that describes it.
public struct Chart {
    public let title: String
    let svg: ByteBuffer

    static let width = 760
    static let blue = "#12436D"
    static let plum = "#801650"

    /// Writes the start of the drawing, with its title and description.
    static func begin(_ height: Int, _ title: String, _ description: String, into svg: inout ByteBuffer) {
        svg.append("<svg viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-label=\"")
        svg.appendEscaped(title + ". " + description)
        svg.append("\" xmlns=\"http://www.w3.org/2000/svg\">\n")
    }

    static func text(
        _ content: String, x: Int, y: Int, anchor: String = "start", size: Int = 14, into svg: inout ByteBuffer
    ) {
        svg.append("<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\" font-size=\"\(size)\">")
        svg.appendEscaped(content)
        svg.append("</text>\n")
    }

    // MARK: Bars

    public struct Bar {
        let label: String
        let value: Int
        let shown: String

        /// `shown` is the value in words, such as £1,200 or 12.
        public init(label: String, value: Int, shown: String) {
            self.label = label
            self.value = value
            self.shown = shown
        }
    }

    /// Horizontal bars in the given order, each with its name in front and its value behind.
    public static func bars(_ title: String, _ description: String, _ bars: [Bar]) -> Chart {
        let (rowHeight, labelWidth, valueWidth) = (30, 300, 110)
        var svg = ByteBuffer()
        begin(bars.count * rowHeight + 8, title, description, into: &svg)
        let room = width - labelWidth - valueWidth
        let most = max(1, bars.map(\.value).max() ?? 1)
        for (index, bar) in bars.enumerated() {
            let y = index * rowHeight + 4
            let length = bar.value > 0 ? max(2, scaled(bar.value, by: room, over: most)) : 0
            text(shortened(bar.label, to: 38), x: labelWidth - 8, y: y + 17, anchor: "end", into: &svg)
            svg.append(
                "<rect x=\"\(labelWidth)\" y=\"\(y + 3)\" width=\"\(length)\" height=\"\(rowHeight - 10)\" fill=\"\(blue)\"/>\n")
            text(bar.shown, x: labelWidth + length + 6, y: y + 17, into: &svg)
        }
        svg.append(
            "<line x1=\"\(labelWidth)\" y1=\"0\" x2=\"\(labelWidth)\" y2=\"\(bars.count * rowHeight + 8)\" stroke=\"#0b0c0c\"/>\n")
        svg.append("</svg>\n")
        return Chart(title: title, svg: svg)
    }

    // MARK: Dots about a line

    public struct DotRow {
        let label: String
        let note: String
        /// Distances from the line, from low to high, in pence.
        let pence: [Int]

        public init(label: String, note: String, pence: [Int]) {
            self.label = label
            self.note = note
            self.pence = pence
        }
    }

    /// Shows the values of each row as stacked dots beside a vertical line: circles on the line or left of it, diamonds right of
    /// it. If many values are equal, one dot represents several, and the description says so.
    public static func dots(_ title: String, _ description: String, line: String, _ rows: [DotRow]) -> Chart {
        let (labelWidth, right, top, rowHeight, most) = (190, 24, 34, 84, 7)
        let room = width - labelWidth - right
        let low = min(0, rows.compactMap(\.pence.first).min() ?? 0)
        let high = max(0, rows.compactMap(\.pence.last).max() ?? 0)
        let step = niceStep(max(100, high - low) / 6)
        let (from, to) = (floorDivide(low - step / 4, step) * step, -floorDivide(-(high + step / 4), step) * step)
        let binWidth = 10
        let bins = room / binWidth
        func x(_ pence: Int) -> Int { labelWidth + scaled(pence - from, by: room, over: to - from) }
        // No bin has values from both sides of the line, so every dot is on the correct side.
        let zero = x(0)
        func bin(_ pence: Int) -> Int {
            let offset = x(pence) - zero
            return pence <= 0 ? -(-offset / binWidth) - 1 : offset / binWidth
        }
        var counts: [[Int: Int]] = []
        for row in rows {
            var count: [Int: Int] = [:]
            for pence in row.pence { count[max(-bins, min(bins, bin(pence))), default: 0] += 1 }
            counts.append(count)
        }
        let tallest = counts.flatMap(\.values).max() ?? 1
        let perDot = (tallest + most - 1) / most
        let height = top + rows.count * rowHeight + 34
        let dotNote = perDot > 1 ? " One mark shows up to \(perDot) assignments." : " One mark is one assignment."
        var svg = ByteBuffer()
        begin(height, title, description + dotNote, into: &svg)
        text(line, x: zero, y: 16, anchor: "middle", into: &svg)
        if perDot > 1 { text("one mark: up to \(perDot)", x: 0, y: 16, size: 13, into: &svg) }
        var tick = from
        while tick <= to {
            svg.append("<line x1=\"\(x(tick))\" y1=\"\(top)\" x2=\"\(x(tick))\" y2=\"\(height - 30)\" stroke=\"#d8dadb\"/>\n")
            text(pounds(tick), x: x(tick), y: height - 12, anchor: "middle", size: 13, into: &svg)
            tick += step
        }
        for (index, row) in rows.enumerated() {
            let base = top + (index + 1) * rowHeight - 6
            text(shortened(row.label, to: 26), x: 0, y: base - 26, into: &svg)
            text(shortened(row.note, to: 30), x: 0, y: base - 8, size: 13, into: &svg)
            svg.append("<line x1=\"\(labelWidth)\" y1=\"\(base)\" x2=\"\(width - right)\" y2=\"\(base)\" stroke=\"#b1b4b6\"/>\n")
            for (place, count) in counts[index].sorted(by: { $0.key < $1.key }) {
                let centre = zero + place * binWidth + binWidth / 2
                for level in 0..<((count + perDot - 1) / perDot) {
                    let y = base - 6 - level * 10
                    if place < 0 {
                        svg.append("<circle cx=\"\(centre)\" cy=\"\(y)\" r=\"4\" fill=\"\(blue)\"/>\n")
                    } else {
                        svg.append("<path d=\"M\(centre) \(y - 5)l5 5l-5 5l-5 -5z\" fill=\"\(plum)\"/>\n")
                    }
                }
            }
        }
        svg.append(
            "<line x1=\"\(zero)\" y1=\"\(top - 12)\" x2=\"\(zero)\" y2=\"\(height - 30)\" stroke=\"#0b0c0c\" stroke-width=\"2\"/>\n"
        )
        svg.append("</svg>\n")
        return Chart(title: title, svg: svg)
    }

    /// `value * room / whole` without overflow. A `whole` below 1 counts as 1.
    static func scaled(_ value: Int, by room: Int, over whole: Int) -> Int {
        Int(clamping: Int128(value) * Int128(room) / Int128(max(1, whole)))
    }

    /// The smallest step of 1, 2 or 5 times a power of ten that is not below `least`.
    static func niceStep(_ least: Int) -> Int {
        var unit = 100
        while true {
            for factor in [1, 2, 5] where unit * factor >= least { return unit * factor }
            unit *= 10
        }
    }

    static func floorDivide(_ value: Int, _ by: Int) -> Int {
        value >= 0 ? value / by : -((-value + by - 1) / by)
    }

    private static func pounds(_ pence: Int) -> String {
        (pence < 0 ? "-£" : pence > 0 ? "+£" : "£") + String(abs(pence) / 100)
    }

    static func shortened(_ label: String, to count: Int) -> String {
        label.count <= count ? label : label.prefix(count - 1) + "\u{2026}"
    }
}
