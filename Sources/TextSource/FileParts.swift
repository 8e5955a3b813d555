import AgencyModel

/// A part of a UTF-8 file, from the start of one record to the start of another.
public struct FilePart: Sendable {
    /// Offsets in the file. The first part begins at the start of the file, and the last one ends at its end.
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

    /// Divides a file into parts of about `size` bytes. Each begins at an offset that looks like the start of a record; reading the
    /// part before it shows whether it is one. A small file is a single part.
    ///
    /// `cut` finds the first such offset in a block of the file, or nil.
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

    /// Divides a UTF-8 CSV file at the starts of lines that look like rows. A quoted cell may contain such lines.
    public static func rows(of source: FileSource, size: Int) throws(TextFault) -> [FilePart] {
        guard source.head.contains(0x0A) else { return [] }
        return try parts(of: source, size: size) { text in
            // Requires a letter or digit after the line end, quoted or not. This excludes blank lines, so the row on this line
            // always counts.
            (0..<max(0, text.count - 2)).first { place in
                let next = text[place + 1] == 0x22 ? text[place + 2] : text[place + 1]
                return text[place] == 0x0A && (next &- 0x30 < 10 || asciiLower(next) &- 0x61 < 26)
            }.map { $0 + 1 }
        }
    }
}
