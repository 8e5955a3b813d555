import AgencyModel
import ByteWriting
import Facts
import RuleBook
import SafeFiles
import Wording

/// Writes the submission of each return of a run to `submission/301-2026-Q1/`: the assignments as CSV and XML with its schema, the
/// general data, the problems that stop it, and the manifest.
struct SubmissionWriter: Sendable {
    private let result: CheckResult
    private let summary: RunSummary
    private let folder: OutputFolder
    private let values: SubmissionValues
    private let identity: RunIdentity
    private let profile: SubmissionProfile

    init(_ result: CheckResult, _ summary: RunSummary, identity: RunIdentity, into folder: OutputFolder) {
        self.result = result
        self.summary = summary
        self.folder = folder
        self.identity = identity
        values = SubmissionValues(book: result.judgement.book)
        profile = result.judgement.book.submission
    }

    /// The folder of a return, relative to the output folder.
    static func folderName(_ key: ReturnKey) -> String { "submission/\(key.authority)-\(key.quarter)" }

    private func name(_ file: String, of place: Int) -> String {
        SubmissionWriter.folderName(summary.returns[place].key) + "/" + file
    }

    /// Begins the assignment files for some of the returns.
    func newSheets() -> AssignmentSheets { AssignmentSheets(profile, values, summary, into: folder) }

    /// Writes everything that depends on the whole run. Call it once, after the assignment files of every return are finished.
    func finish(_ findings: FindingOrder, _ details: RunDetails) throws {
        var empty = newSheets()
        for return_ in summary.returns where return_.isNil { try empty.takeNilReturn(of: return_.key) }
        try empty.finish()
        let done = Dictionary(uniqueKeysWithValues: folder.files.map { ($0.name, $0) })
        let problems = Problems(findings, summary)
        for place in summary.returns.indices {
            let return_ = summary.returns[place]
            let sheets = ["assignments.csv", "assignments.xml"].map { done[name($0, of: place)]! }
            let schema = try folder.write(name("assignments.xsd", of: place)) { file in
                try file.write(SubmissionSchema(profile).text)
            }
            let general = try folder.write(name("authority.csv", of: place)) { file in
                try file.write(GeneralData(return_, details, findings, values).table.bytes)
            }
            let stopping = try folder.write(name("problems.csv", of: place)) { file in
                try FindingRow.write(problems.of(place).lazy.map { findings[Int($0)] }) { try file.write($0.bytes) }
                if let obstacle = return_.obstacle {
                    try file.write(row(return_, obstacle).bytes)
                }
            }
            try folder.write(name("manifest.json", of: place)) { file in
                try file.write(
                    SubmissionManifest(
                        return_, details, result, identity, profile, files: sheets + [schema, general, stopping]
                    ).json.bytes)
            }
        }
    }

    /// A row of problems.csv for an obstacle that is not a finding: the rule column is empty.
    private func row(_ return_: CheckedReturn, _ obstacle: CheckedReturn.Obstacle) -> ByteBuffer {
        let record = return_.record
        let file = result.records.file(return_.authority, return_.quarter).map { result.files[$0].input.name } ?? ""
        let (field, found, expected) =
            switch obstacle {
            case .recordSaysNone: (Column.noAgencyWorkers, "yes", "no")
            case .authorityNotKnown: (Column.authorityCode, return_.authority.description, "")
            }
        var buffer = ByteBuffer()
        let cells = [
            "", Severity.error.name, return_.authority.description, return_.quarter.description, "", "", "", field.name, found,
            expected, return_.words(of: obstacle), file, record.map { "\($0.line)" } ?? "",
        ]
        buffer.appendRow(cells)
        return buffer
    }

    /// The findings that stop each return, in the order of the exception list.
    private struct Problems {
        /// Positions in the order, by return.
        private var byReturn: [[Int32]]

        init(_ findings: FindingOrder, _ summary: RunSummary) {
            func key(_ place: CheckedReturn.FindingPlace) -> UInt64 { UInt64(place.part) << 32 | UInt64(place.finding) }
            var returns: [UInt64: [Int]] = [:]
            for (place, return_) in summary.returns.enumerated() {
                for blocker in return_.blockers { returns[key(blocker), default: []].append(place) }
            }
            byReturn = Array(repeating: [], count: summary.returns.count)
            guard !returns.isEmpty else { return }
            for (position, view) in findings.enumerated() {
                for place in returns[key(view.place)] ?? [] { byReturn[place].append(Int32(position)) }
            }
        }

        func of(_ place: Int) -> [Int32] { byReturn[place] }
    }
}
