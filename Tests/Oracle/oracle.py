#!/usr/bin/env python3
"""A plain, slow restatement of the rules, to compare with agency-check.

Written from docs/reference alone, not from the Swift sources: a difference is a question about the reference.
    oracle.py INPUT... --rules OVERLAY --shipped RULES [--authority C] [--quarter Q] [--coverage]

A rule is a function named like its code. It takes a record and the run, and gives "N" (not
applicable), "U" (undecided) or the list of its findings (field, found, expected); empty is clear.
Not restated: the IMP rules' coverage, size limits, the values inside found and expected.
"""
import argparse, calendar, csv, os, re, sys, unicodedata
from datetime import date, timedelta; from fractions import Fraction; from xml.parsers import expat

ROLES = ["SW", "SSW", "AP", "TM", "IRO"]
FAMILIES = ["caps", "experience", "teams", "cooloff", "notice", "references"]
REASONS = ["RESIGNED", "REDUNDANT", "PROBATION", "RETIRED", "DISMISSED", "OTHER"]
ASSIGNMENT = {  # column -> type
    "assignment_id": "id", "quarter": "quarter", "role": ROLES + ["OTHER"], "engagement": ["PAYE", "UMBRELLA", "LIMITED"],
    "supply": ["INDIVIDUAL", "PROJECT_TEAM", "PACKAGED"], "practice_managed_by": ["AUTHORITY", "SUPPLIER"],
    "last_post_reason": REASONS, "references": "whole", "experience_months": "whole"}
for _type, _columns in {
        "text": "swe_number job_title agency team_reference cap_reason", "code3": "authority_code last_post_authority",
        "date": "start_date end_date approved_date last_post_end cap_dcs_date cap_ce_date rate_from offer_date"
                " reference_given_date",
        "money": "pay_rate employer_ni holiday_pay apprenticeship_levy agency_fee charge_rate",
        "decimal": "weekly_hours hours_in_quarter notice_weeks",
        "yes/no": "cost_disaggregated experience_verified"}.items():
    ASSIGNMENT.update(dict.fromkeys(_columns.split(), _type))
HISTORY = {
    "swe_number": "swe", "authority_code": "code3", "start_date": "date", "end_date": "date",
    "employment": ["DIRECT", "AGENCY", "OTHER"], "setting": ["CHILD_FAMILY", "ADULT", "OTHER"],
    "registered": "yes/no", "leaving_reason": REASONS}
RECORD = {"authority_code": "code3", "quarter": "quarter"}
RECORD.update({f"cost_month_{m}": "money" for m in (1, 2, 3)})
RECORD.update({f"notice_weeks_{r}": "decimal" for r in ROLES})
for _family in FAMILIES:
    RECORD[_family + "_compliance"] = ["FULL", "PARTIAL", "NONE"]
    RECORD[_family + "_explanation"] = "text"
REQUIRED = {  # what a file of each kind must have
    "assignments": "assignment_id swe_number start_date engagement pay_rate charge_rate role|job_title",
    "history": "swe_number authority_code start_date employment setting", "record": "authority_code quarter"}
COLUMNS = {"assignments": ASSIGNMENT, "history": HISTORY, "record": RECORD}
RULES = [f"{family}{n:03}" for family, last in (
    ("IMP", 8), ("DATA", 21), ("CAP", 4), ("EXP", 7), ("TEAM", 5), ("COOL", 2), ("NOTE", 2), ("REF", 2),
    ("AUTH", 5), ("REGION", 2)) for n in range(1, last + 1)
    if f"{family}{n:03}" not in ("IMP006", "DATA016", "DATA017")]  # numbers that no rule has yet
SEVERITY = {r: "error" for r in RULES}
SEVERITY.update(dict.fromkeys("""IMP002 IMP005 IMP008 DATA007 DATA008 DATA009 DATA010 DATA011 DATA012 DATA013
    DATA014 DATA015 DATA018 DATA019 DATA020 DATA021 CAP004 EXP004 EXP005 EXP006 EXP007 TEAM004 COOL002 NOTE002
    REF002 AUTH003 REGION001""".split(), "warning"), CAP003="notice", REGION002="notice", IMP007="notice")
ERRORS_OF = {
    "caps": ["CAP001", "CAP002"], "experience": ["EXP001", "EXP002", "EXP003"],
    "teams": ["TEAM001", "TEAM002", "TEAM003", "TEAM005"], "cooloff": ["COOL001"],
    "notice": ["NOTE001"], "references": ["REF001"]}

# Values -------------------------------------------------------------------------------------
class Unreadable(Exception): pass

UNREADABLE = object()
def invisible(c): return unicodedata.category(c) == "Cf" or "\ufe00" <= c <= "\ufe0f" or c == "\u034f"
def plain(text, joined=False):
    """Without what cannot be seen; plain characters for those that look like them. `joined`: no no-break spaces and hyphens."""
    def one(c):
        if c < "\x80": return c
        if invisible(c) or joined and c in "\u00a0\u2007\u202f\u2011": return ""
        if c in "\u2018\u2019\u201b\u02bc": return "'"
        if c.isspace(): return " "
        if unicodedata.category(c) == "Pd" or c == "\u2212": return "-"
        return unicodedata.normalize("NFKC", c) if "\uff01" <= c <= "\uff5e" or c == "\uffe1" else c
    return "".join(map(one, text))
def looks(text):
    """What is alike of references that look alike."""
    return unicodedata.normalize("NFC", "".join(plain(text).split()).upper().lower())
def read_date(text):
    for shape, order in ((r"([0-9]{4})-([0-9]{2})-([0-9]{2})", 1), (r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", -1)):
        m = re.fullmatch(shape, text)
        try:
            if m: return date(*map(int, m.groups()[::order]))
        except ValueError: break
    raise Unreadable
def normal_swe(text):
    """The normal form, or None where the number is not valid."""
    m = re.fullmatch(r"[Ss][Ww]([0-9]{1,10})", text or "")
    return "SW" + m[1].lstrip("0") if m and m[1].strip("0") else None
def read_either(kind, text):
    """As written, or else in the plain form; and whether it was that."""
    try: return read_value(kind, text), False
    except Unreadable: pass
    for form in (plain(text), plain(text, True)) if kind == "swe" else (plain(text),):
        try:
            if form != text.strip(): return read_value(kind, form), True
        except Unreadable: pass
    raise Unreadable
def read_value(kind, text):
    """The value of a cell: None where it is empty; Unreadable where it is not of its type."""
    text = text.strip()
    if text == "": return None
    if isinstance(kind, list):
        if text.upper() not in kind: raise Unreadable
        return text.upper()
    if kind == "date": return read_date(text)
    if kind == "swe" and not normal_swe(text): raise Unreadable
    if kind == "swe": return normal_swe(text)
    if kind == "yes/no":
        if text.upper() not in "Y YES TRUE 1 N NO FALSE 0".split(): raise Unreadable
        return text.upper() in "Y YES TRUE 1".split()
    shape = {"text": r"(?s).*", "id": r"(?s).{1,36}", "code3": r"[0-9]{3}",
             "quarter": r"[0-9]{4}-Q[1-4]", "whole": r"[0-9]+", "decimal": r"[0-9]+(\.[0-9]+)?",
             "money": r"(£[ \u00a0]*)?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,4})?"}[kind]
    if not re.fullmatch(shape, text): raise Unreadable
    if kind == "money": return Fraction(text.lstrip("£").strip().replace(",", ""))
    return Fraction(text) if kind in ("whole", "decimal") else text
def quarter_days(quarter):
    year, month = int(quarter[:4]), int(quarter[-1]) * 3
    return date(year, month - 2, 1), date(year, month, calendar.monthrange(year, month)[1])
def add_months(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
# Rules tables -------------------------------------------------------------------------------
def rows_of(folder, name):
    path = os.path.join(folder or "", name)
    if not folder or not os.path.exists(path): return None
    with open(path, encoding="utf-8-sig", newline="") as f: return list(csv.DictReader(f))
def table(run, name):
    """The overlay's table takes the place of the shipped one."""
    own = rows_of(run.overlay, name)
    return (rows_of(run.shipped, name) or []) if own is None else own
def joined(run, name):
    """The shipped rows, and the overlay's behind them."""
    return (rows_of(run.shipped, name) or []) + (rows_of(run.overlay, name) or [])
def laid_over(run, name, *keys):
    """Shipped rows, key by key replaced by those of the overlay."""
    rows = joined(run, name)
    return list({tuple(row[k] for k in keys): row for row in rows}.values())
def day_or_never(text): return None if not text or text == "never" else read_date(text)
def same_name(header): return re.sub(r"[\s_-]+", "_", plain(header).strip().lower())
def load_rules(run):
    run.authorities = {r["authority_code"]: r for r in table(run, "authorities.csv")}
    run.caps = table(run, "caps.csv")
    run.regions = {r["region"]: r for r in table(run, "regions.csv")}
    own = rows_of(run.overlay, "parameters.csv") or []
    since = {r["parameter"]: min(read_date(o["effective_from"]) for o in own if o["parameter"] == r["parameter"]) for r in own}
    run.parameters = own + [r for r in rows_of(run.shipped, "parameters.csv") if read_date(r["effective_from"]) < since.get(r["parameter"], date.max)]
    run.commencement = {r["family"]: (day_or_never(r["new_from"]), day_or_never(r["legacy_from"]))
                        for r in laid_over(run, "commencement.csv", "family")}
    run.aliases = {same_name(r["alias"]): r["column"] for r in joined(run, "header-aliases.csv")}
    run.jobs = {(r["authority_code"].strip(), " ".join(plain(r["job_title"]).lower().split())): r["role"].upper()
                for r in joined(run, "job-mapping.csv")}
def in_force(run, parameter, day):
    """The value on that day; without a day (no quarter to tell it) the latest."""
    rows = [r for r in run.parameters
            if r["parameter"] == parameter and read_date(r["effective_from"]) <= (day or date.max)]
    return Fraction(max(rows, key=lambda r: r["effective_from"])["value"]) if rows else None

# Reading ------------------------------------------------------------------------------------
class Record(dict):
    """One row: values by column, None where missing."""
    def __getattr__(self, name): return self.get(name)
def report(run, rule, record, field="", found="", expected=""):
    run.findings.append({
        "rule": rule, "severity": SEVERITY[rule], "field": field, "found": str(found), "expected": str(expected),
        **{c: (record or {}).get(c) or "" for c in (
            "file", "line", "authority_code", "quarter", "assignment_id", "swe_number", "agency")}})
class Refused(Exception): pass
def decode(data):
    """The text, and whether it was read as Windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try: return data.decode("utf-16"), False
        except UnicodeDecodeError: raise Refused
    try: return data.decode("utf-8-sig"), False
    except UnicodeDecodeError: return data.decode("cp1252", "replace"), True
def one_row(lines, at, separator):
    """The fields of the row from physical line `at` on (None: broken quoting), and where reading goes on."""
    fields, field, state, i, text = [], "", "start", at, lines[at]
    while True:
        for c in text:
            if state == "quoted":
                if c == '"': state = "closing"
                else: field += c
            elif c == separator:
                fields.append(field)
                field, state = "", "start"
            elif c == '"':
                if state == "plain": return None, at + 1
                if state == "closing": field += '"'
                state = "quoted"
            elif state == "closing": return None, at + 1
            else: field, state = field + c, "plain"
        i += 1
        if state != "quoted": return fields + [field], i
        if i == len(lines): return None, at + 1
        field, text = field + "\n", lines[i]
def read_csv(run, name, text):
    lines = re.split(r"\r\n|\n", text) if "\n" in text else text.split("\r")
    at, separator = 0, None
    if lines[0].lower().startswith("sep="): at, separator = 1, lines[0][4:]
    if separator not in (None, ",", ";", "\t"): raise Refused
    while not "".join(lines[at:at + 1]).strip():
        at += 1
        if at >= len(lines): raise Refused
    separator = separator or max([",", ";", "\t"], key=re.sub(r'"[^"]*"', "", lines[at]).count)
    header, start = one_row(lines, at, separator)
    if header is None: raise Refused
    columns = [run.aliases.get(same_name(h), same_name(h)) for h in header]
    columns = ["notice_weeks_" + c[13:].upper() if c.startswith("notice_weeks_") else c for c in columns]
    if any(columns.count(c) > 1 for c in columns if c): raise Refused
    for written, column in zip(header, columns):
        if plain(written.strip()) != written.strip(): read_plainly(run, name, column, at + 1)
    kind = ("assignments" if "assignment_id" in columns else
            "history" if {"employment", "setting"} <= set(columns) else "record")
    if kind == "record" and "cost_month_1" not in columns: raise Refused
    if not all(any(c in columns for c in choice.split("|")) for choice in REQUIRED[kind].split()): raise Refused
    for written in {h.strip(): 1 for h, c in zip(header, columns) if c not in COLUMNS[kind]}:
        report(run, "IMP002", {"file": name, "line": at + 1}, written)
    while start < len(lines):
        line, (fields, start) = start + 1, one_row(lines, start, separator)
        if fields is not None and not any(f.strip() for f in fields): continue
        if fields is None or len(fields) != len(columns):
            report(run, "IMP003", {"file": name, "line": line})
            continue
        cells = {c: f for c, f in zip(columns, fields) if c in COLUMNS[kind]}
        keep_row(run, kind, cells, name, line, {})
def read_plainly(run, name, column, line):
    """Said once for a file and column, at the first place."""
    if (name, column) not in run.plain: report(run, "IMP007", {"file": name, "line": line}, column)
    run.plain.add((name, column))
def contradict(run, record, fallback):
    """Rows that name another authority or quarter than the header or the command: one for a file, the authority first."""
    for column in ("authority_code", "quarter"):
        own = record[column]
        others = [v for v in (fallback.get(column), getattr(run, column)) if v not in (None, UNREADABLE)]
        if own is not None and any(v != own for v in others):
            run.contradictions.setdefault((record["file"], column), record["line"])
def keep_row(run, kind, cells, name, line, fallback):
    """Reads the values of a row, reports what cannot be read, files the record."""
    record, broken = Record(dict.fromkeys(COLUMNS[kind]), file=name, line=line), []
    for column, type_ in COLUMNS[kind].items():
        written = cells.get(column, "")
        try: record[column], by_plain_form = read_either(type_, written)
        except Unreadable: broken.append(column)
        else:
            if kind == "assignments" and column == "swe_number" and record[column]:
                if not normal_swe(record[column]) and normal_swe(plain(written, True).strip()):
                    record[column], by_plain_form = plain(written, True).strip(), True
            if written.strip() and not plain(written).strip(): record[column], by_plain_form = None, True
            if by_plain_form: read_plainly(run, name, column, line)
    for column in ("authority_code", "quarter"):
        given = fallback.get(column) or getattr(run, column)
        if kind != "history" and record[column] is None and column not in broken:
            record[column] = None if given is UNREADABLE else given
    if kind != "history": contradict(run, record, fallback)
    record["broken"] = broken + [c for c in fallback if fallback[c] is UNREADABLE]
    if kind == "assignments":
        record["swe"] = normal_swe(record.swe_number)
        if record.role is None:
            title = " ".join(plain(record.job_title or "").lower().split())
            record["role"] = run.jobs.get((record.authority_code or "", title)) or run.jobs.get(("", title))
            if record.role and plain(record.job_title) != record.job_title: read_plainly(run, name, "job_title", line)
        run.assignments.append(record)
    if kind == "record": run.record_rows.append(record)
    if kind == "history" and record.swe_number and record.start_date: run.spells.append(record)
    if kind == "history" and not record.swe_number and "swe_number" not in broken:
        broken.append("swe_number")  # "a row without a valid SWE number (IMP004 on swe_number)", empty too
    for column in broken: report(run, "IMP004", record, column, cells.get(column, "").strip())
def xml_tree(data):
    """Nodes (name, line, text, children); DTDs are refused."""
    root, stack = [], []
    parser = expat.ParserCreate()
    def start(name, attributes):
        node = [name, parser.CurrentLineNumber, "", []]
        (stack[-1][3] if stack else root).append(node)
        stack.append(node)
    def characters(text):
        if stack: stack[-1][2] += text
    def doctype(*_): raise Refused
    parser.StartElementHandler, parser.CharacterDataHandler = start, characters
    parser.EndElementHandler, parser.StartDoctypeDeclHandler = lambda name: stack.pop(), doctype
    try: parser.Parse(data, True)
    except expat.ExpatError: raise Refused
    return root[0]
def element_name(column):
    special = {"swe": "SWE", "ni": "NI", "dcs": "DCS", "ce": "CE", "id": "ID"}
    return "".join(special.get(p, p[:1].upper() + p[1:]) for p in column.split("_"))
def read_xml(run, name, data):
    root = xml_tree(data)
    if root[0] == "Message": return read_census(run, name, root)
    if root[0] != "AgencyReturn": raise Refused
    unknown, header = {}, {}
    def row(kind, node):
        names, cells = {element_name(c): c for c in COLUMNS[kind]}, {}
        for child in node[3]:
            if child[0] in names: cells[names[child[0]]] = child[2]
            else: unknown.setdefault(child[0], child[1])
        keep_row(run, kind, cells, name, node[1], header)
    for part in root[3]:
        if part[0] == "Header":
            for child in part[3]:
                column = {"AuthorityCode": "authority_code", "Quarter": "quarter"}.get(child[0])
                if not column: unknown.setdefault(child[0], child[1])
                try:
                    header[column], by_plain_form = read_either(ASSIGNMENT[column], child[2]) if column else (None, False)
                    if by_plain_form: read_plainly(run, name, column, part[1])
                except Unreadable:  # said once; the rows without their own value have none
                    header[column] = UNREADABLE
                    report(run, "IMP004", {"file": name, "line": part[1]}, column)
        elif part[0] == "Authority": row("record", part)
        elif part[0] in ("Assignments", "EmploymentHistory"):
            wanted = {"Assignments": "Assignment", "EmploymentHistory": "Employment"}[part[0]]
            for child in part[3]:
                if child[0] == wanted: row("assignments" if wanted == "Assignment" else "history", child)
                else: unknown.setdefault(child[0], child[1])
        else: unknown.setdefault(part[0], part[1])
    for tag, line in unknown.items(): report(run, "IMP002", {"file": name, "line": line}, tag)
def read_census(run, name, root):
    def text(node, *path):
        for step in path:
            node = next((c for c in node[3] if c[0] == step), None)
            if node is None: return ""
        return node[2].strip()
    if text(root, "Header", "CollectionDetails", "Collection") != "CSWW": raise Refused
    census = {"authority": text(root, "Header", "Source", "LEA"),
              "day": read_date(text(root, "Header", "CollectionDetails", "ReferenceDate")), "rows": {}}
    workers = [c for c in root[3] if c[0] == "CSWWWorker"]
    for group in (c for c in root[3] if c[0] == "CSWWWorkers"): workers += [c for c in group[3] if c[0] == "CSWWWorker"]
    if not workers: raise Refused
    for worker in workers:
        swe, flag = normal_swe(text(worker, "SWENo")), text(worker, "AgencyWorker")
        try: start, end = (read_value("date", text(worker, c)) for c in ("RoleStartDate", "RoleEndDate"))
        except Unreadable: continue
        if swe and start:
            reason = {"1": "RESIGNED", "2": "REDUNDANT", "3": "REDUNDANT", "4": "DISMISSED", "5": "RETIRED"}
            left = text(worker, "ReasonLeave")
            key, row = (swe, start, flag), (end, reason.get(left, "OTHER") if left else None, left)
            known = census["rows"].get(key, row)
            # Of several rows of one spell the one that ends later; without an end it goes on. Of two reasons nobody can tell which holds.
            if (row[0] or date.max) == (known[0] or date.max) and row[1:] != known[1:]: row = (end, "OTHER", "8")
            census["rows"][key] = max(row, known, key=lambda r: r[0] or date.max)
    run.censuses.append(census)
def census_spells(run):
    for authority in {c["authority"] for c in run.censuses}:
        years = sorted((c for c in run.censuses if c["authority"] == authority), key=lambda c: c["day"])
        for key in {k for c in years for k in c["rows"]}:
            naming = [c for c in years if key in c["rows"]]
            end, reason, code = naming[-1]["rows"][key]
            inferred = end is None and any(c["day"] > naming[-1]["day"] for c in years)
            run.spells.append(Record(
                swe_number=key[0], authority_code=authority, start_date=key[1], setting="CHILD_FAMILY",
                employment={"0": "DIRECT", "1": "AGENCY"}.get(key[2]), leaving_reason=reason,
                is_census=True, reason_leave=code, end_date=naming[-1]["day"] if inferred else end, inferred=inferred))
def read_file(run, path, name):
    with open(path, "rb") as f: data = f.read()
    try:
        if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"): raise Refused
        text, windows = decode(data)
        if text.lstrip().startswith("<"): return read_xml(run, name, data)
        read_csv(run, name, text)
        if windows: report(run, "IMP005", {"file": name, "line": ""})
    except Refused:
        run.findings = [f for f in run.findings if f["file"] != name]
        report(run, "IMP001", {"file": name, "line": 1})
def read_inputs(run, inputs):
    for given in inputs:
        if os.path.isfile(given): read_file(run, given, os.path.basename(given))
        for folder, folders, files in os.walk(given):
            folders[:] = [f for f in folders if not f.startswith(".") and f != "rules"]
            for f in files:
                if f[0] != "." and f.lower().endswith((".csv", ".txt", ".tsv", ".xml", ".xlsx", ".xls")):
                    path = os.path.join(folder, f)
                    read_file(run, path, os.path.relpath(path, given).replace(os.sep, "/"))
    census_spells(run)
    for name in {name for name, _ in run.contradictions}:
        column = next(c for c in ("authority_code", "quarter") if (name, c) in run.contradictions)
        report(run, "IMP008", {"file": name, "line": run.contradictions[name, column]}, column)
    in_order = lambda r: (r["file"].encode(), r["line"])
    run.assignments.sort(key=in_order)
    run.records = {}
    for record in sorted(run.record_rows, key=in_order):
        key = (record.authority_code, record.quarter)
        if None in key: report(run, "IMP003", {"file": record["file"], "line": record["line"]})
        # The row is the second of a known return, and says so.
        elif key in run.records: report(run, "IMP003", {c: record[c] for c in ("file", "line", "authority_code", "quarter")})
        else: run.records[key] = record
# What the rules share -----------------------------------------------------------------------
def capped_rate(a):
    if a.engagement is None or a.pay_rate is None: return None
    if a.engagement != "PAYE": return a.pay_rate
    return a.pay_rate + (a.employer_ni or 0) + (a.holiday_pay or 0) + (a.apprenticeship_levy or 0)
def region_of(run, authority): return run.authorities[authority]["region"] if authority in run.authorities else None
def last_day(a): return quarter_days(a.quarter)[1] if a.quarter else None
def commencement(run, a, family):
    new, legacy = run.commencement[family]
    own = run.regions.get(region_of(run, a.authority_code)) if family == "caps" else None
    if own and own["caps_new_from"]: new = day_or_never(own["caps_new_from"])
    if own and own["caps_legacy_from"]: legacy = day_or_never(own["caps_legacy_from"])
    return new, legacy
def applies(run, a, family, start=None):
    new, legacy = commencement(run, a, family)
    return bool(new and (start or a.start_date) >= new) or bool(legacy and legacy <= last_day(a) and (a.end_date is None or a.end_date >= legacy))
def ongoing_day(a): return max(a.start_date, quarter_days(a.quarter)[0])
def outside(a):
    first, last = quarter_days(a.quarter)
    return bool((a.start_date and a.start_date > last) or (a.end_date and a.end_date < first))
def share_a_day(a, b): return (a.end_date or date.max) >= b.start_date and (b.end_date or date.max) >= a.start_date
# DATA ---------------------------------------------------------------------------------------
def DATA001(a, run):
    needed = "authority_code quarter assignment_id swe_number role start_date engagement pay_rate charge_rate"
    return [(c, "", "") for c in needed.split() if a[c] is None and c not in a.broken]
def DATA002(a, run):
    if a.swe_number is None: return "U"
    return [] if a.swe else [("swe_number", a.swe_number, "")]
def DATA003(a, run):
    if a.authority_code is None: return "U"
    row = run.authorities.get(a.authority_code)
    if row and a.quarter:
        since, until = day_or_never(row["valid_from"]), day_or_never(row["valid_to"])
        if (since and last_day(a) < since) or (until and last_day(a) > until): row = None
    return [] if row else [("authority_code", a.authority_code, "")]
def DATA004(a, run):
    if a.start_date is None: return "U"
    return [("end_date", a.end_date, a.start_date)] if a.end_date and a.end_date < a.start_date else []
def DATA005(a, run):
    if a.start_date and DATA004(a, run): return "N"
    if a.quarter is None: return "U"
    if outside(a): return [("start_date", "", "")]
    return [] if a.start_date else "U"
def DATA006(a, run):
    key = (a.authority_code, a.quarter, a.assignment_id)
    if None in key: return "U"
    first = next(b for b in run.assignments if (b.authority_code, b.quarter, b.assignment_id) == key and b.rate_from == a.rate_from)
    return [] if first is a else [("assignment_id", a.assignment_id, "")]
def DATA007(a, run):
    if a.agency_fee is None: return "N"
    tolerance = in_force(run, "DATA007.tolerance", last_day(a))
    if capped_rate(a) is None or a.charge_rate is None or tolerance is None: return "U"
    parts = capped_rate(a) + a.agency_fee
    return [("charge_rate", a.charge_rate, parts)] if abs(a.charge_rate - parts) > tolerance else []
def DATA008(a, run):
    low, high = (in_force(run, f"DATA008.{end}_rate", last_day(a)) for end in ("lowest", "highest"))
    if capped_rate(a) is None or low is None or high is None: return "U"
    return [] if low <= capped_rate(a) <= high else [("pay_rate", capped_rate(a), "")]
def DATA009(a, run):
    if a.engagement is None: return "U"
    if a.engagement == "PAYE": return "N"
    parts = (a.employer_ni, a.holiday_pay, a.apprenticeship_levy)
    return [("employer_ni", "", "0")] if any(p and p > 0 for p in parts) else []
def whole_assignments(rows):
    """Rows of one assignment_id with different rate_from are one: a list of lists of rows. A repeat of a rate_from begins another."""
    wholes = {}
    for b in rows:
        n = sum(1 for c in rows[:rows.index(b)] if (c.authority_code, c.assignment_id, c.rate_from) == (b.authority_code, b.assignment_id, b.rate_from))
        key = (b.authority_code, b.assignment_id, n) if b.assignment_id is not None else id(b)
        wholes.setdefault(key, []).append(b)
    return list(wholes.values())
class Whole:
    """An assignment with the days of all its parts and the highest of their weekly hours."""
    def __init__(self, parts):
        self.parts, self.authority_code = parts, parts[0].authority_code
        self.start_date = min(b.start_date for b in parts)
        self.end_date = None if any(b.end_date is None for b in parts) else max(b.end_date for b in parts)
        self.weekly_hours = max(b.weekly_hours or 0 for b in parts)
        self.speaks = next(b for b in parts if (b.weekly_hours or 0) == self.weekly_hours)
def load(a, run, rule, same_authority):
    limit = in_force(run, rule + ".weekly_hours", last_day(a))
    if not a.is_assessed or limit is None: return "U"
    rows = [b for b in run.assessed if b.swe == a.swe and b.quarter == a.quarter]
    wholes = [Whole(parts) for parts in whole_assignments(rows)]
    own = next(w for w in wholes if any(b is a for b in w.parts))
    if own.speaks is not a: return []
    others = [w for w in wholes if w is not own and (not same_authority or w.authority_code == a.authority_code) and share_a_day(own, w)]
    hours = sum(w.weekly_hours for w in others + [own])
    counts = same_authority and others or any(w.authority_code != a.authority_code for w in others)
    return [("weekly_hours", hours, limit)] if counts and hours > limit else []
def DATA010(a, run): return load(a, run, "DATA010", True)
def DATA011(a, run):
    factor = in_force(run, "DATA011.factor", last_day(a))
    if a.start_date and a.end_date and a.end_date < a.start_date: return "N"
    if a.quarter is None: return "U"
    if outside(a): return "N"
    if None in (a.start_date, a.hours_in_quarter, a.weekly_hours, factor): return "U"
    first, last = quarter_days(a.quarter)
    days = (min(a.end_date or last, last) - max(a.start_date, first)).days + 1
    most = a.weekly_hours * Fraction(days, 7) * factor
    return [("hours_in_quarter", a.hours_in_quarter, most)] if a.hours_in_quarter > most else []
def DATA012(a, run):
    return [(c, a[c], "") for c in ("assignment_id", "job_title", "agency", "team_reference", "cap_reason")
            if a[c] and a[c][0] in "=+-@"]
def DATA013(a, run):
    earliest = next((read_date(r["value"]) for r in run.parameters if r["parameter"] == "DATA013.earliest"), None)
    years = in_force(run, "DATA013.years_after", last_day(a))
    if earliest is None or years is None: return "U"
    latest = add_months(last_day(a), 12 * int(years)) if a.quarter else date.max
    found = [(c, a[c], "") for c in "start_date end_date approved_date last_post_end cap_dcs_date cap_ce_date".split()
             if a[c] and not earliest <= a[c] <= latest]
    return found or ([] if a.quarter else "U")
def DATA014(a, run):
    return [(c, a[c], "") for c in ("assignment_id", "job_title", "agency", "team_reference") if a[c] and re.search(r"[\r\n]", a[c])]
def DATA015(a, run):
    key = (a.authority_code, a.quarter, a.assignment_id)
    if None in key: return "U"
    alike = run.alike.setdefault("all", {})
    if not alike:
        for b in run.assignments:
            if None not in (b.authority_code, b.quarter, b.assignment_id):
                alike.setdefault((b.authority_code, b.quarter, looks(b.assignment_id)), set()).add(b.assignment_id)
    return [("assignment_id", a.assignment_id, "")] if len(alike[a.authority_code, a.quarter, looks(a.assignment_id)]) > 1 else []
def days_inside(a):
    """N: none; U: its dates do not tell."""
    if a.start_date and a.end_date and a.end_date < a.start_date: return "N"
    if a.quarter is None: return "U"
    if outside(a): return "N"
    if a.start_date is None: return "U"
    first, last = quarter_days(a.quarter)
    return (min(a.end_date or last, last) - max(a.start_date, first)).days + 1
def DATA018(a, run):
    days = days_inside(a)
    if isinstance(days, str): return days
    return [] if a.hours_in_quarter else [("hours_in_quarter", "", "")]
def DATA019(a, run):
    """Of an assignment in several parts: where every part is below by itself, and all of them together are."""
    own, key = hours_far_below(a, run), (a.authority_code, a.quarter, a.assignment_id)
    if not own or own in ("N", "U") or None in key: return own
    rows = [b for b in run.assignments if (b.authority_code, b.quarter, b.assignment_id) == key]
    parts = next(w for w in whole_assignments(rows) if any(b is a for b in w))
    if any(not isinstance(f, list) or not f for f in (hours_far_below(b, run) for b in parts)): return []
    return hours_far_below(a, run, sum(b.hours_in_quarter for b in parts))
def hours_far_below(a, run, hours=None):
    percent, days = in_force(run, "DATA019.percent", last_day(a)), days_inside(a)
    if a.weekly_hours == 0 or days == "N": return "N"
    if days == "U" or None in (a.weekly_hours, a.hours_in_quarter, percent): return "U"
    full = a.weekly_hours * Fraction(days, 7)
    worked = a.hours_in_quarter if hours is None else hours
    return [("hours_in_quarter", a.hours_in_quarter, full)] if worked < full * percent / 100 else []
def DATA020(a, run):
    if None in (a.charge_rate, a.pay_rate): return "U"
    return [] if a.charge_rate > a.pay_rate else [("charge_rate", a.charge_rate, a.pay_rate)]
def DATA021(a, run):
    if a.engagement is None: return "U"
    if a.engagement != "PAYE": return "N"
    parts = (a.employer_ni, a.holiday_pay, a.apprenticeship_levy)
    return [("employer_ni", "", "")] if all(p is None for p in parts) else []
# CAP ----------------------------------------------------------------------------------------
def cap_in_force(a, run):
    rows = [r for r in run.caps if r["region"] == region_of(run, a.authority_code) and r["role"].upper() == a.role
            and read_date(r["effective_from"]) <= ongoing_day(a)]
    return read_value("money", max(rows, key=lambda r: r["effective_from"])["cap"]) if rows else None
def cap_judgement(a, run):
    if a.role == "OTHER" or not applies(run, a, "caps"): return "N"
    if a.role is None or capped_rate(a) is None or cap_in_force(a, run) is None: return "U"
    if capped_rate(a) <= cap_in_force(a, run):
        without = a.engagement == "PAYE" and a.employer_ni is None and a.holiday_pay is None and a.apprenticeship_levy is None
        return "U" if without else "clear"
    if a.cap_dcs_date is None or a.cap_ce_date is None: return "CAP001"
    new, legacy = commencement(run, a, "caps")
    due = a.start_date
    if a.rate_from is not None and a.rate_from > a.start_date: due = a.rate_from
    elif a.offer_date is not None and a.offer_date <= a.start_date: due = a.offer_date
    if not (new and a.start_date >= new): due = max(due, legacy)
    return "CAP002" if max(a.cap_dcs_date, a.cap_ce_date) > due else "CAP003"
def outcome(judge, rule, field):
    """The rule that is one outcome of a judgement."""
    def judged(a, run):
        judgement = judge(a, run)
        return judgement if judgement in ("N", "U") else [(field, "", "")] if judgement == rule else []
    return judged

CAP001, CAP002, CAP003 = (outcome(cap_judgement, f"CAP00{n}", "pay_rate") for n in (1, 2, 3))
def CAP004(a, run):
    if a.role == "OTHER" or not applies(run, a, "caps"): return "N"
    if a.role is None or capped_rate(a) is None: return "U"
    return [] if cap_in_force(a, run) is not None else [(a.role, region_of(run, a.authority_code), "")]
# EXP ----------------------------------------------------------------------------------------
def qualifying_days(a, run):
    days, until = set(), a.start_date - timedelta(days=1)
    for s in run.spells:
        if (s.swe_number == a.swe and s.employment == "DIRECT" and s.setting == "CHILD_FAMILY"
                and s.registered is not False and s.authority_code in run.authorities):
            last = min(s.end_date or until, until)
            days.update(range(s.start_date.toordinal(), last.toordinal() + 1))
    return len(days)
def experience_judgement(a, run):
    if not applies(run, a, "experience"): return "N"
    required, months, apart = (in_force(run, parameter, ongoing_day(a)) for parameter in (
        "EXP.required_days", "EXP.declared_months", "EXP005.months_difference"))
    if None in (required, months, apart): return "U"
    enough = a.experience_months is not None and a.experience_months >= months
    if any(s.swe_number == a.swe and s.employment == "DIRECT" for s in run.spells):
        days = qualifying_days(a, run)
        if days < required: return "EXP001" if not enough else "EXP006" if a.experience_verified else "EXP007"
        if a.experience_months is None: return "clear"
        return "EXP005" if abs(a.experience_months - int(days / Fraction("30.4375"))) > apart else "clear"
    if a.experience_months is None: return "EXP003"
    if not enough: return "EXP002"
    return "clear" if a.experience_verified else "EXP004"

EXP001, EXP002, EXP003, EXP004, EXP005, EXP006, EXP007 = (
    outcome(experience_judgement, f"EXP00{n}", "experience_months") for n in range(1, 8))
# TEAM, COOL, NOTE, REF ----------------------------------------------------------------------
def team_rule(a, run, family, field, broken):
    if (a.supply or "INDIVIDUAL") == "INDIVIDUAL" or not applies(run, a, family): return "N"
    return [(field, a[field] or "", "")] if broken else []
def TEAM001(a, run):
    broken = a.approved_date is None or a.approved_date > a.start_date
    return team_rule(a, run, "teams_at_engagement", "approved_date", broken)
def TEAM002(a, run): return team_rule(a, run, "teams_ongoing", "cost_disaggregated", a.cost_disaggregated is not True)
def TEAM003(a, run):
    return team_rule(a, run, "teams_ongoing", "practice_managed_by", a.practice_managed_by != "AUTHORITY")
def TEAM004(a, run):
    if (a.supply or "INDIVIDUAL") != "INDIVIDUAL": return "N"
    if a.practice_managed_by is None: return "U"
    return [("practice_managed_by", "SUPPLIER", "")] if a.practice_managed_by == "SUPPLIER" else []
def TEAM005(a, run): return team_rule(a, run, "teams_ongoing", "team_reference", a.team_reference is None)
def cannot_tell(post, months):
    """A census row that cannot tell an exemption: shorter than so many months, or ReasonLeave 8, 9, 10 or missing."""
    return bool(post.is_census) and (
        post.reason_leave in ("8", "9", "10", "", None) or post.end_date + timedelta(days=1) < add_months(post.start_date, int(months)))
def cooloff_judgement(a, run):
    if not applies(run, a, "cooloff"): return "N"
    own = run.regions.get(region_of(run, a.authority_code)) or {}
    months = int(own.get("cooloff_months") or 0) or in_force(run, "COOL001.months", a.start_date)
    probation = in_force(run, "COOL002.probation_months", a.start_date)
    posts = [s for s in run.spells if s.swe_number == a.swe and s.employment == "DIRECT" and s.setting == "CHILD_FAMILY"
             and not (s.is_census and s.reason_leave == "7")]
    ended = [s for s in posts if s.end_date and not s.inferred]
    if a.last_post_authority and a.last_post_end:
        ended.append(Record(end_date=a.last_post_end, authority_code=a.last_post_authority, leaving_reason=a.last_post_reason))
    ended = [p for p in ended if p.end_date < a.start_date]
    if months is None or probation is None: return "U"
    last = max((p.end_date for p in ended), default=None)
    meeting = []
    for p in ended:
        near = p.authority_code == a.authority_code or (
            region_of(run, p.authority_code) and region_of(run, p.authority_code) == region_of(run, a.authority_code))
        if (p.end_date == last and near and p.leaving_reason not in ("REDUNDANT", "PROBATION")
                and a.start_date < add_months(last, int(months))): meeting.append(p)
    if meeting: return "COOL002" if all(cannot_tell(p, probation) for p in meeting) else "COOL001"
    half = (a.last_post_authority is None) != (a.last_post_end is None)
    unknown = not (a.last_post_authority and a.last_post_end) and not any(s.swe_number == a.swe for s in run.spells)
    return "U" if half or unknown or any(s.inferred for s in posts) else "clear"

COOL001, COOL002 = (outcome(cooloff_judgement, f"COOL00{n}", "start_date") for n in (1, 2))
def NOTE001(a, run):
    if not applies(run, a, "notice"): return "N"
    required = in_force(run, "NOTE001.weeks", ongoing_day(a))
    if a.notice_weeks is None or required is None: return "U"
    record = run.records.get((a.authority_code, a.quarter))
    for role in [r for r in ([a.role] if a.role else ROLES) if r != "OTHER"]:
        own = record["notice_weeks_" + role] if record else None
        required = required if own is None else min(required, own)
    return [("notice_weeks", a.notice_weeks, required)] if a.notice_weeks < required else []
def NOTE002(a, run):
    if not applies(run, a, "notice"): return "N"
    return [("notice_weeks", "", "")] if a.notice_weeks is None else []
def REF001(a, run):
    offered = a.offer_date or a.start_date
    if not applies(run, a, "references", offered): return "N"
    least = in_force(run, "REF001.references", offered)
    if least is None: return "U"
    return [("references", a.references or "", least)] if a.references is None or a.references < least else []
def REF002(a, run):
    ended = a.end_date is not None and quarter_days(a.quarter)[0] <= a.end_date <= quarter_days(a.quarter)[1]
    if not ended or not applies(run, a, "references", a.offer_date or a.start_date): return "N"
    if a.reference_given_date is None: return "U"
    return [("reference_given_date", "", "")] if a.reference_given_date > a.end_date else []
# REGION -------------------------------------------------------------------------------------
def REGION001(a, run): return load(a, run, "REGION001", False) if run.many else "N"
def REGION002(a, run):
    if not run.many: return "N"
    percent = in_force(run, "REGION002.percent", last_day(a))
    if a.role is None or capped_rate(a) is None or percent is None: return "U"
    group = [b for b in run.assessed if (b.swe, b.role, b.quarter) == (a.swe, a.role, a.quarter)
             and region_of(run, b.authority_code) == region_of(run, a.authority_code) and capped_rate(b) is not None]
    rates = [capped_rate(b) for b in group]
    if len({b.authority_code for b in group}) < 2 or capped_rate(a) != max(rates): return []
    return [("pay_rate", max(rates), min(rates))] if max(rates) > min(rates) * (1 + percent / 100) else []
# AUTH: a unit is an authority and quarter with assignments -----------------------------------
def AUTH001(u, run): return [] if u.record else [("", "", "")]
def AUTH002(u, run):
    if not u.record: return "U"
    return [(f"cost_month_{m}", "", "") for m in (1, 2, 3) if u.record[f"cost_month_{m}"] is None]
def AUTH003(u, run):
    percent = in_force(run, "AUTH003.percent", quarter_days(u.quarter)[1])
    if not u.record or percent is None: return "U"
    costs = [u.record[f"cost_month_{m}"] for m in (1, 2, 3)]
    if None in costs: return "U"
    total = sum((a.hours_in_quarter or 0) * (a.charge_rate or 0) for a in u.rows)
    return [("", sum(costs), total)] if abs(sum(costs) - total) > total * percent / 100 else []
def no_claim(u): return not u.record or not any(u.record[f + "_compliance"] for f in FAMILIES)
def AUTH004(u, run):
    if no_claim(u): return "U"
    broken = {f["rule"] for f in run.findings if (f["authority_code"], f["quarter"]) == (u.authority_code, u.quarter)}
    return [(f + "_compliance", "FULL", "") for f in FAMILIES
            if u.record[f + "_compliance"] == "FULL" and broken & set(ERRORS_OF[f])]
def AUTH005(u, run):
    if no_claim(u): return "U"
    return [(f + "_compliance", u.record[f + "_compliance"], "") for f in FAMILIES
            if u.record[f + "_compliance"] in ("PARTIAL", "NONE") and u.record[f + "_explanation"] is None]

# The run ------------------------------------------------------------------------------------
def count(run, rule, record, result):
    run.coverage[rule][{"N": "not_applicable", "U": "undecided"}.get(str(result), "assessed")] += 1
    for field, found, expected in result if isinstance(result, list) else []:
        if rule != "CAP004": report(run, rule, record, field, found, expected)
        elif (field, found) not in run.no_cap:  # one per region and role in a run
            run.no_cap.add((field, found))
            report(run, rule, None, field, found, expected)

def check(run):
    rules, run.no_cap = globals(), set()
    run.coverage = {r: {"assessed": 0, "not_applicable": 0, "undecided": 0} for r in SEVERITY}
    for a in run.assignments:
        found = [rules[r](a, run) for r in ("DATA002", "DATA003", "DATA004", "DATA005")]
        a["is_assessed"] = not (any(isinstance(f, list) and f for f in found) or None in (
            a.authority_code, a.quarter, a.swe_number, a.start_date))
    run.assessed = [a for a in run.assignments if a.is_assessed]
    run.many = len({a.authority_code for a in run.assignments if a.authority_code}) > 1
    for rule in SEVERITY:
        for a in run.assignments:
            if rule.startswith("DATA"): count(run, rule, a, rules[rule](a, run))
            elif not rule.startswith(("IMP", "AUTH")):
                one_authority = rule.startswith("REGION") and not run.many  # not applicable is decided first
                count(run, rule, a, rules[rule](a, run) if a.is_assessed or one_authority else "U")
    units = {}
    for a in run.assignments:
        if a.authority_code and a.quarter and DATA003(a, run) == []:
            units.setdefault((a.authority_code, a.quarter), []).append(a)
    for (authority, quarter), rows in sorted(units.items()):
        record = run.records.get((authority, quarter))
        unit = Record(authority_code=authority, quarter=quarter, rows=rows, record=record)
        if record: unit.update(file=record["file"], line=record["line"])
        for rule in [r for r in RULES if r.startswith("AUTH")]: count(run, rule, unit, rules[rule](unit, run))
    run.findings.sort(key=lambda f: [str(f[c]).encode() for c in (
        "authority_code", "quarter", "assignment_id", "rule", "field", "file")] + [f["line"] or 0, f["found"]])

def run_all(inputs, overlay, shipped, authority=None, quarter=None):
    run = argparse.Namespace(overlay=overlay, shipped=shipped, authority_code=authority, quarter=quarter)
    run.assignments, run.spells, run.record_rows, run.censuses, run.findings = [], [], [], [], []
    run.plain, run.contradictions, run.alike = set(), {}, {}
    load_rules(run)
    read_inputs(run, inputs)
    check(run)
    return run

def main():
    p = argparse.ArgumentParser()
    p.add_argument("inputs", nargs="+")
    for option in ("--rules", "--shipped", "--authority", "--quarter"): p.add_argument(option)
    p.add_argument("--coverage", action="store_true")
    o = p.parse_args()
    run = run_all(o.inputs, o.rules, o.shipped, o.authority, o.quarter)
    out = csv.writer(sys.stdout, lineterminator="\r\n")
    if o.coverage:
        out.writerow(["rule", "assessed", "not_applicable", "undecided", "findings"])
        out.writerows([r, *c.values(), sum(f["rule"] == r for f in run.findings)] for r, c in run.coverage.items())
        return
    names = "rule severity authority_code quarter assignment_id swe_number agency field found expected".split()
    names += ["file", "line"]
    out.writerow(names)
    harmless = lambda v: "'" + v if re.match(r"[=+@-]", str(v)) and not re.fullmatch(r"-?[0-9.]+", v) else v
    out.writerows([harmless(f[n]) for n in names] for f in run.findings)

if __name__ == "__main__": main()
