"""What all tries share: the program, the table's rows, running and measuring. Standard library only."""

import hashlib
import os
import stat
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("AGENCY_CHECK_PROGRAM", os.path.join(ROOT, ".build/release/agency-check"))
SAMPLES = os.path.join(ROOT, "samples")
RULES = ["--rules", os.path.join(SAMPLES, "rules")]
QUICK = "--quick" in sys.argv
rows = []
failures = []


def promise(words, test, figure):
    rows.append((words, test, figure))
    print(f"{words}: {figure}", flush=True)


def fails(words):
    failures.append(words)
    print("BROKEN:", words, flush=True)


def run(arguments, program=None, **options):
    environment = {**os.environ, **options.pop("environment", {})}
    return subprocess.run([program or PROGRAM] + arguments, capture_output=True, env=environment, **options)


def must(arguments, code=0):
    """A run that only makes ready."""
    result = run(arguments)
    if result.returncode != code:
        raise SystemExit(f"{arguments} ended with {result.returncode}: {result.stderr[:500]}")
    return result


def measured(arguments, limit_seconds=3600):
    """Exit code, what was printed, peak memory in MB, seconds."""
    # GNU time starts the program from its own few kilobytes: a child of Python would count Python's memory as its own.
    with tempfile.NamedTemporaryFile() as output, tempfile.NamedTemporaryFile() as figures:
        code = subprocess.run(
            ["/usr/bin/time", "-q", "-f", "%M %e", "-o", figures.name, PROGRAM] + arguments, stdout=output, stderr=output,
            timeout=limit_seconds,
        ).returncode
        memory, seconds = figures.read().decode().split()[-2:]
        output.seek(0)
        text = output.read(1 << 20).decode(errors="replace")
        output.seek(max(0, os.path.getsize(output.name) - 4096))
        text += output.read().decode(errors="replace")
    return code, text, int(memory) // 1024, float(seconds)


def lasting(arguments):
    """How many seconds a run takes."""
    start = time.time()
    run(arguments)
    return time.time() - start


HEADER = "authority_code,quarter,assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate\n"
ROW = "991,2026-Q1,A-{0},SW{1},SW,2026-01-12,UMBRELLA,36.00,41.00\n"


def region(path, seed=1, authorities=2, assignments=20, breaches=0.3, more=()):
    """A made-up region; gives the arguments that check it."""
    must([
        "sample", "--authorities", str(authorities), "--assignments", str(assignments), "--breaches", str(breaches), "--seed",
        str(seed), "--out", path, *more,
    ])
    return [path, "--rules", path + "/rules"]


def file_digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else hashlib.sha256(file.read()).hexdigest()


def digest(path):
    """Of a file, or of a folder's names and bytes; of what is not there, nothing."""
    if not os.path.lexists(path):
        return ""
    if not os.path.isdir(path):
        return file_digest(path)
    total = hashlib.sha256()
    for base, folders, files in sorted(os.walk(path)):
        folders.sort()
        for name in sorted(files):
            total.update(os.path.relpath(os.path.join(base, name), path).encode() + b"\0" + file_digest(os.path.join(base, name)).encode())
    return total.hexdigest()


def leftovers(parent):
    return [name for name in os.listdir(parent) if ".agency-check-" in name]


def too_open(path):
    """What below (and with) the path others may read."""
    found = []
    for base, folders, files in os.walk(path):
        for name in [base] + [os.path.join(base, name) for name in files]:
            mode = stat.S_IMODE(os.lstat(name).st_mode)
            if mode != (0o700 if os.path.isdir(name) else 0o600):
                found.append(f"{name} {mode:o}")
    if os.path.isfile(path) and stat.S_IMODE(os.stat(path).st_mode) != 0o600:
        found.append(path)
    return found
