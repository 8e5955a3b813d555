#!/usr/bin/env python3
"""A mutated copy of a generated region: cells moved to the boundaries of the rules, broken, repeated.

    mutate.py REGION OUT SEED
REGION is a folder written by `agency-check sample`, as CSV or XML. OUT gets in/ and rules/, all synthetic, by SEED alone.
"""
import csv, io, os, random, re, shutil, sys
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from xml.sax.saxutils import escape
from oracle import ASSIGNMENT, HISTORY, RECORD, element_name, add_months, quarter_days
AUTHORITIES = """598,,Westmoor (fictional),Other Region,,\n909,,Old county (fictional),Example Region,,2023-03-31
508,,Closing (fictional),Example Region,,2026-03-31\n509,,Opening (fictional),Example Region,2025-12-31,\n"""
BROKEN = ["tbc", "?", "-1", "1.5.2", "12,34", "31/02/2026", "2026-13-01", "2026-1-5", "1e3", "£", "½", "n/a", "٣"]
def read_region(folder):
    rows, history, records = [], [], []
    for place, _, files in sorted(os.walk(folder)):
        for name in sorted(files):
            path = os.path.join(place, name)
            if "rules" in os.path.relpath(path, folder).split(os.sep): continue
            if name.endswith(".xml"):
                root = ET.parse(path).getroot()
                header = {c: root.findtext("Header/" + element_name(c), "") for c in ("authority_code", "quarter")}
                for kind, tag, into in ((ASSIGNMENT, "Assignment", rows), (HISTORY, "Employment", history), (RECORD, "Authority", records)):
                    into += [{c: node.findtext(element_name(c), "") or header.get(c, "") for c in kind} for node in root.iter(tag)]
            elif name.endswith(".csv"):
                with open(path, encoding="utf-8-sig", newline="") as f:
                    for row in csv.DictReader(f):
                        into = rows if "assignment_id" in row else history if "employment" in row else records
                        into.append(dict(row))
    return rows, history, records
def boundary_day(rng, row, quarter):
    first, last = quarter_days(quarter)
    try: start = date.fromisoformat(row.get("start_date", ""))
    except ValueError: start = first
    anchor = rng.choice([first, last, start, start, date(2024, 10, 31), date(2025, 10, 1), date(2024, 2, 29),
                         date(2025, 11, 30), date(2026, 2, 28), date(2026, 2, 1), date(2000, 1, 1), add_months(last, 60)])
    return anchor + timedelta(days=rng.choice([-1, 0, 0, 1]))
def dressed(rng, kind, text):
    """The same value in another of the forms that the return format allows, or nearly."""
    if text and kind not in ("text", "id") and rng.random() < 0.3:  # what cannot be seen, or only looks like something else
        at = rng.randrange(len(text) + 1)
        return rng.choice([text[:at] + rng.choice("\u200b\u2060\u00ad\ufeff") + text[at:], text.replace("-", "\u2011"),
                           "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in text)])
    if kind == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        y, m, d = text.split("-")
        return rng.choice([text, f"{d}/{m}/{y}", f"{int(d)}/{int(m)}/{y}", f" {text} ", f"{d}-{m}-{y}"])
    if kind == "money" and text:
        return rng.choice([f"£{text}", f"£ {text}", text + "0", f"1,{text.zfill(6)}", "\u00a0" + text, text + ".",
                           "," + text, f"£\u00a0{text}", f"£{text}00000"])
    if isinstance(kind, list): return rng.choice([text.lower(), text.title(), text.replace("_", " "), f" {text}\t"])
    if kind == "yes/no": return rng.choice(["Y", "n", "TRUE", "false", "1", "0", "No", "yEs", "T", "2"])
    return rng.choice([text + " ", text.lower(), '"' + text + '"', text + ".0", "0" + text])
def mutate_cell(rng, row, column, quarter, codes):
    kind = ASSIGNMENT[column]
    how = rng.random()
    if how < 0.12: return ""
    if how < 0.2: return rng.choice(BROKEN)
    if how < 0.3: return dressed(rng, kind, row.get(column, ""))
    if kind == "date": return boundary_day(rng, row, quarter).isoformat()
    if isinstance(kind, list): return rng.choice(kind)
    if column == "swe_number":
        return rng.choice(["SW000" + row[column][2:], row[column].lower(), "SW0", "SW" + "1" * 10, "SW" + "1" * 11,
                           "SW 12", "12345", "sw100001", "SW100000", "Sw0100001"])
    choices = {
        "authority_code": codes + ["909", "999", "30", "508", "509"],
        "quarter": [quarter, quarter, "2025-Q3", "2025-Q4", "2026-Q2", "2026-q1", "2026Q1", "2024-Q4"],
        "assignment_id": ["A-" + "x" * 34, "A-" + "x" * 35, "=A1", "-7", "a-501-1", "Jos\u00e9 1", "Jose\u03011", "A\u200b1", "a1", "\uff21 1", "A-2", "A\u20112",
                          "A\n3", "\u200b"],
        "job_title": ["Locum  social WORKER", "Practice Lead", "@x", "Unmapped", "Locum\u00a0social\u200b worker", "Two\nlines"],
        "weekly_hours": ["0", "11", "37", "48", "48.0001", "24", "24.5", "1,000"],
        "hours_in_quarter": ["0", "118.92", "118.93", "110", "89.86", "481", "594.64", "594.65", "37.5", "1200"],
        "notice_weeks": ["0", "3", "3.99", "4", "4.0", "3.5", "1", "2", "4."], "references": ["0", "1", "2", "3", "2.0"],
        "experience_months": ["0", "35", "36", "37", "42", "120", "36.5"],
        "last_post_authority": codes + ["909", "999", "598", "50"], "agency": ["+x", "ACME", "Éire Care", 'The "Best"'],
        "cap_reason": ["-1", "two\nlines", "minute 4"], "team_reference": ["", "T-1", "@T", "T\n1", "\u00ad"]}
    if column in choices: return rng.choice(choices[column])
    if column == "charge_rate":
        try:
            parts = sum(float(row.get(c) or 0) for c in ("pay_rate", "employer_ni", "holiday_pay",
                                                         "apprenticeship_levy", "agency_fee"))
            return f"{parts + rng.choice([0, 0.01, -0.01, 0.0101, 0.02]):.4f}"
        except ValueError: return "45.00"
    return rng.choice(["38.00", "38.0001", "42.00", "41.00", "15.00", "14.9999", "150.00", "150.01", "41.80", "41.81", "0", "0.0000", "3.00"])
def last_post(rng, row, codes):
    """A declared last post around the three months before the start."""
    try: start = date.fromisoformat(row["start_date"])
    except ValueError: return
    end = rng.choice([start, start - timedelta(days=1), add_months(start, -3), add_months(start, -3) + timedelta(days=1),
                      add_months(start, -3) - timedelta(days=1), add_months(start, -1)])
    row.update(last_post_authority=rng.choice(codes + [row["authority_code"]] * 3 + ["598", "909", "999", ""]), last_post_end=end.isoformat(),
               last_post_reason=rng.choice(["RESIGNED", "REDUNDANT", "PROBATION", "", "RETIRED", "huh"]))
def agreed(rng, row, quarter):
    """When it was offered, since when the rate holds, when both signed, what a PAYE row leaves out."""
    try: start = date.fromisoformat(row["start_date"])
    except ValueError: return
    near = lambda day: (day + timedelta(days=rng.choice([-1, 0, 1]))).isoformat()
    row["offer_date"] = rng.choice(["", near(start), near(start - timedelta(days=20)), near(date(2024, 10, 31)), "soon"])
    row["rate_from"] = rng.choice(["", "", near(start), near(start + timedelta(days=30))])
    if rng.random() < 0.7:
        anchors = [read for read in (row["start_date"], row["offer_date"], row["rate_from"], "2025-10-01") if re.fullmatch(r"\d{4}-\d\d-\d\d", read)]
        row.update(cap_dcs_date=near(date.fromisoformat(rng.choice(anchors))), cap_ce_date=near(date.fromisoformat(rng.choice(anchors))))
        row["pay_rate"] = rng.choice([row["pay_rate"], "60.00"])
    if rng.random() < 0.4: row.update(engagement="PAYE", employer_ni=rng.choice(["", "", "0", "x"]), holiday_pay="", apprenticeship_levy="")
    if rng.random() < 0.3: row["role"] = "OTHER"
    if rng.random() < 0.4:
        end = rng.choice([quarter_days(quarter)[1], quarter_days(quarter)[1] + timedelta(days=1), quarter_days(quarter)[0] + timedelta(days=40)])
        row.update(end_date=end.isoformat(), reference_given_date=rng.choice(["", near(end)]))
def team(rng, row):
    row.update(supply=rng.choice(["PROJECT_TEAM", "packaged", "INDIVIDUAL", "", "Team"]),
               approved_date=rng.choice([row.get("start_date", ""), boundary_day(rng, row, "2026-Q1").isoformat(), ""]),
               cost_disaggregated=rng.choice(["yes", "no", "", "0"]), team_reference=rng.choice(["T1", ""]),
               practice_managed_by=rng.choice(["AUTHORITY", "SUPPLIER", "", "both"]))
def spell(rng, row, codes):
    """A spell of the row's worker that touches the requirement or the cool-off."""
    try: start = date.fromisoformat(row["start_date"])
    except ValueError: start = date(2026, 1, 1)
    begin = start - timedelta(days=rng.choice([1094, 1095, 1096, 800, 400, 1300, 2000, -5]))
    end = rng.choice([None, start - timedelta(days=1), start, add_months(start, -3), add_months(start, -2),
                      begin + timedelta(days=rng.choice([365, 700, 1094, 1095])), begin - timedelta(days=3)])
    return {"swe_number": rng.choice([row["swe_number"]] * 5 + ["SW00" + row["swe_number"][2:], "", "XX1"]),
            "authority_code": rng.choice(codes * 2 + ["598", "909", "999", "", "5x"]),
            "start_date": rng.choice([begin.isoformat()] * 9 + ["", "soon"]),
            "end_date": end.isoformat() if end else rng.choice(["", "", "later"]),
            "employment": rng.choice(["DIRECT"] * 6 + ["AGENCY", "other", "", "perm"]),
            "setting": rng.choice(["CHILD_FAMILY"] * 6 + ["ADULT", "OTHER", "", "CF"]),
            "registered": rng.choice(["", "", "yes", "no", "maybe"]),
            "leaving_reason": rng.choice(["", "RESIGNED", "REDUNDANT", "probation", "x"])}
def mutate(rng, rows, history, records):
    codes, quarter = sorted({r["authority_code"] for r in rows}), rows[0]["quarter"]
    for row in rows:
        for column in rng.sample(list(ASSIGNMENT), rng.choice([0, 0, 1, 2, 4])):
            row[column] = mutate_cell(rng, row, column, quarter, codes)
        if rng.random() < 0.25: agreed(rng, row, quarter)
        if rng.random() < 0.2: last_post(rng, row, codes)
        if rng.random() < 0.15: team(rng, row)
        if rng.random() < 0.2: history.append(spell(rng, row, codes))
        if rng.random() < 0.1: row["swe_number"] = rng.choice(rows)["swe_number"]
    for _ in range(rng.randrange(4)):  # repeats, some under another authority or from another rate
        copy = dict(rng.choice(rows))
        copy["authority_code"] = rng.choice(codes + [copy["authority_code"]])
        copy["pay_rate"] = rng.choice([copy["pay_rate"], "38.00", "41.80", "41.8001"])
        if rng.random() < 0.5: copy["rate_from"] = rng.choice(["", "2026-02-01", "2026-03-01", copy.get("rate_from", "")])
        if rng.random() < 0.5: copy["weekly_hours"] = rng.choice(["12", "37", "24.5"])
        if rng.random() < 0.5:  # a reference that only looks like the other
            name = copy["assignment_id"]
            copy["assignment_id"] = rng.choice([name.lower(), name + "\u200b", name.replace("-", "\u2011"), " ".join(name), name + "\u0301",
                                               "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)])
        rows.insert(rng.randrange(len(rows)), copy)
    for record in records:
        for column in rng.sample(list(RECORD), rng.choice([0, 2, 5])):
            if column.endswith("compliance"): record[column] = rng.choice(["FULL", "partial", "NONE", "", "most"])
            elif column.endswith("explanation") or column.startswith("cost"):
                record[column] = rng.choice(["", "because", "£1,234.50", "0"])
            elif column.startswith("notice"): record[column] = rng.choice(["", "3", "3.5", "8", "0", "x"])
    if records and rng.random() < 0.3: records.append(dict(rng.choice(records)))
    if records and rng.random() < 0.3: records.remove(rng.choice(records))
def csv_bytes(rng, kind, rows):
    columns = list(kind)
    rng.shuffle(columns)
    extra = rng.random() < 0.2
    names = [rng.choice([c, c.upper(), c.replace("_", " "), c.replace("_", "-").title()]) for c in columns]
    out, separator = io.StringIO(), rng.choice([",", ",", ";", "\t"])
    if rng.random() < 0.2: out.write(f"sep={separator}\n")
    w = csv.writer(out, delimiter=separator, lineterminator=rng.choice(["\n", "\r\n"]), quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    w.writerow(names + ["My notes"] * extra)
    for row in rows:
        w.writerow([row.get(c, "") for c in columns] + ["x"] * extra)
        if rng.random() < 0.03:
            out.write(rng.choice(["\n", 'ab"c,d\n', "one" + separator + "two\n", separator * 3 + "\n", '"open\n']))
    return out.getvalue().encode(rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"]), "replace")
def xml_bytes(rng, header, rows, history, records):
    def node(tag, kind, row):
        columns = [c for c in kind if row.get(c, "") != "" or rng.random() < 0.1]
        rng.shuffle(columns)
        inner = "".join(f"<{element_name(c)}>{escape(row.get(c, ''))}</{element_name(c)}>" for c in columns)
        return f"<{tag}>{inner}{'<Odd>1</Odd>' if rng.random() < 0.02 else ''}</{tag}>\n"
    parts = ["<AgencyReturn version=\"1\">", f"<Header>{header}</Header>", "<Assignments>"]
    parts += [*[node("Assignment", ASSIGNMENT, r) for r in rows], "</Assignments>",
              "<EmploymentHistory>", *[node("Employment", HISTORY, r) for r in history], "</EmploymentHistory>"]
    return "\n".join(parts + [node("Authority", RECORD, r) for r in records] + ["</AgencyReturn>"]).encode()
def census_bytes(rng, year, authority, workers):
    body = "".join(f"<CSWWWorker><AgencyWorker>{w[1]}</AgencyWorker><SWENo>{w[0]}</SWENo><RoleStartDate>{w[2]}</RoleStartDate>"
                   + (f"<RoleEndDate>{w[3]}</RoleEndDate><ReasonLeave>{w[4]}</ReasonLeave>" if w[3] else "")
                   + "</CSWWWorker>\n" for w in workers)
    # The schemas and the specification differ in where the workers stand.
    if len(workers) % 2: body = f"<CSWWWorkers>\n{body}</CSWWWorkers>\n"
    return (f"<Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>{year}</Year><ReferenceDate>{year}-09-30"
            f"</ReferenceDate></CollectionDetails><Source><LEA>{authority}</LEA></Source></Header>\n{body}</Message>").encode()
def main():
    source, target, rng = sys.argv[1], sys.argv[2], random.Random(int(sys.argv[3]))
    rows, history, records = read_region(source)
    codes = sorted({r["authority_code"] for r in rows})
    mutate(rng, rows, history, records)
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(os.path.join(source, "rules"), os.path.join(target, "rules"))
    os.makedirs(os.path.join(target, "in"))
    def put(name, data, mode="wb"):
        with open(os.path.join(target, name), mode) as f: f.write(data)
    put("rules/authorities.csv", AUTHORITIES, "a")
    if rng.random() < 0.5:
        put("rules/caps.csv", "Example Region,SW,2026-02-01,39.00,illustrative\nOther Region,SW,2025-10-01,36,illustrative\n", "a")
    put("rules/job-mapping.csv", "authority_code,job_title,role\n,locum social worker,SW\n501,Practice Lead,AP\n,Practice Lead,TM\n", "w")
    if rng.random() < 0.3:
        own = rng.choice(["2025-01-06,2025-04-01", "2026-01-15,2025-10-01", "2025-10-01,never", "2026-02-01,2026-02-01", ",", "2025-01-06,"])
        months, named = rng.choice(["", "6", "1"]), rng.random() < 0.8
        head = "region,caps_new_from,caps_legacy_from," + ("cooloff_months," if named else "") + "source"
        put("rules/regions.csv", f"{head}\nExample Region,{own},{months + ',' if named else ''}illustrative\n", "w")
    if rng.random() < 0.3:
        put("rules/parameters.csv", "parameter,effective_from,value,source\nNOTE001.weeks,2024-10-31,4,x\nNOTE001.weeks,2026-01-15,3,x\n"
            "REF001.references,2024-10-31,2,x\nREF001.references,2026-01-15,3,x\nDATA010.weekly_hours,2000-01-01,48,x\n"
            "DATA010.weekly_hours,2026-02-01,40,x\n", "w")
    for code in sorted({r["authority_code"] for r in rows}, key=str):
        own, name = [r for r in rows if r["authority_code"] == code], re.sub(r"\W", "_", code) or "none"
        if rng.random() < 0.5: put(f"in/return-{name}.csv", csv_bytes(rng, ASSIGNMENT, own))
        else:
            header = f"<AuthorityCode>{escape(code)}</AuthorityCode><Quarter>{rows[0]['quarter']}</Quarter>" if code in codes else ""
            theirs = [r for r in records if r["authority_code"] == code] if rng.random() < 0.5 else []
            few = [h for h in history if rng.random() < 0.2]
            records, history = [r for r in records if r not in theirs], [h for h in history if h not in few]
            put(f"in/return-{name}.xml", xml_bytes(rng, header, own, few, theirs))
    for name, kind, those in (("employment", HISTORY, history), ("authority", RECORD, records)): put(f"in/{name}.csv", csv_bytes(rng, kind, those))
    if rng.random() < 0.4:
        people = [r["swe_number"] for r in rng.sample(rows, min(8, len(rows)))] + ["X1", ""]
        base = [[p.strip(), rng.choice("00001"), rng.choice(["2021-09-01", "2022-01-10", "2024-02-29", "2025-01-01", "2024-12-16", "2024-12-17", ""]), "", "1"] for p in people]
        for year in rng.sample([2023, 2024, 2025], rng.choice([1, 2, 3])):
            named = [list(w) for w in base if rng.random() < 0.7]
            for w in [w for w in named if rng.random() < 0.25]:
                w[3], w[4] = rng.choice([f"{year}-09-29", "2025-12-15", "2025-10-10"]), rng.choice(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", ""])
            put(f"in/census-{year}.xml", census_bytes(rng, year, codes[0], [[escape(x) for x in w] for w in named]))
if __name__ == "__main__": main()
