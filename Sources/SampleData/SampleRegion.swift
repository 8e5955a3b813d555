import AgencyModel
import ByteWriting
import SafeFiles

/// A fictional region with its returns, employment history, authority records and example caps. Every value is made up: the
/// authorities do not exist, and the caps are not those of any region.
public struct SampleRegion {
    public static let regionName = "Example Region"
    /// Codes that no English authority has.
    public static let firstCode = 501
    public static let mostAuthorities = 299

    public let authorities: Int
    /// For each authority.
    public let assignments: Int
    public let quarter: Quarter
    public let seed: UInt64
    /// The share of assignments with a breach of some kind, 0 to 1.
    public let breaches: Double
    /// The share of assignments (of authorities for AUTH) with this breach, 0 to 1.
    public let shares: [RuleCode: Double]
    /// The share of workers with an employment history, 0 to 1.
    public let history: Double
    public let isXML: Bool

    public init(
        authorities: Int, assignments: Int, quarter: Quarter, seed: UInt64, breaches: Double, shares: [RuleCode: Double],
        history: Double, isXML: Bool
    ) {
        self.authorities = authorities
        self.assignments = assignments
        self.quarter = quarter
        self.seed = seed
        self.breaches = breaches
        self.shares = shares
        self.history = history
        self.isXML = isXML
    }

    /// The breaches that an assignment can have.
    public static let assignmentKinds: [RuleCode] = [
        RuleCode(.IMP, 4), RuleCode(.DATA, 1), RuleCode(.DATA, 2), RuleCode(.DATA, 4), RuleCode(.DATA, 5), RuleCode(.DATA, 6),
        RuleCode(.DATA, 7), RuleCode(.DATA, 8), RuleCode(.DATA, 9), RuleCode(.DATA, 10), RuleCode(.DATA, 11), RuleCode(.DATA, 12),
        RuleCode(.CAP, 1), RuleCode(.CAP, 2), RuleCode(.CAP, 3), RuleCode(.EXP, 1), RuleCode(.EXP, 2), RuleCode(.EXP, 3),
        RuleCode(.EXP, 4), RuleCode(.EXP, 5), RuleCode(.EXP, 6), RuleCode(.EXP, 7), RuleCode(.TEAM, 1), RuleCode(.TEAM, 2),
        RuleCode(.TEAM, 3), RuleCode(.TEAM, 4), RuleCode(.TEAM, 5), RuleCode(.COOL, 1), RuleCode(.NOTE, 1), RuleCode(.NOTE, 2),
        RuleCode(.REF, 1),
    ]
    /// The breaches that an authority record can have.
    public static let authorityKinds: [RuleCode] = (1...5).map { RuleCode(.AUTH, UInt8($0)) }

    /// Pence an hour, by role.
    private static let caps = [3800, 4200, 4500, 5000, 4800]
    private static let agencies = [
        "Larch Locums", "Beech & Co", "Rowan Staffing, North", "Alder \"Rapid\" Care", "Hazel Social Work", "Maple Teams",
    ]
    private static let nameStarts = ["North", "East", "South", "West", "Upper", "Lower", "Great", "Little", "Old", "New"]
    private static let nameEnds = ["moor", "vale", "mere", "wold", "haven", "combe", "field", "ridge", "shore", "brook"]

    /// Invented names: `Northmoor`, `Eastmoor`, and so on.
    static func name(_ index: Int) -> String {
        let name = nameStarts[index % 10] + nameEnds[index / 10 % 10]
        return index < 100 ? name : name + " \(index / 100 + 1)"
    }

    /// Writes the region into the folder.
    public func write(to folder: OutputFolder) throws {
        try writeRules(to: folder)
        var spells = BufferedFile()
        var records = BufferedFile()
        try folder.write("employment.csv") { historyFile in
            spells.buffer.append("swe_number,authority_code,start_date,end_date,employment,setting,registered,leaving_reason\r\n")
            try folder.write("authority.csv") { recordFile in
                records.buffer.appendRow(Column.ofAuthorityRecord.map(\.name))
                for index in 0..<authorities {
                    let code = SampleRegion.firstCode + index
                    try folder.write("returns/return-\(code)-\(quarter).\(isXML ? "xml" : "csv")") { file in
                        try writeReturn(index, to: file, spells: &spells, spellFile: historyFile, records: &records)
                    }
                    try records.flush(to: recordFile)
                }
            }
            try spells.flush(to: historyFile)
        }
    }

    private struct BufferedFile {
        var buffer = ByteBuffer()
        mutating func flush(to file: OutputFile) throws {
            try file.write(buffer.bytes)
            buffer.removeAll()
        }
        mutating func flushIfFull(to file: OutputFile) throws {
            if buffer.count > 256 << 10 { try flush(to: file) }
        }
    }

    private func writeRules(to folder: OutputFolder) throws {
        try folder.write("rules/authorities.csv") { file in
            var text = "authority_code,gss_code,name,region,valid_from,valid_to\n"
            for index in 0..<authorities {
                text +=
                    "\(SampleRegion.firstCode + index),X\(10_000_000 + index),\(SampleRegion.name(index)) (fictional),\(SampleRegion.regionName),,\n"
            }
            try file.write(text)
        }
        try folder.write("rules/caps.csv") { file in
            var text = "region,role,effective_from,cap,source\n"
            for role in CoreRole.core {
                let cap = Money(tenThousandths: Int64(SampleRegion.caps[Int(role.rawValue)]) * 100)
                text += "\(SampleRegion.regionName),\(role.text),2025-10-01,\(cap),illustrative: nobody's cap\n"
            }
            try file.write(text)
        }
    }

    private func writeReturn(
        _ index: Int, to file: OutputFile, spells: inout BufferedFile, spellFile: OutputFile, records: inout BufferedFile
    ) throws {
        let code = SampleRegion.firstCode + index
        var chance = Randomness(seed: seed &* 1_000_003 &+ UInt64(index))
        var output = BufferedFile()
        if isXML {
            output.buffer.append(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- Synthetic. -->\n<AgencyReturn version=\"1\">\n<Header><AuthorityCode>\(code)</AuthorityCode><Quarter>\(quarter)</Quarter></Header>\n<Assignments>\n"
            )
        } else {
            output.buffer.appendRow(Column.ofAssignment.map(\.name))
        }
        var cost = 0
        var previous: SampleAssignment?
        for number in 0..<assignments {
            var sample = plain(code: code, index: index, number: number, &chance)
            var kinds: [RuleCode] = []
            if breaches > 0, chance.chance(breaches) { kinds.append(chance.pick(SampleRegion.assignmentKinds)) }
            for kind in SampleRegion.assignmentKinds {
                if let share = shares[kind], chance.chance(share) { kinds.append(kind) }
            }
            var hasHistory = chance.chance(history)
            var historyDays = chance.number(1200...4000)
            var unreadable = false
            for kind in kinds {
                breach(kind, &sample, previous, &hasHistory, &historyDays, &unreadable, &chance)
            }
            if hasHistory {
                if !kinds.contains(where: { $0.family == .EXP }) { sample.months = historyDays * 10_000 / 304_375 }
                let end = sample.start.adding(days: -chance.number(200...400))
                appendSpell(sample, days: historyDays, end: end, to: &spells.buffer)
                try spells.flushIfFull(to: spellFile)
            }
            append(sample, unreadable: unreadable, to: &output.buffer)
            cost += sample.hours * sample.charge
            previous = sample
            try output.flushIfFull(to: file)
        }
        if isXML { output.buffer.append("</Assignments>\n</AgencyReturn>\n") }
        try output.flush(to: file)
        appendRecord(code, pence: (cost + 50) / 100, to: &records.buffer, &chance)
    }

    private func append(_ sample: SampleAssignment, unreadable: Bool, to buffer: inout ByteBuffer) {
        if isXML { buffer.append("<Assignment>") }
        for (place, column) in Column.ofAssignment.enumerated() {
            if isXML, column == .authorityCode || column == .quarter { continue }
            if place > 0, !isXML { buffer.append(0x2C) }
            var value = ByteBuffer()
            if unreadable, column == .noticeWeeks {
                value.append("four weeks")
            } else {
                sample.append(column, quarter: quarter, to: &value)
            }
            if isXML {
                if value.count == 0 { continue }
                buffer.append("<\(column.elementName)>")
                for byte in value.bytes {
                    switch byte {
                    case 0x26: buffer.append("&amp;")
                    case 0x3C: buffer.append("&lt;")
                    default: buffer.append(byte)
                    }
                }
                buffer.append("</\(column.elementName)>")
            } else {
                let start = buffer.count
                buffer.append(value.bytes)
                // As an authority's own system writes it: nothing is made harmless.
                buffer.quoteCell(from: start)
            }
        }
        buffer.append(isXML ? "</Assignment>\n" : "\r\n")
    }

    /// An assignment that meets every rule.
    private func plain(code: Int, index: Int, number: Int, _ chance: inout Randomness) -> SampleAssignment {
        let role = CoreRole(rawValue: UInt8(chance.number(0...4)))!
        let cap = SampleRegion.caps[Int(role.rawValue)]
        let start = quarter.firstDay.adding(days: chance.number(-60...60))
        let engagement: Engagement = chance.pick([.umbrella, .umbrella, .limited, .paye])
        let capped = cap - chance.number(0...600)
        var sample = SampleAssignment(
            authority: code, id: "A-\(code)-\(number + 1)", worker: 100_000 + index * assignments + number, role: role,
            start: start,
            end: chance.chance(0.5) ? quarter.firstDay.adding(days: chance.number(70...180)) : nil, engagement: engagement,
            pay: capped, fee: chance.number(300...700), charge: 0, weekly: chance.pick([3700, 3500, 1850, 2220]), hours: 0,
            agency: chance.pick(SampleRegion.agencies))
        if engagement == .paye {
            sample.onCosts = (ni: capped * 10 / 100, holiday: capped * 9 / 100, levy: 15)
            sample.pay = capped - sample.onCosts.ni - sample.onCosts.holiday - sample.onCosts.levy
        }
        let days = max(
            1,
            Int(min(sample.end ?? quarter.lastDay, quarter.lastDay).dayNumber - max(start, quarter.firstDay).dayNumber) + 1)
        sample.hours = sample.weekly * days / 7 * chance.number(80...100) / 100
        if chance.chance(0.1) {
            makeTeam(&sample)
        }
        sample.settleCharge()
        return sample
    }

    private func makeTeam(_ sample: inout SampleAssignment) {
        sample.supply = .projectTeam
        sample.team = "PT-\(sample.authority)"
        sample.approved = sample.start.adding(days: -7)
        sample.disaggregated = true
        sample.managedBy = .authority
    }

    private func breach(
        _ kind: RuleCode, _ sample: inout SampleAssignment, _ previous: SampleAssignment?, _ hasHistory: inout Bool,
        _ historyDays: inout Int, _ unreadable: inout Bool, _ chance: inout Randomness
    ) {
        func raise(_ percent: Int) {
            let more = SampleRegion.caps[Int(sample.role.rawValue)] * percent / 100 + SampleRegion.caps[Int(sample.role.rawValue)]
            sample.pay += more - sample.capped
            sample.reason = "Sole specialist in the region"
            sample.settleCharge()
        }
        let due = max(sample.start, CalendarDate(year: 2025, month: 10, day: 1)!)
        switch kind {
        case RuleCode(.IMP, 4): unreadable = true
        case RuleCode(.DATA, 1): sample.engagement = nil
        case RuleCode(.DATA, 2): sample.workerText = "HC\(sample.worker)"
        case RuleCode(.DATA, 4): sample.end = sample.start.adding(days: -1)
        case RuleCode(.DATA, 5):
            sample.start = quarter.lastDay.adding(days: 1)
            sample.end = nil
            sample.approved = sample.supply == .individual ? nil : quarter.lastDay
        case RuleCode(.DATA, 6): if let previous { sample.id = previous.id }
        case RuleCode(.DATA, 7): sample.charge += 125
        case RuleCode(.DATA, 8):
            sample.pay += 1400 - sample.capped
            sample.settleCharge()
        case RuleCode(.DATA, 9):
            if sample.engagement == .paye {
                sample.pay = sample.capped
                sample.engagement = .umbrella
            }
            sample.onCosts.ni = 310
            sample.settleCharge()
        case RuleCode(.DATA, 10):
            if let previous {
                sample.worker = previous.worker
                sample.start = max(sample.start, previous.start)
                sample.end = nil
                sample.weekly = 4800
            }
        case RuleCode(.DATA, 11): sample.hours = sample.weekly * 20
        case RuleCode(.DATA, 12): sample.team = "=1+1"
        case RuleCode(.CAP, 1): raise(chance.number(2...25))
        case RuleCode(.CAP, 2):
            raise(chance.number(2...25))
            sample.signOffs = (due.adding(days: 3), due.adding(days: -2))
        case RuleCode(.CAP, 3):
            raise(chance.number(2...25))
            sample.signOffs = (due.adding(days: -5), due)
        case RuleCode(.EXP, 1):
            hasHistory = true
            historyDays = chance.number(200...1094)
            sample.verified = false
            sample.months = chance.number(6...35)
        case RuleCode(.EXP, 2):
            hasHistory = false
            sample.months = chance.number(6...35)
        case RuleCode(.EXP, 3):
            hasHistory = false
            sample.months = nil
        case RuleCode(.EXP, 4):
            hasHistory = false
            sample.verified = false
        case RuleCode(.EXP, 5):
            hasHistory = true
            historyDays = 2000
            sample.months = 120
        case RuleCode(.EXP, 6):
            hasHistory = true
            historyDays = chance.number(200...1094)
        case RuleCode(.EXP, 7):
            hasHistory = true
            historyDays = chance.number(200...1094)
            sample.verified = false
        case RuleCode(.TEAM, 1):
            makeTeam(&sample)
            sample.approved = sample.start.adding(days: 10)
        case RuleCode(.TEAM, 2):
            makeTeam(&sample)
            sample.disaggregated = false
        case RuleCode(.TEAM, 3):
            makeTeam(&sample)
            sample.managedBy = .supplier
        case RuleCode(.TEAM, 4):
            sample.supply = .individual
            sample.managedBy = .supplier
        case RuleCode(.TEAM, 5):
            makeTeam(&sample)
            sample.team = nil
        case RuleCode(.COOL, 1):
            sample.lastPost = (sample.authority, sample.start.adding(days: -chance.number(1...80)), .resigned)
        case RuleCode(.NOTE, 1): sample.notice = chance.pick(["1", "2", "3.5"])
        case RuleCode(.NOTE, 2): sample.notice = nil
        case RuleCode(.REF, 1): sample.references = chance.pick(["0", "1"])
        default: break
        }
    }

    private func appendSpell(_ sample: SampleAssignment, days: Int, end: CalendarDate, to buffer: inout ByteBuffer) {
        buffer.append("SW")
        buffer.append(number: sample.worker)
        buffer.append(0x2C)
        buffer.append(number: sample.authority, width: 3)
        buffer.append(0x2C)
        buffer.append(end.adding(days: 1 - days))
        buffer.append(0x2C)
        buffer.append(end)
        buffer.append(",DIRECT,CHILD_FAMILY,yes,RESIGNED\r\n")
    }

    private func appendRecord(_ code: Int, pence: Int, to buffer: inout ByteBuffer, _ chance: inout Randomness) {
        var kinds: Set<RuleCode> = []
        for kind in SampleRegion.authorityKinds where chance.chance(shares[kind] ?? 0) { kinds.insert(kind) }
        if kinds.contains(RuleCode(.AUTH, 1)) { return }
        let total = kinds.contains(RuleCode(.AUTH, 3)) ? pence * 105 / 100 : pence
        let month = total / 3
        let isClean = breaches == 0 && shares.isEmpty
        buffer.append(number: code, width: 3)
        buffer.append(0x2C)
        buffer.append(quarter)
        for (place, amount) in [month, month, total - 2 * month].enumerated() {
            buffer.append(0x2C)
            if place == 1, kinds.contains(RuleCode(.AUTH, 2)) { continue }
            buffer.append(Money(tenThousandths: Int64(amount) * 100))
        }
        buffer.append(",,,,,")
        for _ in ReturnFamily.allCases {
            buffer.append(isClean || kinds.contains(RuleCode(.AUTH, 4)) ? ",FULL," : ",PARTIAL,")
            if !isClean, !kinds.contains(RuleCode(.AUTH, 5)) { buffer.append("Synthetic example") }
        }
        // no_agency_workers
        buffer.append(0x2C)
        buffer.endRow()
    }
}
