"""Tries to break each promise of agency-check and says with how many tries. Standard library only, but the attack needs scipy.

Usage: run.py [--quick] [--fuzz SECONDS] [--sanitizers] [--only PART,PART] [--keep FILE] [--write docs/reliability.md]

The program is .build/release/agency-check, or AGENCY_CHECK_PROGRAM; work files go to AGENCY_CHECK_WORK. With --keep a part that held is noted
in the file and not tried again with the same program: the whole takes most of an hour. Exit code 1 where a promise did not hold.
"""

import json
import os
import shutil
import sys
import tempfile
import time

import hostile
import judges
import privacy
import resources
import sameness
import tries
import writing

PARTS = [
    judges.readers, hostile.hostile, hostile.large_but_good, hostile.changing, hostile.links, hostile.damaged_stores, judges.oracle, judges.attack, judges.fuzz,
    writing.faults, writing.store_faults, writing.full_disk, writing.kills, writing.stops, writing.permissions,
    resources.resources, resources.memory_short, resources.extremes, privacy.manifests, privacy.logs,
    privacy.words, privacy.redacted, privacy.modes_and_sockets, sameness.determinism, sameness.broken_among_good, sameness.nation, judges.sanitizers,
]


def option(name):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else None


def write(path):
    with open(path) as file:
        text = file.read()
    start, end = "<!-- reliability:begin -->", "<!-- reliability:end -->"
    table = "| promise | what tried to break it | figure |\n| --- | --- | --- |\n"
    table += "".join(f"| {a} | {b} | {c} |\n" for a, b, c in tries.rows)
    head, rest = text.split(start)
    tail = rest.split(end)[1]
    with open(path, "w") as file:
        file.write(head + start + "\n" + table + end + tail)


def main():
    wanted, keep = option("--only"), option("--keep")
    parts = [part for part in PARTS if wanted is None or part.__name__ in wanted.split(",")]
    program, kept = tries.file_digest(tries.PROGRAM), {}
    if keep and os.path.exists(keep):
        with open(keep) as file:
            kept = json.load(file)
        if kept.get("program") != program:
            kept = {}
    with tempfile.TemporaryDirectory(dir=os.environ.get("AGENCY_CHECK_WORK")) as work:
        for part in parts:
            if part.__name__ in kept:
                tries.rows += map(tuple, kept[part.__name__])
                continue
            folder = os.path.join(work, part.__name__)
            os.mkdir(folder)
            start, before, broken = time.time(), len(tries.rows), len(tries.failures)
            part(folder)
            if keep and len(tries.rows) > before and len(tries.failures) == broken:
                kept.update({"program": program, part.__name__: tries.rows[before:]})
                with open(keep, "w") as file:
                    json.dump(kept, file)
            print(f"  {part.__name__}: {time.time() - start:.0f} s", flush=True)
            shutil.rmtree(folder, ignore_errors=True)
    if option("--write") and not wanted:
        write(option("--write"))
    if tries.failures:
        sys.exit(f"{len(tries.failures)} tries broke a promise")


main()
