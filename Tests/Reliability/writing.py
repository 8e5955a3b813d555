"""What a failing disk, a killed run, a stopped run and missing rights leave behind: the old output or the new one, whole, and no word unsaid."""

import os
import random
import resource
import shutil
import signal
import subprocess
import time

from commands import copy_store, folder_commands, prepare
from tries import HEADER, PROGRAM, QUICK, ROOT, ROW, RULES, SAMPLES, digest, fails, lasting, leftovers, must, promise, region, run

KINDS = ("EIO", "ENOSPC", "EACCES", "SHORT", "EINTR", "KILL")


def shim(work):
    path = os.path.join(work, "fail.so")
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-o", path, os.path.join(ROOT, "Tests/Reliability/fail.c"), "-ldl"], check=True
    )
    return path


class Striker:
    """Runs a command with its n-th writing call failing."""

    def __init__(self, work):
        self.library, self.log, self.calls = shim(work), os.path.join(work, "struck"), {}

    def run(self, arguments, n, kind, **more):
        """The outcome and the call that was struck; nil where there is no n-th call."""
        if os.path.exists(self.log):
            os.remove(self.log)
        result = run(
            arguments, environment={
                "LD_PRELOAD": self.library, "FAIL_AT": str(n), "FAIL_WITH": kind, "FAIL_LOG": self.log,
                "FAIL_STDIO": "100" if QUICK else "3", **more})
        if not os.path.exists(self.log):
            return result, None
        with open(self.log) as file:
            call = file.read()
        self.calls[call] = self.calls.get(call, 0) + 1
        return result, call


def numbers():
    """Every call in turn; in the short form the first ones and then every fifth."""
    n = 0
    while True:
        n += 1 if not QUICK or n < 4 else 5
        yield n


def put(old, place):
    shutil.rmtree(place, ignore_errors=True)
    if old:
        shutil.copytree(old, place, symlinks=True)


def clear(parent):
    for left in leftovers(parent):
        path = os.path.join(parent, left)
        shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


def faults(work):
    """Every writing call of every command fails in turn."""
    striker = Striker(work)
    injected, unseen, commands = 0, 0, folder_commands(work)
    for name, before, arguments, code in commands:
        parent = f"{work}/faults-{name.replace(' ', '-')}"
        os.mkdir(parent)
        out, old_copy = parent + "/out", parent + "-old"
        log, old_log = parent + "/log", None
        if name in ("check", "submit", "compare"):
            arguments = arguments + ["--log", log]
        if before:
            must(before + ["--out", out] + (["--log", log] if "--log" in arguments else []), code)
            shutil.copytree(out, old_copy)
            if "--log" in arguments:
                with open(log, "rb") as file:
                    old_log = file.read()
        old = digest(out)
        put(None, out)
        must(arguments + ["--out", out], code)
        new = digest(out)
        if old == new:
            fails(f"{name}: the old and the new output are the same, so nothing was tried")
        for kind in KINDS:
            for n in numbers():
                put(old_copy if before else None, out)
                if old_log is not None:
                    with open(log, "wb") as file:
                        file.write(old_log)
                result, call = striker.run(arguments + ["--out", out], n, kind)
                if call is None:
                    break
                injected += 1
                what, now = f"{name}: {kind} at call {n} ({call})", digest(out)
                if now not in (old, new):
                    fails(f"{what} left neither the old nor the new output")
                # What is swept but did not go is named with its place; a folder that the next run sweeps is no output.
                named = b"Remove it." in result.stderr
                if kind == "KILL":
                    if result.returncode != -9:
                        fails(f"{what} ended with {result.returncode}")
                elif result.returncode < 0:
                    fails(f"{what} crashed with {-result.returncode}")
                elif leftovers(parent) and not named and call not in ("unlink", "rmdir"):
                    fails(f"{what} left {leftovers(parent)}")
                if call in ("unlink", "rmdir") and leftovers(parent):
                    # What would not go away goes with the next run that may write there.
                    if not before:
                        put(None, out)
                    run(arguments + ["--out", out])
                    if leftovers(parent):
                        fails(f"{what} left what the next run does not sweep: {leftovers(parent)}")
                        clear(parent)
                if kind in ("SHORT", "EINTR") and (result.returncode != code or now != new):
                    fails(f"{what} ended with {result.returncode}, and the output is {'new' if now == new else 'not new'}")
                if kind in ("EIO", "ENOSPC", "EACCES"):
                    if result.returncode == code:
                        unseen += 1
                        if now != new:
                            fails(f"{what} was not said")
                    elif result.returncode != 3 or b"could not be" not in result.stderr:
                        fails(f"{what} ended with {result.returncode}: {result.stderr[:200]}")
                if old_log is not None and run(["verify", "--log", log]).returncode != 0:
                    fails(f"{what} broke the log")
            put(old_copy if before else None, out)
            last = run(arguments + ["--out", out])
            if last.returncode != code or leftovers(parent):
                fails(f"{name}: after {kind} the next run ended with {last.returncode} and left {leftovers(parent)}")
    promise(
        "If the disk fails, the old output or the new one is complete, and the error is reported",
        f"every writing call of {len(commands)} commands fails in turn, including those of the workbook library: EIO, ENOSPC, EACCES, EINTR, an incomplete write, SIGKILL",
        f"{injected:,} faults in {len(striker.calls)} kinds of calls; {unseen:,} had no effect on the output",
    )


def tables(store, place):
    """What a store holds, as its export, read from a copy so that the store stays as the fault left it."""
    copy_store(store, place + "/looked.sqlite")
    looked = run(["history", "check", "--store", place + "/looked.sqlite"])
    if looked.returncode != 0:
        return f"broken: {(looked.stdout + looked.stderr)[-300:]}"
    shutil.rmtree(place + "/looked", ignore_errors=True)
    exported = run(["history", "export", "--store", place + "/looked.sqlite", "--out", place + "/looked"])
    return digest(place + "/looked") if exported.returncode == 0 else f"not exported: {exported.stderr[-300:]}"


def store_faults(work):
    """SQLite's writing fails, below SQLite: the store holds what it held or what was asked for."""
    striker = Striker(work)
    first, second, _ = prepare(work)
    base, store = work + "/base.sqlite", work + "/store.sqlite"
    must(["history", "add", *first, "--store", base])
    quarter = ["--authority", "501", "--quarter", "2026-Q1"]
    changes = {
        "history add": ["history", "add", *second, "--store", store, "--quiet"],
        "history remove": ["history", "remove", *quarter, "--store", store],
        "history purge": ["history", "purge", "--before", "2027-Q1", "--store", store],
    }
    injected = unseen = 0
    for name, arguments in changes.items():
        copy_store(base, store)
        old = tables(store, work)
        must(arguments)
        new = tables(store, work)
        if old == new:
            fails(f"{name} changes nothing, so nothing was tried")
        for kind in KINDS:
            for n in numbers():
                copy_store(base, store)
                result, call = striker.run(arguments, n, kind)
                if call is None:
                    break
                injected += 1
                what, now = f"{name}: {kind} at call {n} ({call})", tables(store, work)
                if now not in (old, new):
                    fails(f"{what} left another store: {now}")
                if kind == "KILL" and result.returncode != -9 or kind != "KILL" and result.returncode < 0:
                    fails(f"{what} ended with {result.returncode}")
                if kind in ("SHORT", "EINTR") and (result.returncode != 0 or now != new):
                    fails(f"{what} ended with {result.returncode}: {result.stderr[:200]}")
                if result.returncode == 0:
                    unseen += kind not in ("SHORT", "EINTR")
                    if now != new:
                        fails(f"{what} was not said")
                elif kind != "KILL" and (result.returncode != 3 or store.encode() not in result.stderr):
                    fails(f"{what} ended with {result.returncode}: {result.stderr[:200]}")
    # The very first add makes the store and its key: whatever happens, the next one gets through.
    made = 0
    for kind in KINDS:
        for n in numbers():
            copy_store(work + "/none.sqlite", store)
            result, call = striker.run(["history", "add", *second, "--store", store, "--quiet"], n, kind)
            if call is None:
                break
            made += 1
            what = f"a first history add: {kind} at call {n} ({call})"
            if result.returncode < 0 and kind != "KILL":
                fails(f"{what} crashed with {-result.returncode}")
            again = run(["history", "add", *second, "--store", store, "--quiet"])
            if again.returncode != 0 or run(["history", "check", "--store", store]).returncode != 0:
                fails(f"{what}: the next one ended with {again.returncode}: {again.stderr[:200]}")
    promise(
        "If the disk fails, the store is the old one or the new one",
        "every writing call of history add, remove and purge fails in turn, below SQLite, as above; then history check, and the export is compared",
        f"{injected:,} faults, {unseen} of them without effect; {made:,} more while a store was created, each followed by a successful one",
    )


def full_disk(work):
    """A file system without room, and a file that may not grow: what is written comes out whole or not at all."""
    first, second, _ = prepare(work)
    limit = 0
    tried = 0
    parent = work + "/small"
    os.mkdir(parent)
    out, store, base = parent + "/out", parent + "/store.sqlite", work + "/base.sqlite"
    must(["check", *first, "--out", work + "/old", "--only", "coverage", "--quiet"], 1)
    must(["check", *second, "--out", work + "/new", "--quiet"], 1)
    must(["history", "add", *first, "--store", base])
    copy_store(base, work + "/wanted.sqlite")
    must(["history", "add", *second, "--store", work + "/wanted.sqlite"])
    old, new = digest(work + "/old"), digest(work + "/new")
    kept, wanted = tables(base, work), tables(work + "/wanted.sqlite", work)
    step = 16 << 10 if QUICK else 2 << 10

    def judge(words, result, now, states, goal, code):
        nonlocal tried
        tried += 1
        if now not in states:
            fails(f"{words} left neither the old nor the new: {now}")
        if result.returncode == code:
            if now != goal:
                fails(f"{words} was not said")
        elif result.returncode != 3 or not result.stderr:
            fails(f"{words} ended with {result.returncode}: {result.stderr[:200]}")
        if leftovers(parent):
            fails(f"{words} left {leftovers(parent)}")
        return result.returncode == code

    def small(count):
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (count, count))

    done = False
    while not done and limit < 64 << 20:
        limit += step
        put(work + "/old", out)
        copy_store(base, store)
        result = run(["check", *second, "--out", out, "--quiet"], preexec_fn=small(limit))
        done = judge(f"check where a file may have {limit:,} bytes", result, digest(out), (old, new), new, 1)
        result = run(["history", "add", *second, "--store", store, "--quiet"], preexec_fn=small(limit))
        done = judge(f"history add where a file may have {limit:,} bytes", result, tables(store, work), (kept, wanted), wanted, 0) and done
    words = f"{tried} sizes of the largest file"
    # A file system of our own, where the system lets us have one.
    script = 'mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@"'
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0:
        before, limit, done = tried, 64 << 10, False
        while not done and limit < 64 << 20:
            limit += step
            inner = (
                f'cp -r "{work}/old" "{out}" && "{PROGRAM}" "$@" --out "{out}" --quiet 2>"{work}/said"; echo $? >"{work}/code"; '
                f'rm -rf "{work}/seen"; mkdir "{work}/seen"; cp -rp "{parent}/." "{work}/seen/"')
            subprocess.run(
                ["unshare", "-rm", "sh", "-c", script, "sh", str(limit), parent, "sh", "-c", inner, "sh", "check", *second], capture_output=True)
            if not os.path.exists(work + "/code"):
                break
            with open(work + "/code") as code, open(work + "/said", "rb") as said:
                result = subprocess.CompletedProcess([], int(code.read()), b"", said.read())
            os.remove(work + "/code")
            if leftovers(work + "/seen"):
                fails(f"check on a disk of {limit:,} bytes left {leftovers(work + '/seen')}")
            shutil.rmtree(out, ignore_errors=True)
            done = judge(f"check on a disk of {limit:,} bytes", result, digest(work + "/seen/out"), (old, new), new, 1)
        for size in range(64 << 10, 2 << 20, step):
            inner = (
                f'for e in "" .key -wal; do [ ! -e "{base}$e" ] || cp -p "{base}$e" "{store}$e" || exit; done; "{PROGRAM}" "$@" --store "{store}" --quiet '
                f'2>"{work}/said"; echo $? >"{work}/code"; rm -rf "{work}/seen"; mkdir "{work}/seen"; cp -rp "{parent}/." "{work}/seen/"')
            subprocess.run(
                ["unshare", "-rm", "sh", "-c", script, "sh", str(size), parent, "sh", "-c", inner, "sh", "history", "add", *second],
                capture_output=True)
            if not os.path.exists(work + "/code"):
                continue  # The store as it was did not fit.
            with open(work + "/code") as code, open(work + "/said", "rb") as said:
                result = subprocess.CompletedProcess([], int(code.read()), b"", said.read())
            os.remove(work + "/code")
            if judge(f"history add on a disk of {size:,} bytes", result, tables(work + "/seen/store.sqlite", work), (kept, wanted), wanted, 0):
                break
        if not done or tried - before < 10:
            fails(f"a full disk was tried only {tried - before} times")
        words += f", {tried - before} sizes of the disk"
    promise("If the disk is full, the old or the new output is complete", "check with its workbook, and history add, with more and more space until they fit", words)


def kills(work):
    """SIGKILL at random moments: the output is the one before or the one asked for."""
    first, second, _ = prepare(work, large=True)
    count = 12 if QUICK else 200
    chance = random.Random(7)
    survived = {}
    for name in ("check", "submit"):
        parent = f"{work}/kills-{name}"
        os.mkdir(parent)
        out = parent + "/out"
        ways = [[name, *inputs, "--out", out, "--quiet"] for inputs in (first, second)]
        states = []
        for arguments in ways:
            must(arguments, 1)
            states.append(digest(out))
        lasts = lasting(ways[0])
        before, changed = states[0], 0
        for n in range(count):
            process = subprocess.Popen([PROGRAM] + ways[n % 2], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            # Half of them near the end, where the output is put in its place.
            time.sleep((chance.random() if n % 4 < 2 else 0.7 + 0.35 * chance.random()) * lasts)
            process.send_signal(signal.SIGKILL)
            process.wait()
            now = digest(out)
            if now not in (before, states[n % 2]):
                fails(f"kill {n} during {name} left neither the old nor the new output")
            changed += now != before
            before = now
        must(ways[0], 1)
        if leftovers(parent):
            fails(f"what killed runs of {name} left was not swept: {leftovers(parent)}")
        survived[name] = f"{count} during {name} ({changed} came too late)"
    # The store, with the same return from two files in turn.
    store = work + "/killed.sqlite"
    ways = [["history", "add", *inputs, "--store", store, "--quiet"] for inputs in (first, second)]
    states = ["", ""]
    # Twice each: agencies and files that both name are numbered by the first.
    for turn in (0, 1, 0, 1):
        must(ways[turn])
        states[turn] = tables(store, work)
    lasts = lasting(ways[0])
    before, changed = states[0], 0
    if tables(store, work) != before:
        fails("the same return added again gave another store")
    for n in range(count):
        process = subprocess.Popen([PROGRAM] + ways[(n + 1) % 2], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep((chance.random() if n % 4 < 2 else 0.6 + 0.5 * chance.random()) * lasts)
        process.send_signal(signal.SIGKILL)
        process.wait()
        now = tables(store, work)
        if now not in (before, states[(n + 1) % 2]):
            fails(f"kill {n} during history add left another store: {now}")
        changed += now != before
        before = now
        if run(["history", "check", "--store", store]).returncode != 0:
            fails(f"kill {n} during history add left a store that does not pass")
    survived["history add"] = f"{count} during history add ({changed} came too late)"
    promise(
        "If a run is killed, the old or the new output is complete", "SIGKILL at random moments; then the output's bytes, history check and the export are compared",
        f"{3 * count} kills survived: " + ", ".join(survived.values()))


def stops(work):
    """SIGINT, SIGTERM, SIGHUP: nothing is left behind, and what was there stays."""
    striker = Striker(work)
    tried = 0
    for name, before, arguments, code in folder_commands(work):
        parent = f"{work}/stops-{name.replace(' ', '-')}"
        os.mkdir(parent)
        out, old_copy = parent + "/out", parent + "-old"
        if before:
            must(before + ["--out", out], code)
            shutil.copytree(out, old_copy)
        old = digest(out)
        put(None, out)
        must(arguments + ["--out", out], code)
        new = digest(out)
        for wait in ("0", "300", "3000", "30000"):
            for n in numbers():
                put(old_copy if before else None, out)
                result, call = striker.run(arguments + ["--out", out], n, "TERM", FAIL_WAIT=wait, FAIL_STDIO="100")
                if call is None:
                    break
                tried += 1
                what, now = f"{name}: SIGTERM at call {n} ({call}), {wait} µs before it", digest(out)
                if now not in (old, new):
                    fails(f"{what} left neither the old nor the new output")
                if leftovers(parent):
                    fails(f"{what} left {leftovers(parent)}")
                    clear(parent)
                if result.returncode not in (143, -15, 3, code):
                    fails(f"{what} ended with {result.returncode}: {result.stderr[:200]}")
    source = region(work + "/in", authorities=2, assignments=3000)
    parent = work + "/stopped"
    os.mkdir(parent)
    arguments = ["check", *source, "--out", parent + "/out", "--quiet"]
    lasts = lasting(arguments)
    chance = random.Random(13)
    whole = digest(parent + "/out")
    for n in range(9 if QUICK else 90):
        process = subprocess.Popen([PROGRAM] + arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.03 + chance.random() * lasts)
        process.send_signal((signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[n % 3])
        process.wait()
        tried += 1
        if leftovers(parent) or digest(parent + "/out") != whole:
            fails(f"a stop by signal left {leftovers(parent)}")
    promise(
        "A stopped run leaves nothing behind, and does not change what was there",
        "SIGTERM at every writing call of every command that writes a folder; SIGINT, SIGTERM, SIGHUP at random moments", f"{tried:,} stops")


def permissions(work):
    """As an ordinary user, never as root: what may not be read or written is said, and nothing else is touched."""
    user = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
    os.chmod(work, 0o755)
    os.chmod(os.path.dirname(work), 0o755)
    if run(["--version"], **user).returncode != 0:
        promise("A place that cannot be read or written is reported", "as an ordinary user", "not tried: that user cannot reach the program")
        return
    locked, own = work + "/locked", work + "/own"
    os.mkdir(locked)
    os.mkdir(own)
    if user:
        os.chown(own, 65534, 65534)
    for name in ("unreadable.csv", "good.csv", "mixed/good.csv", "mixed/closed/inner.csv", "closed/x.csv"):
        os.makedirs(os.path.dirname(os.path.join(work, name)), exist_ok=True)
        with open(os.path.join(work, name), "w") as file:
            file.write(HEADER + ROW.format(1, 1))
    good = work + "/good.csv"
    must(["check", good, "--out", locked + "/out"] + RULES, 1)
    must(["history", "add", good, "--store", locked + "/store.sqlite"] + RULES)
    must(["history", "add", good, "--store", own + "/open.sqlite"] + RULES)
    for name in ("open.sqlite", "open.sqlite.key"):
        if user:
            os.chown(f"{own}/{name}", 65534, 65534)
    os.chmod(own + "/open.sqlite.key", 0o644)
    shutil.copytree(SAMPLES + "/rules", work + "/rules")
    os.chmod(work + "/rules/caps.csv", 0)
    os.chmod(work + "/unreadable.csv", 0)
    for folder in ("closed", "mixed/closed"):
        os.chmod(os.path.join(work, folder), 0)
    before = digest(locked)
    os.chmod(locked, 0o555)
    cases = [
        ("an output where nothing may be made", ["check", good, "--out", locked + "/new", *RULES], 3, "you do not have permission to write there"),
        ("an output over one that is another's", ["check", good, "--out", locked + "/out", *RULES], 3, "may not be looked into"),
        ("a submission where nothing may be made", ["submit", good, "--out", locked + "/new", *RULES], 3, "you do not have permission to write there"),
        ("a log where nothing may be made", ["check", good, "--log", locked + "/log", *RULES], 3, "you do not have permission to write there"),
        ("a store where nothing may be made", ["history", "add", good, "--store", locked + "/new.sqlite", *RULES], 3, "you do not have permission to read and write there"),
        ("a store of another's", ["history", "list", "--store", locked + "/store.sqlite"], 3, "you do not have permission to read and write there"),
        ("a key that others may read", ["history", "list", "--store", own + "/open.sqlite"], 3, "can be read by other users"),
        ("a file that may not be read", ["check", work + "/unreadable.csv", *RULES], 3, "you do not have permission to read it"),
        ("a folder that may not be looked into", ["check", work + "/closed", *RULES], 3, "IMP001"),
        ("a folder in a folder that may not be", ["check", work + "/mixed", *RULES], 3, "1 row read = 1 checked"),
        ("rules that may not be read", ["check", good, "--rules", work + "/rules"], 2, "caps.csv"),
        ("an output of another's to verify", ["verify", locked + "/out"], 3, "manifest"),
        ("an output of another's to copy", ["redact", locked + "/out", "--out", own + "/copy"], 3, "not an output"),
    ]
    tried = 0
    for words, arguments, code, answer in cases:
        result = run(arguments, cwd="/", **user)
        tried += 1
        if result.returncode != code or answer not in (result.stderr + result.stdout).decode():
            fails(f"{words}: {result.returncode} {result.stdout[:200]} {result.stderr[:300]}")
    os.chmod(locked, 0o755)
    if digest(locked) != before:
        fails("what may not be written was changed")
    for folder in ("closed", "mixed/closed"):
        os.chmod(os.path.join(work, folder), 0o755)
    promise("A place that cannot be read or written is reported", "inputs, rules, outputs, log, store and key, as an ordinary user", f"{tried} of {tried} places")
