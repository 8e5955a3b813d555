"""Made-up regions of real sizes, and the shapes that are hardest to keep a secret of.

Usage: regions.py OUT SEED [SHAPE]. Writes returns, and in OUT/rules the fictional authorities, caps and partnerships. Nobody is real.
"""

import csv
import os
import random
import sys

COLUMNS = (
    "authority_code,quarter,assignment_id,swe_number,job_title,role,start_date,end_date,engagement,pay_rate,employer_ni,holiday_pay,"
    "apprenticeship_levy,agency_fee,charge_rate,weekly_hours,hours_in_quarter,agency,supply,team_reference,approved_date,cost_disaggregated,"
    "practice_managed_by,notice_weeks,references,experience_months,experience_verified,cap_dcs_date,cap_ce_date"
).split(",")
# Agency workers of an authority: the published figures' spread, 0 to 135, median 32.
SIZES = [0, 1, 2, 4, 6, 9, 12, 16, 20, 24, 28, 30, 32, 34, 36, 38, 42, 47, 52, 58, 66, 75, 88, 101, 118, 135]
CAPS = {"SW": 38, "SSW": 42, "AP": 45, "TM": 50, "IRO": 44}
PAY = {"SW": 36, "SSW": 40, "AP": 43, "TM": 47, "IRO": 42}
ROLES = ["SW"] * 11 + ["SSW"] * 4 + ["AP"] * 2 + ["TM"] * 2 + ["IRO"]
HARD = [
    "one-worker", "two-of-one", "empty-role", "one-agency", "twins", "less-one", "six-and-five", "joiner", "quarters", "one-role", "one-manager",
    "dominance", "everybody", "nation", "shared", "small", "team-of-one",
]
TWO_QUARTERS = {"joiner", "quarters"}
# What is published by itself beside the whole.
PARTNERSHIPS = {"less-one": ["Less One"], "six-and-five": ["Six", "Five"], "nation": ["Region A", "Region B", "Region C"]}


def shape_of(seed):
    """Two regions in three are of real sizes alone."""
    return "real" if seed % 3 else HARD[seed // 3 % len(HARD)]


class Region:
    def __init__(self, out, seed, shape):
        self.random, self.out, self.shape = random.Random(f"{seed} {shape}"), out, shape
        self.workers = 0
        count = {
            "real": self.random.choice([1, 3, 5, 8, 10, 11, 12, 13, 13, 13, 14, 16]), "nation": 24, "six-and-five": 7, "small": self.random.randint(1, 3),
            "two-of-one": 4,
        }.get(shape, self.random.randint(3, 9))
        self.codes = [str(901 + i) for i in range(count)]
        self.regions = {c: "Region " + ("ABC"[i % 3] if shape == "nation" else "A") for i, c in enumerate(self.codes)}
        self.agencies = ["Larch One"] if shape == "one-agency" else ["Larch One"] * 5 + [f"Alder {i}" for i in range(2, 8)]

    def rules(self):
        folder = os.path.join(self.out, "rules")
        os.makedirs(folder, exist_ok=True)

        def write(name, header, lines):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write("\n".join([header, *lines]) + "\n")

        write("authorities.csv", "authority_code,gss_code,name,region,valid_from,valid_to", [f"{c},X{c:>08},Town {c} (fictional),{r},," for c, r in self.regions.items()])
        write(
            "caps.csv", "region,role,effective_from,cap,source",
            [f"{r},{role},2025-10-01,{cap}.00,illustrative: nobody's cap" for r in sorted(set(self.regions.values())) for role, cap in CAPS.items()])
        groups = {"less-one": {"Less One": self.codes[1:]}, "six-and-five": {"Six": self.codes[:6], "Five": self.codes[:5]}}.get(self.shape, {"Everybody": self.codes})
        write("partnerships.csv", "partnership,region,authority_code,source", [f"{g},,{c},made up" for g, codes in groups.items() for c in codes])

    def worker(self, code, role=None, **given):
        draw = self.random
        self.workers += 1
        role = role or draw.choice([r for r in ROLES if not (self.shape == "empty-role" and r == "AP") and not (self.shape in ("one-role", "one-manager") and r in ("TM", "IRO"))])
        pay, fee = round(PAY[role] + draw.gauss(0, 2.2), 2), round(draw.uniform(3, 7), 2)
        weekly = draw.choice([37, 37, 37, 37, 30, 18.5, 22])
        team = draw.random() < 0.12
        signed = pay > CAPS[role] and draw.random() < 0.5
        row = {
            "authority_code": code, "assignment_id": f"{code}-{self.workers}", "swe_number": f"SW{100000 + self.workers}", "job_title": "x", "role": role,
            "start_date": f"2025-{draw.randint(1, 11):02}-{draw.randint(1, 28):02}", "engagement": draw.choice(["UMBRELLA", "UMBRELLA", "LIMITED", "PAYE"]),
            "pay_rate": f"{pay:.2f}", "agency_fee": f"{fee:.2f}", "charge_rate": f"{pay + fee:.2f}", "weekly_hours": weekly,
            "hours_in_quarter": round(weekly * draw.uniform(3, 13), 1), "agency": draw.choice(self.agencies),
            "supply": draw.choice(["PROJECT_TEAM", "PROJECT_TEAM", "PACKAGED"]) if team else "INDIVIDUAL",
            "team_reference": f"T-{code}" if team else "", "approved_date": "2024-12-01" if team else "", "cost_disaggregated": "yes" if team else "",
            "practice_managed_by": "AUTHORITY" if draw.random() < 0.95 else "SUPPLIER", "notice_weeks": draw.choice([4, 4, 4, 4, 2]),
            "references": draw.choice([2, 2, 2, 3, 1]), "experience_months": draw.choice([48, 60, 30, ""]),
            "experience_verified": draw.choice(["yes", "yes", "no"]), "cap_dcs_date": "2025-01-01" if signed else "", "cap_ce_date": "2025-01-01" if signed else "",
        }
        if row["engagement"] == "PAYE":
            row |= {"employer_ni": "3.10", "holiday_pay": "2.20", "apprenticeship_levy": "0.15", "pay_rate": f"{pay - 5.45:.2f}"}
        return row | given

    def size(self, i):
        small = {"one-worker": {0: 1}, "two-of-one": {0: 1, 1: 1}, "one-manager": {0: 25}, "dominance": {0: 6}, "everybody": {0: 7, 1: 100}}
        if self.shape == "small":
            return self.random.randint(0, 9)
        return small.get(self.shape, {}).get(i, self.random.choice(SIZES))

    def first(self):
        held = {}
        for i, code in enumerate(self.codes):
            rows = [self.worker(code) for _ in range(self.size(i))]
            if self.shape == "twins" and i == 1:
                rows = [self.worker(code, r["role"], supply=r["supply"], agency=r["agency"]) for r in held[self.codes[0]]] + [self.worker(code, "TM")]
            if i == 0 and self.shape == "one-role":
                rows.append(self.worker(code, "IRO"))
            if i == 0 and self.shape == "one-manager":
                rows = [self.worker(code, role) for role, n in (("SW", 12), ("SSW", 5), ("AP", 7), ("TM", 1)) for _ in range(n)]
            if i == 0 and self.shape == "dominance":
                rows = [self.worker(code, "SW", hours_in_quarter=600, supply="INDIVIDUAL")] + [self.worker(code, "SW", hours_in_quarter=4, supply="INDIVIDUAL") for _ in range(5)]
            if i < 2 and self.shape == "everybody":
                rows = [r | {"notice_weeks": 8, "references": 0} for r in rows]
            if i == 0 and self.shape == "team-of-one":
                rows = [r | {"supply": "INDIVIDUAL", "team_reference": ""} for r in rows] + [self.worker(code, supply="PROJECT_TEAM", team_reference="T-1", hours_in_quarter=400)]
            if self.shape == "shared" and i and held[self.codes[i - 1]]:
                rows += [self.worker(code, swe_number=r["swe_number"]) for r in held[self.codes[i - 1]][:self.random.randint(0, 7)]]
            held[code] = rows
        return held

    def next(self, held):
        result = {}
        for i, (code, rows) in enumerate(held.items()):
            kept = [dict(r) for r in rows]
            if self.shape == "joiner":
                kept += [self.worker(code, start_date="2026-04-13") for _ in range(i % 2)]
            else:
                kept = kept[self.random.randint(0, min(3, len(kept))):] + [self.worker(code, start_date="2026-04-13") for _ in range(self.random.randint(0, 4))]
                for row in kept:
                    row["hours_in_quarter"] = round(float(row["weekly_hours"]) * self.random.uniform(5, 13), 1)
            result[code] = kept
        return result

    def write(self, quarter, held):
        for code, rows in held.items():
            if not rows:
                continue
            with open(os.path.join(self.out, f"return-{code}-{quarter}.csv"), "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, COLUMNS, restval="")
                writer.writeheader()
                writer.writerows(row | {"quarter": quarter} for row in rows)


def make(out, seed, shape=None):
    """Writes the region and returns its shape."""
    shape = shape or shape_of(seed)
    os.makedirs(out, exist_ok=True)
    region = Region(out, seed, shape)
    region.rules()
    held = region.first()
    if not any(held.values()):
        held[region.codes[0]] = [region.worker(region.codes[0])]
    region.write("2026-Q1", held)
    if shape in TWO_QUARTERS:
        region.write("2026-Q2", region.next(held))
    return shape


if __name__ == "__main__":
    print(make(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None))
