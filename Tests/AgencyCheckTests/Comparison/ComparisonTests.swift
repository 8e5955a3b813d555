import AgencyModel
import Comparison
import Foundation
import TestSupport
import Testing

/// The comparison: its figures against sums made elsewhere, who is counted once, and what the page says.
@Suite struct ComparisonTests {
    /// A table of the output, as rows with their headers.
    static func table(_ folder: String, _ name: String) throws -> [[String: String]] {
        let script =
            "import csv,sys,json; print(json.dumps(list(csv.DictReader(open(sys.argv[1],newline='',encoding='utf-8')))))"
        let text = try Program.python(script, [folder + "/" + name]).output
        return try JSONDecoder().decode([[String: String]].self, from: Data(text.utf8))
    }

    /// Compares files given by name and text, with the sample's rules or with `rules`.
    static func compare(
        _ files: [(String, String)], _ options: [String] = [], rules: [String]? = ["--rules", Places.sampleRules]
    ) throws -> (folder: TemporaryFolder, out: String, outcome: Program.Outcome) {
        let folder = try TemporaryFolder()
        for (name, text) in files { try folder.write("in/" + name, text) }
        let out = folder.path + "/out"
        let outcome = try Program.check(["compare", folder.path + "/in", "--out", out] + (rules ?? []) + options)
        return (folder, out, outcome)
    }

    private static func row(_ rows: [[String: String]], _ wanted: [String: String]) -> [String: String]? {
        rows.first { row in wanted.allSatisfy { row[$0.key] == $0.value } }
    }

    // MARK: Figures

    @Test func quartilesAgreeWithPython() throws {
        var random = SystemRandomNumberGenerator()
        for count in [1, 2, 3, 4, 5, 6, 7, 8, 30, 101] {
            let values = (0..<count).map { _ in Int64.random(in: -9_000...500_000, using: &random) }.sorted()
            let ours = try #require(Quartiles(values))
            let script = """
                import sys, fractions, math
                v = [fractions.Fraction(x) for x in sys.argv[1:]]
                def quartile(k):
                    place = fractions.Fraction((len(v) - 1) * k, 4)
                    low = math.floor(place)
                    high = min(low + 1, len(v) - 1)
                    return math.floor(v[low] + (v[high] - v[low]) * (place - low) + fractions.Fraction(1, 2))
                print(v[0], quartile(1), quartile(2), quartile(3), v[-1])
                """
            let theirs = try Program.python(script, values.map(String.init)).output
            #expect(theirs == "\(ours.lowest) \(ours.lower) \(ours.median) \(ours.upper) \(ours.highest)\n", "\(values)")
        }
        #expect(Quartiles([]) == nil)
        // By hand: for 10, 20, 30, 40, the lower quartile is three quarters of the way from 10 to 20.
        #expect(Quartiles([10, 20, 30, 40])?.lower == 18)
        #expect(Quartiles([1, 2])?.median == 2)
        #expect(Quartiles([-2, -1])?.median == -1)
    }

    @Test func totalsAreTheSumsOfTheReturns() throws {
        let folder = try TemporaryFolder()
        let region = folder.path
        for (quarter, seed) in [("2025-Q4", "3"), ("2026-Q1", "4")] {
            #expect(
                try Program.check([
                    "sample", "--authorities", "4", "--assignments", "70", "--breaches", "0.3", "--seed", seed, "--quarter",
                    quarter, "--out", region + "/" + quarter,
                ]).code == 0)
        }
        let rules = ["--rules", region + "/2026-Q1/rules"]
        let inputs = ["2025-Q4", "2026-Q1"].flatMap { [region + "/\($0)/returns", region + "/\($0)/employment.csv"] }
        #expect(try Program.check(["compare"] + inputs + rules + ["--out", folder.path + "/out"]).code == 0)
        let script = """
            import csv, sys, glob, collections, statistics
            from decimal import Decimal, ROUND_HALF_UP
            n, w, cost, hours, weekly, rates = (collections.defaultdict(x) for x in (int, set, Decimal, Decimal, Decimal, list))
            for path in glob.glob(sys.argv[1] + "/*/returns/*.csv"):
                for row in csv.DictReader(open(path, newline="", encoding="utf-8")):
                    key = (row["quarter"], row["authority_code"])
                    n[key] += 1
                    number = row["swe_number"].strip().upper()
                    if number.startswith("SW") and number[2:].isdigit(): w[key].add(int(number[2:]))
                    def decimal(name):
                        try: return Decimal(row[name])
                        except Exception: return None
                    h, c = decimal("hours_in_quarter"), decimal("charge_rate")
                    hours[key] += h or 0
                    if h is not None and c is not None: cost[key] += h * c
                    weekly[key] += decimal("weekly_hours") or 0
                    pay = decimal("pay_rate")
                    if row["role"] and pay is not None and row["engagement"]:
                        if row["engagement"] == "PAYE":
                            pay += sum(decimal(x) or 0 for x in ("employer_ni", "holiday_pay", "apprenticeship_levy"))
                        rates[key + (row["role"],)].append(pay)
            wrong = 0
            penny = Decimal("0.01")
            for row in csv.DictReader(open(sys.argv[2] + "/totals.csv", newline="")):
                if row["area"] != "authority": continue
                key = (row["quarter"], row["authority_code"])
                theirs = (n[key], len(w[key]), (weekly[key] / 37).quantize(penny, ROUND_HALF_UP), hours[key], cost[key].quantize(penny, ROUND_HALF_UP))
                ours = (int(row["assignments"]), int(row["workers"]), *(Decimal(row[x]) for x in ("full_time_equivalents", "hours", "cost")))
                if theirs != ours: wrong += 1; print(key, theirs, ours)
                del n[key]
            checked = 0
            for row in csv.DictReader(open(sys.argv[2] + "/roles.csv", newline="")):
                if row["area"] != "authority" or row["role"] in ("all", "not known") or row["assignments"] == "0": continue
                values = rates[(row["quarter"], row["authority_code"], row["role"])]
                median = statistics.median(values)
                if (median * 10000).quantize(Decimal(1), ROUND_HALF_UP) != Decimal(row["median"]) * 10000: wrong += 1; print(row, median)
                if (min(values), max(values)) != (Decimal(row["lowest"]), Decimal(row["highest"])): wrong += 1; print(row)
                checked += 1
            print(wrong, len(n), checked >= 30)
            """
        #expect(try Program.python(script, [region, folder.path + "/out"]).output == "0 0 True\n")
    }

    @Test func oneReferenceInTwoMembersIsTwoAssignments() throws {
        let result = try Self.compare([
            // The same row again, and another assignment under the same reference.
            (
                "a.csv",
                Checking.returnCSV([
                    ["swe_number": "SW1"], ["assignment_id": "A-2", "swe_number": "SW2"], ["swe_number": "SW1"],
                    ["swe_number": "SW9", "assignment_id": "A-2", "pay_rate": "37.00"],
                ])
            ),
            ("b.csv", Checking.returnCSV([["authority_code": "992", "swe_number": "SW1"]])),
        ])
        #expect(result.outcome.code == 0, "\(result.outcome.errors)")
        let totals = try Self.table(result.out, "totals.csv")
        #expect(Self.row(totals, ["authority_code": "991"])?["assignments"] == "3")
        #expect(Self.row(totals, ["authority_code": "992"])?["assignments"] == "1")
        let region = Self.row(totals, ["area": "region"])
        #expect(region?["assignments"] == "4" && region?["workers"] == "3" && region?["cost"] == "49200.00")
        let left = try Self.table(result.out, "left-out.csv")
        #expect(left.count == 1)
        #expect(left[0]["reason"] == "the same assignment is already in the return" && left[0]["assignments"] == "1")
        let workers = try Self.table(result.out, "workers.csv")
        #expect(Self.row(workers, ["area": "region"])?["active_in_two_or_more"] == "1")
        for name in ["comparison.html", "totals.csv", "manifest.json"] {
            #expect(!(try Places.text(result.out + "/" + name)).contains("SW1"))
        }
    }

    @Test func anAbolishedAuthorityIsShownAndNotCountedTwice() throws {
        func rows(_ code: String, _ quarter: String, _ count: Int) -> String {
            Checking.returnCSV(
                (1...count).map { number in
                    [
                        "authority_code": code, "quarter": quarter, "assignment_id": "A-\(number)",
                        "swe_number": "SW\(code)\(number)", "start_date": "2023-01-09", "end_date": "",
                    ]
                })
        }
        let files = [
            ("cumbria-q1.csv", rows("909", "2023-Q1", 5)), ("cumberland.csv", rows("942", "2023-Q2", 3)),
            ("westmorland.csv", rows("943", "2023-Q2", 2)), ("cumbria-q2.csv", rows("909", "2023-Q2", 5)),
        ]
        let result = try Self.compare(files, ["--partnership", "north west"], rules: nil)
        #expect(result.outcome.code == 0, "\(result.outcome.errors)")
        let totals = try Self.table(result.out, "totals.csv")
        for quarter in ["2023-Q1", "2023-Q2"] {
            #expect(Self.row(totals, ["quarter": quarter, "area": "region"])?["assignments"] == "5", "\(quarter)")
        }
        #expect(Self.row(totals, ["quarter": "2023-Q2", "authority_code": "909"]) == nil)
        let left = try Self.table(result.out, "left-out.csv")
        #expect(left.count == 1 && left[0]["authority_code"] == "909" && left[0]["assignments"] == "5")
        let page = try Places.text(result.out + "/comparison.html")
        #expect(page.contains("909 Cumbria ended on 31 March 2023"))
        #expect(page.contains("942 Cumberland began on 1 April 2023"))
    }

    @Test func changesCompareWithTheQuarterAndYearBefore() throws {
        func rows(_ quarter: String, _ hours: [String]) -> (String, String) {
            (
                quarter + ".csv",
                Checking.returnCSV(
                    hours.enumerated().map { number, hours in
                        [
                            "quarter": quarter, "assignment_id": "A-\(number)", "swe_number": "SW\(number + 1)",
                            "hours_in_quarter": hours, "start_date": "2025-01-06", "end_date": "", "charge_rate": "40.00",
                        ]
                    })
            )
        }
        let result = try Self.compare([
            rows("2025-Q1", ["100"]), rows("2025-Q4", ["100", "100"]), rows("2026-Q1", ["100", "100", "50"]),
        ])
        let changes = try Self.table(result.out, "changes.csv")
        let cost = Self.row(changes, ["quarter": "2026-Q1", "area": "authority", "measure": "cost"])
        #expect(cost?["value"] == "10000.00")
        #expect(cost?["change_on_quarter_before"] == "2000.00" && cost?["change_on_quarter_before_percent"] == "25.0")
        #expect(cost?["change_on_year_before"] == "6000.00" && cost?["change_on_year_before_percent"] == "150.0")
        let first = Self.row(changes, ["quarter": "2025-Q4", "area": "authority", "measure": "assignments"])
        #expect(first?["change_on_quarter_before"] == "" && first?["change_on_year_before"] == "")
        let narrow = try Self.compare(
            [rows("2025-Q1", ["100"]), rows("2026-Q1", ["50"])], ["--quarters", "2025-Q2..2026-Q4"])
        #expect(Set(try Self.table(narrow.out, "totals.csv").map { $0["quarter"] }) == ["2026-Q1"])
        // 6 January 2025 to 31 March 2026, both included.
        #expect(try Self.table(narrow.out, "lengths.csv")[0]["median_days"] == "450")
    }

    @Test func eachRateIsComparedWithTheMedianAndTheCap() throws {
        let result = try Self.compare([
            (
                "a.csv",
                Checking.returnCSV([
                    ["swe_number": "SW1", "pay_rate": "36.00", "hours_in_quarter": "100"],
                    [
                        "swe_number": "SW2", "assignment_id": "A-2", "pay_rate": "41.20", "hours_in_quarter": "100",
                        "cap_dcs_date": "2026-01-02", "cap_ce_date": "2026-01-02",
                    ],
                    ["swe_number": "SW3", "assignment_id": "A-3", "pay_rate": "39.00", "hours_in_quarter": "10"],
                ])
            ),
            ("b.csv", Checking.returnCSV([["authority_code": "992", "swe_number": "SW4", "pay_rate": "37.00"]])),
        ])
        // The median of 36, 37, 39 and 41.20 is 38.
        let roles = try Self.table(result.out, "roles.csv")
        #expect(Self.row(roles, ["area": "region", "role": "SW"])?["median"] == "38.00")
        let own = Self.row(roles, ["authority_code": "991", "role": "SW"])
        #expect(own?["cap"] == "38.00" && own?["median_distance_to_cap"] == "1.00" && own?["above_cap"] == "2")
        #expect(own?["above_cap_percent"] == "66.7" && own?["signed_off"] == "1")
        let priced = Self.row(try Self.table(result.out, "at-median.csv"), ["authority_code": "991", "role": "SW"])
        // 100 x 36 + 100 x 41.20 + 10 x 39, and 210 x 38.
        #expect(priced?["paid"] == "8110.00" && priced?["at_region_median"] == "7980.00" && priced?["difference"] == "130.00")
        let page = try Places.text(result.out + "/comparison.html")
        #expect(page.contains("Highest median rate for a social worker: Northmoor (fictional), £39.00 (2026-Q1)"))
        #expect(page.contains("its median is £1.00 above the £38.00 of Example Region"))
        #expect(page.contains("2 of its 3 rates with a cap are above the cap of £38.00, 1 of them signed off"))
        #expect(page.contains("permanent.on_cost_percent and permanent.paid_hours are not set for 2026-Q1"))
        #expect(result.outcome.output.contains("Northmoor (fictional), £39.00"))
    }

    @Test func permanentPayIsTheCensussMedianWithOnCosts() throws {
        func worker(_ number: Int, _ salary: String, _ role: String, agency: String = "0") -> String {
            "<CSWWWorker><AgencyWorker>\(agency)</AgencyWorker><SWENo>SW7\(number)</SWENo><FTE>1</FTE><OrgRole>\(role)</OrgRole><RoleStartDate>2019-04-01</RoleStartDate><BaseSalary>\(salary)</BaseSalary></CSWWWorker>"
        }
        let census =
            "<Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>2025</Year><ReferenceDate>2025-09-30</ReferenceDate></CollectionDetails><Source><LEA>991</LEA></Source></Header>"
            + worker(1, "40000", "5") + worker(2, "42000", "5") + worker(3, "90000", "5", agency: "1") + worker(4, "60000", "3")
            + "</Message>"
        let rules = try TemporaryFolder()
        for name in Places.names(in: Places.sampleRules) {
            try rules.write(name, try Places.bytes(Places.sampleRules + "/" + name))
        }
        try rules.write(
            "parameters.csv",
            "parameter,effective_from,value,source\npermanent.on_cost_percent,2025-04-01,30,x\npermanent.paid_hours,2025-04-01,1600,x\n"
        )
        let result = try Self.compare(
            [("a.csv", Checking.returnCSV([["hours_in_quarter": "100", "charge_rate": "41.00"]])), ("c.xml", census)],
            rules: ["--rules", rules.path])
        let rows = try Self.table(result.out, "permanent-pay.csv")
        // 41,000 x 1.3 / 1,600 = 33.3125.
        #expect(rows.map { $0["role"] } == CoreRole.allCases.map(\.text) + ["not known"], "\(result.outcome.errors)")
        #expect(rows.first?["median_salary"] == "41000.00" && rows.first?["permanent_cost_per_hour"] == "33.3125")
        #expect(rows.first?["permanent_cost"] == "3331.25" && rows.first?["difference"] == "768.75")
    }

    @Test func movesAreCountedOnce() throws {
        let post = ["authority_code": "992", "start_date": "2018-01-01", "end_date": "2025-11-30", "swe_number": "SW5"]
        let result = try Self.compare([
            ("history.csv", Checking.historyCSV([post])),
            (
                "a.csv",
                Checking.returnCSV([
                    ["swe_number": "SW5", "start_date": "2026-01-12"],
                    ["swe_number": "SW5", "assignment_id": "A-2", "start_date": "2026-03-02", "end_date": ""],
                    ["swe_number": "SW6", "assignment_id": "A-3", "last_post_authority": "995", "last_post_end": "2025-12-01"],
                ])
            ),
            ("b.csv", Checking.returnCSV([["authority_code": "992", "swe_number": "SW8"]])),
        ])
        let workers = try Self.table(result.out, "workers.csv")
        #expect(Self.row(workers, ["authority_code": "991"])?["joined_from_a_post_in_the_region"] == "1")
        #expect(Self.row(workers, ["authority_code": "992"])?["left_a_post_here"] == "1")
        #expect(Self.row(workers, ["authority_code": "992"])?["joined_from_a_post_in_the_region"] == "0")
        let experience = Self.row(try Self.table(result.out, "experience.csv"), ["authority_code": "991"])
        #expect(experience?["proven"] == "2" && experience?["verified"] == "1")
    }

    /// The last post is the one that COOL001 takes: other work within the authority (ReasonLeave 7) is no departure.
    @Test(arguments: [(reason: "1", moves: "1"), ("7", "0")]) func aMoveWithinTheAuthorityIsNotOneIntoAgencyWork(
        reason: String, moves: String
    ) throws {
        let census = """
            <Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>2025</Year>\
            <ReferenceDate>2025-09-30</ReferenceDate></CollectionDetails><Source><LEA>992</LEA></Source></Header>
            <CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>SW5</SWENo><RoleStartDate>2018-01-01</RoleStartDate>\
            <RoleEndDate>2025-08-31</RoleEndDate><ReasonLeave>\(reason)</ReasonLeave></CSWWWorker></Message>
            """
        let result = try Self.compare([
            ("census.xml", census),
            ("a.csv", Checking.returnCSV([["swe_number": "SW5", "start_date": "2026-01-12"]])),
            ("b.csv", Checking.returnCSV([["authority_code": "992", "swe_number": "SW8"]])),
        ])
        let workers = try Self.table(result.out, "workers.csv")
        #expect(Self.row(workers, ["authority_code": "991"])?["joined_from_a_post_in_the_region"] == moves)
        #expect(Self.row(workers, ["authority_code": "992"])?["left_a_post_here"] == moves)
    }

    // MARK: The program

    @Test func theCommandReportsWhatIsWrong() throws {
        let files = [("a.csv", Checking.returnCSV([[:]]))]
        for (options, code) in [
            (["--partnership", "Nowhere"], 2), (["--quarters", "2026"], 2), (["--quarters", "2026-Q2..2026-Q1"], 2),
            (["--small", "1"], 2), (["--for", "nobody"], 2), (["--quarters", "2020-Q1"], 1),
            (["--partnership", "other region"], 1), (["--partnership", "example region"], 0),
        ] as [([String], Int32)] {
            let result = try Self.compare(files, options)
            #expect(result.outcome.code == code, "\(options): \(result.outcome.errors)")
            #expect(Places.names(in: result.out).isEmpty == (code != 0))
        }
        let refused = try Self.compare(files + [("b.csv", "a,b\n1,2\n")])
        #expect(refused.outcome.code == 3 && Places.names(in: refused.out).contains("comparison.html"))
    }

    @Test func theBytesAreTheSameHoweverItIsRun() throws {
        let folder = try TemporaryFolder()
        let region = folder.path + "/region"
        #expect(
            try Program.check(["sample", "--authorities", "5", "--assignments", "60", "--breaches", "0.3", "--out", region]).code
                == 0
        )
        let returns = Places.names(in: region + "/returns").map { region + "/returns/" + $0 } + [region + "/employment.csv"]
        func tables(_ inputs: [String], _ threads: String, _ name: String) throws -> [[UInt8]] {
            let out = folder.path + "/" + name
            let outcome = try Program.check(
                ["compare"] + inputs + ["--rules", region + "/rules", "--threads", threads, "--for", "members", "--out", out])
            #expect(outcome.code == 0, "\(outcome.errors)")
            return try Places.names(in: out).map { try Places.bytes(out + "/" + $0) }
        }
        let once = try tables(returns, "1", "one")
        #expect(once.count == 16)
        #expect(try tables(returns.reversed(), "4", "two") == once)
    }
}
