import AgencyModel

/// A stretch of a CSV file of UTF-8, from one line's start to another's.
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

    /// Cuts a file into parts of about `size` bytes, each at the start of a line that looks like a row's. Whether it is one shows when
    /// the part before it is read: a quoted cell may hold such lines. One part where the file is small or has no line ends.
    public static func parts(of source: FileSource, size: Int) throws(TextFault) -> [FilePart] {
        guard source.byteCount >= size * 3 / 2, source.head.contains(0x0A) else {
            return [FilePart(start: 0, end: source.byteCount, isFirst: true, isLast: true)]
        }
        let count = (source.byteCount + size / 2) / size
        var cuts = [0]
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
        defer { room.deallocate() }
        for index in 1..<count {
            let near = source.byteCount / count * index
            let read = try source.read(into: room, at: near)
            // A letter or figure behind the line end: no blank line, so that the row of this line is surely one that counts.
            let cut = (0..<max(0, read - 1)).first { place in
                let next = room[place + 1]
                return room[place] == 0x0A && (next &- 0x30 < 10 || asciiLower(next) &- 0x61 < 26)
            }
            if let cut, near + cut + 1 > cuts.last! { cuts.append(near + cut + 1) }
        }
        return cuts.indices.map { index in
            FilePart(
                start: cuts[index], end: index + 1 < cuts.count ? cuts[index + 1] : source.byteCount, isFirst: index == 0,
                isLast: index + 1 == cuts.count)
        }
    }
}
