"""Tries to work out what a comparison withholds, from its tables alone.

Usage: attack.py PUBLISHED TRUTH LIMIT. PUBLISHED was made with --for; TRUTH is the same comparison for analysts, to know what was
withheld. The attacker knows every sum among the counts: areas in regions, roles, ways of supply and so on in all. He narrows each
withheld count between its least and its most, and eliminates with exact fractions. Costs and hours are attacked by elimination.
Ends with 1 and a line for each count that comes out, or that is small and published.
"""

import csv
import os
import sys
from fractions import Fraction

published, truth, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
FAMILIES = ["data", "caps", "experience", "teams", "cooloff", "notice", "references"]


def rows(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def area(row):
    return (row["area"], row["authority_code"] or row["name"])


def read(folder):
    """Values by (quarter, measure, area), and each area's parent by quarter."""
    values, parents = {}, {}

    def put(row, measure, column):
        values[(row["quarter"], measure, area(row))] = row[column]

    totals = rows(folder, "totals.csv")
    for row in totals:
        for column in ("assignments", "workers", "hours", "cost"):
            put(row, column, column)
        key = (row["quarter"], area(row))
        if row["area"] == "authority":
            parents[key] = ("region", row["region"])
        elif row["area"] == "region" and any(r["area"] == "all" and r["quarter"] == row["quarter"] for r in totals):
            parents[key] = ("all", "All that is compared")
    for row in rows(folder, "roles.csv"):
        if row["role"] != "all":
            put(row, "role " + row["role"], "assignments")
        for name, column in (("capped", "with_cap"), ("above", "above_cap"), ("signed", "signed_off")):
            put(row, f"{name} {row['role']}", column)
    for row in rows(folder, "supply.csv"):
        put(row, "supply " + row["supply"], "assignments")
        put(row, "cost supply " + row["supply"], "cost")
        put(row, "hours supply " + row["supply"], "hours")
    for row in rows(folder, "experience.csv"):
        for name in ("proven", "verified", "declared", "none"):
            put(row, "experience " + name, name)
    for row in rows(folder, "breaches.csv"):
        for name in FAMILIES:
            put(row, "breach " + name, "in_breach_" + name)
    for row in rows(folder, "workers.csv"):
        put(row, "shared", "active_in_two_or_more")
        put(row, "joined", "joined_from_a_post_in_the_region")
        if row["area"] == "authority":
            put(row, "left", "left_a_post_here")
    for row in rows(folder, "at-median.csv"):
        put(row, "priced " + row["role"], "assignments")
        put(row, "paid " + row["role"], "paid")
        put(row, "at median " + row["role"], "at_region_median")
    for row in rows(folder, "agencies.csv"):
        top = ("all", "All that is compared")
        if (row["quarter"], "assignments", top) not in values:
            top = next(a for (q, m, a) in values if q == row["quarter"] and m == "assignments" and a[0] == "region")
        values[(row["quarter"], "agency " + row["agency"], top)] = row["assignments"]
        values[(row["quarter"], "cost agency " + row["agency"], top)] = row["cost"]
    return values, parents


ADDITIVE = ("assignments", "role ", "capped ", "above ", "signed ", "supply ", "experience ", "breach ", "joined", "priced ")


def number(text):
    return None if text == "c" else Fraction(text or "0")


def solve(known, equations, integers):
    """The unknowns that come out, of equations {variable: coefficient} = 0."""
    least = {v: (k if k is not None else Fraction(0)) for v, k in known.items()}
    most = {v: k for v, k in known.items()}
    if integers:
        changed = True
        while changed:
            changed = False
            for terms in equations:
                for own, factor in terms.items():
                    if known[own] is not None:
                        continue
                    # own * factor = -sum(other * coefficient): the other side between its least and its most.
                    low, high = Fraction(0), Fraction(0)
                    for other, coefficient in terms.items():
                        if other == own:
                            continue
                        a, b = least[other], most[other]
                        if -coefficient * factor > 0:
                            low = None if low is None else low + a * abs(coefficient)
                            high = None if high is None or b is None else high + b * abs(coefficient)
                        else:
                            high = None if high is None else high - a * abs(coefficient)
                            low = None if low is None or b is None else low - b * abs(coefficient)
                    if low is not None and low > least[own]:
                        least[own], changed = low, True
                    if high is not None and (most[own] is None or high < most[own]):
                        most[own], changed = high, True
    found = {v for v, k in known.items() if k is None and most[v] is not None and least[v] == most[v]}
    solved = []
    for terms in equations:
        row = {v: Fraction(c) for v, c in terms.items() if known[v] is None}
        for pivot, other in solved:
            if pivot in row:
                factor = row[pivot]
                for v, c in other.items():
                    row[v] = row.get(v, Fraction(0)) - factor * c
                row = {v: c for v, c in row.items() if c}
        if not row:
            continue
        pivot = min(row, key=str)
        row = {v: c / row[pivot] for v, c in row.items()}
        for index, (other_pivot, other) in enumerate(solved):
            if pivot in other:
                factor = other[pivot]
                other = dict(other)
                for v, c in row.items():
                    other[v] = other.get(v, Fraction(0)) - factor * c
                solved[index] = (other_pivot, {v: c for v, c in other.items() if c})
        solved.append((pivot, row))
    return found | {pivot for pivot, row in solved if len(row) == 1}


open_values, parents = read(published)
true_values, _ = read(truth)
problems, withheld = [], 0
for quarter in sorted({key[0] for key in open_values}):
    counts = {key[1:]: number(v) for key, v in open_values.items() if key[0] == quarter}
    true = {key[1:]: number(v) for key, v in true_values.items() if key[0] == quarter}
    areas = sorted({a for m, a in counts if m == "assignments"})
    top = ("all", "All that is compared") if ("all", "All that is compared") in areas else next(a for a in areas if a[0] == "region")
    money = {k for k in counts if k[0].startswith(("cost", "hours", "paid", "at median"))}
    equations, magnitudes = [], []
    hidden_true = {}

    def unknown(measure, where, value):
        counts[(measure, where)] = None
        hidden_true[(measure, where)] = value

    def sums(total, parts, into):
        into.append({total: 1, **{part: -1 for part in parts}})

    roles = sorted({m[5:] for m, a in counts if m.startswith("role ")})
    for where in areas:
        def have(prefix):
            return [(m, a) for m, a in counts if a == where and m.startswith(prefix)]

        for prefix in ("role ", "supply ", "experience "):
            sums(("assignments", where), have(prefix), equations)
        for family in FAMILIES:
            breach = ("breach " + family, where)
            unknown("kept " + family, where, true[("assignments", where)] - true[breach])
            sums(("assignments", where), [breach, ("kept " + family, where)], equations)
        own = [r for r in roles + ["all"] if ("capped " + r, where) in counts]
        for role in own:
            capped, above, signed = ((name + " " + role, where) for name in ("capped", "above", "signed"))
            unknown("within " + role, where, true[capped] - true[above])
            unknown("unsigned " + role, where, true[above] - true[signed])
            sums(capped, [above, ("within " + role, where)], equations)
            sums(above, [signed, ("unsigned " + role, where)], equations)
        for name in ("capped ", "above ", "signed ", "within ", "unsigned "):
            sums((name + "all", where), [(name + r, where) for r in own if r != "all"], equations)
        sums(("priced all", where), [k for k in have("priced ") if k[0] != "priced all"], equations)
        sums(("cost", where), have("cost supply "), magnitudes)
        sums(("hours", where), have("hours supply "), magnitudes)
        sums(("paid all", where), [k for k in have("paid ") if k[0] != "paid all"], magnitudes)
        sums(("at median all", where), [k for k in have("at median ") if k[0] != "at median all"], magnitudes)
    for where in areas:
        children = [a for a in areas if parents.get((quarter, a)) == where]
        if not children:
            continue
        for measure in sorted({m for m, a in counts if a == where}):
            if measure.startswith(ADDITIVE) or measure.startswith(("within ", "unsigned ", "kept ")):
                sums((measure, where), [(measure, a) for a in children if (measure, a) in counts], equations)
            elif (measure, where) in money and not measure.startswith("cost agency"):
                sums((measure, where), [(measure, a) for a in children if (measure, a) in counts], magnitudes)
    members = [a for a in areas if a[0] == "authority"]
    again = sum(true[("workers", a)] for a in members) - true[("workers", top)]
    unknown("again", top, again)
    equations.append({("workers", top): 1, ("again", top): 1, **{("workers", a): -1 for a in members}})
    equations.append({("shared", top): 1, ("again", top): 1, **{("shared", a): -1 for a in members}})
    for where in [a for a in areas if a[0] == "region"]:
        own = [a for a in members if parents.get((quarter, a)) == where]
        unknown("elsewhere", where, true[("joined", where)] - sum(true[("left", a)] for a in own))
        sums(("joined", where), [("left", a) for a in own] + [("elsewhere", where)], equations)
    agencies = [k for k in counts if k[0].startswith("agency ")]
    if agencies:
        sums(("assignments", top), agencies, equations)
        sums(("cost", top), [k for k in counts if k[0].startswith("cost agency ")], magnitudes)

    plain = {k: v for k, v in counts.items() if k not in money}
    found = solve(plain, equations, True)
    for key in sorted(found, key=str):
        if key not in hidden_true or 0 < hidden_true[key] < limit:
            problems.append(f"{quarter}: {key} comes out")
    for key, value in plain.items():
        if value is not None and 0 < value < limit:
            problems.append(f"{quarter}: {key} is {value} and published")
        if value is None and key not in hidden_true:
            withheld += 1
        if value is not None and value != true[key]:
            problems.append(f"{quarter}: {key} is {value}, not {true[key]}")
    for key in sorted(solve({k: counts[k] for k in money}, magnitudes, False), key=str):
        problems.append(f"{quarter}: {key} comes out")
print(f"{withheld} counts withheld")
for line in problems[:40]:
    print(line)
sys.exit(1 if problems else 0)
