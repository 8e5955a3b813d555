import ByteWriting

/// Charts of a comparison: boxes and strips of rates, and small multiples over time.
extension Chart {
    /// One row of a chart of rates. All values are in pence an hour, in ascending order.
    public struct RateRow {
        let label: String
        let strip: [Int]
        let box: (lower: Int, median: Int, upper: Int)?
        let whiskers: (lowest: Int, highest: Int)?
        let median: Int?
        let cap: Int?

        /// `strip` has the individual values, or none if they must not be shown. `median` is shown without a box if there is no
        /// box.
        public init(
            label: String, strip: [Int], box: (lower: Int, median: Int, upper: Int)?, whiskers: (lowest: Int, highest: Int)?,
            median: Int?, cap: Int?
        ) {
            self.label = label
            self.strip = strip
            self.box = box
            self.whiskers = whiskers
            self.median = median
            self.cap = cap
        }

        public var hasCap: Bool { cap != nil }

        var values: [Int] {
            strip + [box?.lower, box?.upper, whiskers?.lowest, whiskers?.highest, median, cap].compactMap { $0 }
        }
    }

    /// Shows for each row the middle half of its rates as a box with a bar at the median, the lowest and highest rates as whiskers,
    /// each rate as a dot above them, and the cap as a dashed line.
    public static func rates(_ title: String, _ description: String, _ rows: [RateRow]) -> Chart {
        let (labelWidth, right, top, rowHeight) = (230, 20, 30, 46)
        let room = width - labelWidth - right
        let all = rows.flatMap(\.values)
        let (low, high) = (all.min() ?? 0, all.max() ?? 100)
        let step = niceStep(max(100, high - low) / 6)
        let (from, to) = (floorDivide(low, step) * step, -floorDivide(-high, step) * step)
        func x(_ pence: Int) -> Int { labelWidth + scaled(pence - from, by: room, over: to - from) }
        let height = top + rows.count * rowHeight + 34
        var svg = ByteBuffer()
        begin(height, title, description, into: &svg)
        var tick = from
        while tick <= to {
            line(x(tick), top, x(tick), height - 30, "#d8dadb", 1, into: &svg)
            text("£\(tick / 100)", x: x(tick), y: height - 12, anchor: "middle", size: 13, into: &svg)
            tick += step
        }
        let caps = Set(rows.compactMap(\.cap))
        if let cap = caps.min() {
            text(caps.count == 1 ? "the cap" : "the caps", x: min(x(cap), width - 32), y: 18, anchor: "middle", into: &svg)
        }
        for (index, row) in rows.enumerated() {
            let (start, middle) = (top + index * rowHeight, top + index * rowHeight + 28)
            text(shortened(row.label, to: 29), x: labelWidth - 10, y: middle + 5, anchor: "end", into: &svg)
            if let whiskers = row.whiskers {
                line(x(whiskers.lowest), middle, x(whiskers.highest), middle, blue, 2, into: &svg)
                for end in [whiskers.lowest, whiskers.highest] { line(x(end), middle - 6, x(end), middle + 6, blue, 2, into: &svg) }
            }
            if let box = row.box {
                svg.append("<rect x=\"\(x(box.lower))\" y=\"\(middle - 9)\" width=\"\(max(2, x(box.upper) - x(box.lower)))\" ")
                svg.append("height=\"18\" fill=\"#c9d7e4\" stroke=\"\(blue)\" stroke-width=\"2\"/>\n")
            }
            for value in row.strip { svg.append("<circle cx=\"\(x(value))\" cy=\"\(start + 9)\" r=\"3\" fill=\"\(blue)\"/>\n") }
            if let median = row.median { line(x(median), middle - 10, x(median), middle + 10, "#0b0c0c", 4, into: &svg) }
            if let cap = row.cap {
                svg.append("<line x1=\"\(x(cap))\" y1=\"\(start)\" x2=\"\(x(cap))\" y2=\"\(start + rowHeight)\" ")
                svg.append("stroke=\"\(plum)\" stroke-width=\"3\" stroke-dasharray=\"6 3\"/>\n")
            }
        }
        svg.append("</svg>\n")
        return Chart(title: title, svg: svg)
    }

    // MARK: Small multiples

    /// One small drawing of a value over time.
    public struct Panel {
        let label: String
        let values: [Int?]
        let shown: String

        /// `values` has one value for each quarter, or nil. `shown` is the last value in words.
        public init(label: String, values: [Int?], shown: String) {
            self.label = label
            self.values = values
            self.shown = shown
        }
    }

    /// Small line charts side by side on one scale, four in a row. The scale starts at zero or just below the smallest value.
    public static func multiples(
        _ title: String, _ description: String, from first: String, to last: String,
        startsAtNought: Bool, _ panels: [Panel]
    ) -> Chart {
        let (columns, panelHeight, gap) = (4, 132, 16)
        let panelWidth = (width - (columns - 1) * gap) / columns
        let rows = (panels.count + columns - 1) / columns
        var svg = ByteBuffer()
        begin(rows * panelHeight + 8, title, description, into: &svg)
        let all = panels.flatMap { $0.values.compactMap { $0 } }
        let (high, low) = (all.max() ?? 1, all.min() ?? 0)
        let least = startsAtNought ? 0 : max(0, low - (high - low) / 8 - 1)
        let most = max(1, high - least)
        let plot = panelHeight - 76
        for (index, panel) in panels.enumerated() {
            let (left, top) = (index % columns * (panelWidth + gap), index / columns * panelHeight)
            let base = top + 40 + plot
            text(shortened(panel.label, to: 24), x: left, y: top + 15, size: 13, into: &svg)
            text(panel.shown, x: left, y: top + 32, size: 13, into: &svg)
            line(left, base, left + panelWidth, base, "#b1b4b6", 1, into: &svg)
            func point(_ place: Int, _ value: Int) -> (Int, Int) {
                let share = scaled(value - least, by: plot - 6, over: most)
                return (left + 5 + place * (panelWidth - 10) / max(1, panel.values.count - 1), base - share)
            }
            var previous: (Int, Int)?
            for (place, value) in panel.values.enumerated() {
                guard let value, value >= 0 else {
                    previous = nil
                    continue
                }
                let now = point(place, value)
                if let previous { line(previous.0, previous.1, now.0, now.1, blue, 2, into: &svg) }
                svg.append("<circle cx=\"\(now.0)\" cy=\"\(now.1)\" r=\"3\" fill=\"\(blue)\"/>\n")
                previous = now
            }
            text(first, x: left, y: base + 15, size: 12, into: &svg)
            text(last, x: left + panelWidth, y: base + 15, anchor: "end", size: 12, into: &svg)
        }
        svg.append("</svg>\n")
        return Chart(title: title, svg: svg)
    }

    private static func line(
        _ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int, _ colour: String, _ thickness: Int, into svg: inout ByteBuffer
    ) {
        svg.append(
            "<line x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\" stroke=\"\(colour)\" stroke-width=\"\(thickness)\"/>\n")
    }
}
