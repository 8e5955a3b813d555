import AgencyModel
import Compliance
import Intake
import TextSource

/// One file of a run, or one sheet of a file, and what happened to it.
public struct CheckedFile: Sendable {
    public let input: Input
    public let counts: RowCounts
    public let census: CensusCounts
    public let isRefused: Bool
    /// The encoding in which it was read.
    public let encoding: TextEncoding
    public let byteCount: Int
    /// The SHA-256, if the run computed it and the file could be read.
    public let digest: String?
    /// Nil if it could not be recognised.
    public let table: (any InputTable)?

    public init(
        input: Input, table: (any InputTable)?, counts: RowCounts, census: CensusCounts, isRefused: Bool, encoding: TextEncoding,
        byteCount: Int, digest: String?
    ) {
        self.input = input
        self.table = table
        self.counts = counts
        self.census = census
        self.isRefused = isRefused
        self.encoding = encoding
        self.byteCount = byteCount
        self.digest = digest
    }

    /// What it contains, in words.
    public var what: String { table?.what ?? "not read" }

    /// Whether it may contain employment spells or a census.
    public var holdsEvidence: Bool { !isRefused && (table?.holdsEvidence ?? false) }

    public var holdsAssignments: Bool { !isRefused && (table?.holdsAssignments ?? false) }
}

/// The result of a run.
public struct CheckResult: Sendable {
    /// In the order of their names, as in the judgement.
    public let files: [CheckedFile]
    public let skipped: [(name: String, reason: String)]
    public let judgement: RunJudgement
    public let records: AuthorityRecords
    /// What the run and its store know about the workers' employment.
    public let history: EmploymentHistory
    /// In the order of their files' names.
    public let censuses: [Census]
    /// The settings with which the inputs were read.
    public let settings: ReadSettings

    public init(
        files: [CheckedFile], skipped: [(name: String, reason: String)], judgement: RunJudgement, records: AuthorityRecords,
        history: EmploymentHistory, censuses: [Census], settings: ReadSettings
    ) {
        self.files = files
        self.skipped = skipped
        self.judgement = judgement
        self.records = records
        self.history = history
        self.censuses = censuses
        self.settings = settings
    }

    /// Whether a given file could not be read.
    public var isMissingInput: Bool { files.contains(where: \.isRefused) }

    public var counts: RowCounts {
        var all = RowCounts()
        for file in files { all += file.counts }
        return all
    }
}

extension CheckResult {
    /// The files with assignments, as indexes, in groups in the order of their first files. No return is in two groups, so the
    /// groups can be written independently.
    public var filesByReturns: [[Int]] {
        // Each file points to an earlier one with which it shares a return; the first of a group points to itself.
        var leaders = Array(files.indices)
        func first(_ file: Int) -> Int {
            var file = file
            while leaders[file] != file {
                leaders[file] = leaders[leaders[file]]
                file = leaders[file]
            }
            return file
        }
        var holders: [ReturnKey: Int] = [:]
        for (file, judge) in zip(judgement.fileOfPart, judgement.parts) {
            for key in judge.tallies.keys {
                let (one, other) = (first(holders[key] ?? file), first(file))
                leaders[max(one, other)] = min(one, other)
                holders[key] = file
            }
        }
        let groups = Dictionary(grouping: files.indices.filter { files[$0].holdsAssignments }, by: first)
        return groups.keys.sorted().map { groups[$0]! }
    }
}
