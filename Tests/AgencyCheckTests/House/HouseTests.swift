import AgencyModel
import CheckRun
import Comparison
import Compliance
import Foundation
import RuleBook
import SafeFiles
import TestSupport
import Testing

/// The structure of the project: which module can import which, and a file for every rule.
@Suite struct HouseTests {
    /// Which of our modules each module can import. A new line here is a decision: record the reason in docs/decisions.
    static let table: [String: Set<String>] = [
        "CLibXML2": [], "CXLSXWriter": [], "CZlib": [], "CPlatform": [], "AgencyModel": [],
        "Threads": ["CPlatform"],
        "TextSource": ["AgencyModel", "CPlatform"],
        "RuleBook": ["AgencyModel", "TextSource"],
        "Intake": ["AgencyModel", "CPlatform", "RuleBook", "SafeFiles", "TextSource", "CLibXML2"],
        "Compliance": ["AgencyModel", "CPlatform", "RuleBook", "Threads"],
        "Facts": ["AgencyModel", "ByteWriting", "Compliance", "Intake", "RuleBook", "SafeFiles", "TextSource"],
        "CheckRun": ["AgencyModel", "RuleBook", "TextSource", "Intake", "Compliance", "Facts", "SafeFiles", "Threads"],
        "ByteWriting": ["AgencyModel", "CPlatform"],
        "SafeFiles": ["AgencyModel", "ByteWriting", "CPlatform", "TextSource", "Crypto"],
        "Markup": ["ByteWriting"],
        "Wording": ["AgencyModel", "ByteWriting", "Compliance", "Facts", "RuleBook"],
        "Outputs": ["AgencyModel", "ByteWriting", "Facts", "SafeFiles", "Wording"],
        "Reports": [
            "AgencyModel", "ByteWriting", "Compliance", "CPlatform", "CXLSXWriter", "CZlib", "Facts", "Intake", "Markup",
            "Outputs", "RuleBook", "SafeFiles", "TextSource", "Threads", "Wording",
        ],
        "Submission": ["AgencyModel", "ByteWriting", "Compliance", "Facts", "Outputs", "RuleBook", "SafeFiles", "Wording"],
        "Health": [
            "AgencyModel", "ByteWriting", "Facts", "Intake", "Markup", "RuleBook", "SafeFiles", "TextSource", "Threads", "Wording",
        ],
        "Comparison": [
            "AgencyModel", "ByteWriting", "Compliance", "CPlatform", "Facts", "Markup", "RuleBook", "SafeFiles", "Wording",
        ],
        "History": [
            "AgencyModel", "ByteWriting", "SafeFiles", "TextSource", "Threads", "Crypto", "GRDB", "GRDBSQLite", "Foundation",
        ],
        "Keeping": [
            "AgencyModel", "CheckRun", "Comparison", "Compliance", "Facts", "History", "Intake", "RuleBook", "SafeFiles", "Wording",
        ],
        "Tasks": [
            "AgencyModel", "ByteWriting", "CheckRun", "Comparison", "Compliance", "Facts", "History", "Intake", "Keeping",
            "Outputs",
            "Reports", "RuleBook", "SafeFiles", "Submission", "Threads", "Wording",
        ],
        "SampleData": ["AgencyModel", "ByteWriting", "SafeFiles"],
        "agency-check": [
            "AgencyModel", "ByteWriting", "CheckRun", "Comparison", "Compliance", "CPlatform", "Facts", "Health", "History",
            "Intake", "Keeping", "Outputs", "Reports", "RuleBook", "SafeFiles", "SampleData", "Submission", "Tasks", "Threads",
            "Wording",
            "ArgumentParser",
        ],
    ]
    static let outside: Set<String> = ["Glibc", "Dispatch", "Synchronization", "FoundationEssentials"]

    private func swiftFiles(below folder: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let isOfC = Self.librariesOfC.union(Self.ownC).contains { folder.hasSuffix("/" + $0) }
        let swift = all.filter { $0.hasSuffix(".swift") }.sorted()
        #expect(isOfC == swift.isEmpty, "\(folder) has \(swift.count) Swift files")
        return swift
    }

    /// The source of every rule and figure can be looked up, and the page says how much of it we could read.
    @Test func everySourceIsListed() throws {
        let listed = try Places.text(Places.root + "/docs/reference/sources.md")
        let texts = Places.names(in: Places.root + "/rules/texts").map { "texts/" + $0 }
        for name in Places.names(in: Places.root + "/rules") + texts where name.hasSuffix(".md") || name.hasSuffix(".csv") {
            let text = try Places.text(Places.root + "/rules/" + name)
            for match in text.matches(of: /https:\/\/[^\s,;"|)]+[^\s,;"|).:]/) {
                let isLicence = match.output.contains("open-government-licence")
                #expect(isLicence || listed.contains("(\(match.output))"), "\(name): \(match.output)")
            }
            // The guidance has only one title.
            #expect(!text.contains("social workers: statutory guidance"), "\(name)")
        }
    }

    @Test func everyModuleIsInTheTable() {
        #expect(Set(Places.names(in: Places.root + "/Sources")) == Set(Self.table.keys))
    }

    /// The modules that a file imports, however it imports them.
    private func imports(_ path: String) throws -> [String] {
        // A script in another language within a string is indented.
        try Places.text(path).split(separator: "\n").filter { $0.first != " " }.compactMap { line in
            let words = line.split(separator: " ").drop {
                $0.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains($0)
            }
            guard words.first == "import" else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            return words.dropFirst().first { !kinds.contains($0) }?.split(separator: ".").first.map(String.init)
        }
    }

    @Test func modulesImportWhatTheTableAllows() throws {
        for (module, allowed) in Self.table where !Self.librariesOfC.union(Self.ownC).contains(module) {
            let folder = Places.root + "/Sources/" + module
            let files = swiftFiles(below: folder)
            #expect(!files.isEmpty, "\(module)")
            for file in files {
                for name in try imports(folder + "/" + file) {
                    #expect(allowed.contains(name) || Self.outside.contains(name), "\(module)/\(file) imports \(name)")
                }
            }
        }
    }

    /// What the tests can import: all our modules, and these.
    static let outsideOfTests: Set<String> = ["Foundation", "Testing", "Glibc", "GRDB", "Synchronization", "ArgumentParser"]
    /// Headers for C libraries, and our own C.
    static let librariesOfC: Set<String> = ["CLibXML2", "CXLSXWriter", "CZlib"]
    static let ownC: Set<String> = ["CPlatform"]

    /// A target as declared in Package.swift: its kind, its name, and every name of a module or product in it.
    private struct Declared {
        let kind: String
        let name: String
        let mentions: Set<String>
        let text: Substring
    }

    /// Every target of Package.swift, however it is declared. The fuzzer is at the end, under a condition.
    private func declaredTargets() throws -> [Declared] {
        let text = try Places.text(Places.root + "/Package.swift")
        let starts = text.matches(of: /\.([A-Za-z]*[tT]arget|systemLibrary|macro|plugin)\(\s*name: "([^"]+)"/)
        return starts.enumerated().map { place, start in
            let end = place + 1 < starts.count ? starts[place + 1].range.lowerBound : text.endIndex
            let body = text[start.range.upperBound..<end]
            return Declared(
                kind: String(start.output.1), name: String(start.output.2),
                mentions: Set(body.matches(of: /"([^"]+)"/).map { String($0.output.1) }), text: body)
        }
    }

    /// The package's target graph agrees with the table, for every module.
    @Test func thePackageAgreesWithTheTable() throws {
        let targets = try declaredTargets()
        let tests: Set<String> = ["TestSupport", "AgencyCheckTests", "fuzz"]
        #expect(
            targets.map(\.name).sorted() == (Set(Self.table.keys).union(tests)).sorted(), "a module is forgotten, or is there twice"
        )
        let packages: Set<String> = ["swift-argument-parser", "swift-crypto", "GRDB.swift"]
        for target in targets where !tests.contains(target.name) {
            let allowed = try #require(Self.table[target.name], "\(target.name)")
            if Self.librariesOfC.contains(target.name) || Self.ownC.contains(target.name) {
                #expect(target.kind == (Self.librariesOfC.contains(target.name) ? "systemLibrary" : "target"), "\(target.name)")
                #expect(allowed.isEmpty, "\(target.name) is C and depends on nothing")
                #expect(!target.text.contains("dependencies:"), "\(target.name) is C and depends on nothing")
                continue
            }
            let isProgram = target.name == "agency-check"
            #expect(target.kind == (isProgram ? "executableTarget" : "target"), "\(target.name)")
            // Foundation comes with the system and is not a dependency.
            let named = target.mentions.subtracting(packages)
            #expect(named == allowed.subtracting(["Foundation"]), "\(target.name): \(named.symmetricDifference(allowed))")
            #expect(target.text.contains("swiftSettings: strict"), "\(target.name) is built with other settings")
        }
    }

    /// No module of the program depends on one that is only for tests.
    @Test func testModulesAreOnlyForTests() throws {
        let targets = try declaredTargets()
        for name in ["TestSupport", "AgencyCheckTests"] {
            let target = try #require(targets.first { $0.name == name })
            #expect(target.kind == (name == "TestSupport" ? "target" : "testTarget"))
            #expect(target.text.contains("swiftSettings: strict"), "\(name) is built with other settings")
            let allowed = Set(Self.table.keys).union(Self.outsideOfTests).union(["TestSupport", "agency_check"])
            let files = swiftFiles(below: Places.root + "/Tests/" + name)
            #expect(!files.isEmpty)
            for file in files {
                for imported in try imports(Places.root + "/Tests/\(name)/" + file) {
                    #expect(allowed.contains(imported), "\(file) imports \(imported)")
                    let dependency = imported == "agency_check" ? "agency-check" : imported
                    #expect(
                        Self.outsideOfTests.contains(imported) || target.mentions.contains(dependency),
                        "\(file) imports \(imported), which \(name) does not depend on")
                }
            }
        }
        #expect(targets.filter { $0.mentions.contains("TestSupport") }.map(\.name) == ["AgencyCheckTests"])
    }

    /// Our own C includes system headers, and otherwise only its own header.
    @Test func ownCIncludesOnlySystemHeaders() throws {
        for module in Self.librariesOfC.union(Self.ownC) {
            let folder = Places.root + "/Sources/" + module
            let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
            let code = files.filter { $0.hasSuffix(".c") || $0.hasSuffix(".h") }
            #expect(!code.isEmpty && !files.contains { $0.hasSuffix(".swift") }, "\(module)")
            #expect(Self.ownC.contains(module) || !code.contains { $0.hasSuffix(".c") }, "\(module) has C of ours")
            let own = Set(code.map { $0.split(separator: "/").last.map(String.init) ?? $0 })
            for file in code {
                for match in try Places.text(folder + "/" + file).matches(of: /#\s*include\s*"([^"]+)"/) {
                    #expect(own.contains(String(match.output.1)), "\(module)/\(file) includes \(match.output.1)")
                }
            }
        }
    }

    /// Everything printed goes through one place, which masks it and makes it safe to print.
    @Test func onlyTerminalWritesToADescriptor() throws {
        let ways = [
            "print(", "debugPrint(", "dump(", "fputs(", "puts(", "putchar(", "perror(", "fprintf", "printf(", "vprintf", "STDOUT",
            "STDERR",
            "stdout", "stderr", "FileHandle.standard", "standardOutput", "standardError", "/dev/stdout", "/dev/stderr", "/dev/tty",
            "syslog(",
            "NSLog", "os_log", "FileDescriptor(1", "FileDescriptor(2", "write(1,", "write(2,", "writev(", "exit(withError: error)",
        ]
        for module in Self.table.keys {
            let folder = Places.root + "/Sources/" + module
            for file in swiftFiles(below: folder) where module + "/" + file != "agency-check/Terminal.swift" {
                for line in try Places.text(folder + "/" + file).split(separator: "\n") {
                    let code = line.drop { $0 == " " }
                    if code.hasPrefix("//") { continue }
                    for way in ways {
                        guard let place = code.range(of: way) else { continue }
                        // A longer name that ends in this way, such as sprint(, is a different one.
                        let before = place.lowerBound == code.startIndex ? " " : code[code.index(before: place.lowerBound)]
                        let isOther = way.first!.isLetter && (before.isLetter || before == "." && way == "puts(")
                        #expect(isOther, "\(module)/\(file): \(code)")
                    }
                }
            }
        }
    }

    /// A library says what is wrong and where. The options belong to the program, which puts it into words.
    @Test func noLibraryNamesAnOption() throws {
        for module in Self.table.keys where module != "agency-check" {
            let folder = Places.root + "/Sources/" + module
            // A property in a stylesheet also begins with two hyphens.
            for file in swiftFiles(below: folder) where module + "/" + file != "Markup/Stylesheet.swift" {
                for line in try Places.text(folder + "/" + file).split(separator: "\n") {
                    #expect(line.firstMatch(of: /--[a-z]/) == nil, "\(module)/\(file): \(line)")
                }
            }
        }
    }

    @Test func everyRuleHasItsFileAndPage() throws {
        var codes: Set<String> = []
        for family in RuleFamily.allCases {
            let folder = Places.root + "/Sources/Compliance/" + family.prefix
            for file in Places.names(in: folder) {
                let code = file.prefix { $0 != "_" }
                #expect(code.hasPrefix(family.prefix), "\(file)")
                codes.insert(String(code))
            }
        }
        let registry = RuleRegistry.shared
        // A file is named after its first rule, and every file is in the registry.
        #expect(codes == Set(registry.files.map { "\($0.rules[0].code)" }))
        #expect(registry.all.count > 50)
        #expect(Set(registry.all.map(\.code)).count == registry.all.count)
        #expect(Set(Places.names(in: Places.rules + "/texts")) == Set(registry.all.map { "\($0.code).md" }))
    }

    /// The Department publishes caps and template: no page says that they are not public.
    @Test func noPageSaysThatCapsOrTemplateAreNotPublic() throws {
        let claims = ["not public", "are not published", "not publicly", "not available to us"]
        var files = ["README.md", "CHANGELOG.md"].map { Places.root + "/" + $0 }
        for folder in ["docs", "rules", "samples", "Sources"] {
            let names = FileManager.default.enumerator(atPath: Places.root + "/" + folder)?.compactMap { $0 as? String } ?? []
            files += names.filter { name in [".md", ".csv", ".swift", ".xsd"].contains { name.hasSuffix($0) } }
                .map { Places.root + "/\(folder)/" + $0 }
        }
        #expect(files.count > 100)
        for file in files {
            let words = try Places.text(file).split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
            for claim in claims { #expect(!words.contains(claim), "\(file): \(claim)") }
        }
        let title = "Agency child and family social workers: data return and price caps"
        for file in [
            "README.md", "docs/guide/checking.md", "docs/guide/rules.md", "docs/guide/submission.md", "rules/texts/CAP004.md",
        ] {
            let words = try Places.text(Places.root + "/" + file).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains(title), "\(file)")
        }
    }

    @Test func elementNamesFollowTheFormat() {
        #expect(Column.sweNumber.elementName == "SWENumber")
        #expect(Column.employerNI.elementName == "EmployerNI")
        #expect(Column.capDCSDate.elementName == "CapDCSDate")
        #expect(Column.capCEDate.elementName == "CapCEDate")
        #expect(Column.assignmentID.elementName == "AssignmentID")
        #expect(Column.noticeWeeksSSW.elementName == "NoticeWeeksSSW")
        #expect(Column.costMonth1.elementName == "CostMonth1")
    }
}
