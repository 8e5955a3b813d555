"""Judges from outside: the readers' own tests with their counts, the oracle, the fuzzer, the sanitizers."""

import os
import re
import subprocess
import sys

from tries import PROGRAM, QUICK, ROOT, fails, promise


def option(name):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else None


def readers(work):
    """The tests of the readers, which note what they counted."""
    figures = work + "/figures"
    filters = ["XMLTests", "CSVReaderTests", "FileSourceTests", "LimitTests"]
    result = subprocess.run(
        ["swift", "test", "--filter", "|".join(filters)], cwd=ROOT, capture_output=True,
        env={**os.environ, "AGENCY_CHECK_FIGURES": figures, "AGENCY_CHECK_PROGRAM": PROGRAM, "AGENCY_CHECK_SEEDS": "20" if QUICK else "1000"})
    if result.returncode != 0:
        fails(f"the readers' tests: {(result.stdout + result.stderr).decode()[-2000:]}")
        return
    counted = {}
    with open(figures) as file:
        for line in file:
            name, count = line.rstrip("\n").split("\t")
            counted[name] = counted.get(name, 0) + int(count)
    promise(
        "The XML parser accepts or refuses hostile XML correctly", "the files of Tests/Data/hostile-xml, compared with EXPECTED.tsv",
        f"{counted['refused']} refused, {counted['accepted']} accepted, as expected")
    promise(
        "Every limit applies exactly", "for each limit of `Limits`, a file at the limit and a file just above it",
        f"{counted['limits']} limits, {counted['limits']} accepted at the limit, {counted['limits']} refused above it")
    promise(
        "CSV is read as Python's csv module reads it", "made-up tables with quotes, line ends, separators and three encodings, read in small blocks",
        f"{counted['tables']:,} tables, {counted['rows']:,} rows, no difference")


def oracle(work):
    """The catalogue restated in plain Python, on mutilated regions."""
    seeds = range(1000, 1020 if QUICK else 1500)
    result = subprocess.run(
        [sys.executable, ROOT + "/Tests/Oracle/compare.py", PROGRAM, ROOT + "/rules", *map(str, seeds)], capture_output=True, text=True)
    lines = result.stdout.splitlines()
    found = re.fullmatch(r"(\d+) regions, (\d+) findings compared", lines[-1]) if lines else None
    if result.returncode != 0 or not found:
        fails(f"the oracle: {result.stderr[-500:]}")
        return
    for line in lines[:-1]:
        fails(f"the oracle: {line}")
    promise(
        "Every rule finds what the catalogue says", "a second implementation of each rule, on made-up regions with altered values, in CSV, XML and censuses",
        f"{int(found[1]):,} regions, {int(found[2]):,} findings compared, {len(lines) - 1} differences")


def attack(work):
    """An outsider with a solver, on made-up regions for members and the public."""
    result = subprocess.run(
        [sys.executable, ROOT + "/Tests/Attack/run.py", PROGRAM, "--regions", "12" if QUICK else "300", "--faults", ROOT + "/Tests/Data/faults"],
        capture_output=True, text=True)
    found = re.search(r"(\d+) regions, (\d+) with a problem; (\d+) counts and (\d+) amounts withheld", result.stdout)
    if result.returncode != 0 or not found:
        fails(f"the attack on what is withheld: {(result.stdout + result.stderr)[-2000:]}")
        return
    promise(
        "Withheld figures cannot be worked out", "integer programmes over everything that members and the public get, with partnerships and the quarter before",
        f"{int(found[1]):,} regions, {int(found[3]):,} counts and {int(found[4]):,} amounts withheld, {found[2]} regions with a problem")


def fuzz(work):
    seconds = option("--fuzz")
    if not seconds:
        return
    result = subprocess.run([ROOT + "/Scripts/fuzz", seconds], capture_output=True, text=True)
    found = re.search(r"(\d+)(?: runs|$)", result.stdout)
    if result.returncode != 0 or not found:
        fails(f"the fuzzer: {(result.stdout + result.stderr)[-2000:]}")
        return
    corpus = len(os.listdir(ROOT + "/Tests/Fuzz/Corpus"))
    promise(
        "No input crashes or hangs a reader, or makes its memory grow", f"libFuzzer with the address sanitizer on CSV, XML, censuses, rule books and values, starting from {corpus} files",
        f"{int(found[1]):,} inputs in {int(seconds):,} s, 0 crashes")


def sanitizers(work):
    if "--sanitizers" not in sys.argv:
        return
    result = subprocess.run([ROOT + "/Scripts/check-deep"], capture_output=True, text=True)
    counts = re.findall(r"Test run with (\d+) tests.* passed", result.stdout)
    if result.returncode != 0 or len(counts) != 2:
        fails(f"the sanitizers: {(result.stdout + result.stderr)[-2000:]}")
        return
    promise("There are no memory errors and no data races", "all tests under the address sanitizer, then under the thread sanitizer", f"{counts[0]} tests and {counts[1]} tests, 0 reports")
