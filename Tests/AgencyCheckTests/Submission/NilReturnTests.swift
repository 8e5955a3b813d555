import AgencyModel
import Foundation
import TestSupport
import Testing

/// An authority without agency workers says so, and sends a submission that says so.
@Suite struct NilReturnTests {
    private let rules = ["--rules", Places.sampleRules]

    private func submit(_ folder: TemporaryFolder, _ arguments: [String], _ out: String = "out") throws -> Program.Outcome {
        try Program.check(["submit"] + arguments + rules + ["--out", folder.path + "/" + out])
    }

    private func record(_ values: [String: String]) -> String {
        let names = ["authority_code", "quarter", "cost_month_1", "cost_month_2", "cost_month_3", "no_agency_workers"]
        let all = ["authority_code": "991", "quarter": "2026-Q1"].merging(values) { $1 }
        return names.joined(separator: ",") + "\r\n" + names.map { all[$0] ?? "" }.joined(separator: ",") + "\r\n"
    }

    @Test func nilOptionDeclaresANilReturn() throws {
        let folder = try TemporaryFolder()
        let outcome = try submit(folder, ["--nil", "--authority", "991", "--quarter", "2026-Q1"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("991 2026-Q1: ready to send"))
        #expect(outcome.errors.contains("991 2026-Q1: a nil return: no agency workers, and no authority record"))
        let place = folder.path + "/out/submission/991-2026-Q1"
        #expect(
            Places.names(in: place) == [
                "assignments.csv", "assignments.xml", "assignments.xsd", "authority.csv", "manifest.json", "problems.csv",
            ])
        #expect(try Places.text(place + "/assignments.csv").components(separatedBy: "\r\n").count == 2)
        let manifest = try Places.text(place + "/manifest.json")
        for part in ["\"status\": \"ready\"", "\"nil_return\": \"yes\"", "\"assignments\": 0"] { #expect(manifest.contains(part)) }
        let lint = try Program.run(
            "/usr/bin/env", ["xmllint", "--noout", "--schema", place + "/assignments.xsd", place + "/assignments.xml"])
        #expect(lint.code == 0, "\(lint.errors)")
        #expect(try Program.check(["verify", folder.path + "/out"]).code == 0)
        let again = try submit(folder, ["--nil", "--authority", "991", "--quarter", "2026-Q1"], "again")
        #expect(again.code == 0)
        #expect(try Places.text(folder.path + "/again/submission/991-2026-Q1/manifest.json") == manifest)
    }

    @Test func authorityRecordDeclaresANilReturn() throws {
        let folder = try TemporaryFolder()
        let costs = ["cost_month_1": "120.00", "cost_month_2": "0", "cost_month_3": "0"]
        let file = try folder.write("record.csv", record(costs.merging(["no_agency_workers": "Yes"]) { $1 }))
        let outcome = try submit(folder, [file])
        #expect(outcome.code == 0 && outcome.output.contains("991 2026-Q1: ready to send"), "\(outcome.output)\(outcome.errors)")
        #expect(try Places.text(folder.path + "/out/submission/991-2026-Q1/authority.csv").contains("120.00"))
        // The same in XML.
        let xml = try folder.write(
            "record.xml",
            "<AgencyReturn version=\"1\"><Header><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter></Header><Assignments/><Authority><CostMonth1>120.00</CostMonth1><CostMonth2>0</CostMonth2><CostMonth3>0</CostMonth3><NoAgencyWorkers>yes</NoAgencyWorkers></Authority></AgencyReturn>"
        )
        #expect(try submit(folder, [xml], "xml").code == 0)
        let lint = try Program.run("/usr/bin/env", ["xmllint", "--noout", "--schema", Places.rules + "/agency-return.xsd", xml])
        #expect(lint.code == 0, "\(lint.errors)")
        #expect(
            try Places.text(folder.path + "/xml/submission/991-2026-Q1/authority.csv")
                == Places.text(folder.path + "/out/submission/991-2026-Q1/authority.csv"))
        // `check` writes it too and shows it on the page, and it can be redacted.
        let check = try Program.check(["check", file, "--out", folder.path + "/check"] + rules)
        #expect(check.code == 0 && check.errors.contains("991 2026-Q1: a nil return"))
        let page = try Places.text(folder.path + "/check/report.html")
        #expect(page.contains("Ready to send") && page.contains("had no agency workers in 2026-Q1: a nil return"))
        #expect(try Program.check(["verify", folder.path + "/check"]).code == 0)
        #expect(try Program.check(["redact", folder.path + "/check", "--out", folder.path + "/redacted"]).code == 0)
    }

    @Test func aRecordThatContradictsItsAssignmentsStopsTheSubmission() throws {
        let folder = try TemporaryFolder()
        let costs = ["cost_month_1": "4000", "cost_month_2": "4000", "cost_month_3": "4000"]
        let file = try folder.write("record.csv", record(costs.merging(["no_agency_workers": "yes"]) { $1 }))
        let rows = try folder.write("return.csv", Checking.returnCSV([[:], ["assignment_id": "A-2"]]))
        let outcome = try submit(folder, [file, rows])
        #expect(outcome.code == 1 && outcome.output.contains("991 2026-Q1: not ready to send, 1 problem"), "\(outcome.output)")
        #expect(outcome.errors.contains("no_agency_workers is yes), but there are 2 assignments. Correct the record"))
        let place = folder.path + "/out/submission/991-2026-Q1"
        let problems = try Places.text(place + "/problems.csv").components(separatedBy: "\r\n")
        #expect(problems.count == 3 && problems[1].hasPrefix(",error,991,2026-Q1,,,,no_agency_workers,yes,no,"), "\(problems)")
        let manifest = try Places.text(place + "/manifest.json")
        #expect(manifest.contains("\"status\": \"incomplete\"") && manifest.contains("\"problems\": 1"))
        _ = try Program.check(["check", file, rows, "--out", folder.path + "/check"] + rules)
        let page = try Places.text(folder.path + "/check/report.html")
        #expect(page.contains("Not ready to send") && page.contains("Correct the record, or leave the assignments out"))
        // Following the advice: the record is corrected.
        let mended = try folder.write("record.csv", record(costs.merging(["no_agency_workers": "no"]) { $1 }))
        #expect(try submit(folder, [mended, rows], "mended").code == 0)
    }

    @Test func nilOptionMustNotContradictTheFiles() throws {
        let folder = try TemporaryFolder()
        let rows = try folder.write("return.csv", Checking.returnCSV([[:]]))
        let said = try submit(folder, [rows, "--nil", "--authority", "991", "--quarter", "2026-Q1"])
        #expect(said.code == 2 && said.errors.contains("but the files have 1 assignment for it. Leave out --nil"), "\(said.errors)")
        let record = try folder.write("record.csv", record(["no_agency_workers": "0"]))
        let denied = try submit(folder, [record, "--nil", "--authority", "991", "--quarter", "2026-Q1"])
        #expect(denied.code == 2 && denied.errors.contains("no_agency_workers is no"))
        #expect(Places.names(in: folder.path) == ["record.csv", "return.csv"])
        // A return of another authority beside it is another submission.
        let both = try submit(folder, [rows, "--nil", "--authority", "992", "--quarter", "2026-Q1"])
        #expect(both.output.contains("991 2026-Q1:") && both.output.contains("992 2026-Q1: ready to send"))
        for arguments in [["--nil"], ["--nil", "--authority", "991"], ["--nil", "--quarter", "2026-Q1"]] {
            #expect(try submit(folder, arguments, "never").code == 2)
        }
    }

    /// Without the option or the record there is nothing to submit, as before.
    @Test func anEmptyReturnIsNotASubmission() throws {
        let folder = try TemporaryFolder()
        let empty = try folder.write("return.csv", Checking.returnCSV([]))
        let silent = try folder.write("record.csv", record([:]))
        let outcome = try submit(folder, [empty, silent])
        #expect(outcome.code != 0 && !Places.names(in: folder.path + "/out").contains("submission"), "\(outcome.output)")
        #expect(outcome.errors.contains("enter yes in no_agency_workers in the record, or submit a nil return"))
    }

    @Test func aNilReturnOfAnUnknownAuthorityIsNotReady() throws {
        let folder = try TemporaryFolder()
        let outcome = try submit(folder, ["--nil", "--authority", "998", "--quarter", "2026-Q1"])
        #expect(outcome.code == 1 && outcome.errors.contains("is not in authorities.csv on 31 March 2026"), "\(outcome.errors)")
    }

    @Test func aWrongValueDeclaresNothing() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("record.csv", record(["no_agency_workers": "perhaps"]))
        let outcome = try Program.check(["check", file] + rules)
        #expect(outcome.code == 1 && outcome.output.contains("IMP004") && outcome.output.contains("no_agency_workers"))
        #expect(outcome.errors.contains("an authority record but no assignment of 991 2026-Q1"))
    }

    /// A store keeps assignments: it says that it does not keep nil returns.
    @Test func aStoreReportsThatItKeepsNoNilReturns() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("record.csv", record(["no_agency_workers": "yes"]))
        let outcome = try Program.check(["history", "add", file, "--store", folder.path + "/store"] + rules)
        #expect(outcome.errors.contains("The authority record of 991 for 2026-Q1 was not kept"), "\(outcome.errors)")
    }
}
