import AgencyModel
import Foundation
import TestSupport
import Testing

/// Every command accepts everything that the readers accept: no value ends a run, and none makes a store unusable for others.
@Suite struct ExtremesTests {
    private static let rules = ["--rules", Places.sampleRules]

    private static func extremes(of column: Column) -> [String] {
        let long = String(repeating: "x", count: 40_000)
        switch column.wanted {
        case .money:
            return ["0", "0.0001", "900000000000000", "900,000,000,000,000.0000", "900000000000001", "99999999999999999999"]
        case .decimal: return ["0", "0.000000001", "999999999", "999999999.999999999", "1000000000"]
        case .wholeNumber: return ["0", "999999999", "1000000000", "999999999999999999"]
        case .aDate: return ["0001-01-01", "9999-12-31", "31/12/9999", "1899-12-31", "1900-02-28"]
        case .aQuarter: return ["0001-Q1", "9999-Q4"]
        case .sweNumber: return ["SW1", "SW9999999999"]
        case .shortText: return [String(repeating: "i", count: 36), "=1+1", String(repeating: "\u{1F469}", count: 36)]
        case .text: return ["x", long, String(repeating: "\u{E9}", count: 30_000), "=1+1", "\u{1B}[31m"]
        default: return []
        }
    }

    /// A row for each extreme value of each column, and one with all the largest.
    private static var rows: [[String: String]] {
        var rows: [[String: String]] = []
        var largest: [String: String] = [:]
        for column in Column.ofAssignment {
            for value in extremes(of: column) {
                let plain = ["assignment_id": "R-\(rows.count)", "swe_number": "SW2\(rows.count)"]
                rows.append(plain.merging([column.name: value]) { $1 })
            }
            if column.wanted == .money { largest[column.name] = "900000000000000" }
            if column.wanted == .decimal { largest[column.name] = "999999999.999999999" }
        }
        largest["engagement"] = "PAYE"
        rows += (0..<3).map { largest.merging(["assignment_id": "L-\($0)", "swe_number": "SW77700\($0)"]) { $1 } }
        return rows
    }

    private func leftovers(_ folder: String) -> [String] { Places.names(in: folder).filter { $0.contains(".agency-check-") } }

    /// Runs a command and checks its end: the exit code is 0 or 1, and no hidden folder is left.
    private func holds(_ arguments: [String], in folder: TemporaryFolder, input: String? = nil) throws {
        let outcome = try Program.check(arguments, in: folder.path, input: input)
        #expect(
            [0, 1].contains(outcome.code),
            "\(arguments.joined(separator: " ").prefix(200)): \(outcome.code) \(outcome.errors.suffix(500))")
        #expect(leftovers(folder.path) == [])
    }

    private func everyCommand(_ files: [String], _ folder: TemporaryFolder) throws {
        let rules = ExtremesTests.rules
        try holds(["check"] + files + rules + ["--out", "checked", "--also", "json,sarif", "--quiet"], in: folder)
        try holds(["verify", "checked"], in: folder)
        try holds(["redact", "checked", "--out", "redacted"], in: folder)
        try holds(["submit"] + files + rules + ["--out", "submitted"], in: folder)
        try holds(["compare"] + files + rules + ["--out", "compared"], in: folder)
        for reader in ["members", "public"] {
            try holds(["compare"] + files + rules + ["--for", reader, "--out", "compared-" + reader], in: folder)
        }
        try holds(["history", "add"] + files + rules + ["--store", "s.sqlite"], in: folder)
        try holds(["history", "list", "--store", "s.sqlite"], in: folder)
        try holds(["history", "check", "--store", "s.sqlite"], in: folder)
        try holds(["history", "export", "--store", "s.sqlite", "--out", "exported"], in: folder)
        try holds(["compare", "--history", "s.sqlite"] + rules + ["--out", "compared-history"], in: folder)
        try holds(["check"] + files + rules + ["--history", "s.sqlite", "--quiet"], in: folder)
        try holds(["evidence", "--store", "s.sqlite"] + rules, in: folder, input: "SW777000\n")
        try holds(["evidence"] + files + rules, in: folder, input: "SW100001\n")
    }

    @Test func everyCommandAcceptsExtremeValues() throws {
        let folder = try TemporaryFolder()
        let spell = ["start_date": "0001-01-01", "end_date": "9999-12-31"]
        let record = Dictionary(
            uniqueKeysWithValues: Column.ofAuthorityRecord.compactMap { column -> (String, String)? in
                switch column.wanted {
                case .money: (column.name, "900000000000000")
                case .decimal: (column.name, "999999999.999999999")
                case .text: (column.name, String(repeating: "x", count: 40_000))
                default: nil
                }
            })
        let files = [
            try folder.write("return.csv", Checking.returnCSV(ExtremesTests.rows)),
            try folder.write(
                "posts.csv", Checking.historyCSV([spell, ["end_date": ""], ["start_date": "9999-12-31", "end_date": ""]])),
            try folder.write("record.csv", Checking.recordCSV([record])),
        ]
        try everyCommand(files, folder)
    }

    /// The file of the error: a finding, a chart, exit code 1.
    @Test func aVeryLargeRateGivesAFindingAndAChart() throws {
        let folder = try TemporaryFolder()
        let file = Places.data + "/faults/huge-rate.csv"
        let outcome = try Program.check(["check", file, "--out", "out"] + ExtremesTests.rules, in: folder.path)
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("DATA008 The capped rate of £900,000,000,000,000.00 an hour is above £150.00."))
        #expect(try Places.text(folder.path + "/out/report.html").contains("<svg"))
        try everyCommand([file], folder)
    }

    /// One return beside another: the store stays usable for both.
    @Test func oneReturnDoesNotAffectTheOthers() throws {
        let place = try HistoryPlace()
        let other = try place.folder.write("other.csv", Checking.returnCSV([["authority_code": "992"]]))
        try place.add([other])
        #expect(try place.add([Places.data + "/faults/huge-rate.csv"]).code == 0)
        let out = place.file("compared")
        let outcome = try Program.check(["compare", "--history", place.store, "--out", out] + HistoryPlace.rules)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try place.rows("returns.csv").count == 2)
    }

    @Test func aNumberThatIsTooLargeIsReported() throws {
        let rows = try Checking.findings([
            (
                "return.csv",
                Checking.returnCSV([
                    ["agency_fee": "900000000000001", "weekly_hours": "1000000000", "experience_months": "1000000000"]
                ])
            )
        ])
        let messages = rows.filter { $0.rule == "IMP004" }.map(\.message)
        #expect(messages.count == 3)
        #expect(messages.contains { $0.contains("must be an amount of at most £900,000,000,000,000") })
        #expect(messages.contains { $0.contains("must be a number below 1,000,000,000") })
        #expect(messages.contains { $0.contains("must be a whole number below 1,000,000,000") })
    }

    @Test func sumsOfMoneyStopAtTheLimit() {
        #expect(Money.most + Money.most == Money.most)
        #expect(Money.zero - Money.most - Money.most == Money(tenThousandths: -Money.most.tenThousandths))
        #expect((Money.zero - Money.most - Money.most).magnitude == Money.most)
    }

    /// Each census figure at its largest goes through the health check, the comparison and the store.
    @Test func aCensusWithExtremeValuesIsAccepted() throws {
        let folder = try TemporaryFolder()
        let worker =
            "<CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>SW100001</SWENo><FTE>999999999.9</FTE><OrgRole>5</OrgRole><RoleStartDate>0001-01-01</RoleStartDate><RoleEndDate>9999-12-31</RoleEndDate><FTE30>999999999.9</FTE30><Cases30>999999999</Cases30><WorkingDaysLost>999999999.9</WorkingDaysLost><BaseSalary>900000000000000</BaseSalary></CSWWWorker>"
        let census =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>2025</Year><ReferenceDate>2025-09-30</ReferenceDate></CollectionDetails><Source><LEA>991</LEA></Source></Header><LALevelVacancies><NumberOfVacancies>999999999.9</NumberOfVacancies><NoAgencyFTE>999999999.9</NoAgencyFTE><NoAgencyHeadcount>999999999</NoAgencyHeadcount></LALevelVacancies>"
            + worker + worker + "</Message>"
        let files = [
            try folder.write("census.xml", census), try folder.write("return.csv", Checking.returnCSV([[:]])),
        ]
        try holds(["health", files[0], "--out", "health"] + ExtremesTests.rules, in: folder)
        try everyCommand(files, folder)
    }
}
