import Foundation
import TestSupport
import Testing

/// What auditors and data protection officers ask: whether a file is still as it was written, and what can be passed on.
@Suite struct TrustTests {
    private static let rules = ["--rules", Places.sampleRules]

    private func output(_ options: [String] = []) throws -> (TemporaryFolder, String) {
        let folder = try TemporaryFolder()
        let out = folder.path + "/out"
        _ = try Program.check(["check", Places.samples + "/every-rule", "--out", out] + Self.rules + options)
        return (folder, out)
    }

    @Test func changedMissingAndAddedFilesAreNamed() throws {
        let (folder, out) = try output()
        let sound = try Program.check(["verify", out])
        #expect(sound.code == 0 && sound.output.hasSuffix("as written.\n"))
        try folder.write("out/new.txt", "x")
        try folder.write("out/submission/992-2026-Q1/new.csv", "x")
        try FileManager.default.removeItem(atPath: out + "/agencies.csv")
        var bytes = try Places.bytes(out + "/exceptions.csv")
        bytes[100] ^= 1
        try folder.write("out/exceptions.csv", bytes)
        let broken = try Program.check(["verify", out])
        #expect(broken.code == 1)
        #expect(
            broken.output.split(separator: "\n").dropLast() == [
                "agencies.csv: missing", "exceptions.csv: changed", "new.txt: added", "submission/992-2026-Q1/new.csv: added",
            ])
    }

    @Test func aChangedManifestIsReported() throws {
        let (folder, out) = try output()
        for path in ["out/manifest.json", "out/submission/992-2026-Q1/manifest.json"] {
            let text = try Places.text(folder.path + "/" + path)
            try folder.write(path, text.replacing("incomplete", with: "ready"))
            let place = folder.path + "/" + path.split(separator: "/").dropLast().joined(separator: "/")
            let outcome = try Program.check(["verify", place])
            #expect(outcome.code == 1 && outcome.output.hasPrefix("manifest.json: changed\n"), "\(path)")
            try folder.write(path, text)
        }
        #expect(try Program.check(["verify", out]).code == 0)
    }

    /// A log line that did not fit used to break the chain, so that every later run was refused.
    @Test(
        .enabled(
            if: !Program.agencyCheck.contains(".build-thread"),
            "a file of 1,024 bytes: left out under the thread sanitizer, which keeps its own memory in files"))
    func aLogLineThatDoesNotFitIsRemoved() throws {
        let folder = try TemporaryFolder()
        let log = folder.path + "/runs.log"
        let run = ["check", Places.samples + "/clean", "--quiet", "--log", log] + Self.rules
        #expect(try Program.check(run).code == 0)
        let script = "ulimit -f \"$1\"; shift; exec \"$0\" \"$@\""
        // A file can have 1,024 bytes: the second line begins within them and does not end there.
        let cut = try Program.run("/bin/bash", ["-c", script, Program.agencyCheck, "1"] + run)
        #expect(cut.code == 3 && cut.errors.contains("could not be written"), "\(cut.errors)")
        #expect(try Places.text(log).split(separator: "\n").count == 1)
        #expect(try Program.check(run).code == 0)
        #expect(try Program.check(["verify", "--log", log]).output.contains("2 runs, the chain is unbroken"))
    }

    /// A run that was killed just before the exchange used to leave a folder that no later run removed, if the output has no
    /// manifest.
    @Test func foldersOfKilledRunsAreRemovedByTheirMark() throws {
        let folder = try TemporaryFolder()
        try folder.write(".out.agency-check-1/return.csv", "x")
        try folder.write(".out.agency-check-1.mark", "")
        try folder.write(".out.agency-check-2.mark", "")
        try folder.write(".out.agency-check-3/theirs.csv", "x")
        try folder.write(".out.agency-check-x.mark", "")
        #expect(try Program.check(["template", "--out", folder.path + "/out"]).code == 0)
        #expect(Places.names(in: folder.path) == [".out.agency-check-3", ".out.agency-check-x.mark", "out"])
    }

    @Test func filesNotForSuppliersAreNotCopied() throws {
        let folder = try TemporaryFolder()
        _ = try Program.check(["submit", Places.samples + "/clean", "--out", folder.path + "/submit"] + Self.rules)
        _ = try Program.check(["compare", Places.samples + "/clean", "--out", folder.path + "/compare"] + Self.rules)
        for name in ["submit", "compare"] {
            let outcome = try Program.check(["redact", folder.path + "/" + name, "--out", folder.path + "/copy"])
            #expect(outcome.code == 3 && outcome.errors.contains("nothing was copied"), "\(name): \(outcome.errors)")
        }
        #expect(Places.names(in: folder.path) == ["compare", "submit"])
    }

    @Test func aSubmissionOnItsOwnIsVerified() throws {
        let (folder, out) = try output()
        let copy = folder.path + "/copy"
        try FileManager.default.copyItem(atPath: out + "/submission/992-2026-Q1", toPath: copy)
        #expect(try Program.check(["verify", copy]).code == 0)
        try folder.write("copy/problems.csv", "")
        #expect(try Program.check(["verify", copy]).code == 1)
    }

    /// However many returns are in progress on however many cores, a stopped run ends as stopped and leaves nothing behind.
    @Test func aStoppedRunWritesNothingMore() throws {
        let folder = try TemporaryFolder()
        for number in 0..<500 {
            let authority = String("\(1_001 + number)".dropFirst())
            try folder.write(
                "in/\(number).csv", Checking.returnCSV([["assignment_id": "A-\(number)", "authority_code": authority]]))
        }
        // The duration of a complete run on this computer decides when to stop the others, so that some are stopped in progress.
        let script = """
            import os, shutil, signal, subprocess, sys, time
            program, source, place = sys.argv[1:]
            out = place + "/out"
            stopped = 0
            def started():
                command = [program, "check", source, "--out", out, "--quiet"]
                return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            begun = time.monotonic()
            started().communicate()
            whole = time.monotonic() - begun
            print(os.path.exists(out + "/manifest.json"))
            for share in (0.1, 0.3, 0.5, 0.7, 0.9):
                shutil.rmtree(out, ignore_errors=True)
                run = started()
                time.sleep(whole * share)
                run.send_signal(signal.SIGTERM)
                said = run.communicate()[1]
                isStopped = run.returncode in (143, -15)
                stopped += isStopped
                isWhole = os.path.exists(out + "/manifest.json")
                print(said == b"" if isStopped else isWhole, sorted(os.listdir(place)) in ([], ["out"]))
            print(stopped > 0)
            """
        try FileManager.default.createDirectory(atPath: folder.path + "/place", withIntermediateDirectories: true)
        let outcome = try Program.python(script, [Program.agencyCheck, folder.path + "/in", folder.path + "/place"])
        let wanted = "True\n" + String(repeating: "True True\n", count: 5) + "True\n"
        #expect(outcome.output == wanted, "\(outcome.output) \(outcome.errors)")
    }

    @Test(arguments: [
        "", "{}", "{\"tool\": \"agency-check\"}", "[1",
        "{\"tool\": \"agency-check\", \"files\": [{\"file\": \"../x\", \"bytes\": 0, \"sha256\": \"\"}]}",
    ])
    func aFileThatIsNotAManifestIsReported(_ manifest: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("manifest.json", manifest)
        let outcome = try Program.check(["verify", folder.path])
        #expect(outcome.code == 3, "\(outcome.output) \(outcome.errors)")
    }

    @Test func theLogGrowsAndShowsEveryChange() throws {
        let folder = try TemporaryFolder()
        let log = folder.path + "/runs.log"
        for _ in 0..<3 {
            _ = try Program.check(["check", Places.samples + "/clean", "--out", folder.path + "/out", "--log", log] + Self.rules)
        }
        let walk = try Program.check(["verify", folder.path + "/out", "--log", log])
        #expect(walk.code == 0 && walk.output.contains("3 runs, the chain is unbroken."), "\(walk.output)")
        let text = try Places.text(log)
        #expect(!text.contains("SW9") && !text.contains("Larch") && !text.contains("return-991"), "digests and counts alone")
        let lines = text.split(separator: "\n").map(String.init)
        let changes = [
            "a line changed": text.replacing("\"rows\": 4", with: "\"rows\": 5"),
            "a line removed": [lines[0], lines[2]].joined(separator: "\n") + "\n",
            "a line doubled": (lines + [lines[2]]).joined(separator: "\n") + "\n",
            "the order changed": [lines[1], lines[0], lines[2]].joined(separator: "\n") + "\n",
            "the end cut off": String(text.dropLast(20)),
        ]
        for (what, changed) in changes {
            try folder.write("changed.log", changed)
            #expect(try Program.check(["verify", "--log", folder.path + "/changed.log"]).code == 1, "\(what)")
            let more = try Program.check(["check", Places.samples + "/clean", "--log", folder.path + "/changed.log"] + Self.rules)
            #expect(more.code == 3, "nothing is added to a log that was changed: \(what)")
        }
        // An output that no run in the log wrote.
        let (others, other) = try output()
        defer { withExtendedLifetime(others) {} }
        #expect(try Program.check(["verify", other, "--log", log]).code == 1)
    }

    @Test func aRedactedCopyIdentifiesNobody() throws {
        let (folder, out) = try output()
        let copy = folder.path + "/copy"
        #expect(try Program.check(["redact", out, "--out", copy]).code == 0)
        #expect(Places.names(in: copy) == ["agencies.csv", "cap-breaches.csv", "coverage.csv", "exceptions.csv", "manifest.json"])
        let original = try Places.text(out + "/exceptions.csv")
        let text = try Places.text(copy + "/exceptions.csv")
        #expect(original.contains("SW91") && !text.contains("SW91") && !text.contains("HC910003"))
        #expect(text.split(separator: "\r\n").count == original.split(separator: "\r\n").count, "every finding is still there")
        #expect(!(try Places.text(copy + "/cap-breaches.csv").contains("Court deadline")))
        #expect(try Program.check(["verify", copy]).code == 0)
        let one = folder.path + "/one"
        #expect(try Program.check(["redact", out, "--agency", "LARCH LOCUMS(fictional)", "--out", one]).code == 0)
        let theirs = try Places.text(one + "/exceptions.csv").split(separator: "\r\n").dropFirst()
        #expect(
            !theirs.isEmpty && theirs.count < text.split(separator: "\r\n").count - 1
                && theirs.allSatisfy { $0.contains("Larch Locums") }, "\(theirs.count) findings")
        #expect(try Program.check(["redact", Places.samples, "--out", folder.path + "/x"]).code == 3)
    }
}
