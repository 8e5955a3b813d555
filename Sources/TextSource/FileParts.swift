import AgencyModel

/// A stretch of a file of UTF-8, from one record's start to another's.
public struct FilePart: Sendable {
    /// Places in the file. The first part begins at its start, the last one ends at its end.
    public let start: Int
    public let end: Int
    public let isFirst: Bool
    public let isLast: Bool

    public init(start: Int, end: Int, isFirst: Bool, isLast: Bool) {
        self.start = start
        self.end = end
        self.isFirst = isFirst
        self.isLast = isLast
    }

    /// Cuts a file into parts of about `size` bytes, each from a place that looks like a record's start. Whether it is one shows when the
    /// part before it is read. One part where the file is small.
    ///
    /// `cut` finds the first such place in a stretch of the file: nil where there is none.
    public static func parts(
        of source: FileSource, size: Int, cut: (UnsafeRawBufferPointer) -> Int?
    ) throws(TextFault) -> [FilePart] {
        guard source.byteCount >= size * 3 / 2 else {
            return [FilePart(start: 0, end: source.byteCount, isFirst: true, isLast: true)]
        }
        let count = (source.byteCount + size / 2) / size
        var cuts = [0]
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
        defer { room.deallocate() }
        for index in 1..<count {
            let near = source.byteCount / count * index
            let read = try source.read(into: room, at: near)
            if let place = cut(UnsafeRawBufferPointer(rebasing: room[..<read])), near + place > cuts.last! {
                cuts.append(near + place)
            }
        }
        return cuts.indices.map { index in
            FilePart(
                start: cuts[index], end: index + 1 < cuts.count ? cuts[index + 1] : source.byteCount, isFirst: index == 0,
                isLast: index + 1 == cuts.count)
        }
    }

    /// Cuts a CSV file of UTF-8: at the start of a line that looks like a row's. A quoted cell may hold such lines.
    public static func rows(of source: FileSource, size: Int) throws(TextFault) -> [FilePart] {
        guard source.head.contains(0x0A) else { return [] }
        return try parts(of: source, size: size) { text in
            // A letter or figure behind the line end, in quotes or not: no blank line, so that the row of this line is surely one
            // that counts.
            (0..<max(0, text.count - 2)).first { place in
                let next = text[place + 1] == 0x22 ? text[place + 2] : text[place + 1]
                return text[place] == 0x0A && (next &- 0x30 < 10 || asciiLower(next) &- 0x61 < 26)
            }.map { $0 + 1 }
        }
    }
}
