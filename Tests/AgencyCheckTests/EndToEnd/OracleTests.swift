import Foundation
import TestSupport
import Testing

/// An independent implementation of every rule, slow and plain, in another language: Tests/Oracle. It and the program read the same
/// altered regions and must find the same.
@Suite struct OracleTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6]) func programAndOracleFindTheSame(_ block: Int) throws {
        let seeds = (block * 5..<block * 5 + 5).map(String.init)
        let outcome = try Program.run(
            "/usr/bin/env", ["python3", Places.root + "/Tests/Oracle/compare.py", Program.agencyCheck, Places.rules] + seeds)
        let lines = outcome.output.split(separator: "\n")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(lines.count == 1, "\(outcome.output)")
        #expect(lines.last?.hasPrefix("5 regions, ") == true)
    }
}
