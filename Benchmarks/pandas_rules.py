#!/usr/bin/env python3
"""The same returns and the same rules in pandas: what a good analyst would write instead of agency-check.

    pandas_rules.py RETURNS RULES OUT [--load-only]

RETURNS is a folder of assignment CSVs, RULES a folder with authorities.csv and caps.csv, OUT the exceptions CSV to write. Prints one
line of JSON: the seconds of the work (imports and start-up left out), the seconds of loading alone, and the findings of each rule.

Whole columns at a time and no loop over rows: a column of few different values (codes, dates, names) is parsed once a value and
spread by number; money is held in whole ten-thousandths; only workers with several assignments are paired with each other. With
pyarrow installed the files are read by its parser, on all cores, into its columns; without, by pandas's own C parser.

Left out, all of which agency-check does in the time it is measured for: messages and the expected value, coverage and rejected rows,
rules read from files other than authorities.csv and caps.csv (the dates and limits below), file encodings, separators, header aliases and
the job mapping, characters that only look plain (IMP007), rows that contradict the command (IMP008), bad quoting, line numbers behind a line
break inside a field, regions with dates of their own, history (EXP001, EXP005 to EXP007) and censuses (COOL002), authority records (AUTH),
IMP001 to IMP003 and IMP005, accents of two forms in references (DATA015). For the other rules it gives as many findings, rule by rule, as
agency-check's coverage.csv, with pyarrow and without: compared on generated returns of 20,000 and 1,000,000 assignments, and on 20,000
with 15 % in breach, workers in several authorities, and references, dates and rates changed for the worse; on 20,000 more with references
that look alike, line breaks, dates that cannot be meant, hours that are missing, and assignments whose rate changed.
"""
import csv
import datetime
import json
import os
import re
import sys
import time

import numpy as np
import pandas as pd

try:
    import pyarrow as pa
except ImportError:
    pa = None

DAY = np.datetime64("1970-01-01", "D")


def day(text):
    return int((np.datetime64(text, "D") - DAY).astype(int))


NONE = -1                  # a missing or unreadable amount
NO_DAY = -(10 ** 6)        # a missing or unreadable date
NEVER = 10 ** 6
SCALE = 10_000             # amounts in ten-thousandths

# family: new_from, legacy_from (the shipped commencement.csv)
FAMILIES = {
    "caps": (day("2025-10-01"), day("2025-10-01")),
    "experience": (day("2024-10-31"), day("2025-10-01")),
    "teams_ongoing": (day("2024-10-31"), day("2025-10-01")),
    "teams_at_engagement": (day("2024-10-31"), NEVER),
    "cooloff": (day("2024-10-31"), NEVER),
    "notice": (day("2024-10-31"), day("2025-10-01")),
    "references": (day("2024-10-31"), NEVER),
}
CODES = {
    "role": ["SW", "SSW", "AP", "TM", "IRO", "OTHER"],
    "engagement": ["PAYE", "UMBRELLA", "LIMITED"],
    "supply": ["INDIVIDUAL", "PROJECT_TEAM", "PACKAGED"],
    "practice_managed_by": ["AUTHORITY", "SUPPLIER"],
    "last_post_reason": ["RESIGNED", "REDUNDANT", "PROBATION", "RETIRED", "DISMISSED", "OTHER"],
}
YES_NO = {"Y": 1, "YES": 1, "TRUE": 1, "1": 1, "N": 0, "NO": 0, "FALSE": 0, "0": 0}
DATES = ["start_date", "end_date", "approved_date", "last_post_end", "cap_dcs_date", "cap_ce_date",
         "rate_from", "offer_date", "reference_given_date"]
AMOUNTS = ["pay_rate", "employer_ni", "holiday_pay", "apprenticeship_levy", "agency_fee", "charge_rate", "weekly_hours",
           "hours_in_quarter", "notice_weeks"]
WHOLE = ["references", "experience_months"]
FLAGS = ["cost_disaggregated", "experience_verified"]
TEXTS = ["job_title", "agency", "team_reference", "cap_reason"]
WARNINGS = {"DATA007", "DATA008", "DATA009", "DATA010", "DATA011", "DATA012", "DATA013", "DATA014", "DATA015", "DATA018", "DATA019",
            "DATA020", "DATA021", "CAP004", "EXP004", "TEAM004", "NOTE002", "REF002", "REGION001"}
NOTICES = {"CAP003", "REGION002"}


def load(path):
    if pa is not None:
        return pd.read_csv(path, engine="pyarrow", dtype_backend="pyarrow")
    kinds = dict.fromkeys([*CODES, *DATES, *FLAGS, *TEXTS, "quarter"], "category")
    return pd.read_csv(path, dtype=kinds | {"assignment_id": "str", "swe_number": "str"}, low_memory=False)


def spread(column, parse, missing, kind=np.int32):
    """Parses each different value once. Gives the parsed column, and where a value was there that could not be read."""
    numbers, values = pd.factorize(column)
    parsed = [None if pd.isna(value) else parse(value) for value in values]
    table = np.array([missing if one is None else one for one in parsed] + [missing], dtype=kind)
    bad = np.array([one is None for one in parsed] + [False])
    return table[numbers], (bad[numbers] if bad.any() else None)


def parse_date(value):
    if isinstance(value, datetime.date):
        return (value - datetime.date(1970, 1, 1)).days
    text = str(value).strip()
    try:
        if "/" in text:
            dd, mm, yyyy = text.split("/")
            return (datetime.date(int(yyyy), int(mm), int(dd)) - datetime.date(1970, 1, 1)).days
        return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days
    except ValueError:
        return None


def parse_amount(value):
    text = re.sub(r",(?=\d{3}(\D|$))", "", str(value).strip().lstrip("£").lstrip())
    return round(float(text) * SCALE) if re.fullmatch(r"\d+(\.\d{1,4})?", text) else None


def parse_quarter(value):
    match = re.fullmatch(r"(\d{4})-Q([1-4])", str(value).strip().upper())
    return int(match[1]) * 4 + int(match[2]) - 1 if match else None


def quarter_day(quarter):
    """The first day of quarters counted as year * 4 + 0 to 3."""
    months = (quarter - 1970 * 4) * 3
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)


def amount(column, scale):
    if column.dtype.kind in "iuf":
        values = column.to_numpy(dtype=float, na_value=np.nan)
        missing = np.isnan(values)
        parsed = np.rint(np.where(missing, NONE, values) * scale).astype(np.int64)
        bad = ~missing & (parsed < 0)
        return np.where(missing | bad, NONE, parsed), (bad if bad.any() else None)
    if scale == 1:
        return spread(column, lambda value: int(value) if str(value).isdecimal() else None, NONE, np.int64)
    return spread(column, parse_amount, NONE, np.int64)


def swe_numbers(column):
    """The number behind SW, 0 where there is none that is valid, and whether anything stands there."""
    there = column.notna().to_numpy(dtype=bool)
    digits = column.str.slice(2)
    valid = column.str.slice(0, 2).str.upper().eq("SW") & digits.str.isdigit() & column.str.len().le(12)
    valid = valid.fillna(False).to_numpy(dtype=bool)
    if valid.all():
        numbers = pd.to_numeric(digits)
    else:
        numbers = pd.to_numeric(digits.where(valid), errors="coerce")
    return numbers.to_numpy(dtype=float, na_value=0).astype(np.int64) * valid, there


class Rules:
    """The authorities and caps of a rules folder."""

    def __init__(self, folder):
        with open(os.path.join(folder, "authorities.csv"), newline="") as file:
            rows = list(csv.DictReader(file))
        self.regions = sorted({row["region"] for row in rows})
        self.region = np.full(1000, -1, dtype=np.int32)
        self.valid_from, self.valid_to = np.full(1000, NEVER), np.full(1000, -NEVER)
        for row in rows:
            code = int(row["authority_code"])
            self.region[code] = self.regions.index(row["region"])
            self.valid_from[code] = day(row["valid_from"]) if row["valid_from"] else -NEVER
            self.valid_to[code] = day(row["valid_to"]) if row["valid_to"] else NEVER
        with open(os.path.join(folder, "caps.csv"), newline="") as file:
            self.caps = sorted((day(row["effective_from"]), self.regions.index(row["region"]), CODES["role"].index(row["role"].upper()),
                                parse_amount(row["cap"])) for row in csv.DictReader(file))

    def cap(self, region, role, on):
        cap = np.full(len(role), NONE, dtype=np.int64)
        for start, of_region, of_role, value in self.caps:
            cap[(region == of_region) & (role == of_role) & (on >= start)] = value
        return cap


class File:
    """One file: its frame, its parsed columns, and the rows that each rule found."""

    def __init__(self, path, rules):
        self.name = os.path.basename(path)
        self.frame = load(path)
        self.rules = rules
        self.found = []  # (rule, field, row numbers)

    def add(self, rule, field, rows):
        if rows is None:
            return
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        if len(rows):
            self.found.append((rule, field, rows))

    def parse(self):
        frame, columns, self.bad = self.frame, {}, {}
        def keep(name, answer):
            columns[name], self.bad[name] = answer
            self.add("IMP004", name, answer[1])
        for name, names in CODES.items():
            table = {text: number for number, text in enumerate(names)}
            keep(name, spread(frame[name], lambda value: table.get(str(value).strip().upper()), NONE))
        for name in FLAGS:
            keep(name, spread(frame[name], lambda value: YES_NO.get(str(value).strip().upper()), NONE))
        for name in DATES:
            keep(name, spread(frame[name], parse_date, NO_DAY))
        for name in AMOUNTS:
            keep(name, amount(frame[name], SCALE))
        for name in WHOLE:
            keep(name, amount(frame[name], 1))
        for name in ["authority_code", "last_post_authority"]:
            keep(name, amount(frame[name], 1))
        keep("quarter", spread(frame["quarter"], parse_quarter, NONE))
        self.swe, self.swe_there = swe_numbers(frame["swe_number"])
        self.columns = columns

    def judge(self):
        c, add, frame = self.columns, self.add, self.frame
        start, end, quarter, authority = c["start_date"], c["end_date"], c["quarter"], c["authority_code"]
        role, engagement, pay = c["role"], c["engagement"], c["pay_rate"]
        has_start, has_end, has_quarter = start != NO_DAY, end != NO_DAY, quarter != NONE
        first, last = quarter_day(quarter), quarter_day(quarter + 1) - 1
        self.last_day = np.where(has_end, end, NEVER)

        # DATA001 to DATA005, and who is assessed.
        for name in ["authority_code", "quarter", "role", "engagement", "pay_rate", "charge_rate"]:
            missing = c[name] == NONE
            add("DATA001", name, missing if self.bad[name] is None else missing & ~self.bad[name])
        add("DATA001", "start_date", ~has_start if self.bad["start_date"] is None else ~has_start & ~self.bad["start_date"])
        add("DATA001", "assignment_id", frame["assignment_id"].isna().to_numpy(dtype=bool))
        add("DATA001", "swe_number", ~self.swe_there)
        not_swe = self.swe_there & (self.swe == 0)
        add("DATA002", "swe_number", not_swe)
        code = np.clip(authority, 0, 999)
        self.region = np.where(authority == NONE, -1, self.rules.region[code])
        outside = (authority != NONE) & ((self.region < 0) | (has_quarter & (
            (self.rules.valid_from[code] > last) | (self.rules.valid_to[code] < last))))
        add("DATA003", "authority_code", outside)
        backwards = has_start & has_end & (end < start)
        add("DATA004", "end_date", backwards)
        no_day = has_quarter & ~backwards & ((has_start & (start > last)) | (has_end & (end < first)))
        add("DATA005", "start_date", no_day)
        assessed = (authority != NONE) & has_quarter & (self.swe > 0) & has_start & ~(outside | backwards | no_day)
        self.assessed = assessed

        # DATA007 to DATA012; DATA006 and DATA010 look at several files.
        paye, company = engagement == 0, engagement > 0
        on_costs = sum(np.maximum(c[name], 0) for name in ["employer_ni", "holiday_pay", "apprenticeship_levy"])
        capped = np.where(paye, pay + on_costs, pay)
        has_rate = (pay != NONE) & (engagement != NONE)
        self.capped = np.where(has_rate, capped, NONE)
        add("DATA007", "charge_rate", has_rate & (c["agency_fee"] != NONE) & (c["charge_rate"] != NONE)
            & (np.abs(c["charge_rate"] - capped - c["agency_fee"]) > SCALE // 100))
        add("DATA008", "pay_rate", has_rate & ((capped < 15 * SCALE) | (capped > 150 * SCALE)))
        add("DATA009", "employer_ni", company & (on_costs > 0))
        days = np.minimum(self.last_day, last) - np.maximum(start, first) + 1
        add("DATA011", "hours_in_quarter", has_start & has_quarter & (days > 0) & (c["weekly_hours"] != NONE)
            & (c["hours_in_quarter"] * 28 > c["weekly_hours"] * days * 5))
        add("DATA012", "assignment_id", frame["assignment_id"].str.slice(0, 1).isin(["=", "+", "-", "@"]).to_numpy(dtype=bool))
        for name in TEXTS:
            add("DATA012", name, spread(frame[name], lambda value: str(value).strip()[:1] in "=+-@", False, bool)[0])

        # DATA013 to DATA021; DATA015 looks at several rows, and so does DATA019 at the parts of an assignment whose rate changed.
        latest = quarter_day(quarter + 20 + 1) - 1
        for name in ["start_date", "end_date", "approved_date", "last_post_end", "cap_dcs_date", "cap_ce_date"]:
            date = c[name]
            add("DATA013", name, (date != NO_DAY) & ((date < day("2000-01-01")) | (has_quarter & (date > latest))))
        add("DATA014", "assignment_id", frame["assignment_id"].str.contains("[\r\n]", regex=True).fillna(False).to_numpy(dtype=bool))
        for name in ["job_title", "agency", "team_reference"]:
            add("DATA014", name, spread(frame[name], lambda value: bool(re.search(r"[\r\n]", str(value).strip())), False, bool)[0])
        worked, weekly = c["hours_in_quarter"], c["weekly_hours"]
        inside = has_start & has_quarter & ~backwards & (days > 0)
        add("DATA018", "hours_in_quarter", inside & ((worked == NONE) | (worked == 0)))
        self.full = np.where(inside & (worked != NONE) & (weekly > 0), weekly * days, 0)
        self.low = (self.full > 0) & (worked * 28 < self.full)
        add("DATA020", "charge_rate", (c["charge_rate"] != NONE) & (pay != NONE) & (c["charge_rate"] <= pay))
        add("DATA021", "employer_ni", paye & (c["employer_ni"] == NONE) & (c["holiday_pay"] == NONE) & (c["apprenticeship_levy"] == NONE))

        def applies(family):
            new, legacy = FAMILIES[family]
            return assessed & ((start >= new) | ((legacy <= last) & (self.last_day >= legacy)))

        # Price caps.
        caps = applies("caps")
        cap = self.rules.cap(self.region, role, np.maximum(start, first))
        known = caps & has_rate & (role != NONE)
        known &= role != CODES["role"].index("OTHER")
        above = known & (cap != NONE) & (capped > cap)
        signed = (c["cap_dcs_date"] != NO_DAY) & (c["cap_ce_date"] != NO_DAY)
        offered, changed = c["offer_date"], c["rate_from"]
        due = np.where((offered != NO_DAY) & (offered <= start), offered, start)
        due = np.where((changed != NO_DAY) & (changed > start), changed, due)
        due = np.where(start >= FAMILIES["caps"][0], due, np.maximum(due, FAMILIES["caps"][1]))
        late = np.maximum(c["cap_dcs_date"], c["cap_ce_date"]) > due
        add("CAP001", "pay_rate", above & ~signed)
        add("CAP002", "pay_rate", above & signed & late)
        add("CAP003", "pay_rate", above & signed & ~late)
        lacking = known & (cap == NONE)
        self.lacking = set(zip(self.region[lacking].tolist(), role[lacking].tolist())) if lacking.any() else set()

        # Experience, teams, cool-off, notice, references.
        experience, months = applies("experience"), c["experience_months"]
        add("EXP002", "experience_months", experience & (months != NONE) & (months < 36))
        add("EXP003", "experience_months", experience & (months == NONE))
        add("EXP004", "experience_months", experience & (months >= 36) & (c["experience_verified"] != 1))
        team = c["supply"] > 0
        ongoing, engaged = team & applies("teams_ongoing"), team & applies("teams_at_engagement")
        add("TEAM001", "approved_date", engaged & ((c["approved_date"] == NO_DAY) | (c["approved_date"] > start)))
        add("TEAM002", "cost_disaggregated", ongoing & (c["cost_disaggregated"] != 1))
        add("TEAM003", "practice_managed_by", ongoing & (c["practice_managed_by"] != 0))
        add("TEAM004", "practice_managed_by", assessed & ~team & (c["practice_managed_by"] == 1))
        add("TEAM005", "team_reference", ongoing & frame["team_reference"].isna().to_numpy(dtype=bool))
        post, left, reason = c["last_post_authority"], c["last_post_end"], c["last_post_reason"]
        rows = np.flatnonzero(applies("cooloff") & (post != NONE) & (left != NO_DAY) & (left < start) & (reason != 1) & (reason != 2))
        post_region = self.rules.region[np.clip(post[rows], 0, 999)]
        near = (post[rows] == authority[rows]) | ((post_region >= 0) & (post_region == self.region[rows]))
        ends = pd.DatetimeIndex(left[rows].astype("datetime64[D]").astype("datetime64[s]")) + pd.DateOffset(months=3)
        allowed = ends.to_numpy().astype("datetime64[D]").astype(np.int64)
        add("COOL001", "start_date", rows[near & (start[rows] < allowed)])
        notice, weeks = applies("notice"), c["notice_weeks"]
        add("NOTE001", "notice_weeks", notice & (weeks != NONE) & (weeks < 4 * SCALE))
        add("NOTE002", "notice_weeks", notice & (weeks == NONE))
        new, legacy = FAMILIES["references"]
        offers = assessed & ((np.where(offered != NO_DAY, offered, start) >= new) | ((legacy <= last) & (self.last_day >= legacy)))
        add("REF001", "references", offers & (c["references"] < 2))
        given = c["reference_given_date"]
        add("REF002", "reference_given_date", offers & has_end & (end <= last) & (given != NO_DAY) & (given > end))

    def exceptions(self):
        """The findings with their values: a frame of what the exceptions list shows."""
        parts = []
        for rule, field, rows in self.found:
            shown = dict.fromkeys(["authority_code", "quarter", "assignment_id", "swe_number", "agency", field])
            values = self.frame[list(shown)].iloc[rows]
            severity = "warning" if rule in WARNINGS else "notice" if rule in NOTICES else "error"
            parts.append(pd.DataFrame({
                "rule": rule, "severity": severity, "authority_code": values["authority_code"].astype("str"),
                "quarter": values["quarter"].astype("str"), "assignment_id": values["assignment_id"].astype("str"),
                "swe_number": values["swe_number"].astype("str"), "agency": values["agency"].astype("str"), "field": field,
                "found": values[field].astype("str"), "file": self.name, "line": rows + 2}))
        return parts


def repeated_ids(files):
    """DATA006, DATA015 and DATA019: an authority and quarter that stands in one file alone is looked at there, else the files together."""
    keys = [file.columns["authority_code"] * 65536 + file.columns["quarter"] for file in files]
    seen, shared = set(), False
    for key in keys:
        own = set(pd.unique(key).tolist())
        shared = shared or bool(own & seen)
        seen |= own
    groups = [files] if shared else [[file] for file in files]
    for group in groups:
        ids = pd.concat([file.frame["assignment_id"] for file in group], ignore_index=True)
        codes, uniques = pd.factorize(ids)
        where = np.concatenate([file.columns["authority_code"] * 65536 + file.columns["quarter"] for file in group])
        known = np.concatenate([(file.columns["authority_code"] != NONE) & (file.columns["quarter"] != NONE) for file in group])
        known &= codes >= 0
        rows = np.flatnonzero(known)
        folded = pd.Series(uniques.astype("str")).str.replace(r"\s+", "", regex=True).str.lower()
        alike = pd.factorize(folded)[0]
        if len(np.unique(alike)) < len(uniques):
            several = pd.DataFrame({"alike": alike[codes[rows]], "where": where[rows], "id": codes[rows]}).groupby(["alike", "where"])["id"]
            yield from share_out(group, rows[(several.transform("nunique") > 1).to_numpy()], "DATA015", "assignment_id")
        low = np.concatenate([file.low for file in group])
        if len(uniques) < len(ids):
            since = np.concatenate([file.columns["rate_from"] for file in group])
            pairs = pd.DataFrame({"id": codes[rows], "where": where[rows], "since": since[rows]})
            yield from share_out(group, rows[pairs.duplicated().to_numpy()], "DATA006", "assignment_id")
            # An assignment in parts is warned of where each part and all together are below.
            pairs["repeat"] = pairs.groupby(["id", "where", "since"]).cumcount()
            pairs["low"], pairs["full"] = low[rows], np.concatenate([file.full for file in group])[rows]
            pairs["worked"] = np.concatenate([file.columns["hours_in_quarter"] for file in group])[rows]
            parts = pairs.groupby(["id", "where", "repeat"])
            low[rows] = parts["low"].transform("all") & (parts["worked"].transform("sum") * 28 < pairs["full"])
        yield from share_out(group, np.flatnonzero(low), "DATA019", "hours_in_quarter")


def share_out(files, rows, rule, field):
    start = 0
    for file in files:
        end = start + len(file.frame)
        yield file, rule, field, rows[(rows >= start) & (rows < end)] - start
        start = end


def together(files):
    """DATA010, REGION001, REGION002: only workers with more than one assignment in a quarter are paired."""
    def all_of(value):
        return np.concatenate([value(file) for file in files])
    swe, quarter = all_of(lambda file: file.swe), all_of(lambda file: file.columns["quarter"])
    rows = np.flatnonzero(all_of(lambda file: file.assessed))
    worker = swe[rows] * 16384 + quarter[rows]
    several = pd.Series(worker).duplicated(keep=False).to_numpy()
    rows, worker = rows[several], worker[several]
    frame = pd.DataFrame({
        "row": rows, "worker": worker,
        "authority": all_of(lambda file: file.columns["authority_code"])[rows],
        "role": all_of(lambda file: file.columns["role"])[rows],
        "region": all_of(lambda file: file.region)[rows],
        "capped": all_of(lambda file: file.capped)[rows],
        "start": all_of(lambda file: file.columns["start_date"])[rows],
        "end": all_of(lambda file: file.last_day)[rows],
        "hours": np.maximum(all_of(lambda file: file.columns["weekly_hours"])[rows], 0)})
    spans = frame[["row", "worker", "authority", "start", "end", "hours"]]
    ids = pd.concat([file.frame["assignment_id"] for file in files], ignore_index=True).iloc[rows]
    spans = spans.assign(id=pd.factorize(ids)[0], since=all_of(lambda file: file.columns["rate_from"])[rows])
    if (spans["since"] != NO_DAY).any():
        # Rows of one assignment whose rate changed are one, with the highest hours; the first row that has them stands for it.
        spans.loc[spans["id"] < 0, "id"] = -1 - spans.loc[spans["id"] < 0, "row"]
        key = ["worker", "authority", "id"]
        spans["repeat"] = spans.groupby([*key, "since"]).cumcount()
        wholes = spans.groupby([*key, "repeat"])
        spans["start"], spans["end"] = wholes["start"].transform("min"), wholes["end"].transform("max")
        spans = spans.sort_values("hours", ascending=False, kind="stable").drop_duplicates([*key, "repeat"])
    spans = spans[["row", "worker", "authority", "start", "end", "hours"]]
    pairs = spans.merge(spans, on="worker", suffixes=("", "_other"))
    pairs = pairs[(pairs["start"] <= pairs["end_other"]) & (pairs["start_other"] <= pairs["end"])]
    def loaded(pairs):
        sums = pairs.groupby("row").agg(hours=("hours_other", "sum"), others=("row", "size"))
        return sums[(sums["hours"] > 48 * SCALE) & (sums["others"] > 1)].index.to_numpy()
    same = pairs[pairs["authority"] == pairs["authority_other"]]
    yield from share_out(files, loaded(same), "DATA010", "weekly_hours")
    elsewhere = pairs.loc[pairs["authority"] != pairs["authority_other"], "row"].unique()
    yield from share_out(files, np.intersect1d(loaded(pairs), elsewhere), "REGION001", "weekly_hours")

    rated = frame[(frame["capped"] != NONE) & (frame["role"] != NONE)]
    groups = rated.groupby(["worker", "role", "region"])
    top, bottom = groups["capped"].transform("max"), groups["capped"].transform("min")
    several = groups["authority"].transform("nunique") > 1
    highest = rated[several & (rated["capped"] == top) & (top * 10 > bottom * 11)]
    yield from share_out(files, highest["row"].to_numpy(), "REGION002", "pay_rate")


def main():
    load_only = "--load-only" in sys.argv
    returns, rules_folder, out = [word for word in sys.argv[1:] if not word.startswith("--")][:3]
    paths = sorted(os.path.join(returns, name) for name in os.listdir(returns) if name.endswith(".csv"))
    begin = time.perf_counter()
    rules = Rules(rules_folder)
    files = [File(path, rules) for path in paths]
    loaded = time.perf_counter()
    counts = {}
    if not load_only:
        for file in files:
            file.parse()
            file.judge()
        for file, rule, field, rows in [*repeated_ids(files), *together(files)]:
            file.add(rule, field, rows)
        parts = [part for file in files for part in file.exceptions()]
        lacking = sorted(set().union(*(file.lacking for file in files)))
        parts.append(pd.DataFrame({"rule": "CAP004", "severity": "warning", "field": [CODES["role"][role] for _, role in lacking],
                                   "found": [rules.regions[region] for region, _ in lacking]}))
        exceptions = pd.concat(parts, ignore_index=True)
        exceptions = exceptions.sort_values(["authority_code", "quarter", "assignment_id", "rule"])
        exceptions["line"] = exceptions["line"].astype("Int64")
        exceptions.to_csv(out, index=False)
        counts = {rule: int(count) for rule, count in exceptions["rule"].value_counts().sort_index().items()}
    print(json.dumps({"seconds": time.perf_counter() - begin, "load": loaded - begin, "findings": counts}))


if __name__ == "__main__":
    main()
