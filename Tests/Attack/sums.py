"""What a reader can write down: every sum and inequality among the cells of all outputs that he has.

A row is (name, {cell: coefficient}, low, high). Cells that stand in no table (workers counted again) have measures of their own.
"""

from tables import AMOUNTS, EXPERIENCE, FAMILIES, SUPPLIES, Cell, agency, number, places

ADDITIVE = ("n", "role", "capped", "undecided", "above", "signed", "supply", "experience", "breach", "priced")
ADDITIVE_AMOUNTS = ("fte", "hours", "cost", "hours supply", "cost supply", "priced hours", "paid")
INFINITE = float("inf")


class Sums:
    def __init__(self, outputs):
        self.outputs = outputs
        self.rows = []
        self.cells = {}
        for output in outputs:
            for cell, text in output.cells.items():
                if self.cells.get(cell, "c") == "c":
                    self.cells[cell] = text
        self.hidden = {}  # cells in no table: (plus, minus) of which they are made, for the truth
        self.medians = {}
        for output in outputs:
            for (quarter, area, role), text in output.medians.items():
                self.medians[(quarter, area, role)] = text
        self.unlisted()
        self.quarters = sorted({cell.quarter for cell in self.cells})
        self.sets = {q: {c.area for c in self.cells if c.quarter == q and c.measure == "n"} for q in self.quarters}
        self.roles = sorted({c.detail for c in self.cells if c.measure in ("role", "capped", "undecided", "priced", "paid")} - {"all", ""})
        for quarter in self.quarters:
            for area in self.sets[quarter]:
                self.within(quarter, area)
            self.across(quarter)
            self.run_wide(quarter)
        self.over_quarters()
        self.shares()

    def unlisted(self):
        """A row that is not listed where others are is a nought."""
        for output in self.outputs:
            listed = {}
            for (table, quarter, area), roles in output.listed.items():
                listed.setdefault((table, quarter), {})[area] = roles
            for (table, quarter), areas in listed.items():
                every = set().union(*areas.values()) - {"all"}
                measures = {"roles.csv": ["role", "capped", "undecided", "above", "signed"], "at-median.csv": ["priced", "priced hours", "paid", "at median", "difference"]}
                for area in output.areas[quarter].values():
                    for role in every - areas.get(area, set()):
                        for measure in measures.get(table, []):
                            self.cells.setdefault(output.of(quarter, measure, area, role), "0")

    def has(self, cell):
        return cell in self.cells or cell in self.hidden

    def add(self, name, terms, low=0.0, high=0.0):
        terms = {cell: k for cell, k in terms.items() if k}
        if len(terms) > 1 and all(self.has(cell) for cell in terms):
            self.rows.append((name, terms, low, high))

    def whole(self, name, total, parts):
        if parts:
            self.add(name, {total: 1, **{part: -1 for part in parts}})

    def at_most(self, name, less, more):
        self.add(name, {more: 1, less: -1}, 0.0, INFINITE)

    def within(self, q, area):
        def of(measure, detail="", scope=None):
            return Cell(q, measure, area, detail, scope)

        def have(measure, details):
            return [of(measure, d) for d in details if of(measure, d) in self.cells]

        n, w = of("n"), of("w")
        for measure, details in (("role", self.roles), ("supply", SUPPLIES), ("experience", EXPERIENCE)):
            self.whole(measure, n, have(measure, details))
        for family in FAMILIES:
            self.at_most("breach", of("breach", family), n)
        for role in self.roles + ["all"]:
            own = n if role == "all" else of("role", role)
            self.add("capped", {own: 1, of("capped", role): -1, of("undecided", role): -1}, 0.0, INFINITE)
            self.at_most("above", of("above", role), of("capped", role))
            self.at_most("signed", of("signed", role), of("above", role))
            self.at_most("priced", of("priced", role), own)
        for measure in ("capped", "undecided", "above", "signed", "priced", "priced hours", "paid"):
            self.whole(measure + " over roles", of(measure, "all"), have(measure, self.roles))
        self.at_most("workers", w, n)
        for way in SUPPLIES:
            self.at_most("supply workers", of("supply workers", way), of("supply", way))
            self.at_most("supply workers in all", of("supply workers", way), w)
            self.at_most("teams", of("teams", way), of("supply", way))
        for measure in ("hours", "cost"):
            self.whole(measure + " by supply", of(measure), have(measure + " supply", SUPPLIES))
        self.at_most("priced hours", of("priced hours", "all"), of("hours"))
        if self.cells.get(n, "c") != "c" and self.cells.get(n) == self.cells.get(of("priced", "all")):
            self.add("all are priced", {of("hours"): 1, of("priced hours", "all"): -1})
        for scope in {c.scope for c in self.cells if c.measure == "at median" and c.quarter == q and c.area == area}:
            self.whole("at median over roles", of("at median", "all", scope), [of("at median", r, scope) for r in self.roles if of("at median", r, scope) in self.cells])
            for role in self.roles + ["all"]:
                self.add("difference", {of("paid", role): 1, of("at median", role, scope): -1, of("difference", role, scope): -1})
        for scope in {c.scope for c in self.cells if c.measure == "shared" and c.quarter == q}:
            self.at_most("shared", of("shared", "", scope), w)
        for role in self.roles:
            self.add("permanent difference", {of("permanent agency cost", role): 1, of("permanent cost", role): -1, of("permanent difference", role): -1})

    def across(self, q):
        """Areas of several authorities are the sum of them."""
        for area in [a for a in self.sets[q] if len(a) > 1]:
            ones = [frozenset([code]) for code in area]
            for measure in ADDITIVE + ADDITIVE_AMOUNTS:
                for cell in [c for c in self.cells if c.quarter == q and c.measure == measure and c.area == area]:
                    self.whole(measure + " over areas", cell, [cell._replace(area=one) for one in ones])
            again = Cell(q, "counted again", area, "", None)
            workers = [Cell(q, "w", one, "", None) for one in ones]
            if Cell(q, "w", area, "", None) in self.cells and all(w in self.cells for w in workers):
                self.hidden[again] = (workers, [Cell(q, "w", area, "", None)])
                self.add("workers over areas", {Cell(q, "w", area, "", None): 1, again: 1, **{w: -1 for w in workers}})
                for w in workers:
                    self.at_most("workers of a member", w, Cell(q, "w", area, "", None))

    def run_wide(self, q):
        """What depends on who is compared."""
        for output in self.outputs:
            top = output.top.get(q)
            if top is None:
                continue
            for key, area in output.areas[q].items():
                if len(area) < 2:
                    continue
                ones = [frozenset([code]) for code in area]
                for measure in ("joined", "at median", "difference"):
                    for cell in [c for c in self.cells if c[:3] == (q, measure, area) and c.scope == top]:
                        self.whole(measure + " over areas", cell, [cell._replace(area=one) for one in ones])
                left = [Cell(q, "left", one, "", top) for one in ones]
                joined = Cell(q, "joined", area, "", top)
                if key[0] == "region" and joined in self.cells and all(c in self.cells for c in left):
                    elsewhere = Cell(q, "from elsewhere", area, "", top)
                    self.hidden[elsewhere] = ([joined], left)
                    self.add("moves", {joined: 1, elsewhere: -1, **{c: -1 for c in left}})
            ones = [frozenset([code]) for code in top]
            shared, again = Cell(q, "shared", top, "", top), Cell(q, "counted again", top, "", None)
            if len(top) > 1:
                self.add("shared", {shared: 1, again: 1, **{shared._replace(area=one): -1 for one in ones}})
                self.at_most("shared and again", shared, again)
            names = sorted({c.detail for c in output.cells if c.measure == "agency" and c.quarter == q})
            if names:
                self.whole("agencies", Cell(q, "n", top, "", None), [agency(q, "agency", top, n) for n in names])
                for name in names:
                    self.at_most("agency workers", agency(q, "agency workers", top, name), agency(q, "agency", top, name))
                    self.at_most("fees", agency(q, "fees", top, name), agency(q, "agency", top, name))
                for measure in ("hours", "cost"):
                    self.whole(measure + " by agency", Cell(q, measure, top, "", None), [agency(q, measure + " agency", top, n) for n in names])
            self.at_medians(q, output)
            self.rates(q, output)

    def at_medians(self, q, output):
        """What would have been paid is hours times the region's median, where that is shown."""
        top = output.top[q]
        for key, area in output.areas[q].items():
            if key[0] != "region":
                continue
            for role in self.roles:
                text = self.medians.get((q, area, role))
                if text is None:
                    continue
                rate, slack = float(text), 0.5 * 10 ** -min(places(text), 4)
                for member in {area} | {frozenset([code]) for code in area}:
                    hours, paid = Cell(q, "priced hours", member, role, None), Cell(q, "at median", member, role, top)
                    self.add("at the median", {paid: 1, hours: -(rate + slack)}, -INFINITE, 0.02)
                    self.add("at the median", {paid: 1, hours: -(rate - slack)}, -0.02, INFINITE)

    def rates(self, q, output):
        """Where lowest and highest are shown, pay lies between."""
        for cell, (lowest, highest) in output.extremes.items():
            if cell.quarter == q:
                for member in {cell.area} | {frozenset([code]) for code in cell.area}:
                    hours, paid = Cell(q, "priced hours", member, cell.detail, None), Cell(q, "paid", member, cell.detail, None)
                    self.add("not under the lowest rate", {paid: 1, hours: -float(lowest) + 0.0001}, -0.02, INFINITE)
                    self.add("not over the highest rate", {paid: 1, hours: -float(highest) - 0.0001}, -INFINITE, 0.02)

    def over_quarters(self):
        for output in self.outputs:
            order = sorted(output.top)
            for cell, text in output.changes:
                index = order.index(cell.quarter)
                if index == 0 or text == "c":
                    continue
                area = cell.area
                before = cell._replace(quarter=order[index - 1], area=area)
                slack = 0.0 if cell.measure in ("n", "w") else 0.5 * 10 ** -places(text)
                self.add("change", {cell: 1, before: -1}, float(text) - slack, float(text) + slack)

    def shares(self):
        for output in self.outputs:
            for part, whole, text in output.shares:
                if text == "c" or part not in self.cells or whole not in self.cells:
                    continue
                share, slack = float(text), 0.5 * 10 ** -places(text) + 1e-9
                self.add("share", {part: 100, whole: -(share + slack)}, -INFINITE, 0.0)
                self.add("share", {part: 100, whole: -(share - slack)}, 0.0, INFINITE)

    def guarded(self):
        """Counts that stand in no table and are one subtraction away: (name, {cell: coefficient})."""
        result = [("counted again", {cell: 1}) for cell in self.hidden]
        for cell in self.cells:
            if cell.measure == "breach":
                result.append(("without a breach", {Cell(cell.quarter, "n", cell.area, "", None): 1, cell: -1}))
            if cell.measure == "above":
                result.append(("within the cap", {cell._replace(measure="capped"): 1, cell: -1}))
            if cell.measure == "signed":
                result.append(("not signed off", {cell._replace(measure="above"): 1, cell: -1}))
        return [(name, terms) for name, terms in result if all(self.has(c) for c in terms)]

    def kind(self, cell):
        return "amount" if cell.measure in AMOUNTS else "count"

    def value(self, cell):
        return number(self.cells.get(cell))
