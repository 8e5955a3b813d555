import AgencyModel
import TestSupport
import Testing

/// What a message tells the user to do is done, and the finding is gone.
@Suite struct AdviceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        /// What breaks it.
        let wrong: [String: String]
        /// What the message says, done.
        let advice: [String: String]
        var testDescription: String { "\(rule) \(wrong)" }

        init(_ rule: String, _ wrong: [String: String], _ advice: [String: String]) {
            self.rule = rule
            self.wrong = wrong
            self.advice = advice
        }
    }

    static let cases: [Case] = [
        Case("IMP004", ["start_date": "12 Jan"], ["start_date": "2026-01-12"]),
        Case("IMP007", ["pay_rate": "36\u{200B}.00"], ["pay_rate": "36.00"]),
        Case("DATA001", ["charge_rate": ""], ["charge_rate": "41.00"]),
        Case("DATA002", ["swe_number": "HC12345"], ["swe_number": "SW100001"]),
        Case("DATA003", ["authority_code": "000"], ["authority_code": "991"]),
        Case("DATA004", ["end_date": "2026-01-11"], ["end_date": "2026-03-11"]),
        Case("DATA005", ["start_date": "2026-04-01", "end_date": ""], ["quarter": "2026-Q2"]),
        Case("DATA007", ["charge_rate": "45.00"], ["charge_rate": "41.00"]),
        Case("DATA008", ["pay_rate": "250.00"], ["pay_rate": "36.00"]),
        Case("DATA009", ["employer_ni": "3.00"], ["employer_ni": ""]),
        Case("DATA011", ["hours_in_quarter": "500"], ["hours_in_quarter": "300"]),
        Case("DATA012", ["agency": "=1+1"], ["agency": "A =1+1"]),
        Case("DATA013", ["end_date": "9999-12-31"], ["end_date": ""]),
        Case("DATA013", ["cap_dcs_date": "0026-01-02"], ["cap_dcs_date": "2026-01-02"]),
        Case("DATA014", ["job_title": "Social Worker,SW\n991,2026-Q1,A-2"], ["job_title": "Social Worker"]),
        Case("DATA018", ["hours_in_quarter": ""], ["hours_in_quarter": "300"]),
        Case("DATA018", ["hours_in_quarter": "0"], ["hours_in_quarter": "300"]),
        Case("DATA019", ["hours_in_quarter": "50"], ["hours_in_quarter": "300"]),
        Case("DATA019", ["hours_in_quarter": "50"], ["weekly_hours": "7"]),
        Case("DATA020", ["charge_rate": "36.00"], ["charge_rate": "41.00"]),
        Case("DATA020", ["pay_rate": "41.00", "charge_rate": "36.00"], ["pay_rate": "36.00", "charge_rate": "41.00"]),
        Case("DATA021", ["engagement": "PAYE"], ["employer_ni": "0", "holiday_pay": "0", "apprenticeship_levy": "0"]),
        Case("CAP001", ["pay_rate": "40.00"], ["cap_dcs_date": "2026-01-05", "cap_ce_date": "2026-01-05"]),
        Case("CAP001", ["pay_rate": "40.00"], ["pay_rate": "38.00"]),
        Case("EXP002", ["experience_months": "35"], ["experience_months": "36"]),
        Case("EXP003", ["experience_months": ""], ["experience_months": "48"]),
        Case("EXP004", ["experience_verified": "no"], ["experience_verified": "yes"]),
        Case("TEAM001", ["supply": "PACKAGED"], ["approved_date": "2026-01-12"]),
        Case("TEAM002", ["supply": "PACKAGED"], ["cost_disaggregated": "yes"]),
        Case("TEAM003", ["supply": "PACKAGED", "practice_managed_by": ""], ["practice_managed_by": "AUTHORITY"]),
        Case("TEAM004", ["practice_managed_by": "SUPPLIER"], ["practice_managed_by": "AUTHORITY"]),
        Case("TEAM004", ["practice_managed_by": "SUPPLIER"], ["supply": "PACKAGED"]),
        Case("TEAM005", ["supply": "PACKAGED"], ["team_reference": "PT-1"]),
        Case(
            "COOL001", ["last_post_authority": "991", "last_post_end": "2025-12-31", "last_post_reason": "RESIGNED"],
            ["last_post_reason": "REDUNDANT"]),
        Case("NOTE001", ["notice_weeks": "3"], ["notice_weeks": "4"]),
        Case("NOTE002", ["notice_weeks": ""], ["notice_weeks": "4"]),
        Case("REF001", ["references": "1"], ["references": "2"]),
    ]

    @Test(arguments: cases) func followedAdviceIsEnough(example: Case) throws {
        func rules(_ change: [String: String]) throws -> [String] {
            try Checking.findings([("r.csv", Checking.returnCSV([change])), ("a.csv", Checking.recordCSV([[:]]))]).map(\.rule)
        }
        #expect(try rules(example.wrong).contains(example.rule))
        #expect(try !rules(example.wrong.merging(example.advice) { $1 }).contains(example.rule))
    }

    @Test func ofTwoRowsOneIsLeftOrGivenAnotherReference() throws {
        func rules(_ ids: [String]) throws -> [String] {
            let changes = ids.enumerated().map { ["assignment_id": $1, "swe_number": "SW30000\($0)"] }
            return try Checking.findings([("r.csv", Checking.returnCSV(changes))]).map(\.rule)
        }
        for (rule, other) in [("DATA006", "A-1"), ("DATA015", "a-1"), ("DATA015", "A\u{2011}1")] {
            #expect(try rules(["A-1", other]).contains(rule))
            #expect(try !rules(["A-1"]).contains(rule))
            #expect(try !rules(["A-1", "A-2"]).contains(rule))
        }
    }

    @Test func theAuthorityRecordIsAddedAndFilledIn() throws {
        func rules(_ record: [String: String]?) throws -> [String] {
            var files = [("r.csv", Checking.returnCSV([[:]]))]
            if let record { files.append(("a.csv", Checking.recordCSV([record]))) }
            return try Checking.findings(files).map(\.rule)
        }
        #expect(try rules(nil).contains("AUTH001") && !rules([:]).contains("AUTH001"))
        #expect(try rules(["cost_month_2": ""]).contains("AUTH002") && !rules([:]).contains("AUTH002"))
        #expect(try rules(["notice_explanation": ""]).contains("AUTH005") && !rules([:]).contains("AUTH005"))
    }
}
