import AgencyModel
import ByteWriting
import Comparison
import Facts
import Foundation
import Outputs
import SafeFiles
import Synchronization
import Tasks
import TestSupport
import Testing

/// What the program does, done by the library: the same files and the same words, without a command line.
@Suite struct TaskTests {
    private static var surroundings: Surroundings {
        Surroundings(shippedRules: Places.rules, toolVersion: "0.1.0", cores: 2)
    }

    private static func settings(_ inputs: [String]) -> RunSettings {
        var settings = RunSettings()
        settings.inputs = inputs
        settings.rules = Places.sampleRules
        return settings
    }

    /// Every file below a folder, with its bytes.
    private static func content(_ folder: String) throws -> [String: [UInt8]] {
        var content: [String: [UInt8]] = [:]
        let check = try ManifestCheck(of: folder)
        #expect(check.mismatches.isEmpty)
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        for name in names where name.contains(".") { content[name] = try Places.bytes(folder + "/" + name) }
        #expect(content.count == check.fileCount + 1)
        return content
    }

    @Test func aCheckWritesWhatTheProgramWrites() throws {
        let folder = try TemporaryFolder()
        var task = CheckTask()
        task.settings = Self.settings([Places.samples + "/every-rule"])
        task.outputs = OutputList.all
        task.folder = folder.path + "/ours"
        var list = ByteBuffer()
        let outcome = try task.perform(Self.surroundings) { list.append($0.bytes) }
        let program = try Program.check([
            "check", Places.samples + "/every-rule", "--rules", Places.sampleRules, "--out", folder.path + "/program", "--quiet",
            "--also", "json,sarif",
        ])
        #expect(program.output == String(decoding: list.bytes, as: UTF8.self))
        #expect(outcome.result.isMissingInput == (program.code == 3))
        let (ours, theirs) = (try Self.content(folder.path + "/ours"), try Self.content(folder.path + "/program"))
        #expect(ours.keys.sorted() == theirs.keys.sorted())
        for (name, bytes) in ours { #expect(bytes == theirs[name], "\(name)") }
        for output in OutputList.all {
            if let file = output.file { #expect(ours[file] != nil, "\(output.name)") }
        }
        #expect(ours.keys.contains { $0.hasPrefix("submission/") })
    }

    @Test func aSubmissionIsWhatTheProgramWrites() throws {
        let folder = try TemporaryFolder()
        var task = SubmitTask(folder: folder.path + "/ours")
        task.settings = Self.settings([Places.samples + "/clean"])
        let outcome = try task.perform(Self.surroundings)
        let program = try Program.check([
            "submit", Places.samples + "/clean", "--rules", Places.sampleRules, "--out", folder.path + "/program", "--quiet",
        ])
        #expect(outcome.lines == program.output.replacing(folder.path + "/program", with: folder.path + "/ours"))
        #expect(outcome.lines.contains("991 2026-Q1: "))
        #expect(try Self.content(folder.path + "/ours") == Self.content(folder.path + "/program"))
    }

    @Test func aComparisonIsWhatTheProgramWrites() throws {
        let folder = try TemporaryFolder()
        var task = CompareTask(folder: folder.path + "/ours")
        task.settings = Self.settings([Places.samples + "/clean"])
        let outcome = try task.perform(Self.surroundings)
        let program = try Program.check([
            "compare", Places.samples + "/clean", "--rules", Places.sampleRules, "--out", folder.path + "/program", "--quiet",
        ])
        #expect(program.code == 0)
        #expect(outcome.comparison.headlines.map { $0.title + "\n" }.joined() == program.output)
        #expect(try Self.content(folder.path + "/ours") == Self.content(folder.path + "/program"))
    }

    // MARK: Outputs

    @Test func theListOfOutputsIsOne() throws {
        let names = OutputList.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Set(OutputList.all.compactMap(\.file)).count == OutputList.all.filter { $0.file != nil }.count)
        #expect(OutputList.usual.count + OutputList.others.count == names.count)
        #expect(OutputList.named(["report", "exceptions"])?.map(\.name) == ["exceptions", "report"])
        #expect(OutputList.named(["report", "nothing"]) == nil)
        #expect(OutputList.named(["report"], among: OutputList.others) == nil)
        // The help and the error messages name every output, whatever is added to the list.
        let help = try Program.check(["check", "--help"]).output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(help.contains(names.joined(separator: ", ")))
        for output in OutputList.all { #expect(help.contains("\(output.name): \(output.about)"), "\(output.name)") }
        let refused = try Program.check(["check", "x.csv", "--out", "o", "--only", "nothing"])
        #expect(refused.errors.contains("--only takes \(names.joined(separator: ", ")), with commas between."))
    }

    /// An output that our libraries do not know: the number of assignments, counted as they are read again.
    private struct Counted: FileOutput {
        let count = Count()
        final class Count: Sendable { let value = Mutex((taken: 0, finished: 0)) }

        var name: String { "counted" }
        var about: String { "how many assignments" }
        var file: String? { "counted.txt" }
        var needsAssignments: Bool { true }

        struct Taker: AssignmentTaker {
            let count: Count
            var taken = 0
            mutating func take(_ assignment: borrowing Assignment) { taken += 1 }
            mutating func finish() {
                count.value.withLock { $0 = ($0.taken + taken, $0.finished + 1) }
            }
        }

        func takers(of run: CheckedRun, into folder: OutputFolder) -> (@Sendable () -> any AssignmentTaker)? {
            { [count] in Taker(count: count) }
        }

        func write(_ run: CheckedRun, _ details: RunDetails, to sink: @escaping ByteSink) throws {
            var buffer = ByteBuffer()
            buffer.append("\(count.value.withLock { $0.taken }) \(details.agencies.count)")
            try sink(buffer)
        }
    }

    @Test func anOutputOfAnothersIsWrittenLikeOurs() throws {
        let folder = try TemporaryFolder()
        var task = CheckTask()
        task.settings = Self.settings([Places.samples + "/every-rule", Places.samples + "/clean"])
        let counted = Counted()
        task.outputs = [counted]
        task.folder = folder.path + "/out"
        let outcome = try task.perform(Self.surroundings) { _ in }
        let assignments = outcome.result.judgement.assignmentCount
        #expect(assignments > 0)
        let text = try Places.text(folder.path + "/out/counted.txt")
        #expect(text.hasPrefix("\(assignments) ") && !text.hasSuffix(" 0"), "\(text)")
        #expect(counted.count.value.withLock { $0.finished } == outcome.result.filesByReturns.count)
        #expect(outcome.opening == "counted.txt")
        #expect(try ManifestCheck(of: folder.path + "/out").fileCount == 1)
    }

    // MARK: Faults

    @Test func aContradictoryRequestIsRefusedBeforeWriting() throws {
        let folder = try TemporaryFolder()
        let clean = Places.samples + "/clean"
        try folder.write("in/return.csv", Checking.returnCSV([[:]]))

        var check = CheckTask()
        check.settings = Self.settings([folder.path + "/in/return.csv"])
        check.folder = folder.path + "/in"
        #expect(throws: TaskFault.self) { try check.perform(Self.surroundings) { _ in } }

        var submit = SubmitTask(folder: folder.path + "/out")
        submit.settings = Self.settings([clean])
        submit.settings.quarter = Quarter(year: 2020, number: 1)
        do {
            _ = try submit.perform(Self.surroundings)
            Issue.record("a quarter without a return was submitted")
        } catch TaskFault.noReturn(let wanted, let read) {
            #expect(wanted == Quarter(year: 2020, number: 1) && read == [Quarter(year: 2026, number: 1)])
        }
        submit.settings.quarter = Quarter(year: 2026, number: 1)
        submit.settings.authority = AuthorityCode(number: 991)
        submit.isNil = true
        do {
            _ = try submit.perform(Self.surroundings)
            Issue.record("a nil return with assignments was submitted")
        } catch TaskFault.nilHasAssignments(let key, let count) {
            #expect(key.authority.number == 991 && count > 0)
        }

        var compare = CompareTask(folder: folder.path + "/out")
        compare.settings = Self.settings([clean])
        compare.partnership = "nowhere"
        do {
            _ = try compare.perform(Self.surroundings)
            Issue.record("an unknown partnership was compared")
        } catch TaskFault.noPartnership(let known) {
            #expect(!known.isEmpty)
        }
        compare.partnership = nil
        compare.quarters = Quarter(year: 2020, number: 1)...Quarter(year: 2020, number: 1)
        do {
            _ = try compare.perform(Self.surroundings)
            Issue.record("nothing was compared and written")
        } catch TaskFault.nothingCompared {}
        #expect(Places.names(in: folder.path) == ["in"])
        #expect(Places.names(in: folder.path + "/in") == ["return.csv"])
    }

    /// The messages of a library name no option; the program adds the one that was used.
    @Test func theOptionIsTheOneThatWasUsed() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("no-store", "nothing that SQLite knows")
        var check = CheckTask()
        check.settings = Self.settings([Places.samples + "/clean"])
        check.settings.store = path
        do {
            _ = try check.perform(Self.surroundings) { _ in }
            Issue.record("a text was taken for a store")
        } catch let fault as OutputFault {
            #expect(fault.description == "\(path) is damaged or is not a history store. Put back a copy, or name another file.")
        }
        for (arguments, option) in [
            (["check", Places.samples + "/clean", "--history", path], "--history"),
            (["history", "list", "--store", path], "--store"),
        ] {
            let outcome = try Program.check(arguments)
            #expect(outcome.code == 3)
            #expect(outcome.errors.contains("Put back a copy, or name another file with \(option)."), "\(outcome.errors)")
        }
        try folder.write("taken", "")
        let outcome = try Program.check(["check", Places.samples + "/clean", "--out", folder.path + "/taken"])
        #expect(outcome.errors.contains("is a file, so nothing was written. Name a folder with --out."))
    }
}
