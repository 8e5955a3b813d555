import AgencyModel
import ByteWriting
import Glibc
import SafeFiles
import Wording

/// The only printer: everything on standard output and standard error passes here, and nothing else in the program uses their
/// descriptors (a test checks this). No person's number, e-mail address or National Insurance number passes, wherever it comes from
/// (a file name, a path, a cell of a table, the value of an option), and nothing that controls a terminal.
public enum Terminal {
    private static let output = FileDescriptor(1, name: "standard output")
    private static let errors = FileDescriptor(2, name: "standard error")

    /// Writes text about a run.
    public static func writeError(_ text: String) throws(OutputFault) { try errors.write(Terminal.printed(text)) }
    public static func write(_ text: String) throws(OutputFault) { try output.write(Terminal.printed(text)) }

    /// Writes one sentence from any source, on one line.
    public static func writeErrorLine(_ text: String) throws(OutputFault) { try writeError(HarmlessText.line(text) + "\n") }

    /// Writes the program's and the shipped rules' own words, unmasked, because the numbers in their examples are made up.
    public static func writeOwnWords(_ text: String) throws(OutputFault) { try output.write(HarmlessText.lines(text)) }

    /// Writes a part of a list of findings. Each value was masked when it was added to the list.
    public static func writeList(_ list: ByteBuffer) throws(OutputFault) { try output.write(list.bytes) }

    /// Replaces the last line on a terminal; an empty line clears it.
    public static func writeProgress(_ line: String) throws(OutputFault) {
        try errors.write("\r\u{1B}[K" + HarmlessText.line(line))
    }

    /// Whether standard error is a terminal.
    public static var isWatched: Bool { errors.isTerminal }

    static func printed(_ text: String) -> String {
        // Line by line, because the end of one line and the start of the next do not make a number.
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

    /// The text made safe to print, with colours on a terminal unless NO_COLOR is set.
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
