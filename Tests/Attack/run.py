"""Attacks what a program publishes of many made-up regions.

Usage: run.py PROGRAM [--regions 300] [--first 1] [--shapes SHAPE,SHAPE] [--faults FOLDER] [--small 5] [--noughts] [--keep FOLDER]
    [--details 3]

For each region: all for analysts, for members, for the public; of two quarters also the first alone; of partnerships, and of a nation's
regions, each. One line a region, then totals. What the parts' own outputs give away of a whole that needs no protection is no problem of the
whole's output and is counted by itself. --shapes: one region of each instead. --faults: every suppression-*.csv of the folder first, with the sample rules. The program
finds its own rules beside it. --noughts: a reader who does not know that a withheld count is no nought. Exit code 1 where there was a problem.
"""

import argparse
import glob
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter

import regions
from attack import Attack

KINDS = ["exact", "narrow", "within", "small", "rows", "order", "share", "everybody", "dominance", "joiners", "change", "page", "false", "model"]


SAMPLE_RULES = os.path.join(os.path.dirname(__file__), "..", "..", "samples", "rules")


def compare(program, rules, inputs, out, *words):
    done = subprocess.run([program, "compare", inputs, "--rules", rules, "--quiet", "--out", out, *words], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{inputs}: exit code {done.returncode}: {done.stderr[:500]}")
    return out


def judge(options, folder, own_rules, shape):
    """One region: everything that would be published of it, attacked together."""
    published, truths = [], []
    scopes = [("all", [])] + [(name, ["--partnership", name]) for name in regions.PARTNERSHIPS.get(shape, [])]
    if shape in regions.TWO_QUARTERS:
        scopes.append(("before", ["--quarters", "2026-Q1"]))
    for name, words in scopes:
        name = name.replace(" ", "-")

        def made(reader):
            chosen = [] if reader == "truth" else ["--for", reader, "--small", str(options.small)]
            return compare(options.program, own_rules, folder, os.path.join(folder + "-out", f"{name}-{reader}"), *words, *chosen)

        truths.append(made("truth"))
        published += [made("members"), made("public")]
    return Attack(published, truths, options.small, folder, options.noughts).run()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--regions", type=int, default=300)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--shapes", default="")
    parser.add_argument("--faults")
    parser.add_argument("--small", type=int, default=5)
    parser.add_argument("--noughts", action="store_true")
    parser.add_argument("--keep")
    parser.add_argument("--details", type=int, default=3)
    options = parser.parse_args()
    options.program = os.path.abspath(options.program)
    totals, visible, leaking = Counter(), {}, 0
    work = options.keep or tempfile.mkdtemp()
    jobs = [("fault", path) for path in sorted(glob.glob(os.path.join(options.faults, "suppression-*.csv")))] if options.faults else []
    shapes = [shape for shape in options.shapes.split(",") if shape]
    count = len(shapes) or options.regions
    jobs += [("seed", seed) for seed in range(options.first, options.first + count)]
    for kind, job in jobs:
        start = time.time()
        name = os.path.basename(job)[:-4] if kind == "fault" else str(job)
        folder = os.path.join(work, name)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(folder + "-out", ignore_errors=True)
        if kind == "fault":
            os.makedirs(folder)
            shutil.copy(job, folder)
            shape, own_rules = "fault", SAMPLE_RULES
        else:
            shape = regions.make(folder, job, shapes[job - options.first] if shapes else None)
            own_rules = os.path.join(folder, "rules")
        os.makedirs(folder + "-out")
        attack = judge(options, folder, own_rules, shape)
        found = {k: attack.figures[k] for k in KINDS if attack.figures[k]}
        totals.update({**found, "withheld counts": attack.figures["withheld counts"], "withheld amounts": attack.figures["withheld amounts"]})
        totals["from parts"] += len(attack.from_parts)
        leaking += bool(found)
        if shape == "real":
            for key, share in attack.share.items():
                visible.setdefault(key, []).append(share)
        print(f"{name} {shape} {time.time() - start:.1f} s: {found or 'nothing comes out'}; visible {attack.share['counts']:.2f} counts, {attack.share['amounts']:.2f} amounts", flush=True)
        shown = Counter()
        for problem, text in attack.problems:
            shown[problem] += 1
            if shown[problem] <= options.details:
                print(f"    {problem}: {text}")
        for text in attack.from_parts:
            print(f"    known from the parts' own outputs: {text}")
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(folder + "-out", ignore_errors=True)
    print(f"{len(jobs)} regions, {leaking} with a problem; {totals['withheld counts']} counts and {totals['withheld amounts']} amounts withheld")
    print(", ".join(f"{totals[k]} {k}" for k in KINDS))
    print(f"{totals['from parts']} known from the parts' own outputs")
    if visible:
        print("median visible in regions of real sizes: " + ", ".join(f"{k} {100 * statistics.median(v):.0f} %" for k, v in visible.items()))
    sys.exit(1 if leaking else 0)


if __name__ == "__main__":
    main()
