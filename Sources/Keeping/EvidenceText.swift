import AgencyModel
import Compliance
import RuleBook
import Wording

/// What is known about one worker's posts, in words: what counts towards the years of experience, and which file says so.
public struct EvidenceText {
    public private(set) var text = ""

    public init(_ evidence: EvidenceFiles, worker: String?, before: CalendarDate?, book: RuleBook) {
        text += worker.map { "Worker \($0)\n" } ?? "The worker whose number was given\n"
        let covered = evidence.covered.sorted { ($0.words, $0.first) < ($1.words, $1.first) }
        guard let first = covered.map(\.first).min(), let last = covered.map(\.last).max() else {
            text += "The files contain no employment evidence.\n"
            return
        }
        let day = before ?? last.adding(days: 1)
        if !evidence.facts.isEmpty {
            let timeline = WorkerTimeline(
                evidence.facts, censusDays: evidence.censusDays, before: day, authorities: book.authorities)
            append(timeline, book)
        } else {
            text += "The files do not name this worker.\n"
        }
        text += "\nThe files cover \(first.inWords) to \(last.inWords):\n"
        for file in covered { text += "  \(file.words), \(file.first) to \(file.last)\n" }
    }

    private mutating func append(_ timeline: WorkerTimeline, _ book: RuleBook) {
        text += "Days before \(timeline.before.inWords)\n\n"
        for post in timeline.posts {
            let spell = post.spell
            let name = spell.authority.map { code in "\(code) " + (book.authorities[code]?.name ?? "not known") } ?? "no authority"
            text += "\(spell.start) to \(EvidenceText.end(spell))  \(name), \(EvidenceText.post(spell))\n"
            text += "  " + EvidenceText.counts(post) + "\n"
            for source in post.sources { text += "  from \(source)\n" }
            for (source, other) in post.otherwise {
                text += "  otherwise: \(source) says to \(EvidenceText.end(other)), \(EvidenceText.post(other))\n"
            }
        }
        guard let required = book.parameters.experienceDays.value(on: timeline.before) else {
            text += "\n\(Words.count(timeline.days, "day")) count. No requirement was in force on that day.\n"
            return
        }
        text +=
            "\n\(Words.count(timeline.days, "day")) count towards the \(Words.grouped(required)) required: "
            + (timeline.days >= required ? "enough.\n" : "\(Words.grouped(required - timeline.days)) short in these files.\n")
    }

    private static func end(_ spell: EmploymentSpell) -> String {
        guard let end = spell.end else { return "still there" }
        return end.description + (spell.endIsInferred ? " (inferred: a later census does not name the post)" : "")
    }

    private static func post(_ spell: EmploymentSpell) -> String {
        let employment =
            switch spell.employment {
            case .direct: "direct employment"
            case .agency: "agency work"
            case .other: "other employment"
            case nil: "employment not known"
            }
        let setting =
            switch spell.setting {
            case .childFamily: "child and family"
            case .adult: "adults"
            case .other: "another setting"
            case nil: "setting not known"
            }
        let reason = spell.leavingReason.map { ", left: \($0.text.lowercased())" } ?? ""
        return "\(employment), \(setting)\(spell.registered ? "" : ", not registered")\(reason)"
    }

    private static func counts(_ post: WorkerTimeline.Post) -> String {
        switch post.shortfall {
        case nil: "counts: \(Words.count(post.days, "day"))"
        case .doesNotCount(.notDirect): "does not count: not direct employment"
        case .doesNotCount(.notChildAndFamily): "does not count: not a child and family setting"
        case .doesNotCount(.notRegistered): "does not count: not registered"
        case .doesNotCount(.authorityUnknown): "does not count: the authority is not in the table"
        case .afterTheDay: "does not count: it begins on or after the day"
        case .countedAlready: "adds nothing: its days are counted with an earlier post, or it ends before it begins"
        }
    }
}
