#!/usr/bin/env python3
"""The worked cases in Tests/Data/cases: three made-up regions, and what must be found in them.

    cases.py check          do the expectations still follow from the inputs?
    cases.py expectations   write the expectations again, after the catalogue has changed
    cases.py inputs         make the inputs again as well

Everything comes from the seeds below, the mutations of mutate.py and the oracle; the program takes no part. A case is a folder:
in/ and rules/ are given to `check`; expected.csv, coverage.csv, agencies.csv and cap-breaches.csv are what must come out.
"""
import csv, io, os, random, re, shutil, subprocess, sys, tempfile
from datetime import date, timedelta
from fractions import Fraction
import oracle

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHIPPED, CASES = os.path.join(ROOT, "rules"), os.path.join(ROOT, "Tests", "Data", "cases")
SEEDS = {"1": 46, "2": 85, "3": 11}
KEY = ["rule", "severity", "authority_code", "quarter", "assignment_id", "field", "file", "line"]
FAMILIES = ["DATA", "CAP", "EXP", "TEAM", "COOL", "NOTE", "REF"]

# Inputs -------------------------------------------------------------------------------------
AUTHORITIES = [("501", "Northmoor", "Example Region"), ("502", "Eastmoor", "Example Region"), ("503", "Southmoor", "Example Region"),
               ("504", "Fenwick", "Other Region")]
CAPS = {"Example Region": (38, 42, 45, 50, 47), "Other Region": (34, 41, 44, 48, 46)}
AGENCIES = ["Alder Agency", "Birch Social Care", "Cedar Staffing", "Larch Locums"]

def whole_region(folder, seed):
    """A region that keeps every rule: four authorities, their histories and records."""
    rng, quarter = random.Random(seed), "2026-Q1"
    first, last = oracle.quarter_days(quarter)
    rows, posts, records, number = [], [], [], 100_000
    for code, _, region in AUTHORITIES:
        cost = Fraction(0)
        for n in range(rng.randrange(16, 24)):
            number += 1
            place = rng.randrange(5)
            role, rate = oracle.ROLES[place], Fraction(CAPS[region][place]) - Fraction(rng.randrange(1, 400), 100)
            start = first + timedelta(days=rng.randrange(-90, 40))
            end = start + timedelta(days=rng.randrange(60, 200)) if rng.random() < 0.5 else None
            if end and end < first: end = None
            fee, weekly = Fraction(rng.randrange(250, 600), 100), rng.choice(["37", "36", "18.5", "30"])
            days = (min(end or last, last) - max(start, first)).days + 1
            hours = round(float(Fraction(weekly) * days / 7 * Fraction(9, 10)), 1)
            row = dict(authority_code=code, quarter=quarter, assignment_id=f"A-{code}-{n + 1}", swe_number=f"SW{number}", role=role,
                       job_title=rng.choice(["Locum Social Worker", "Social Worker"]), start_date=start.isoformat(),
                       end_date=end.isoformat() if end else "", engagement=rng.choice(["UMBRELLA", "UMBRELLA", "LIMITED", "PAYE"]),
                       pay_rate=f"{float(rate):.2f}", agency_fee=f"{float(fee):.2f}", charge_rate=f"{float(rate + fee):.2f}", weekly_hours=weekly,
                       hours_in_quarter=str(hours), agency=rng.choice(AGENCIES), supply="INDIVIDUAL", practice_managed_by="AUTHORITY",
                       notice_weeks="4", references="2", experience_months="48", experience_verified="yes")
            if row["engagement"] == "PAYE":
                parts = [round(float(rate) * share, 2) for share in (0.70, 0.12, 0.08)]
                pay, ni, holiday = parts
                levy = round(float(rate) - pay - ni - holiday, 2)
                row.update(pay_rate=f"{pay:.2f}", employer_ni=f"{ni:.2f}", holiday_pay=f"{holiday:.2f}", apprenticeship_levy=f"{levy:.2f}")
            if rng.random() < 0.15:
                row.update(supply=rng.choice(["PROJECT_TEAM", "PACKAGED"]), team_reference=f"T-{code}", cost_disaggregated="yes",
                           approved_date=(start - timedelta(days=9)).isoformat())
            cost += Fraction(str(hours)) * Fraction(row["charge_rate"])
            rows.append(row)
            if rng.random() < 0.5:
                post = start - timedelta(days=rng.randrange(1500, 3000))
                posts.append(dict(swe_number=row["swe_number"], authority_code=rng.choice(AUTHORITIES)[0], start_date=post.isoformat(),
                                  end_date=(post + timedelta(days=1250)).isoformat(), employment="DIRECT", setting="CHILD_FAMILY",
                                  registered="yes", leaving_reason="RESIGNED"))
        record = dict(authority_code=code, quarter=quarter, **{f"cost_month_{m}": f"{float(cost / 3):.2f}" for m in (1, 2, 3)})
        for family in oracle.FAMILIES: record.update({family + "_compliance": "FULL", family + "_explanation": ""})
        records.append(record)
    def put(name, columns, lines):
        os.makedirs(os.path.dirname(os.path.join(folder, name)) or folder, exist_ok=True)
        with open(os.path.join(folder, name), "w", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, list(columns), restval="")
            out.writeheader()
            out.writerows(lines)
    for code, _, _ in AUTHORITIES: put(f"return-{code}.csv", oracle.ASSIGNMENT, [r for r in rows if r["authority_code"] == code])
    put("employment.csv", oracle.HISTORY, posts)
    put("authority.csv", oracle.RECORD, records)
    put("rules/authorities.csv", ["authority_code", "gss_code", "name", "region", "valid_from", "valid_to"],
        [dict(authority_code=c, gss_code="X00000" + c, name=n + " (fictional)", region=r) for c, n, r in AUTHORITIES])
    put("rules/caps.csv", ["region", "role", "effective_from", "cap", "source"],
        [dict(region=r, role=role, effective_from="2025-10-01" if r.startswith("Ex") else "2025-11-01", cap=f"{cap}.00", source="illustrative: nobody's cap")
         for r, caps in CAPS.items() for role, cap in zip(oracle.ROLES, caps) if (r, role) != ("Other Region", "IRO")])

def make_inputs(case):
    seed, target = SEEDS[case], os.path.join(CASES, case)
    with tempfile.TemporaryDirectory() as work:
        whole_region(work + "/region", seed)
        subprocess.run([sys.executable, HERE + "/mutate.py", work + "/region", work + "/mutated", str(seed)], check=True)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(work + "/mutated", target)
    # A file that no reader can take, and one in the code page of an old Windows program.
    with open(target + "/in/hours.csv", "w", newline="") as file:
        file.write("assignment_id,swe_number,start_date\r\nA-501-1,SW100001,2026-01-05\r\n")
    rows = ["assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate,authority_code,quarter,agency",
            f"W-{case}1,SW2000{case}1,SW,05/01/2026,UMBRELLA,35.00,40.00,501,2026-Q1,Éire Care",
            f"W-{case}2,SW2000{case}2,TM,06/01/2026,LIMITED,£51.50,£57.00,501,2026-Q1,éire  care"]
    with open(target + "/in/old-export.csv", "wb") as file: file.write("\r\n".join(rows + [""]).encode("cp1252"))

# Expectations -------------------------------------------------------------------------------
def decimal(value, least=0, most=9):
    """A decimal as the outputs write it: no more decimals than it has, at least so many."""
    if value is None: return ""
    whole, part = divmod(round(value * 10 ** most), 10 ** most)
    part = str(part).zfill(most).rstrip("0").ljust(least, "0")
    return f"{whole}.{part}" if part else str(whole)
def money(value): return decimal(value, least=2, most=4)
def penny(value): return money(Fraction((value * 100 + Fraction(1, 2)) // 1, 100))
def harmless(text):
    return "'" + text if text[:1] in tuple("=+-@\t\r") and text[:1] and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else text

def agencies(run):
    """A row for each agency of a return: names that differ in case and spaces alone are one."""
    groups = {}
    for a in run.assignments:
        name = "".join((a.agency or "").split()).lower()
        key = (a.authority_code or "", a.quarter or "", name)
        groups.setdefault(key, []).append(a)
    rows = []
    for (authority, quarter, _), those in groups.items():
        counts = {(f, s): 0 for f in FAMILIES for s in ("error", "warning")}
        for a in those:
            for finding in run.found_of.get(id(a), []):
                family = re.match("[A-Z]+", finding["rule"])[0]
                if (family, finding["severity"]) in counts: counts[family, finding["severity"]] += 1
        # Rows of one assignment_id from different days of a rate are one assignment.
        own = [b for b in run.assignments if (b.authority_code or "", b.quarter or "") == (authority, quarter)]
        first = {id(parts[0]) for parts in parts_of(own)}
        rows.append([authority, quarter, those[0].agency or "", sum(id(a) in first for a in those), len({a.swe for a in those if a.swe}),
                     decimal(sum((a.hours_in_quarter or 0) for a in those)),
                     penny(sum(((a.hours_in_quarter or 0) * (a.charge_rate or 0) for a in those), Fraction(0))),
                     *[counts[f, s] for f in FAMILIES for s in ("error", "warning")]])
    return sorted(rows, key=lambda r: (r[0], r[1], r[2].encode()))

def parts_of(rows):
    """As in the oracle, where authority, quarter and reference are known; a row without is an assignment of its own."""
    known = [a for a in rows if None not in (a.authority_code, a.quarter, a.assignment_id)]
    return oracle.whole_assignments(known) + [[a] for a in rows if a not in known]

def cap_breaches(run):
    rows = []
    for a in run.assignments:
        rule = oracle.cap_judgement(a, run) if a.is_assessed else None
        if rule not in ("CAP001", "CAP002", "CAP003"): continue
        rate, cap, hours = oracle.capped_rate(a), oracle.cap_in_force(a, run), a.hours_in_quarter
        rows.append([a.authority_code, a.quarter, a.assignment_id or "", a.role, oracle.region_of(run, a.authority_code), money(rate), money(cap),
                     money(rate - cap), decimal(hours), "" if hours is None else penny(hours * (rate - cap)), a.cap_dcs_date or "",
                     a.cap_ce_date or "", due_day(a, run), a.cap_reason or "", rule])
    return sorted(rows, key=lambda r: (r[0], r[1], r[2].encode()))  # stable: in the order of file and line

def due_day(a, run):
    """The last day for a sign-off: of the rate's change, else of the offer, else the start; not before the rules reached the assignment."""
    new, legacy = oracle.commencement(run, a, "caps")
    due = a.rate_from if a.rate_from and a.rate_from > a.start_date else a.offer_date if a.offer_date and a.offer_date <= a.start_date else a.start_date
    return due if new and a.start_date >= new else max(due, legacy)

def expectations(case):
    """The four tables, as the bytes of their files."""
    folder = os.path.join(CASES, case)
    run = oracle.run_all([folder + "/in"], folder + "/rules", SHIPPED)
    place = {(a["file"], a["line"]): id(a) for a in run.assignments}
    run.found_of = {}
    for finding in run.findings:
        if finding["rule"].startswith("IMP"): continue
        run.found_of.setdefault(place.get((finding["file"], finding["line"])), []).append(finding)
    def table(header, rows):
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
        return out.getvalue().encode()
    families = ["data", *oracle.FAMILIES]
    return {
        "expected.csv": table(KEY, [[finding[name] for name in KEY] for finding in run.findings]),
        # What IMP looked at (files, rows, values) is not restated; its findings are.
        "coverage.csv": table(["rule", "assessed", "not_applicable", "undecided", "findings"], [
            [rule, *("" if rule.startswith("IMP") else count for count in counts.values()), sum(f["rule"] == rule for f in run.findings)]
            for rule, counts in run.coverage.items()]),
        "agencies.csv": table(
            ["authority_code", "quarter", "agency", "assignments", "workers", "hours", "cost"] + [
                f"{kind}_{family}" for family in families for kind in ("errors", "warnings")], agencies(run)),
        "cap-breaches.csv": table(
            "authority_code quarter assignment_id role region capped_rate cap excess_per_hour hours_in_quarter excess_in_quarter dcs_date "
            "ce_date due_date reason rule".split(), cap_breaches(run)),
    }

def main(what="check"):
    stale = []
    for case in SEEDS:
        if what == "inputs": make_inputs(case)
        for name, data in expectations(case).items():
            path = os.path.join(CASES, case, name)
            if what == "check":
                with open(path, "rb") as file: kept = file.read()
                if kept != data: stale.append(f"{case}/{name} is not what the oracle gives")
            else:
                with open(path, "wb") as file: file.write(data)
    print("\n".join(stale) or f"{len(SEEDS)} cases are what the oracle gives")
    return 1 if stale else 0

if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["check"], ["expectations"], ["inputs"]): sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
