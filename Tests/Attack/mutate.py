"""Spoils an output as a fault of the program would, so that the attack can be tried.

Usage: mutate.py MUTATION PUBLISHED TRUTH OUT. Writes the spoilt copy to OUT; fails where there is nothing to spoil.
"""

import csv
import os
import shutil
import sys


class Copy:
    def __init__(self, published, truth, out):
        shutil.copytree(published, out)
        self.out, self.truth, self.done = out, truth, 0

    def table(self, name, change, every=False):
        """change(row, true) returns the columns to set, "drop", or None."""
        def read(folder):
            with open(os.path.join(folder, name), newline="", encoding="utf-8") as file:
                return list(csv.DictReader(file))

        rows, true = read(self.out), read(self.truth)
        keys = [c for c in ("quarter", "area", "authority_code", "name", "role", "supply", "measure", "agency") if c in rows[0]]
        truths = {tuple(r[k] for k in keys): r for r in true}
        result = []
        for row in rows:
            new = change(row, truths[tuple(row[k] for k in keys)]) if every or not self.done else None
            self.done += new is not None
            if new != "drop":
                result.append(row | (new or {}))
        with open(os.path.join(self.out, name), "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(result)

    def page(self, change):
        path = os.path.join(self.out, "comparison.html")
        with open(path, encoding="utf-8") as file:
            before = file.read()
        after = change(before)
        self.done += after != before
        with open(path, "w", encoding="utf-8") as file:
            file.write(after)


def withheld(column, least=1, most=10**9):
    return lambda row, true: {column: true[column]} if row[column] == "c" and least <= float(true[column]) <= most else None


def naive(row, true):
    """What withholding the small counts alone leaves."""
    names = ["proven", "verified", "declared", "none"]
    return {n: "c" if 0 < int(true[n]) < 5 else true[n] for n in names}


MUTATIONS = {
    "small": lambda c: c.table("roles.csv", withheld("assignments", 1, 4)),
    "naive": lambda c: c.table("experience.csv", naive, every=True),
    "amount": lambda c: c.table("supply.csv", lambda r, t: {"hours": t["hours"]} if r["hours"] == "c" and 0 < int(t["assignments"]) < 5 else None),
    "rows": lambda c: c.table("roles.csv", lambda r, t: "drop" if r["assignments"] == "0" and r["role"] == "TM" or r["role"] == "not known" else None),
    "share": lambda c: c.table("supply.csv", withheld("share_percent", 1, 99)),
    "lowest": lambda c: c.table("roles.csv", withheld("lowest")),
    "median": lambda c: c.table("roles.csv", lambda r, t: {"median": t["median"]} if r["median"] == "c" and int(t["assignments"]) < 10 else None),
    "false": lambda c: c.table("totals.csv", lambda r, t: {"assignments": str(int(t["assignments"]) + 1)} if r["assignments"] != "c" else None),
    "change": lambda c: c.table("changes.csv", lambda r, t: {"change_on_quarter_before": t["change_on_quarter_before"]} if r["value"] == "c" and r["measure"] == "hours" and t["change_on_quarter_before"] else None),
    "total shown": lambda c: c.table("supply.csv", lambda r, t: {"hours": t["hours"]} if r["area"] == "all" and r["hours"] == "c" else None),
    "total hidden": lambda c: c.table("at-median.csv", lambda r, t: {"paid": "c"} if r["area"] == "all" and r["paid"] not in ("c", "0.00") else None, every=True),
    "dot": lambda c: c.page(lambda t: t.replace("<rect x=", '<circle cx="400" cy="50" r="3"/><rect x=')),
    "words": lambda c: c.page(lambda t: t.replace("</main>", "<p>A further 3 assignments cost more.</p></main>")),
}


def main():
    name, published, truth, out = sys.argv[1:]
    copy = Copy(published, truth, out)
    MUTATIONS[name](copy)
    if not copy.done:
        sys.exit(f"{name}: nothing to spoil")


main()
