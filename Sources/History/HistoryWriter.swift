import AgencyModel
import GRDB
import SafeFiles

extension HistoryStore {
    /// Adds to the store in one transaction; `body` makes the changes. If it throws, the store does not change. `rows` is the
    /// number of assignments and spells to come, and `workers` are their workers in the order of the rows, so that their pseudonyms
    /// can be made in advance.
    public func add<Value>(
        expecting rows: Int, workers: [SWENumber] = [], _ body: (HistoryWriter) throws -> Value
    ) throws(OutputFault) -> Value {
        let stock = PseudonymStock(self, workers: workers)
        var mask = PersonMask()
        for worker in workers { mask.know(worker) }
        return try change { [mask] db in
            let writer = try HistoryWriter(self, db, expecting: rows, workers: stock, mask: mask)
            let value = try body(writer)
            try writer.finish()
            return value
        }
    }
}

/// Stores what one run keeps: returns with their assignments and findings, and files with their spells.
public final class HistoryWriter {
    private let store: HistoryStore
    private let db: Database
    private let assignments: Inserter
    private let findings: Inserter
    private let spells: Inserter
    private var agencies: [String: Int64] = [:]
    private let workers: PseudonymStock
    /// Knows the workers whose numbers may be in a reference, an agency or a file name.
    private let mask: PersonMask
    private let salaries: Inserter
    private var findingCounts: [Int64: Int64] = [:]
    private var filesSeen: Set<String> = []
    /// The number of existing returns that were replaced.
    public private(set) var replaced = 0

    init(_ store: HistoryStore, _ db: Database, expecting rows: Int, workers: PseudonymStock, mask: PersonMask) throws {
        self.store = store
        self.mask = mask
        self.workers = workers
        self.db = db
        // If the load is as large as what is already there, it is faster to build the index afterwards.
        let present =
            try Int.fetchOne(db, sql: "SELECT (SELECT count(*) FROM assignments) + (SELECT count(*) FROM spells)") ?? 0
        if rows >= present { try db.execute(sql: HistorySchema.droppedIndex) }
        assignments = try Inserter(db, into: "assignments", columns: 33)
        findings = try Inserter(db, into: "findings", columns: 5)
        spells = try Inserter(db, into: "spells", columns: 10)
        salaries = try Inserter(db, into: "salaries", columns: 4)
    }

    func finish() throws {
        try HistoryStore.removeUnlinked(db)
        try db.execute(sql: HistorySchema.index)
    }

    // MARK: Returns

    /// Begins a return. An existing return of the same authority and quarter is kept as replaced, or removed if it comes from the
    /// same files and is only judged again. Its authority record stays if the new return has none.
    public func begin(_ kept: KeptReturn) throws {
        let files = try String.fetchSet(
            db, sql: "SELECT sha256 FROM files JOIN return_files ON file_id = id WHERE return_id = ?", arguments: [kept.id])
        if files != Set(kept.files) { try HistoryStore.setAside(kept.id, from: db) }
        if try HistoryStore.remove(kept.id, from: db, keepingRecord: kept.record == nil) { replaced += 1 }
        try db.execute(
            sql: "INSERT INTO returns VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                kept.id, Int(kept.authority.number), Int(kept.quarter.index), kept.rows, kept.cost.tenThousandths,
                kept.rulesDigest, kept.toolVersion, kept.rows - kept.assignments,
            ])
        for coverage in kept.coverage {
            try db.execute(
                sql: "INSERT INTO coverage VALUES (?, ?, ?, ?, ?)",
                arguments: [kept.id, coverage.family.name, coverage.assessed, coverage.inError, coverage.undecided])
        }
        guard let record = kept.record else { return }
        let row = try Inserter(db, into: "authority_records", columns: 1 + HistorySchema.recordColumns.count)
        row.add(kept.id)
        for cost in record.monthlyCosts { row.add(cost) }
        for notice in record.noticeWeeks { row.add(notice) }
        for claim in record.claims.declared { row.add(code: claim) }
        try row.insert()
    }

    /// The id of an agency. Names that differ in any letter are kept separately; readers combine them.
    public func agency(_ written: String) throws -> Int64 {
        let name = mask.masked(written, shown)
        if let id = agencies[name] { return id }
        let id: Int64
        if let known = try Int64.fetchOne(db, sql: "SELECT id FROM agencies WHERE name = ?", arguments: [name]) {
            id = known
        } else {
            try db.execute(sql: "INSERT INTO agencies (name) VALUES (?)", arguments: [name])
            id = db.lastInsertedRowID
        }
        agencies[name] = id
        return id
    }

    /// Adds a row of an assignment to a return that has begun. `number` is its position in the return, from 0 and ascending. `team`
    /// is the number of its project team in the return; the name of the team is not kept.
    public func add(
        _ assignment: borrowing Assignment, _ judgement: KeptJudgement, number: Int, agency: Int64?, team: Int? = nil
    ) throws {
        guard let authority = assignment.authority, let quarter = assignment.quarter else { return }
        let row = assignments
        row.add(KeptReturn.id(authority, quarter) << HistorySchema.rowBits | Int64(number))
        row.add(authority)
        row.add(Int64(quarter.index))
        if let id = assignment.assignmentID, let masked = mask.masked(id, own: assignment.sweNumber, shown) {
            row.add(text: masked)
        } else {
            row.add(assignment.assignmentID)
        }
        row.add(assignment.sweNumber.map { workers[$0] })
        row.add(code: assignment.role)
        row.add(code: assignment.engagement)
        row.add(assignment.startDate)
        row.add(assignment.endDate)
        row.add(assignment.payRate)
        row.add(assignment.cappedRate)
        row.add(assignment.chargeRate)
        row.add(assignment.agencyFee)
        row.add(assignment.weeklyHours)
        row.add(assignment.hoursInQuarter)
        row.add(agency)
        row.add(code: assignment.supply ?? .individual)
        row.add(assignment.noticeWeeks)
        row.add(assignment.references)
        row.add(assignment.experienceMonths)
        row.add(assignment.experienceVerified)
        row.add(assignment.lastPostAuthority)
        row.add(assignment.lastPostEnd)
        row.add(code: assignment.lastPostReason)
        row.add(assignment.capDCSDate)
        row.add(assignment.capCEDate)
        row.add(judgement.cap)
        row.add(judgement.capApplies)
        row.add(judgement.experience.map { Int64($0.rawValue) })
        row.add(judgement.isAssessed)
        row.add(team)
        row.add(assignment.rateFrom)
        row.add(assignment.lacksOnCosts)
        try row.insert()
    }

    /// Adds a finding to a return that has begun.
    public func add(_ finding: KeptFinding, of authority: AuthorityCode, _ quarter: Quarter) throws {
        let base = KeptReturn.id(authority, quarter) << HistorySchema.rowBits
        let number = findingCounts[base, default: 0]
        findingCounts[base] = number + 1
        findings.add(base | number)
        findings.add(text: finding.rule.description)
        findings.add(Int64(finding.severity.rawValue))
        findings.add(finding.assignment.map { base | Int64($0) })
        findings.add(text: finding.field.map { mask.masked($0, shown) })
        try findings.insert()
    }

    // MARK: Files

    /// Adds a file and its employment evidence; if the same file was added before, it is replaced. `returns` are the returns that
    /// it has data of. A census gives its authority and date even if it names no worker.
    public func add(
        _ file: KeptFile, of returns: [(AuthorityCode, Quarter)], spells listed: [EmploymentSpell] = [], census: Census? = nil
    ) throws {
        let said = listed + (census?.spells ?? [])
        let days = said.flatMap { [$0.start, $0.end ?? $0.start] } + (census.map { [$0.referenceDate] } ?? [])
        let known = try Int64.fetchOne(db, sql: "SELECT id FROM files WHERE sha256 = ?", arguments: [file.digest])
        let isCopy = !filesSeen.insert(file.digest).inserted
        if !isCopy {
            try db.execute(
                sql: """
                    INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (sha256) DO UPDATE SET name = excluded.name,
                        kind = excluded.kind, authority = excluded.authority, census_year = excluded.census_year,
                        reference_day = excluded.reference_day, first_day = excluded.first_day, last_day = excluded.last_day,
                        reasons_whole = 1
                    """,
                arguments: [
                    known, file.digest, mask.masked(file.name, shown), file.kind, file.byteCount,
                    census.map { Int($0.authority.number) }, census?.year,
                    census.map { Int($0.referenceDate.dayNumber) }, days.min().map { Int($0.dayNumber) },
                    days.max().map { Int($0.dayNumber) },
                ])
        }
        let id = try known ?? Int64.fetchOne(db, sql: "SELECT id FROM files WHERE sha256 = ?", arguments: [file.digest])!
        for (authority, quarter) in returns {
            try db.execute(
                sql: "INSERT OR IGNORE INTO return_files VALUES (?, ?)", arguments: [KeptReturn.id(authority, quarter), id])
        }
        // A copy under another name would say the same thing twice.
        if isCopy { return }
        try HistoryStore.removeSpells(ofFile: id, from: db)
        for (number, spell) in said.enumerated() {
            spells.add(id << HistorySchema.rowBits | Int64(number))
            spells.add(id)
            spells.add(workers[spell.worker])
            spells.add(spell.authority)
            spells.add(spell.start)
            spells.add(spell.end)
            spells.add(code: spell.employment)
            spells.add(code: spell.setting)
            spells.add(spell.registered)
            spells.add(code: spell.leavingReason)
            try spells.insert()
        }
        for (number, salary) in HistoryWriter.salaries(in: census).enumerated() {
            salaries.add(id << HistorySchema.rowBits | Int64(number))
            salaries.add(id)
            salaries.add(salary.orgRole)
            salaries.add(salary.salary)
            try salaries.insert()
        }
    }

    /// The salaries of permanent workers in a census, sorted by amount, so that it is not known whose they are.
    private static func salaries(in census: Census?) -> [(orgRole: Int, salary: Money)] {
        (census?.permanentSalaries ?? []).sorted { ($0.orgRole, $0.salary) < ($1.orgRole, $1.salary) }
    }

    /// The text that replaces a worker's number: the worker's pseudonym. Stores that keep numbers mask their texts all the same.
    /// For other personal data it only shows that there was some.
    private func shown(_ person: PersonMask.Person) -> String {
        switch person {
        case .number(let worker?), .digits(let worker): store.pseudonym(of: worker).text
        case .number(nil), .email, .nationalInsurance: person.masked
        }
    }
}
