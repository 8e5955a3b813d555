import Foundation
import TestSupport
import Testing

/// The pages that people read first are correct: decisions with their dates, licences of what is linked, the version.
@Suite struct PagesTests {
    private static let root = Places.root

    // MARK: Decisions

    private struct Decision {
        let page: String
        let subject: String
        let status: String
        let date: String
    }

    /// The decisions of a page: the page itself if there is a status below its title, and its paragraphs that begin in bold.
    private static func decisions(_ name: String) throws -> [Decision] {
        let text = try Places.text(root + "/docs/decisions/" + name)
        let title = text.prefix { $0 != "\n" }.dropFirst(2)
        var found: [Decision] = []
        for (place, paragraph) in text.components(separatedBy: "\n\n").enumerated() {
            guard paragraph.hasPrefix("**") || (place == 1 && paragraph.hasPrefix("*(")) else { continue }
            let subject = paragraph.firstMatch(of: /^\*\*(.+?)[.:]?\*\*/).map { String($0.1) } ?? ""
            let end = paragraph.firstMatch(
                of: /\*\((Accepted|Superseded by .+?), (\d{1,2} [A-Z][a-z]+ \d{4})(; last changed .+)?\.\)\*\n?$/)
            let name = subject.isEmpty ? String(title) : "\(title.components(separatedBy: ":")[0]): \(subject)"
            guard let end else {
                Issue.record(
                    "docs/decisions/\(page(name)): the decision “\(name)” does not end with *(Accepted, D Month YYYY.)* or *(Superseded by …)*"
                )
                continue
            }
            found.append(Decision(page: "", subject: name, status: String(end.1), date: String(end.2)))
        }
        return found.map { Decision(page: name, subject: $0.subject, status: $0.status, date: $0.date) }
    }

    private static func page(_ subject: String) -> String { subject.components(separatedBy: ":")[0] }

    @Test func everyDecisionHasADateAndAStatus() throws {
        let folder = Self.root + "/docs/decisions"
        let pages = Places.names(in: folder).filter { $0.hasSuffix(".md") && !["README.md", "health-rows.md"].contains($0) }
        var rows = "| decision | date | status |\n| --- | --- | --- |\n"
        for page in pages {
            let decisions = try Self.decisions(page)
            #expect(!decisions.isEmpty, "\(page) holds no decision with a status")
            for decision in decisions {
                rows += "| [\(decision.subject)](\(page)) | \(decision.date) | \(decision.status.lowercasedFirst) |\n"
            }
        }
        let path = folder + "/README.md"
        let text = try Places.text(path)
        let begin = try #require(text.range(of: "<!-- index:begin -->\n"))
        let end = try #require(text.range(of: "<!-- index:end -->"))
        let now = text[..<begin.upperBound] + rows + text[end.lowerBound...]
        if now != text {
            try String(now).write(toFile: path, atomically: true, encoding: .utf8)
            Issue.record("the index of docs/decisions/README.md was not up to date; it has been written: look at it and run again")
        }
        for page in pages { #expect(text.contains("](\(page))"), "\(page) is not in the index") }
    }

    // MARK: Licences

    /// Every package, system library and published table is in NOTICE, and so is what is loaded while the program runs.
    @Test func noticeNamesWhatIsLinkedAndShipped() throws {
        let notice = try Places.text(Self.root + "/NOTICE")
        let package = try Places.text(Self.root + "/Package.swift")
        let urls = package.matches(of: /\.package\(url: "([^"]+)"/).map { String($0.1) }
        #expect(urls.count >= 3)
        for url in urls { #expect(notice.contains(url), "\(url)") }
        for (library, name) in [("libxml-2.0", "libxml2"), ("xlsxwriter", "libxlsxwriter"), ("zlib", "zlib")] {
            #expect(package.contains("pkgConfig: \"\(library)\"") && notice.contains(name), "\(name)")
        }
        #expect(package.matches(of: /pkgConfig: "/).count == 3, "a new system library: name it in NOTICE and here")
        for name in ["SQLite", "Clp", "BoringSSL", "ICU", "glibc"] { #expect(notice.contains(name), "\(name)") }
        #expect(notice.contains("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"))
        // The tables whose source is a publication of the Department.
        for name in [
            "authorities.csv", "published-indicators.csv", "published-notes.csv", "neighbours.csv", "health-working-days.csv",
        ] {
            #expect(notice.contains(name) && Places.names(in: Places.rules).contains(name), "\(name)")
        }
    }

    // MARK: Words

    /// The pages use the glossary's words, and none that the GOV.UK style guide excludes from messages.
    @Test func pagesUseTheGlossarysWords() throws {
        let others = [
            "invalid", "please", "sorry", "illegal", "oops", "booking", "bookings", "placement", "placements", "council",
            "councils", "stint",
            "violation", "offence", "WTE", "league table", "dashboard",
        ]
        let glossary = try Places.text(Self.root + "/docs/glossary.md")
        for name in ["booking", "council", "stint", "violation", "offence", "WTE", "dashboard"] {
            #expect(glossary.contains(name), "\(name)")
        }
        let pages = Manual.allPages.filter {
            $0 != "docs/glossary.md" && !$0.hasPrefix("Tests/") && $0 != "docs/reference/sources.md"
        }
        #expect(pages.count > 100)
        for page in pages {
            let words =
                " " + (try Places.text(Self.root + "/" + page)).lowercased().split { !$0.isLetter }.joined(separator: " ") + " "
            // The name of an authority is not changed.
            let plain = words.replacingOccurrences(of: "somerset council", with: "somerset")
            for other in others { #expect(!plain.contains(" \(other.lowercased()) "), "\(page) says “\(other)”") }
        }
    }

    // MARK: The version

    /// The version is written in one place; everything else uses it or is compared with it.
    @Test func theVersionIsWrittenOnce() throws {
        let printed = try Program.check(["--version"]).output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(printed.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
        let sources = FileManager.default.enumerator(atPath: Self.root + "/Sources")?.compactMap { $0 as? String } ?? []
        let places = try sources.filter { $0.hasSuffix(".swift") }.filter { name in
            try Places.text(Self.root + "/Sources/" + name).contains("\"\(printed)\"")
        }
        #expect(places == ["agency-check/Version.swift"])
        // The newest section of the changelog is for this version, or for the next one.
        let changelog = try Places.text(Self.root + "/CHANGELOG.md")
        let sections = changelog.matches(of: /\n## \[([^\]]+)\]/).map { String($0.1) }
        #expect(sections.first == printed || (sections.first == "Unreleased" && changelog.contains("be \(printed)")))
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
