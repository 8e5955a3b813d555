"""What runs out: memory, open files, stack. And values as large as the readers let through. A run ends by a word and a code."""

import os
import random
import resource
import shutil
import signal
import subprocess
import time

from commands import copy_store, prepare
from tries import PROGRAM, QUICK, RULES, SAMPLES, fails, leftovers, must, promise, run

MB = 1 << 20
# What the loader says where it cannot map the program's libraries: nothing of the program has run yet.
LOADER = b"error while loading shared libraries"


def limited(arguments, kind, value, place, seconds=120, **options):
    """A run under one limit; None for a code where it had to be killed."""
    def limit():
        resource.setrlimit(kind, (value, value))
    try:
        return subprocess.run(
            [PROGRAM] + arguments, cwd=place, preexec_fn=limit, capture_output=True, timeout=seconds, stdin=subprocess.DEVNULL, **options)
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess(arguments, None, error.stdout, error.stderr or b"")


def commands(work):
    """Every command, with inputs that make it work for a moment."""
    first, second, store = prepare(work)
    must(["history", "add", *first, "--store", work + "/s.sqlite"])
    return [
        ["check", *first, "--out", "out", "--quiet", "--also", "json,sarif"], ["submit", *first, "--out", "out", "--quiet"],
        ["compare", *first, "--out", "out", "--quiet"], ["compare", "--history", store, *RULES, "--out", "out"],
        ["health", SAMPLES + "/health", *RULES, "--out", "out"], ["redact", work + "/checked-first", "--out", "out"],
        ["history", "add", *second, "--store", work + "/s.sqlite"], ["history", "list", "--store", store],
        ["history", "check", "--store", store], ["history", "export", "--store", store, "--out", "out"],
        ["history", "replaced", "--store", store], ["evidence", "w-0000000000000001", "--store", store, *RULES],
        ["verify", work + "/checked-first"], ["sample", "--assignments", "200", "--out", "out"],
        ["template", "--authority", "301", "--out", "out"], ["rules", "check"], ["rules", "list"], ["explain", "all"], ["--help"],
    ]


def resources(work):
    """Each command under each limit: it does its work, or names what it lacks and ends with 3."""
    every = commands(work)
    step = 4 if QUICK else 1
    sweeps = [
        ("address space", resource.RLIMIT_AS, [m * MB for m in range(60, 420, 10 * step)], (b"memory",)),
        ("open files", resource.RLIMIT_NOFILE, list(range(3, 64, 3 * step)), (b"ulimit -n", b"too many files")),
        ("stack", resource.RLIMIT_STACK, [k << 10 for k in (64, 100, 128, 200, 512)][::min(step, 2)], ()),
    ]
    tries = named = unloaded = 0
    for arguments in every:
        whole = run(arguments, cwd=work).returncode
        shutil.rmtree(work + "/out", ignore_errors=True)
        for what, kind, values, words in sweeps:
            for value in values:
                result = limited(arguments, kind, value, work)
                tries += 1
                where = f"{' '.join(arguments)[:80]} with {value} of {what}"
                if result.returncode is None:
                    fails(f"{where}: hung")
                elif LOADER in result.stderr or (result.returncode == -signal.SIGSEGV and kind == resource.RLIMIT_AS and not result.stderr):
                    # The kernel or the loader could not bring the program into memory.
                    unloaded += 1
                elif result.returncode == 3 and (not words or any(word in result.stderr for word in words)):
                    named += 1
                elif result.returncode != whole:
                    fails(f"{where}: {result.returncode} {result.stderr[:200]}")
                if leftovers(work):
                    fails(f"{where}: left {leftovers(work)}")
                    for name in leftovers(work):
                        shutil.rmtree(os.path.join(work, name), ignore_errors=True)
                shutil.rmtree(work + "/out", ignore_errors=True)
    if run(["history", "check", "--store", work + "/s.sqlite"]).returncode != 0:
        fails("a store was harmed by a run that lacked something")
    promise(
        "If memory, files or stack run out, the message says so", "every command with less and less address space, open files and stack",
        f"{tries:,} runs, {named:,} of them named what was missing and ended with 3, {unloaded:,} were too small for the loader; 0 signals, 0 hung")


def memory_short(work):
    """A large return in ever less memory, whatever step it gives out at; and SIGTERM meanwhile."""
    must(["sample", "--authorities", "6", "--assignments", "3000" if QUICK else "20000", "--out", work + "/large"])
    arguments = ["check", "large", "--rules", "large/rules", "--quiet", "--out", "out", "--also", "json,sarif"]
    tries = named = stopped = 0
    for megabytes in range(150, 500, 25 if QUICK else 5):
        result = limited(arguments, resource.RLIMIT_AS, megabytes * MB, work)
        tries += 1
        if LOADER in result.stderr:
            continue
        named += result.returncode == 3
        if result.returncode not in (0, 1, 3) or (result.returncode == 3 and b"memory" not in result.stderr):
            fails(f"a large return in {megabytes} MB: {result.returncode} {result.stderr[:300]}")
        if leftovers(work):
            fails(f"a large return in {megabytes} MB left {leftovers(work)}")
        shutil.rmtree(work + "/out", ignore_errors=True)
        child = subprocess.Popen(
            [PROGRAM] + arguments, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes * MB, megabytes * MB)))
        time.sleep(0.1)
        child.terminate()
        try:
            code = child.wait(timeout=30)
            stopped += 1
            if code not in (0, 1, 3, 127, 128 + signal.SIGTERM, -signal.SIGTERM):
                fails(f"SIGTERM in {megabytes} MB: {code}")
        except subprocess.TimeoutExpired:
            child.kill()
            fails(f"SIGTERM in {megabytes} MB did not end the run")
        shutil.rmtree(work + "/out", ignore_errors=True)
    promise(
        "If memory runs out, a run ends with a message, and SIGTERM always ends it", "a large return in 150 to 500 MB of address space",
        f"{tries} runs, {named} of them named it; {stopped} stopped by SIGTERM")


EXTREMES = {
    "pay_rate": ["0", "0.0001", "900000000000000"], "charge_rate": ["0", "0.0001", "900,000,000,000,000"],
    "agency_fee": ["0", "900000000000000"], "employer_ni": ["900000000000000"], "holiday_pay": ["900000000000000", "0"],
    "weekly_hours": ["0", "0.000000001", "999999999.999999999"], "hours_in_quarter": ["0", "999999999.999999999"],
    "notice_weeks": ["0", "999999999"], "references": ["0", "999999999"], "experience_months": ["0", "999999999"],
    "start_date": ["0001-01-01", "9999-12-31", "2026-01-12"], "end_date": ["0001-01-01", "9999-12-31", ""],
    "last_post_end": ["0001-01-01", "9999-12-31", ""], "cap_dcs_date": ["0001-01-01", "9999-12-31", ""],
    "quarter": ["2026-Q1", "2025-Q4", "0001-Q1", "9999-Q4"], "engagement": ["PAYE", "UMBRELLA"],
    "agency": ["", "x" * 20000, "é" * 9000, "=1+1"], "cap_reason": ["", "x" * 60000], "supply": ["INDIVIDUAL", "PROJECT_TEAM"],
    "team_reference": ["", "t" * 20000], "authority_code": ["991", "992", "000"],
}


def extremes(work):
    """Returns made of nothing but extremes: what one command takes, every command takes."""
    chance = random.Random(9)
    columns = ["assignment_id", "swe_number", "role", "job_title", *EXTREMES]
    count = 6 if QUICK else 60
    runs = 0
    for number in range(count):
        place = os.path.join(work, str(number))
        os.mkdir(place)
        with open(place + "/return.csv", "w") as file:
            file.write(",".join(columns) + "\r\n")
            for row in range(chance.choice([1, 2, 40])):
                values = {name: chance.choice(of) for name, of in EXTREMES.items()}
                values |= {"assignment_id": f"A-{row}", "swe_number": f"SW{500000 + row // 2}", "role": chance.choice(["SW", "TM"])}
                file.write(",".join('"' + values.get(name, "") + '"' for name in columns) + "\r\n")
        store = ["--store", "s.sqlite"]
        for arguments in [
            ["check", "return.csv", *RULES, "--out", "checked", "--also", "json,sarif"], ["verify", "checked"],
            ["redact", "checked", "--out", "redacted"], ["submit", "return.csv", *RULES, "--out", "submitted"],
            ["compare", "return.csv", *RULES, "--out", "c1"], ["compare", "return.csv", *RULES, "--for", "members", "--out", "c2"],
            ["compare", "return.csv", *RULES, "--for", "public", "--out", "c3"], ["history", "add", "return.csv", *RULES, *store],
            ["history", "list", *store], ["history", "check", *store], ["history", "export", *store, "--out", "exported"],
            ["compare", "--history", "s.sqlite", *RULES, "--out", "c4"], ["check", "return.csv", *RULES, "--history", "s.sqlite"],
            ["evidence", *store, *RULES],
        ]:
            result = run(arguments, cwd=place, input=b"SW500000\n")
            runs += 1
            if result.returncode not in (0, 1) or leftovers(place):
                fails(f"extremes {number}: {' '.join(arguments)}: {result.returncode} {result.stderr[-300:]} {leftovers(place)}")
        shutil.rmtree(place, ignore_errors=True)
    promise(
        "Every command accepts everything that can be read", "returns with extreme values: the largest and smallest amounts, hours, months and days, and the longest texts",
        f"{count} returns, {runs} runs of 14 commands, exit 0 or 1")
