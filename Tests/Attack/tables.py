"""What a comparison's tables say, as cells that mean the same in every output: a quarter, a measure, the authorities it is of.

An area is the set of its authorities, so that a region of one authority is that authority, and a partnership of a whole region is the region.
"""

import csv
import os
from collections import namedtuple

# area: frozenset of codes. detail: role, way of supply, agency ... scope: for what depends on who else is compared, the run's authorities.
Cell = namedtuple("Cell", "quarter measure area detail scope")
FAMILIES = ["data", "caps", "experience", "teams", "cooloff", "notice", "references"]
EXPERIENCE = ["proven", "verified", "declared", "none"]
SUPPLIES = ["INDIVIDUAL", "PROJECT_TEAM", "PACKAGED"]
AMOUNTS = {
    "fte", "hours", "cost", "hours supply", "cost supply", "priced hours", "paid", "at median", "difference", "hours agency", "cost agency",
    "permanent hours", "permanent agency cost", "permanent cost", "permanent difference", "cost left out",
}
# Measures that depend on which authorities are compared beside.
SCOPED = {"shared", "joined", "left", "at median", "difference"}
CHANGES = {"assignments": "n", "workers": "w", "full_time_equivalents": "fte", "hours": "hours", "cost": "cost"}


def rows(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def places(text):
    """Decimals that a number was written with."""
    return len(text.split(".")[1]) if "." in text else 0


class Output:
    """One folder that compare wrote."""

    def __init__(self, folder):
        self.folder = folder
        self.cells = {}  # Cell: text
        self.shares = []  # (part, whole, text, times 100)
        self.orders = []  # (cell of the count, what, text)
        self.extremes = {}  # Cell of role counts: (lowest, highest)
        self.medians = {}  # (quarter, area, role): text
        self.changes = []  # (cell, text of the change)
        self.listed = {}  # (table, quarter, area): roles listed
        self.areas = {}  # quarter: {key: frozenset}
        self.region = {}  # (quarter, code): region name
        self.names = {}  # name on the page: [(quarter, frozenset)]
        self.texts = {}  # (quarter, frozenset): all published texts
        self.top = {}
        self._areas()
        self._read()

    def _areas(self):
        for row in rows(self.folder, "totals.csv"):
            if row["area"] == "authority":
                self.region[(row["quarter"], row["authority_code"])] = row["region"]
        for row in rows(self.folder, "totals.csv"):
            quarter = row["quarter"]
            codes = [c for (q, c) in self.region if q == quarter]
            if row["area"] == "authority":
                members = [row["authority_code"]]
            elif row["area"] == "region":
                members = [c for c in codes if self.region[(quarter, c)] == row["name"]]
            else:
                members = codes
            self.areas.setdefault(quarter, {})[self._key(row)] = frozenset(members)
            self.top[quarter] = max(self.top.get(quarter, frozenset()), frozenset(members), key=len)

    @staticmethod
    def _key(row):
        return (row["area"], row["authority_code"] or row["name"])

    def cell(self, row, measure, detail=""):
        area = self.areas.get(row["quarter"], {}).get(self._key(row))
        return None if area is None else self.of(row["quarter"], measure, area, detail)

    def of(self, quarter, measure, area, detail=""):
        return Cell(quarter, measure, area, detail, self.top[quarter] if measure in SCOPED else None)

    def put(self, cell, text):
        if cell is None or text is None or text == "":
            return
        if self.cells.get(cell, "c") == "c":
            self.cells[cell] = text
        self.texts.setdefault((cell.quarter, cell.area), set()).add(text)

    def share(self, part, whole, text):
        if part is not None and text not in ("", None):
            self.shares.append((part, whole, text))
            self.texts.setdefault((part.quarter, part.area), set()).add(text)

    def order(self, count, what, text):
        if count is not None and text not in ("", None):
            self.orders.append((count, what, text))
            self.texts.setdefault((count.quarter, count.area), set()).add(text)

    def _read(self):
        for row in rows(self.folder, "totals.csv"):
            for column, measure in (("assignments", "n"), ("workers", "w"), ("full_time_equivalents", "fte"), ("hours", "hours"), ("cost", "cost")):
                self.put(self.cell(row, measure), row[column])
            self.texts.setdefault((row["quarter"], self.areas[row["quarter"]][self._key(row)]), set()).add(row["authorities"])
        self._roles()
        for row in rows(self.folder, "supply.csv"):
            way = row["supply"]
            for column, measure in (
                ("assignments", "supply"), ("workers", "supply workers"), ("teams", "teams"), ("hours", "hours supply"), ("cost", "cost supply"),
            ):
                self.put(self.cell(row, measure, way), row[column])
            self.share(self.cell(row, "supply", way), self.cell(row, "n"), row["share_percent"])
            self.order(self.cell(row, "supply", way), "median", row["median_rate"])
        for row in rows(self.folder, "experience.csv"):
            self.put(self.cell(row, "n"), row["assignments"])
            for name in EXPERIENCE:
                self.put(self.cell(row, "experience", name), row[name])
                self.share(self.cell(row, "experience", name), self.cell(row, "n"), row[name + "_percent"])
        for row in rows(self.folder, "breaches.csv"):
            self.put(self.cell(row, "n"), row["assignments"])
            for name in FAMILIES:
                self.put(self.cell(row, "breach", name), row["in_breach_" + name])
                self.share(self.cell(row, "breach", name), self.cell(row, "n"), row["per_100_" + name])
        for row in rows(self.folder, "lengths.csv"):
            self.put(self.cell(row, "n"), row["assignments"])
            for what in ("lower_quartile", "median", "upper_quartile"):
                self.order(self.cell(row, "n"), what, row[what + "_days"])
        for row in rows(self.folder, "workers.csv"):
            self.put(self.cell(row, "w"), row["workers"])
            self.put(self.cell(row, "shared"), row["active_in_two_or_more"])
            self.put(self.cell(row, "joined"), row["joined_from_a_post_in_the_region"])
            if row["area"] == "authority":
                self.put(self.cell(row, "left"), row["left_a_post_here"])
        self._money()
        self._agencies()
        self._neighbours()
        for row in rows(self.folder, "left-out.csv"):
            # A return that was not asked for is an authority's own total of another run.
            area, whole = frozenset([row["authority_code"]]), "not asked" in row["reason"] or "partnership" in row["reason"]
            for column, measure in (("assignments", "n"), ("cost", "cost")):
                self.put(Cell(row["quarter"], measure if whole else measure + " left out", area, "", None if whole else row["reason"]), row[column])

    def _roles(self):
        for row in rows(self.folder, "roles.csv"):
            role = row["role"]
            own = self.cell(row, "n") if role == "all" else self.cell(row, "role", role)
            self.put(own, row["assignments"])
            self.listed.setdefault(("roles.csv", row["quarter"], self.areas[row["quarter"]][self._key(row)]), set()).add(role)
            for column, measure in (("with_cap", "capped"), ("above_cap", "above"), ("signed_off", "signed"), ("cap_undecided", "undecided")):
                self.put(self.cell(row, measure, role), row[column])
            self.share(self.cell(row, "above", role), self.cell(row, "capped", role), row["above_cap_percent"])
            for what in ("lowest", "lower_quartile", "median", "upper_quartile", "highest"):
                self.order(own, what, row[what])
            self.order(self.cell(row, "capped", role), "median", row["median_distance_to_cap"])
            if own and row["median"] not in ("", "c") and role != "all":
                self.medians[(own.quarter, own.area, role)] = row["median"]
            if own and role != "all" and row["lowest"] not in ("", "c") and row["highest"] not in ("", "c"):
                self.extremes[own] = (row["lowest"], row["highest"])
            self.texts[(row["quarter"], self.areas[row["quarter"]][self._key(row)])].add(row["cap"])

    def _money(self):
        for row in rows(self.folder, "at-median.csv"):
            role = row["role"]
            self.listed.setdefault(("at-median.csv", row["quarter"], self.areas[row["quarter"]][self._key(row)]), set()).add(role)
            for column, measure in (
                ("assignments", "priced"), ("hours", "priced hours"), ("paid", "paid"), ("at_region_median", "at median"), ("difference", "difference"),
            ):
                self.put(self.cell(row, measure, role), row[column])
        for row in rows(self.folder, "permanent-pay.csv"):
            role = row["role"]
            self.listed.setdefault(("permanent-pay.csv", row["quarter"], self.areas[row["quarter"]][self._key(row)]), set()).add(role)
            for column, measure in (
                ("salaries", "salaries"), ("agency_hours", "permanent hours"), ("agency_cost", "permanent agency cost"),
                ("permanent_cost", "permanent cost"), ("difference", "permanent difference"),
            ):
                self.put(self.cell(row, measure, role), row[column])
            self.order(self.cell(row, "salaries", role), "median", row["median_salary"])
        for row in rows(self.folder, "changes.csv"):
            cell = self.cell(row, CHANGES.get(row["measure"], "other"))
            if cell is None:
                continue
            self.texts.setdefault((cell.quarter, cell.area), set()).update(row.values())
            if cell.measure != "other":
                self.put(cell, row["value"])
                if row["change_on_quarter_before"] not in ("", None):
                    self.changes.append((cell, row["change_on_quarter_before"]))

    def _agencies(self):
        for row in rows(self.folder, "agencies.csv"):
            quarter, name = row["quarter"], row["agency"]
            top = self.top[quarter]
            for column, measure in (
                ("assignments", "agency"), ("workers", "agency workers"), ("fees_known", "fees"), ("authorities", "agency authorities"),
                ("hours", "hours agency"), ("cost", "cost agency"),
            ):
                self.put(Cell(quarter, measure, top, name, top), row[column])
            for what in ("lowest", "lower_quartile", "median", "upper_quartile", "highest"):
                self.order(Cell(quarter, "fees", top, name, top), what, row[what + "_fee"])

    def _neighbours(self):
        for row in rows(self.folder, "neighbours.csv"):
            area = frozenset([row["neighbour_code"]])
            self.texts.setdefault((row["quarter"], area), set()).update(row.values())
            if not row["neighbour_code"] or row["quarter"] not in self.top:
                continue
            for column, measure in (("assignments", "n"), ("full_time_equivalents", "fte"), ("cost", "cost")):
                self.put(self.of(row["quarter"], measure, area), row.get(column))


def number(text):
    return None if text in ("c", "", None) else float(text)


def agency(quarter, measure, top, name):
    return Cell(quarter, measure, top, name, top)
