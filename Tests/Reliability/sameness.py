"""The same input gives the same bytes; all that is good is checked, however much there is of it and whatever lies beside it."""

import os
import re
import shutil

from commands import folder_commands
from tries import HEADER, QUICK, ROOT, ROW, digest, fails, measured, must, promise, region, run


def determinism(work):
    """Every command in other surroundings: time zone, language, umask, folder, order of the files, threads, and in a process of its own."""
    large = work + "/region"
    region(large, authorities=3, assignments=200, breaches=0.2)
    names = sorted(os.path.join(large, "returns", name) for name in os.listdir(large + "/returns"))
    names += [large + "/employment.csv", large + "/authority.csv"]
    commands = [(name, arguments, None) for name, _, arguments, _ in folder_commands(work)]
    commands += [
        (f"{name} of named files", [name, *more, "--rules", large + "/rules", "--quiet"], names)
        for name, more in (("check", ["--also", "json,sarif"]), ("submit", []), ("compare", []), ("compare", ["--for", "public"]))
    ]
    settings = [
        ({"TZ": "UTC", "LANG": "C", "LC_ALL": "C"}, 0, "1", 0o022, work),
        ({"TZ": "Pacific/Auckland", "LANG": "de_DE.UTF-8", "LC_ALL": "tr_TR.UTF-8", "HOME": "/nonexistent"}, -1, "4", 0o000, "/"),
        ({"TZ": "America/St_Johns", "LANG": "ja_JP.UTF-8", "COLUMNS": "20", "TERM": "xterm", "NO_COLOR": "1"}, 2, "2", 0o077, ROOT),
        ({"TZ": ":nonsense", "LC_ALL": "ar_EG.UTF-8", "TMPDIR": "/nonexistent"}, 1, "7", 0o022, work),
    ]
    runs = files = 0
    for name, arguments, inputs in commands:
        seen = set()
        for environment, turn, threads, umask, place in settings:
            ordered = inputs and (inputs[::-1] if turn < 0 else inputs[turn:] + inputs[:turn])
            given = arguments + (ordered or [])
            if arguments[0] in ("check", "submit", "compare"):
                given = given + ["--threads", threads]
            out = f"{work}/same"
            shutil.rmtree(out, ignore_errors=True)
            old = os.umask(umask)
            result = run(given + ["--out", out], environment=environment, cwd=place)
            os.umask(old)
            runs += 1
            seen.add((result.returncode, digest(out), result.stdout, result.stderr))
            if result.returncode not in (0, 1):
                fails(f"{name} ended with {result.returncode}: {result.stderr[:200]}")
        files += sum(len(names) for _, _, names in os.walk(out))
        if len(seen) != 1:
            fails(f"{name}: the same input gave other bytes")
    promise(
        "Same input, same bytes", "every command that writes a folder, with another time zone, language, umask, folder, file order and number of threads",
        f"{len(commands)} commands, {runs} runs, {files} files and everything printed equal")


def broken_among_good(work):
    count = 1000 if QUICK else 10_000
    folder = os.path.join(work, "many")
    os.mkdir(folder)
    broken = 0
    wrong = ["a,b\n1,2\n", "", "<AgencyReturn", "PK\x03\x04", HEADER.replace("charge_rate", "swe_number")]
    for n in range(count):
        with open(os.path.join(folder, f"{n:05}.csv"), "w") as file:
            if n % 100 == 99:
                file.write(wrong[broken % len(wrong)])
                broken += 1
            else:
                file.write(HEADER + ROW.format(n, n + 1))
    rules = ["--rules", ROOT + "/samples/rules"]
    code, output, memory, seconds = measured(["check", folder] + rules)
    refused = set(re.findall(r"^(\d{5})\.csv:?[0-9:]* error IMP001", output, re.M))
    good = count - broken
    if code != 3 or refused != {f"{n:05}" for n in range(99, count, 100)} or f"{good:,} rows read = {good:,} checked" not in output:
        fails(f"of {broken} broken files {len(refused)} were named; exit code {code}: {output[-300:]}")
    promise(
        "Broken files are named, and the others are checked", "a folder in which one file in a hundred is broken, in five ways",
        f"{count:,} files, {broken} broken and named, {good:,} checked, exit {code}, {memory} MB of memory, {seconds:.1f} s")


def nation(work):
    if QUICK:
        return
    big = os.path.join(work, "big")
    must(["sample", "--authorities", "40", "--assignments", "50000", "--history", "0", "--out", big])
    # Each return once more for nine other years.
    returns = [os.path.join(big, "returns", name) for name in os.listdir(os.path.join(big, "returns"))]
    for path in returns:
        with open(path) as source:
            text = source.read()
        for copy in range(1, 10):
            with open(path.replace(".csv", f"-{copy}.csv"), "w") as file:
                file.write(text.replace("2026-Q1", f"{2026 + copy}-Q1"))
    size = sum(os.path.getsize(os.path.join(big, "returns", name)) for name in os.listdir(big + "/returns")) >> 20
    code, output, memory, seconds = measured(
        ["check", big, "--rules", big + "/rules", "--only", "exceptions,coverage", "--out", os.path.join(work, "big-out"), "--format", "json"])
    counted = re.search(r"([\d,]+) rows read = ([\d,]+) checked \+ ([\d,]+) rejected", output)
    # Beside the assignments the region has some posts of its workers, and a record of each authority.
    others = 0
    for name in ("employment.csv", "authority.csv"):
        with open(os.path.join(big, name)) as file:
            others += sum(1 for _ in file) - 1
    if not counted or counted[1] != f"{20_000_000 + others:,}" or counted[2] != counted[1] or code not in (0, 1):
        fails(f"the load was not read whole: exit {code}: {output[-300:]}")
    if memory > 22_000:
        fails(f"the load took {memory} MB")
    findings = 0
    with open(os.path.join(work, "big-out/exceptions.csv"), "rb") as file:
        for _ in file:
            findings += 1
    promise(
        "A national load in one run, and nothing is lost", f"20,000,000 assignments in 400 files, {size:,} MB, and {others:,} posts and records, with their exceptions written",
        f"{counted[1] if counted else '?'} rows read = {counted[2] if counted else '?'} checked + {counted[3] if counted else '?'} rejected, "
        f"{findings - 1:,} findings, exit {code}, {memory:,} MB of memory, {seconds:.0f} s")
