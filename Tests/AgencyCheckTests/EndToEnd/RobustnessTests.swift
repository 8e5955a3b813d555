import ArgumentParser
import Foundation
import Glibc
import TestSupport
import Testing
@testable import agency_check

/// A run always ends, with a message and an exit code, and never by crashing.
@Suite struct RobustnessTests {
    private static let rules = ["--rules", Places.sampleRules]
    private static let clean = Places.samples + "/clean"

    /// Runs the program from a shell, with limits or redirections before it. It is ended after a number of seconds.
    private func shell(_ script: String, in folder: TemporaryFolder, seconds: Int = 60) throws -> Program.Outcome {
        try Program.run(
            "/usr/bin/timeout", ["-s", "KILL", "\(seconds)", "/bin/sh", "-c", script],
            environment: ["P": Program.agencyCheck, "RULES": Places.sampleRules, "CLEAN": RobustnessTests.clean], in: folder.path)
    }

    // MARK: Resources

    @Test(arguments: [8, 12, 20, 30])
    func tooFewOpenFilesAreReported(_ files: Int) throws {
        let folder = try TemporaryFolder()
        let outcome = try shell("ulimit -n \(files); exec $P check $CLEAN --rules $RULES --out out", in: folder)
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("ulimit -n"))
        #expect(Places.names(in: folder.path) == [])
    }

    @Test(arguments: [64, 128, 256])
    func aSmallStackLimitIsEnough(_ kilobytes: Int) throws {
        let folder = try TemporaryFolder()
        let outcome = try shell("ulimit -s \(kilobytes); exec $P check $CLEAN --rules $RULES --out out --quiet", in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

    /// From the size at which the loader can map the program's libraries.
    @Test(arguments: stride(from: 150, through: 400, by: 50).map { $0 })
    func littleMemoryIsReportedOrEnough(_ megabytes: Int) throws {
        let folder = try TemporaryFolder()
        let outcome = try shell("ulimit -v \(megabytes * 1024); exec $P check $CLEAN --rules $RULES --out out --quiet", in: folder)
        let isLoaded = !outcome.errors.contains("error while loading shared libraries")
        #expect(isLoaded || megabytes < 400, "\(outcome.errors)")
        #expect([0, 3].contains(outcome.code) || !isLoaded, "\(megabytes) MB: \(outcome.code) \(outcome.errors)")
        #expect(outcome.code == 0 || !isLoaded || outcome.errors.contains("memory"), "\(outcome.errors)")
        #expect(Places.names(in: folder.path).filter { $0.contains(".agency-check-") } == [])
    }

    // MARK: Standard output

    @Test(arguments: [
        "--help", "--version", "help check", "check --help", "rules list", "rules check", "explain CAP001", "explain all",
        "check $CLEAN --rules $RULES --format json", "submit $CLEAN --rules $RULES --out out", "history list --store s.sqlite",
        "history add $CLEAN --rules $RULES --store s.sqlite", "history check --store s.sqlite", "history replaced --store s.sqlite",
        "verify checked",
    ])
    func unwritableStandardOutputIsReported(_ command: String) throws {
        let folder = try TemporaryFolder()
        _ = try shell(
            "$P history add $CLEAN --rules $RULES --store s.sqlite; $P check $CLEAN --rules $RULES --out checked", in: folder)
        let full = try shell("$P \(command) > /dev/full", in: folder)
        #expect(full.code == 3, "\(command): \(full.code)")
        #expect(full.errors.contains("standard output could not be written"))
        let closed = try shell("$P \(command) >&-", in: folder)
        #expect(closed.code == 3, "\(command) closed: \(closed.code) \(closed.errors)")
    }

    @Test func aClosedPipeDoesNotEndTheRunBySignal() throws {
        let folder = try TemporaryFolder()
        let outcome = try shell("{ $P explain all; echo $? > code; } | true", in: folder)
        #expect(outcome.code == 0)
        #expect(["0\n", "3\n"].contains(try Places.text(folder.path + "/code")))
    }

    // MARK: Paths

    /// What may be given as a file but is not one.
    private static let kinds = [
        "fifo", "folder", "dangling", "socket", "/dev/zero", "/dev/full", "/dev/null", "missing/below", "afile/below",
    ]

    private func kindsPlace() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try shell(
            """
            mkfifo fifo; mkdir folder; echo x > folder/own.txt; ln -s nowhere dangling; echo x > afile
            python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
            $P check $CLEAN --rules $RULES --out checked --quiet; $P history add $CLEAN --rules $RULES --store s.sqlite --quiet
            """, in: folder)
        return folder
    }

    /// Each option and argument that takes a path, with `@` for the path.
    static let pathOptions = [
        "check @ --rules $RULES", "check $CLEAN --rules @", "check $CLEAN --rules $RULES --out @",
        "check $CLEAN --rules $RULES --log @", "check $CLEAN --rules $RULES --history @", "check $CLEAN --rules $RULES --accept @",
        "submit @ --rules $RULES --out o", "submit $CLEAN --rules $RULES --out @",
        "submit $CLEAN --rules $RULES --out o --history @",
        "compare @ --rules $RULES --out o", "compare $CLEAN --rules $RULES --out @", "compare --history @ --rules $RULES --out o",
        "health @ --rules $RULES --out o", "health $CLEAN --rules $RULES --out @", "redact @ --out o", "redact checked --out @",
        "verify @", "verify checked --log @", "history add @ --rules $RULES --store s.sqlite",
        "history add $CLEAN --rules $RULES --store @", "history list --store @", "history export --store s.sqlite --out @",
        "evidence @ --rules $RULES", "evidence --store @", "sample --out @", "template --out @", "rules check --rules @",
        "explain CAP001 --rules @",
    ]

    @Test(arguments: pathOptions)
    func noPathHangsOrCrashesARun(_ command: String) throws {
        let folder = try kindsPlace()
        for kind in RobustnessTests.kinds {
            let full = "$P " + command.replacing("@", with: kind) + " < /dev/null"
            let outcome = try shell(full, in: folder, seconds: 40)
            #expect((0...3).contains(outcome.code), "\(full): \(outcome.code) \(outcome.errors)")
            if outcome.code > 1 { #expect(!outcome.errors.isEmpty || outcome.output.contains("IMP001"), "\(full)") }
            #expect(Places.names(in: folder.path).filter { $0.contains(".agency-check-") } == [], "\(full)")
        }
        #expect(try Places.text(folder.path + "/folder/own.txt") == "x\n")
    }

    @Test(arguments: ["/dev/zero", "/dev/full", "fifo", "folder", "dangling", "socket", "link"])
    func aLogMustBeARegularFile(_ log: String) throws {
        let folder = try kindsPlace()
        _ = try shell("$P check $CLEAN --rules $RULES --log log.jsonl --quiet; ln -s log.jsonl link", in: folder)
        for command in ["check $CLEAN --rules $RULES", "submit $CLEAN --rules $RULES --out o", "verify"] {
            let outcome = try shell("$P \(command) --log \(log)", in: folder, seconds: 20)
            #expect(outcome.code == 3)
            #expect(outcome.errors.contains("so it cannot be a log"), "\(outcome.errors)")
        }
    }

    // MARK: Options

    /// Every option that takes one value is refused if it is given twice, for every command. The options come from the program's
    /// own description.
    @Test func anOptionGivenTwiceIsRefused() throws {
        struct Info: Decodable {
            struct Command: Decodable {
                struct Argument: Decodable {
                    struct Name: Decodable { let kind: String; let name: String }
                    let kind: String
                    let isRepeating: Bool
                    let names: [Name]?
                }
                let commandName: String
                let subcommands: [Command]?
                let arguments: [Argument]?
            }
            let command: Command
        }
        let dump = try Program.check(["--experimental-dump-help"])
        let info = try JSONDecoder().decode(Info.self, from: Data(dump.output.utf8))
        var count = 0
        func look(_ command: Info.Command, _ path: [String]) throws {
            for argument in command.arguments ?? [] {
                for name in argument.names ?? [] where name.kind == "long" {
                    let option = "--" + name.name
                    if argument.kind == "flag" || argument.isRepeating {
                        #expect(Arguments.mayRepeat.contains(option) || argument.kind == "flag", "\(option)")
                        continue
                    }
                    count += 1
                    for twice in [[option, "1", option, "2"], [option + "=1", option + "=2"], [option, "1", option + "=1"]] {
                        #expect(throws: ValidationError.self) { try Arguments.read(path + twice) }
                    }
                }
            }
            for sub in command.subcommands ?? [] { try look(sub, path + [sub.commandName]) }
        }
        try look(info.command, [])
        #expect(count > 40)
        let folder = try TemporaryFolder()
        let outcome = try shell("$P compare --history a --history b --out o", in: folder)
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("--history is given more than once"))
        #expect(throws: Never.self) { try Arguments.read(["check", "a", "--quiet", "--quiet", "--", "--out", "--out"]) }
    }

    @Test func aFileNamedLikeAnOptionIsReadAsAFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("-dash.csv", Checking.returnCSV([[:]]))
        let outcome = try shell("$P check -dash.csv --rules $RULES", in: folder)
        #expect(outcome.errors.contains("1 row read"))
        #expect(try shell("$P check -other.csv --rules $RULES", in: folder).code == 2)
    }

    @Test(arguments: [
        "check missing.csv --rules $RULES --quiet", "submit missing.csv --rules $RULES --out o --quiet",
        "compare $CLEAN missing.csv --rules $RULES --out o --quiet", "compare missing.csv --rules $RULES --out o --quiet",
        "history add missing.csv --rules $RULES --store s.sqlite --quiet", "health missing.csv --rules $RULES --out o --quiet",
    ])
    func quietDoesNotHideErrors(_ command: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try shell("$P \(command)", in: folder)
        #expect(outcome.code == 3)
        #expect((outcome.errors + (command.hasPrefix("check") ? outcome.output : "")).contains("missing.csv"), "\(outcome.errors)")
    }

    // MARK: Output folders

    @Test func filesLeftByDesktopsDoNotBlock() throws {
        let folder = try TemporaryFolder()
        _ = try shell("$P check $CLEAN --rules $RULES --out out --quiet", in: folder)
        for name in [".DS_Store", "Thumbs.db", ".~lock.exceptions.csv#", "~$exceptions.xlsx", "submission/.DS_Store"] {
            try folder.write("out/" + name, "x")
        }
        #expect(try shell("$P check $CLEAN --rules $RULES --out out --quiet", in: folder).code == 0)
        #expect(!Places.names(in: folder.path + "/out").contains(".DS_Store"))
    }

    @Test func anEditedOutputIsNotOverwritten() throws {
        let folder = try TemporaryFolder()
        _ = try shell("$P check $CLEAN --rules $RULES --out out --quiet", in: folder)
        let edited = try Places.text(folder.path + "/out/exceptions.csv") + "my,notes\r\n"
        try folder.write("out/exceptions.csv", edited)
        let outcome = try shell("$P check $CLEAN --rules $RULES --out out --quiet", in: folder)
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("exceptions.csv was changed since agency-check wrote it"))
        #expect(try Places.text(folder.path + "/out/exceptions.csv") == edited)
        // The advice in the message works.
        #expect(try shell("mv out/exceptions.csv mine.csv; $P check $CLEAN --rules $RULES --out out --quiet", in: folder).code == 0)
    }

    // MARK: Comparing

    @Test func aReturnInTwoFilesIsNotAddedUp() throws {
        let folder = try TemporaryFolder()
        let rows = (1...6).map { ["assignment_id": "A-\($0)", "swe_number": "SW10000\($0)"] }
        try folder.write("first.csv", Checking.returnCSV(rows))
        try folder.write("second.csv", Checking.returnCSV(rows.map { $0.merging(["hours_in_quarter": "299"]) { $1 } }))
        let outcome = try shell("$P compare first.csv second.csv --rules $RULES --out o", in: folder)
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("the return of 991 for 2026-Q1 appears more than once"))
        #expect(outcome.errors.contains("first.csv, second.csv"))
        #expect(Places.names(in: folder.path) == ["first.csv", "second.csv"])
        // Two parts of a return are one return.
        try folder.write("second.csv", Checking.returnCSV([["assignment_id": "B-1", "swe_number": "SW200001"]]))
        let parts = try shell("$P compare first.csv second.csv --rules $RULES --out o", in: folder)
        #expect(parts.code == 0)
        #expect(parts.errors.contains("appears in parts, all of which count"))
    }

    // MARK: Signals

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func aSignalEndsARun(_ signal: Int32) throws {
        let folder = try TemporaryFolder()
        // From Python, because a background process of a shell ignores SIGINT.
        let script = """
            import os, subprocess, sys, time
            program, number, place = sys.argv[1], int(sys.argv[2]), sys.argv[3]
            os.chdir(place)
            subprocess.run([program, "sample", "--authorities", "4", "--assignments", "20000", "--out", "big"], check=True)
            run = subprocess.Popen([program, "check", "big", "--rules", "big/rules", "--out", "out", "--quiet"], stdout=subprocess.DEVNULL)
            while run.poll() is None and not any(".agency-check-" in name for name in os.listdir(".")): time.sleep(0.001)
            run.send_signal(number)
            code = run.wait(60)
            print(code if code >= 0 else 128 - code, sorted(os.listdir(".")))
            """
        let outcome = try Program.python(script, [Program.agencyCheck, "\(signal)", folder.path])
        #expect(outcome.output.hasSuffix("\(128 + signal) ['big']\n"), "\(outcome.output) \(outcome.errors)")
    }
}
