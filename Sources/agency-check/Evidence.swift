import AgencyModel
import ArgumentParser
import ByteWriting
import CheckRun
import Compliance
import Glibc
import History
import Intake
import RuleBook
import SafeFiles
import Wording

/// `agency-check evidence`: one worker's employment as the files tell it.
struct Evidence: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Show one worker's posts: what counts towards three years, and which file says so.",
        discussion: """
            The Social Work England number is read from standard input, so that no list of commands shows it. A worker in a store can
            be named by a pseudonym instead (w- and 16 digits, as history export writes it). No number is ever shown.
            """)

    @Argument(
        help: ArgumentHelp(
            "A pseudonym, and files or folders of employment histories, censuses and returns.", valueName: "pseudonym-or-file"))
    var arguments: [String] = []

    @Option(help: ArgumentHelp("A history store.", valueName: "path"))
    var store: String?

    @Option(help: ArgumentHelp("A folder of rules to lay over the shipped ones.", valueName: "dir"))
    var rules: String?

    @Option(
        help: ArgumentHelp(
            "Count the days before this day, such as an assignment's start (default: up to the last day that the files cover).",
            valueName: "date"))
    var before: DayArgument?

    private var pseudonym: UInt64? { arguments.first.flatMap(Pseudonym.shownHalf) }
    private var files: [String] { pseudonym == nil ? arguments : Array(arguments.dropFirst()) }

    func validate() throws {
        if arguments.contains(where: { PersonMask().masked($0) == "SW\u{2026}" }) {
            throw ValidationError(
                "A Social Work England number must not be on the command line. Enter it on standard input.")
        }
        if files.isEmpty, store == nil { throw ValidationError("Name files, or a history store with --store.") }
        if pseudonym != nil, store == nil {
            throw ValidationError("A pseudonym means something only with the key of its store: name the store with --store.")
        }
    }

    func run() throws {
        let book = try RuleBookLocation.load(over: rules)
        let kept = try store.map { path throws(OutputFault) in try HistoryStore.open(path) }
        let worker = pseudonym == nil ? try Evidence.numberFromInput() : nil
        var evidence = EvidenceFiles()
        try evidence.read(files, of: worker, book: book, rules: rules)
        var shown: String?
        if let half = pseudonym, let kept {
            evidence.choose { kept.pseudonym(of: $0).shownHalf == half }
            let found = try kept.facts(shownAs: half)
            guard found != nil || evidence.isChosen else {
                throw ValidationError("No worker has that pseudonym. Check the pseudonym and the store.")
            }
            shown = arguments[0].lowercased()
            evidence.add(found?.facts ?? [], files: try kept.evidenceFiles())
        } else if let worker {
            evidence.choose { $0 == worker }
            if let kept {
                shown = kept.pseudonym(of: worker).text
                evidence.add(try kept.facts(of: worker), files: try kept.evidenceFiles())
            }
        }
        try Terminal.write(
            EvidenceText(evidence, worker: shown, before: before?.day, book: book).text)
        if evidence.isIncomplete { throw ExitCode(3) }
    }

    private static func numberFromInput() throws -> SWENumber {
        if isatty(0) == 1 {
            try Terminal.writeError("Social Work England number (SW and digits), then Enter: ")
        }
        var line = (readLine() ?? "")[...].trimmingSpaces
        while line.last == "\r" || line.last == "\t" { line.removeLast() }
        guard let worker = line.withUTF8({ SWENumber($0) }) else {
            throw ValidationError(
                "Standard input does not hold a Social Work England number: SW and 1 to 10 digits, on the first line.")
        }
        return worker
    }
}

/// What files and a store say of one worker. Every fact carries the number 0: from here on nobody needs the person's.
struct EvidenceFiles {
    private(set) var facts: [WorkerTimeline.Fact] = []
    private(set) var censusDays: [(authority: AuthorityCode, day: CalendarDate)] = []
    /// Each file in words, with the days that it covers.
    private(set) var covered: [(words: String, first: CalendarDate, last: CalendarDate)] = []
    private(set) var isIncomplete = false
    private(set) var isChosen = false
    private var read: [(spell: EmploymentSpell, source: String, censusDay: CalendarDate?)] = []
    private var digests: Set<String> = []

    /// Reads files and folders; what cannot be read is said on standard error.
    mutating func read(_ paths: [String], of worker: SWENumber?, book: RuleBook, rules: String?) throws {
        if paths.isEmpty { return }
        let list = InputList(paths, rules: rules)
        let run = CheckRun(
            book: book, threads: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), takesDigests: true)
        let result = run.run(list)
        var printed = PrintedText(result.judgement)
        if let worker { printed.know(worker) }
        for file in result.files where file.isRefused {
            try Terminal.writeError(
                "agency-check: \(printed.line(file.input.name)) could not be read. To see why, run agency-check check.\n")
        }
        isIncomplete = result.isMissingInput
        for file in result.files where file.holdsEvidence && digests.insert(file.digest ?? "").inserted {
            let evidence = try run.rereadEvidence(file)
            for spell in evidence.spells { printed.know(spell.worker) }
            let name = printed.line(file.input.name)
            let words = evidence.census.map { "census of \($0.authority) for \($0.year) (\(name))" } ?? name
            var spells = evidence.spells
            if let census = evidence.census {
                censusDays.append((census.authority, census.referenceDate))
                spells += census.workers.compactMap { $0.sighting(in: census) }
            }
            read += spells.map { ($0, words, evidence.census?.referenceDate) }
            let days = spells.flatMap { [$0.start, $0.end ?? $0.start] } + (evidence.census.map { [$0.referenceDate] } ?? [])
            if let first = days.min(), let last = days.max() { covered.append((words, first, last)) }
        }
    }

    /// Keeps what the files say of one worker.
    mutating func choose(_ isWorker: (SWENumber) -> Bool) {
        for fact in read where isWorker(fact.spell.worker) {
            isChosen = true
            add(fact.spell, fact.source, fact.censusDay)
        }
        read = []
    }

    /// Joins what a store keeps; a file that was read here and is kept there speaks once.
    mutating func add(_ kept: [HistoryStore.Fact], files: [StoredFile]) {
        func words(_ file: StoredFile) -> String {
            let name = PrintedText.line(file.name)
            guard let authority = file.authority, let year = file.censusYear else { return name }
            return "census of \(authority) for \(year) (\(name))"
        }
        for file in files where !digests.contains(file.digest) {
            if let authority = file.authority, let day = file.referenceDate { censusDays.append((authority, day)) }
            if let first = file.firstDay, let last = file.lastDay { covered.append((words(file), first, last)) }
        }
        for fact in kept where !digests.contains(fact.file.digest) {
            add(fact.spell, words(fact.file), fact.file.referenceDate)
        }
    }

    private mutating func add(_ spell: EmploymentSpell, _ source: String, _ censusDay: CalendarDate?) {
        var spell = spell
        spell.worker = SWENumber(number: 0)
        facts.append(WorkerTimeline.Fact(spell: spell, source: source, censusDay: censusDay))
    }
}

extension CensusWorker {
    /// The spell that a census row gives by itself; nil where it gives none.
    func sighting(in census: Census) -> EmploymentSpell? {
        guard let worker, let roleStart, let isAgency else { return nil }
        return EmploymentSpell(
            worker: worker, authority: census.authority, start: roleStart, end: roleEnd, employment: isAgency ? .agency : .direct,
            setting: .childFamily, leavingReason: leavingReason)
    }
}

/// The timeline in words.
struct EvidenceText {
    private(set) var text = ""

    init(_ evidence: EvidenceFiles, worker: String?, before: CalendarDate?, book: RuleBook) {
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
        case .notDirect: "does not count: not direct employment"
        case .notChildAndFamily: "does not count: not a child and family setting"
        case .notRegistered: "does not count: not registered"
        case .authorityUnknown: "does not count: the authority is not in the table"
        case .afterTheDay: "does not count: it begins on or after the day"
        case .countedAlready: "adds nothing: its days are counted with an earlier post, or it ends before it begins"
        }
    }
}
