"""Least and most of what is not known: integer programmes for counts, linear ones for amounts (HiGHS, by way of scipy).

The truth is one solution. Each further solution widens the range of every cell at once; a cell is asked for by itself only while its range
is not yet wide enough.
"""

import random
import warnings

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix


class Component:
    """Unknowns that hang together, and their rows."""

    def __init__(self, unknowns, rows, lower, truth, whole):
        self.index = {cell: i for i, cell in enumerate(unknowns)}
        self.whole = whole
        data, at, column, low, high = [], [], [], [], []
        for i, (terms, least, most) in enumerate(rows):
            for cell, k in terms.items():
                data.append(k)
                at.append(i)
                column.append(self.index[cell])
            low.append(least)
            high.append(most)
        shape = (len(rows), len(unknowns))
        self.matrix = LinearConstraint(csr_matrix((data, (at, column)), shape=shape), low, high) if rows else None
        start = np.array([truth[cell] for cell in unknowns], float)
        roof = np.abs(start).max() * 4 + (50 if whole else 1000)
        self.bounds = Bounds(np.array([lower(cell) for cell in unknowns], float), np.full(len(unknowns), roof))
        self.witnesses = [start]
        self.random = random.Random(len(unknowns))

    def program(self, objective, presolve=True):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return milp(
                objective, constraints=self.matrix, bounds=self.bounds, integrality=np.ones(len(objective)) if self.whole else None,
                options={"time_limit": 30, "presolve": presolve},
            )

    def solve(self, objective, presolve=True):
        found = self.program(objective, presolve)
        if found.x is None:
            return None
        solution = np.round(found.x) if self.whole else found.x
        self.witnesses.append(solution)
        return solution

    def proven(self, terms):
        """Least and most, each the further of two best values that the solver proves; None where it does not prove one."""
        ends = []
        for sign in (1, -1):
            values = []
            for presolve in (True, False):
                found = self.program(sign * self.vector(terms), presolve)
                if found.status != 0:
                    return None
                values.append(sign * found.fun)
            ends.append(min(values) if sign == 1 else max(values))
        return tuple(ends)

    def vector(self, terms):
        result = np.zeros(len(self.index))
        for cell, k in terms.items():
            result[self.index[cell]] += k
        return result

    def ranges(self, questions, wide):
        """questions: {key: (terms, offset)}. Returns {key: (least, most)}; None where no table agrees with what is published."""
        asked = {key: (self.vector(terms), offset) for key, (terms, offset) in questions.items()}

        def seen(key):
            vector, offset = asked[key]
            values = [float(vector @ w) + offset for w in self.witnesses]
            return min(values), max(values)

        def open_ones():
            return [key for key in asked if not wide(key, *seen(key))]

        for _ in range(6):
            narrow = open_ones()
            if len(narrow) < 4:
                break
            objective = sum(asked[key][0] * self.random.choice([-1, 1]) for key in narrow)
            if self.solve(objective) is None:
                return None
            if len(open_ones()) > 0.9 * len(narrow):
                break
        for key in list(asked):
            if wide(key, *seen(key)):
                continue
            if self.solve(-asked[key][0]) is None:
                return None
            if not wide(key, *seen(key)):
                self.solve(asked[key][0])
            if not wide(key, *seen(key)):
                # The solver's presolve has been seen to give a best value that was not the best: what looks narrow is asked again.
                self.solve(-asked[key][0], presolve=False)
                self.solve(asked[key][0], presolve=False)
        return {key: seen(key) for key in asked}


def components(unknowns, rows):
    """Groups of unknowns that rows join."""
    parent = {cell: cell for cell in unknowns}

    def find(cell):
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    for terms, _, _ in rows:
        first, *others = terms
        for other in others:
            parent[find(other)] = find(first)
    groups = {}
    for cell in unknowns:
        groups.setdefault(find(cell), ([], []))[0].append(cell)
    for row in rows:
        groups[find(next(iter(row[0])))][1].append(row)
    return list(groups.values())
