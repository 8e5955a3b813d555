import AgencyModel
import ByteWriting
import Glibc
import SafeFiles
import Wording

/// The one printer: whatever goes to standard output or standard error passes here, and nothing else in the program holds their descriptors
/// (a test of the house looks). No person's number, mail address or National Insurance number passes, wherever it came from (a file's name, a
/// path, a cell of a table, an option's value), and nothing that steers a terminal.
public enum Terminal {
    private static let output = FileDescriptor(1, name: "standard output")
    private static let errors = FileDescriptor(2, name: "standard error")

    /// Words about a run.
    public static func writeError(_ text: String) throws(OutputFault) { try errors.write(Terminal.printed(text)) }
    public static func write(_ text: String) throws(OutputFault) { try output.write(Terminal.printed(text)) }

    /// One sentence of whatever origin, in one line.
    public static func writeErrorLine(_ text: String) throws(OutputFault) { try writeError(HarmlessText.line(text) + "\n") }

    /// The program's and the shipped rules' own words: their examples hold made-up numbers, which stay.
    public static func writeOwnWords(_ text: String) throws(OutputFault) { try output.write(HarmlessText.lines(text)) }

    /// A piece of a list of findings, each value of which was masked when it was put into the list.
    public static func writeList(_ list: ByteBuffer) throws(OutputFault) { try output.write(list.bytes) }

    /// Takes the place of the last line on a terminal; empty to clear it.
    public static func writeProgress(_ line: String) throws(OutputFault) {
        try errors.write("\r\u{1B}[K" + HarmlessText.line(line))
    }

    /// Whether a person watches what goes to standard error.
    public static var isWatched: Bool { errors.isTerminal }

    static func printed(_ text: String) -> String {
        // Line by line: the end of one and the start of the next are no number.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let masked = lines.map { PersonMask().masked(String($0), in: .sentence) }.joined(separator: "\n")
        return coloured(masked)
    }

    private static func sequence(_ style: Style) -> String {
        switch style {
        case .bold: "\u{1B}[1m"
        case .red: "\u{1B}[31m"
        case .green: "\u{1B}[32m"
        case .plain: "\u{1B}[0m"
        }
    }

    /// The text made harmless, with colours where a person watches and NO_COLOR does not forbid them.
    private static func coloured(_ text: String) -> String {
        let isColoured = isWatched && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
        var result = ""
        var piece = ""
        for character in text {
            guard let style = Style(rawValue: character) else {
                piece.append(character)
                continue
            }
            result += HarmlessText.lines(piece) + (isColoured ? sequence(style) : "")
            piece = ""
        }
        return result + HarmlessText.lines(piece)
    }
}
