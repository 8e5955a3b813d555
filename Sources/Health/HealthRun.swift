import AgencyModel
import Intake
import RuleBook
import SafeFiles
import TextSource
import Wording

/// Reads census files and compares each with the published figures. A file that cannot be used does not stop the others.
public struct HealthRun: Sendable {
    /// A file that was read and is counted.
    public struct ReadFile: Sendable {
        public let name: String
        public let byteCount: Int
        /// SHA-256, hexadecimal.
        public let digest: String
        /// Nil for a second census of the same authority and year.
        public let authority: AuthorityCode?
    }

    /// A file that is not counted, and why, in words.
    public struct LeftOut: Sendable {
        public let name: String
        public let reason: String
    }

    /// Sorted by authority, then by year.
    public private(set) var results: [AuthorityHealth] = []
    public private(set) var files: [ReadFile] = []
    /// Files that should have been read but could not be: exit code 3.
    public private(set) var refused: [LeftOut] = []
    /// Second censuses of an authority and year.
    public private(set) var repeated: [LeftOut] = []
    /// Other files in a given folder.
    public private(set) var passedOver: [LeftOut] = []

    private struct Key: Hashable {
        let authority: AuthorityCode
        let year: Int
    }

    public init(_ list: InputList, book: RuleBook, tables: ReferenceTables) {
        let check = HealthCheck(book: book, tables: tables)
        passedOver = list.skipped.map { LeftOut(name: $0.name, reason: $0.reason) }
        var first: [Key: String] = [:]
        for input in list.inputs {
            do {
                guard let (census, unreadable, file) = try HealthRun.read(input, book: book) else {
                    passedOver.append(LeftOut(name: input.name, reason: "it is not a census"))
                    continue
                }
                let key = Key(authority: census.authority, year: census.year)
                if let earlier = first[key] {
                    files.append(
                        ReadFile(name: file.name, byteCount: file.byteCount, digest: file.digest, authority: nil))
                    repeated.append(
                        LeftOut(
                            name: input.name,
                            reason:
                                "it is a second census of \(census.authority) for \(census.year), so it was not counted; \(earlier) was. Leave one of them out"
                        ))
                    continue
                }
                first[key] = input.name
                files.append(file)
                results.append(check.assess(census, unreadable: unreadable))
            } catch {
                let place = error.line > 0 ? "line \(error.line): " : ""
                refused.append(LeftOut(name: input.name, reason: place + error.reason))
            }
        }
        results.sort { ($0.authority, $0.year) < ($1.authority, $1.year) }
    }

    /// Nil for another kind of file in a folder.
    private static func read(_ input: Input, book: RuleBook) throws(TextFault) -> (
        census: Census, unreadable: [(element: String, count: Int)], file: ReadFile
    )? {
        // A file that was named itself has its path as its name; a file in a folder has its path relative to the folder.
        let wasNamed = input.path == input.name
        if !input.mustBeRead { return nil }
        let source = try FileSource(path: input.path)
        let digest = DigestWhileReading(of: source)
        let file = InputHead(source, headers: book.headers)
        guard case .tables(let tables) = try CensusXMLFormat().recognise(file) else {
            if !wasNamed { return nil }
            let what =
                file.isXML
                ? "its root element is not Message"
                : (try? InputFormats.tables(in: source, headers: book.headers)) == nil ? "it is not XML" : "it is a table"
            throw TextFault(
                "\(what), so it is not a social work workforce census (CSWW). Use the XML file that was sent to COLLECT")
        }
        let evidence = try tables[0].evidence(in: source, ReadSettings(book: book))
        guard let census = evidence.census else {
            throw TextFault("it contains no census. Export it again")
        }
        let workers = Words.count(census.workers.count, "worker")
        if census.workers.allSatisfy({ $0.identity.number == nil }) {
            throw TextFault(
                "none of its \(workers) has a number (SWENo, two letters and up to ten digits), so nobody can be counted. Export it again with the numbers"
            )
        }
        if census.workers.allSatisfy({ $0.isAgency == nil }) {
            throw TextFault(
                "none of its \(workers) says whether it is an agency worker (AgencyWorker, 0 or 1), so no figure can be worked out from it. Export it again"
            )
        }
        return (
            census, unreadable(evidence.notes),
            ReadFile(name: input.name, byteCount: source.byteCount, digest: try digest.finish(), authority: census.authority)
        )
    }

    /// The values that could not be read, by element, sorted by name. What was written is not given, because it may identify a
    /// person.
    private static func unreadable(_ notes: [EvidenceNote]) -> [(element: String, count: Int)] {
        var counts: [String: Int] = [:]
        for note in notes {
            if case .unreadableElement(let name, _, _) = note.matter { counts[name, default: 0] += 1 }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
