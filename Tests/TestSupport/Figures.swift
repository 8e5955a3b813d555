import Foundation
import Glibc

/// Records what a test counted, for the table in docs/reliability.md, as a line in the file that the environment names. Without
/// that file it does nothing.
public enum Figures {
    public static func note(_ name: String, _ count: Int) {
        guard let path = ProcessInfo.processInfo.environment["AGENCY_CHECK_FIGURES"] else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let line = Array("\(name)\t\(count)\n".utf8)
        write(descriptor, line, line.count)
    }

    /// How many seeds a test that can run for a long time uses.
    public static var seeds: Int { ProcessInfo.processInfo.environment["AGENCY_CHECK_SEEDS"].flatMap { Int($0) } ?? 4 }
}
