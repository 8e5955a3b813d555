"""Tries to work out what a comparison withholds, from everything that is published together.

Usage: attack.py PUBLISHED… --truth TRUTH… [--small 5] [--returns FOLDER] [--noughts] [--all]

PUBLISHED are outputs made with --for: members and public of a run, of several quarters, of a partnership and of the region that it lies in.
TRUTH are the same runs for analysts, to know what was withheld. --returns: the returns, to judge dominance and who came and left.
--noughts: a withheld count may be a nought (else it is at least 1, because noughts are shown). Needs scipy.
Ends with 1 and a line for each problem. What is tried: README.md.
"""

import sys
from collections import Counter

import page
import returns as microdata
from ranges import Component, components
from sums import Sums
from tables import AMOUNTS, Output, number, places

WITHIN = 0.15
# Known so well that only rounding is left.
EXACT = 0.001


def say(cell):
    area = "+".join(sorted(cell.area)) if len(cell.area) < 4 else f"{len(cell.area)} authorities"
    return f"{cell.quarter} {cell.measure} {cell.detail}".strip() + f" of {area}"


class Attack:
    def __init__(self, published, truths, small=5, returns=None, noughts=False):
        self.small, self.noughts = small, noughts
        self.outputs = [Output(folder) for folder in published]
        self.sums = Sums(self.outputs)
        self.truth = {}
        for folder in truths:
            for cell, text in Output(folder).cells.items():
                self.truth.setdefault(cell, float(text))
        for cell in self.sums.cells:
            self.truth.setdefault(cell, 0.0)
        for cell, (plus, minus) in self.sums.hidden.items():
            self.truth[cell] = sum(self.truth[c] for c in plus) - sum(self.truth[c] for c in minus)
        self.returns = microdata.Returns(returns) if returns else None
        self.arguments = (truths, small, returns, noughts)
        self.problems, self.figures, self.from_parts = [], Counter(), []
        self.widest = {}
        for output in self.outputs:
            for quarter, area in output.top.items():
                self.widest[quarter] = max(self.widest.get(quarter, frozenset()), area, key=len)

    def problem(self, kind, text):
        self.figures[kind] += 1
        self.problems.append((kind, text))

    def run(self):
        self.plain()
        self.rows()
        self.orders_and_shares()
        self.counts()
        self.amounts()
        if self.returns:
            self.dominance()
            self.comings()
        for output in self.outputs:
            for text in page.problems(output, self.truth, self.sums.cells):
                self.problem("page", text)
        self.visible()
        return self

    # What is published and should not be.

    def plain(self):
        for output in self.outputs:
            for cell, text in output.cells.items():
                if text == "c":
                    continue
                value = float(text)
                if abs(value - self.truth[cell]) > 1e-9:
                    self.problem("false", f"{say(cell)} is {text}, not {self.truth[cell]}")
                if cell.measure not in AMOUNTS and 0 < value < self.small:
                    self.problem("small", f"{say(cell)} is {text} and published")

    def rows(self):
        for output in self.outputs:
            tables = {}
            for (table, quarter, area), roles in output.listed.items():
                tables.setdefault((table, quarter), {})[area] = roles - {"all"}
            for (table, quarter), areas in tables.items():
                every = set().union(*areas.values())
                if any(roles and roles != every for roles in areas.values()):
                    self.problem("rows", f"{table} {quarter}: not every area has a row for each of {', '.join(sorted(every))}")
        full = {}
        for cell in self.truth:
            if cell.measure == "agency":
                full.setdefault((cell.quarter, cell.area), set()).add(cell.detail)
        for output in self.outputs:
            own = {}
            for cell in output.cells:
                if cell.measure == "agency":
                    own.setdefault((cell.quarter, cell.area), set()).add(cell.detail)
            for key, names in own.items():
                if names != full.get(key, names):
                    self.problem("rows", f"agencies.csv {key[0]}: not every agency has its row")

    def orders_and_shares(self):
        for output in self.outputs:
            for count, what, text in output.orders:
                if text == "c":
                    continue
                values = self.truth.get(count, 0)
                need = {"median": 10, "lower_quartile": 20, "upper_quartile": 20}.get(what)
                if need is None or values < need:
                    self.problem("order", f"{what} of {values:.0f} values: {say(count)}")
            for part, whole, text in output.shares:
                if text == "c":
                    continue
                if self.sums.cells.get(part) == "c" or self.sums.cells.get(whole) == "c":
                    self.problem("share", f"{text} of withheld parts: {say(part)}")
                if float(text) in (0, 100) and 0 < self.truth.get(whole, 0) < 2 * self.small:
                    self.problem("everybody", f"{text} of {self.truth[whole]:.0f}: {say(part)}")
            for cell, text in output.cells.items():
                group = {"breach": "n", "above": "capped"}.get(cell.measure)
                if group is None or text in ("c", "0"):
                    continue
                whole = self.truth.get(cell._replace(measure=group, detail="" if group == "n" else cell.detail), 0)
                if float(text) == whole < 2 * self.small:
                    self.problem("everybody", f"all {text}: {say(cell)}")

    # What comes out.

    def reduced(self, kind):
        """Rows with the known cells taken out, and the unknowns of this kind."""
        known, unknowns = {}, []
        for cell, text in self.sums.cells.items():
            if (cell.measure in AMOUNTS) != (kind == "amount"):
                continue
            if text == "c":
                unknowns.append(cell)
            else:
                slack = 0.0 if kind == "count" or float(text) == 0 else 0.5 * 10 ** -places(text)
                known[cell] = (float(text), slack)
        if kind == "count":
            unknowns += list(self.sums.hidden)
        rows = []
        for name, terms, low, high in self.sums.rows:
            first = next(iter(terms))
            if (first.measure in AMOUNTS) != (kind == "amount"):
                continue
            unknown, shift, slack, size = {}, 0.0, 0.0, 0.0
            for cell, k in terms.items():
                if cell in known:
                    shift += k * known[cell][0]
                    slack += abs(k) * known[cell][1]
                else:
                    unknown[cell] = k
                    slack += 0.005 * abs(k) if kind == "amount" else 0.0
            if not unknown:
                continue
            here = sum(k * self.truth[cell] for cell, k in terms.items())
            if here < low - slack - 0.02 or here > high + slack + 0.02:
                self.problem("model", f"the sum {name} does not hold: {here} outside {low}..{high}: {', '.join(map(say, list(terms)[:3]))}")
                continue
            rows.append((unknown, low - shift - slack, high - shift + slack))
        return unknowns, rows

    def lower(self, unknowns):
        """A count that is withheld is at least 1 where noughts of its kind are shown."""
        nought = {(c.measure) for c in unknowns if self.truth[c] == 0}
        return lambda c: 0 if self.noughts or c in self.sums.hidden or c.measure in nought else 1

    def counts(self):
        unknowns, rows = self.reduced("count")
        lower, need = self.lower(unknowns), self.small - 1
        guarded = []
        for name, terms in self.sums.guarded():
            value = sum(k * self.truth[c] for c, k in terms.items())
            if 0 < value < self.small:
                guarded.append((name, terms))
        own = set(unknowns)
        questions = {cell: ({cell: 1}, 0.0) for cell in unknowns if cell in self.sums.cells}
        for name, terms in guarded:
            unknown = {c: k for c, k in terms.items() if c in own}
            offset = sum(k * float(self.sums.cells[c]) for c, k in terms.items() if c not in own)
            if unknown:
                questions[(name, tuple(terms))] = (unknown, offset)
                if len(unknown) > 1:
                    rows.append((dict(unknown), -float("inf"), float("inf")))  # joins them
            else:
                self.problem("exact", f"{name}: {offset:.0f}, {say(next(iter(terms)))}")
        self.figures["withheld counts"] = sum(1 for c in unknowns if c in self.sums.cells)
        self.figures["guarded"] = len(guarded)
        for group, own_rows in components(unknowns, rows):
            members = set(group)
            asked = {key: q for key, q in questions.items() if next(iter(q[0])) in members}
            if not asked:
                continue
            part = Component(group, own_rows, lower, self.truth, True)
            found = part.ranges(asked, lambda key, low, high: high - low >= need)
            if found is None:
                self.problem("model", f"no table agrees with what is published: {say(group[0])}")
                continue
            for key, (low, high) in found.items():
                if high - low < need:
                    name = say(key) if key in questions and hasattr(key, "measure") else f"{key[0]}: {say(key[1][-1])}"
                    self.problem("exact" if high == low else "narrow", f"{name} lies in {low:.0f}..{high:.0f}")

    @staticmethod
    def lowest_amount(cell):
        return -1e9 if cell.measure in {"difference", "permanent difference"} else 0.0

    def amounts(self):
        unknowns, rows = self.reduced("amount")
        self.figures["withheld amounts"] = len(unknowns)

        def wide(cell, low, high):
            true = self.truth[cell]
            return true == 0 or low < true - WITHIN * abs(true) - 1e-6 or high > true + WITHIN * abs(true) + 1e-6

        for group, own_rows in components(unknowns, rows):
            part = Component(group, own_rows, self.lowest_amount, self.truth, False)
            found = part.ranges({cell: ({cell: 1}, 0.0) for cell in group}, wide)
            if found is None:
                self.problem("model", f"no amounts agree with what is published: {say(group[0])}")
                continue
            for cell, (low, high) in found.items():
                if wide(cell, low, high):
                    continue
                text = f"{say(cell)} lies in {low:.2f}..{high:.2f}, true {self.truth[cell]:.2f}"
                alone = self.known_from_parts(cell)
                if alone is None or wide(cell, *alone):
                    self.problem("within", text)
                else:
                    self.from_parts.append(f"{text}; from the parts' own outputs alone {alone[0]:.2f}..{alone[1]:.2f}")

    def known_from_parts(self, cell):
        """Lowest and highest possible value of an amount of the widest area, from the outputs of its parts without that of the whole.

        None where that is no excuse: an amount of another area, one that needs protection of its own, one of several quarters, or where the
        parts that publish by themselves do not make up the whole. Where the parts tell it exactly it should have been shown: None as well.
        """
        if cell.area != self.widest[cell.quarter] or cell.scope is not None or self.returns is None or len(self.returns.quarters) > 1:
            return None
        if not self.returns.of(cell) or self.returns.unsafe(cell):
            return None
        inner = [output for output in self.outputs if output.top.get(cell.quarter, cell.area) < cell.area]
        parts = []
        for area in sorted({output.top[cell.quarter] for output in inner}, key=lambda area: (-len(area), sorted(area))):
            if not any(area & other for other in parts):
                parts.append(area)
        if frozenset().union(*parts) != cell.area:
            return None
        truths, small, returns, noughts = self.arguments
        alone = Attack([output.folder for output in inner], truths, small, returns, noughts)
        addends = [cell._replace(area=area) for area in parts]
        if cell in alone.sums.cells or not all(addend in alone.sums.cells for addend in addends):
            return None
        alone.sums.cells[cell] = "c"
        alone.sums.whole("over parts", cell, addends)
        unknowns, rows = alone.reduced("amount")
        group, own_rows = next((group, own) for group, own in components(unknowns, rows) if cell in group)
        found = Component(group, own_rows, alone.lowest_amount, alone.truth, False).proven({cell: 1})
        return found if found and found[1] - found[0] > EXACT * abs(self.truth[cell]) else None

    # What the returns are needed for.

    def dominance(self):
        for cell, text in self.sums.cells.items():
            if text == "c" or float(text) == 0:
                continue
            why = self.returns.unsafe(cell)
            if why:
                self.problem("dominance", f"{say(cell)} is {text} and published: {why}")

    def comings(self):
        for cell, text in self.sums.cells.items():
            if cell.measure not in AMOUNTS or text == "c":
                continue
            before = self.returns.before(cell)
            if before is None or self.sums.cells.get(before, "c") == "c":
                continue
            told = self.returns.told(cell, float(text) - float(self.sums.cells[before]))
            if told:
                self.problem("joiners", f"{say(cell)}: the difference to the quarter before tells {told}")
        for output in self.outputs:
            for cell, text in output.changes:
                if text != "c" and self.sums.cells.get(cell) == "c":
                    self.problem("change", f"{say(cell)}: its change {text} is published")

    # What is withheld without need.

    def visible(self):
        own, nonzero, shown, shown_nonzero = Counter(), Counter(), Counter(), Counter()
        small = self.small
        secret = set()
        for name, terms in self.sums.guarded():
            if 0 < sum(k * self.truth[c] for c, k in terms.items()) < small:
                secret |= set(terms)
        for cell, text in self.sums.cells.items():
            kind = "amounts" if cell.measure in AMOUNTS else "counts"
            true = self.truth[cell]
            if kind == "counts" and (0 < true < small or cell in secret):
                continue
            # A difference to the median is of the same workers as what was paid.
            whose = cell._replace(measure="paid") if cell.measure == "difference" else cell
            if kind == "amounts" and true and self.returns and self.returns.unsafe(whose):
                continue
            own[kind] += 1
            shown[kind] += text != "c"
            if true:
                nonzero[kind] += 1
                shown_nonzero[kind] += text != "c"
        self.share = {}
        for kind in ("counts", "amounts"):
            self.share[kind] = shown[kind] / own[kind] if own[kind] else 1.0
            self.share[kind + " over 0"] = shown_nonzero[kind] / nonzero[kind] if nonzero[kind] else 1.0
        self.share["all"] = sum(shown.values()) / max(1, sum(own.values()))
        self.share["all over 0"] = sum(shown_nonzero.values()) / max(1, sum(nonzero.values()))


def main():
    arguments, published, truths = sys.argv[1:], [], []
    small, folder, noughts, every = 5, None, False, False
    into = published
    while arguments:
        word = arguments.pop(0)
        if word == "--truth":
            into = truths
        elif word == "--small":
            small = int(arguments.pop(0))
        elif word == "--returns":
            folder = arguments.pop(0)
        elif word == "--noughts":
            noughts = True
        elif word == "--all":
            every = True
        else:
            into.append(word)
    attack = Attack(published, truths, small, folder, noughts).run()
    print(f"{attack.figures['withheld counts']} counts and {attack.figures['withheld amounts']} amounts withheld")
    print("visible of what needs no protection: " + ", ".join(f"{name} {100 * share:.0f} %" for name, share in attack.share.items()))
    for kind, text in attack.problems if every else attack.problems[:60]:
        print(f"{kind}: {text}")
    for text in attack.from_parts:
        print(f"known from the parts' own outputs: {text}")
    sys.exit(1 if attack.problems else 0)


if __name__ == "__main__":
    main()
