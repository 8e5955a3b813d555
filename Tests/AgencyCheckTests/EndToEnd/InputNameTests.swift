import Foundation
import TestSupport
import Testing

/// What is in a folder beside returns, and what a shell makes of names.
@Suite struct InputNameTests {
    private let rules = ["--rules", Places.sampleRules]

    /// `check *.csv` in a folder with a file named -dash.csv: it is read as a file.
    @Test func aNameThatStartsWithAHyphenIsAFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("-dash.csv", Checking.returnCSV([["references": "0"]]))
        for name in ["-dash.csv", "-*.csv"] {
            let outcome = try Program.check(["check", name] + rules, in: folder.path)
            #expect(outcome.code == 1, "\(name): \(outcome.errors)")
            #expect(outcome.output.contains("-dash.csv:2: error REF001"))
        }
        let missing = try Program.check(["check", "-other.csv"] + rules, in: folder.path)
        #expect(missing.code == 2)
        #expect(missing.errors.contains("There is no option -other.csv, and no file of that name."))
        #expect(try Program.check(["check", "-h"]).code == 0)
    }

    /// A folder with nothing to check is most likely the wrong folder.
    @Test func nothingToCheckIsReported() throws {
        let folder = try TemporaryFolder()
        try folder.write("empty/.keep", "")
        try folder.write("other/letter.txt", "Dear all,\n")
        try folder.write("left/Thumbs.db", "x")
        try folder.write("left/~$return.xlsx", "x")
        for name in ["empty", "other", "left", "left/~$return.xlsx"] {
            for more in [[], ["--quiet"], ["--out", folder.path + "/out"]] {
                let outcome = try Program.check(["check", folder.path + "/" + name] + rules + more)
                #expect(outcome.code == 3, "\(name)")
                #expect(outcome.errors.contains("There is nothing to check"), "\(name): \(outcome.errors)")
            }
        }
        #expect(!Places.names(in: folder.path).contains("out"))
    }

    /// Files that systems leave behind are skipped in silence, among the inputs and in an earlier output.
    @Test func filesLeftBySystemsAreSkipped() throws {
        let folder = try TemporaryFolder()
        let left = [".DS_Store", "Thumbs.db", "desktop.ini", "~$return.xlsx", ".~lock.return.csv#"]
        try folder.write("in/return.csv", Checking.returnCSV([[:]]))
        for name in left { try folder.write("in/" + name, "x") }
        let out = folder.path + "/out"
        let run = ["check", folder.path + "/in", "--verbose", "--fail-on", "never", "--out", out] + rules
        let first = try Program.check(run)
        #expect(first.code == 0, "\(first.errors)")
        for name in left { #expect(!first.errors.contains(name) && !first.output.contains(name)) }
        for name in left {
            try folder.write("out/" + name, "x")
            try folder.write("out/submission/" + name, "x")
        }
        #expect(try Program.check(["verify", out]).code == 0)
        #expect(try Program.check(run).code == 0)
        // A file that somebody put there is theirs.
        try folder.write("out/notes.txt", "x")
        #expect(try Program.check(run).code == 3)
        // A new folder that only a file manager has opened is empty.
        try folder.write("fresh/.DS_Store", "x")
        #expect(
            try Program.check(["check", folder.path + "/in", "--fail-on", "never", "--out", folder.path + "/fresh"] + rules).code
                == 0)
    }
}
