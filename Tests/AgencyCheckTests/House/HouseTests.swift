import AgencyModel
import CheckRun
import Comparison
import Compliance
import Foundation
import RuleBook
import SafeFiles
import TestSupport
import Testing

/// The house's own order: which module may import which, and a file for every rule.
@Suite struct HouseTests {
    /// What each module may import of ours. A new line here is a decision: say why in docs/decisions.
    static let table: [String: Set<String>] = [
        "CLibXML2": [], "CXLSXWriter": [], "CZlib": [], "CPlatform": [], "AgencyModel": [],
        "Threads": ["CPlatform"],
        "TextSource": ["AgencyModel", "CPlatform"],
        "RuleBook": ["AgencyModel", "TextSource"],
        "Intake": ["AgencyModel", "RuleBook", "SafeFiles", "TextSource", "CLibXML2"],
        "Compliance": ["AgencyModel", "CPlatform", "RuleBook", "Threads"],
        "Facts": ["AgencyModel", "ByteWriting", "Compliance", "Intake", "RuleBook", "SafeFiles", "TextSource"],
        "CheckRun": ["AgencyModel", "RuleBook", "TextSource", "Intake", "Compliance", "Facts", "SafeFiles", "Threads"],
        "ByteWriting": ["AgencyModel", "CPlatform"],
        "SafeFiles": ["AgencyModel", "ByteWriting", "CPlatform", "TextSource", "Crypto"],
        "Markup": ["ByteWriting"],
        "Wording": ["AgencyModel", "ByteWriting", "Compliance", "Facts", "RuleBook"],
        "Reports": [
            "AgencyModel", "ByteWriting", "Compliance", "CPlatform", "CXLSXWriter", "CZlib", "Facts", "Markup", "RuleBook",
            "SafeFiles", "TextSource", "Threads", "Wording",
        ],
        "Submission": ["AgencyModel", "ByteWriting", "Compliance", "Facts", "RuleBook", "SafeFiles", "Wording"],
        "Health": [
            "AgencyModel", "ByteWriting", "Facts", "Intake", "Markup", "RuleBook", "SafeFiles", "TextSource", "Threads", "Wording",
        ],
        "Comparison": [
            "AgencyModel", "ByteWriting", "Compliance", "CPlatform", "Facts", "Markup", "RuleBook", "SafeFiles", "Wording",
        ],
        "History": [
            "AgencyModel", "ByteWriting", "SafeFiles", "TextSource", "Threads", "Crypto", "GRDB", "GRDBSQLite", "Foundation",
        ],
        "SampleData": ["AgencyModel", "ByteWriting", "SafeFiles"],
        "agency-check": [
            "AgencyModel", "ByteWriting", "CheckRun", "Comparison", "Compliance", "CPlatform", "Facts", "Health", "History",
            "Intake", "Markup", "Reports", "RuleBook", "SafeFiles", "SampleData", "Submission", "TextSource", "Threads", "Wording",
            "ArgumentParser",
        ],
    ]
    static let outside: Set<String> = ["Glibc", "Dispatch", "Synchronization", "FoundationEssentials"]

    private func swiftFiles(below folder: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.hasSuffix(".swift") }.sorted()
    }

    /// What a rule or a figure is taken from can be looked up, and what we could read of it is said.
    @Test func everySourceIsListed() throws {
        let listed = try Places.text(Places.root + "/docs/reference/sources.md")
        let texts = Places.names(in: Places.root + "/rules/texts").map { "texts/" + $0 }
        for name in Places.names(in: Places.root + "/rules") + texts where name.hasSuffix(".md") || name.hasSuffix(".csv") {
            let text = try Places.text(Places.root + "/rules/" + name)
            for match in text.matches(of: /https:\/\/[^\s,;"|)]+[^\s,;"|).:]/) {
                let isLicence = match.output.contains("open-government-licence")
                #expect(isLicence || listed.contains("(\(match.output))"), "\(name): \(match.output)")
            }
            // The guidance has one title.
            #expect(!text.contains("social workers: statutory guidance"), "\(name)")
        }
    }

    @Test func everyModuleStandsInTheTable() {
        #expect(Set(Places.names(in: Places.root + "/Sources")) == Set(Self.table.keys))
    }

    @Test func modulesImportWhatTheTableAllows() throws {
        for (module, allowed) in Self.table {
            let folder = Places.root + "/Sources/" + module
            for file in swiftFiles(below: folder) {
                for line in try Places.text(folder + "/" + file).split(separator: "\n") where line.hasPrefix("import ") {
                    let name = String(line.dropFirst("import ".count))
                    #expect(allowed.contains(name) || Self.outside.contains(name), "\(module)/\(file) imports \(name)")
                }
            }
        }
    }

    /// The package's own target graph says no more than the table.
    @Test func thePackageAllowsNoMore() throws {
        let text = try Places.text(Places.root + "/Package.swift")
        let targets = text.replacing("executableTarget(", with: "target(").replacing("testTarget(", with: "target(").components(
            separatedBy: ".target(")
        for (module, allowed) in Self.table where !module.hasPrefix("C") || ["Compliance", "CheckRun"].contains(module) {
            let target = targets.first { $0.drop { " \n".contains($0) }.hasPrefix("name: \"\(module)\"") }
            let names = Set(target?.split(separator: "\"").map(String.init).filter { Self.table[$0] != nil && $0 != module } ?? [])
            #expect(target != nil, "\(module) is no target")
            #expect(names.isSubset(of: allowed), "\(module) may depend on \(names.subtracting(allowed))")
        }
    }

    /// What is printed passes one place, which masks it and makes it harmless.
    @Test func onePlaceAloneWritesToADescriptor() throws {
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
                        // A longer name that ends so, such as sprint( or Said.toOutput(, is another.
                        let before = place.lowerBound == code.startIndex ? " " : code[code.index(before: place.lowerBound)]
                        let isOther = way.first!.isLetter && (before.isLetter || before == "." && way == "puts(")
                        #expect(isOther, "\(module)/\(file): \(code)")
                    }
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
        // A file is named for the first of its rules, and every file is in the registry.
        #expect(codes == Set(registry.files.map { "\($0.rules[0].code)" }))
        #expect(registry.all.count > 50)
        #expect(Set(registry.all.map(\.code)).count == registry.all.count)
        #expect(Set(Places.names(in: Places.rules + "/texts")) == Set(registry.all.map { "\($0.code).md" }))
    }

    /// The Department publishes caps and template: nothing says that they are kept from the public.
    @Test func nothingSaysThatCapsOrTemplateAreNotPublic() throws {
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
