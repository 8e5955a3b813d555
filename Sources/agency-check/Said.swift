import AgencyModel
import SafeFiles

/// The one way to the terminal for words about a run: no Social Work England number passes, wherever it came from (a file's name, a path, a
/// cell of a table, an option's value).
enum Said {
    static func toErrors(_ text: String) throws { try FileDescriptor.standardError.write(NumberMask.masked(text)) }
    static func toOutput(_ text: String) throws { try FileDescriptor.standardOutput.write(NumberMask.masked(text)) }
}
