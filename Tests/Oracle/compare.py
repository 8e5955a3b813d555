"""Holds the program against the oracle on mutated regions. Usage: compare.py PROGRAM SHIPPED_RULES SEED... ; says what differs."""

import collections
import csv
import os
import re
import subprocess
import sys
import tempfile

import oracle

KEY = ("rule", "severity", "authority_code", "quarter", "assignment_id", "field", "file", "line")


def plain(text):
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    return text[1:] if re.match(r"'[=+\-@]", text) else text


def compare(program, shipped, seed):
    """The differences, as lines, and how many findings there were."""
    here = os.path.dirname(os.path.abspath(__file__))
    with tempfile.TemporaryDirectory() as work:
        region, mutated, out = work + "/region", work + "/mutated", work + "/out"
        form = "xml" if seed % 3 == 0 else "csv"
        subprocess.run(
            [program, "sample", "--authorities", str(2 + seed % 3), "--assignments", str(10 + seed % 20), "--seed", str(seed),
             "--breaches", "0.4", "--format", form, "--out", region], check=True, capture_output=True)
        subprocess.run([sys.executable, here + "/mutate.py", region, mutated, str(seed)], check=True, capture_output=True)
        rules = mutated + "/rules"
        subprocess.run(
            [program, "check", mutated, "--rules", rules, "--out", out, "--only", "exceptions,coverage", "--quiet"],
            capture_output=True)
        with open(out + "/exceptions.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        run = oracle.run_all([mutated], rules, shipped)
        ours = [tuple(plain(row[name]) if name in ("assignment_id", "field") else row[name] for name in KEY) for row in rows]
        theirs = [tuple(str(finding[name]) for name in KEY) for finding in run.findings]
        lines = [f"program only: {key}" for key in collections.Counter(ours) - collections.Counter(theirs)]
        lines += [f"oracle only: {key}" for key in collections.Counter(theirs) - collections.Counter(ours)]
        if not lines and ours != theirs:
            lines.append("the order differs")
        with open(out + "/coverage.csv", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["rule"].startswith("IMP"):
                    continue
                counts = run.coverage[row["rule"]]
                wanted = tuple(str(counts[name]) for name in ("assessed", "not_applicable", "undecided"))
                found = tuple(row[name] for name in ("assessed", "not_applicable", "undecided"))
                if wanted != found:
                    lines.append(f"coverage of {row['rule']}: program {found}, oracle {wanted}")
        return lines, len(rows)


def main(program, shipped, *seeds):
    total = 0
    for seed in map(int, seeds):
        lines, count = compare(program, shipped, seed)
        total += count
        for line in lines:
            print(f"seed {seed}: {line}")
    print(f"{len(seeds)} regions, {total} findings compared")


main(*sys.argv[1:])
