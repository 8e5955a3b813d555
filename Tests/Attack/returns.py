"""The returns themselves, read without the program: who makes up an amount, who came and who left."""

import csv
import glob
import os
from collections import defaultdict

P_RULE, MOST, FEWEST = 0.15, 0.60, 5
TOP_OF_WORKER = {
    "fte": lambda r: r["weekly"], "hours": lambda r: r["hours"], "cost": lambda r: r["hours"] * r["charge"],
    "paid": lambda r: r["hours"] * r["rate"], "at median": lambda r: r["hours"],
}
ALIKE = {
    "hours supply": "hours", "cost supply": "cost", "hours agency": "hours", "cost agency": "cost", "cost left out": "cost", "priced hours": "hours",
    "permanent hours": "hours", "permanent agency cost": "cost", "permanent cost": "hours",
}


class Returns:
    def __init__(self, folder):
        self.rows = defaultdict(list)
        for path in sorted(glob.glob(os.path.join(folder, "**", "*.csv"), recursive=True)):
            with open(path, newline="", encoding="utf-8-sig") as file:
                for row in csv.DictReader(file):
                    if "assignment_id" not in row:
                        break
                    self.rows[row["quarter"]].append(self.read(row))
        self.quarters = sorted(self.rows)
        self.known, self.amounts_by_worker = {}, {}

    @staticmethod
    def read(row):
        def amount(name):
            return float((row.get(name) or "0").replace(",", "").replace("£", ""))

        rate = amount("pay_rate")
        if row["engagement"].upper() == "PAYE":
            rate += amount("employer_ni") + amount("holiday_pay") + amount("apprenticeship_levy")
        return {
            "code": row["authority_code"], "worker": row["swe_number"].upper(), "role": row["role"] or "not known",
            "supply": row.get("supply") or "INDIVIDUAL", "agency": row.get("agency") or "no agency given", "rate": rate,
            "charge": amount("charge_rate"), "hours": amount("hours_in_quarter"), "weekly": amount("weekly_hours"),
        }

    def of(self, cell):
        """{worker: amount} and the authorities, for an amount's cell; None where it is none of these."""
        key = (cell.quarter, cell.measure, cell.area, cell.detail)
        if key not in self.amounts_by_worker:
            self.amounts_by_worker[key] = self.make(cell)
        return self.amounts_by_worker[key]

    def make(self, cell):
        make = TOP_OF_WORKER.get(ALIKE.get(cell.measure, cell.measure))
        if make is None:
            return None
        by_worker, codes = defaultdict(float), set()
        for row in self.rows[cell.quarter]:
            if row["code"] not in cell.area:
                continue
            if cell.detail not in ("", "all") and cell.detail not in (row["role"], row["supply"], row["agency"]):
                continue
            if make(row):
                by_worker[row["worker"]] += make(row)
                codes.add(row["code"])
        return by_worker, codes

    def unsafe(self, cell):
        """Why this amount may not be published, or None."""
        found = self.of(cell)
        if found is None or not found[0]:
            return None
        amounts, codes = sorted(found[0].values(), reverse=True), found[1]
        total = sum(amounts)
        if len(amounts) < FEWEST:
            return f"{len(amounts)} workers"
        if len(cell.area) > 1 and len(codes) < 2:
            return "one authority"
        if amounts[0] > MOST * total:
            return f"one worker is {100 * amounts[0] / total:.0f} %"
        if total - amounts[0] - amounts[1] < P_RULE * amounts[0]:
            return "the second largest can tell the largest"
        return None

    def before(self, cell):
        index = self.quarters.index(cell.quarter) if cell.quarter in self.quarters else 0
        return cell._replace(quarter=self.quarters[index - 1]) if index else None

    def told(self, cell, difference):
        """Does the difference to the quarter before tell the joiners' or leavers' own amount?"""
        now, then = self.of(cell), self.of(self.before(cell))
        if now is None or then is None or cell.measure in ("at median", "permanent cost"):
            return None
        joined = {w: a for w, a in now[0].items() if w not in then[0]}
        left = {w: a for w, a in then[0].items() if w not in now[0]}
        if cell.measure == "fte":
            # The table has them as parts of a full week, these are hours a week.
            difference = sum(now[0].values()) - sum(then[0].values())
        for some, other, sign, word in ((joined, left, 1, "joined"), (left, joined, -1, "left")):
            if other or not 0 < len(some) < FEWEST:
                continue
            own = sum(some.values())
            if abs(sign * difference - own) <= P_RULE * own:
                return f"what {len(some)} who {word} have: {own:.2f}"
        return None
