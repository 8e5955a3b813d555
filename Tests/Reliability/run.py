"""Tries to break each promise of agency-check and says with how many tries. Standard library only.

Usage: run.py [--quick] [--write docs/reliability.md]. The program is .build/release/agency-check, or AGENCY_CHECK_PROGRAM.
Exit code 1 where a promise did not hold.
"""

import hashlib
import os
import random
import shutil
import signal
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


def run(arguments, **options):
    environment = {**os.environ, **options.pop("environment", {})}
    return subprocess.run([PROGRAM] + arguments, capture_output=True, env=environment, **options)


def measured(arguments, limit_seconds=600):
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


HEADER = "authority_code,quarter,assignment_id,swe_number,role,start_date,engagement,pay_rate,charge_rate\n"
ROW = "991,2026-Q1,A-{0},SW{1},SW,2026-01-12,UMBRELLA,36.00,41.00\n"


def hostile(work):
    """Files that are there to harm: each is answered with a finding, in flat memory, without a hang."""
    big = 64 << 20 if QUICK else 2 << 30

    def fill(path, start, piece, size, end=b""):
        with open(path, "wb") as file:
            file.write(start)
            block = piece * max(1, (1 << 20) // len(piece))
            written = 0
            while written < size:
                file.write(block)
                written += len(block)
            file.write(end)

    xml = b'<AgencyReturn version="1"><Assignments><Assignment><AssignmentID>'
    head = HEADER.encode()
    made = {
        "quotes-never-close.csv": (head + b'991,2026-Q1,"', b"open and on and on ", big, b""),
        "quotes-and-lines.csv": (head + b'991,2026-Q1,"', b"open and on and on\n", big, b""),
        "commas.csv": (head, b",", big // 2, b""),
        "one-line.csv": (head, b"x", big // 2, b""),
        "nuls.csv": (head, b"\0", 1 << 20, b""),
        "attributes.xml": (b"<AgencyReturn", b"", 0, b"".join(b' a%d="1"' % n for n in range(100_000)) + b"/>"),
        "text.xml": (xml, b"x", 11 << 20, b"</AssignmentID></Assignment></Assignments></AgencyReturn>"),
        "name.xml": (b"<", b"n", 11 << 20, b"/>"),
        "comment.xml": (b"<AgencyReturn version=\"1\"><!-- ", b"c ", 11 << 20, b"--></AgencyReturn>"),
        "attribute.xml": (b'<AgencyReturn version="', b"1", 11 << 20, b'"/>'),
        "entities.xml": (b"<!DOCTYPE r [", b"", 0, b"".join(b'<!ENTITY e%d "x">' % n for n in range(200_000)) + b"]><r/>"),
        "quadratic.xml": (b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 50_000 + b'">]><r>', b"&a;", 1 << 20, b"</r>"),
        "deep.xml": (b"", b"<a>", 1 << 20, b""),
        "open.xml": (b"<AgencyReturn version=\"1\"><Assignments>", b"<Assignment>", 1 << 20, b""),
        "gzip.csv": (b"\x1f\x8b\x08", b"x", 1 << 12, b""),
        "zip.csv": (b"PK\x03\x04", b"x", 1 << 12, b""),
        "xls.csv": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"x", 1 << 12, b""),
        "utf7.xml": (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-AgencyReturn/+AD4-', b" ", 64, b""),
        "ebcdic.xml": (bytes([0x4C, 0x6F, 0xA7, 0x94, 0x93]), b"\x40", 64, b""),
        "half-utf16.csv": (b"\xff\xfe" + HEADER.encode("utf-16-le") + b"\x41", b"", 0, b""),
        "empty.csv": (b"", b"", 0, b""),
        "binary.csv": (random.Random(1).randbytes(65_536), b"", 0, b""),
    }
    worst_memory = worst_time = 0
    for name, (start, piece, size, end) in made.items():
        path = os.path.join(work, name)
        fill(path, start, piece or b" ", size if piece else 0, end)
        code, output, memory, seconds = measured(["check", path] + RULES)
        worst_memory = max(worst_memory, memory)
        per_100 = seconds / max(1, os.path.getsize(path) / (100 << 20))
        worst_time = max(worst_time, per_100)
        if code not in (1, 3) or not any(word in output for word in ("IMP001", "IMP003")):
            fails(f"{name} ended with {code}: {output[:200]}")
        if memory > 200:
            fails(f"{name} took {memory} MB")
        os.remove(path)
    for name, path in (("a folder under a file's name", os.path.join(work, "folder.csv")), ("a device", "/dev/zero")):
        if name.startswith("a folder"):
            os.mkdir(path)
            code = run(["check", path + "/missing.csv"] + RULES).returncode
        else:
            code = run(["check", path] + RULES).returncode
        if code != 3:
            fails(f"{name} ended with {code}")
    pipe = os.path.join(work, "pipe.csv")
    os.mkfifo(pipe)
    if run(["check", pipe] + RULES, timeout=20).returncode != 3:
        fails("a pipe was not refused")
    promise(
        "Hostile files end in a finding",
        "made files: open quotes, commas, one line, NULs, attributes, entities, long names, archives, pipes, devices",
        f"{len(made) + 3} files, at most {worst_memory} MB",
    )


def large_but_good(work):
    count = 200_000 if QUICK else 10_000_000
    path = os.path.join(work, "large.xml")
    with open(path, "w") as file:
        file.write('<AgencyReturn version="1"><Header><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter></Header><Assignments>\n')
        for n in range(count // 8):
            file.write(
                f"<Assignment><AssignmentID>A-{n}</AssignmentID><SWENumber>SW{n + 1}</SWENumber><Role>SW</Role><StartDate>2026-01-12</StartDate>"
                "<Engagement>UMBRELLA</Engagement><PayRate>36</PayRate><ChargeRate>41</ChargeRate></Assignment>\n"
            )
        file.write("</Assignments></AgencyReturn>\n")
    code, output, memory, _ = measured(["check", path, "--only", "coverage", "--out", os.path.join(work, "large")] + RULES)
    os.remove(path)
    if f"{count // 8:,} rows read" not in output:
        fails(f"the large return was not read whole: {output[-300:]}")
    promise("What is only large is read", "an XML return of small elements", f"{count:,} elements, {memory} MB")


def digest(folder):
    total = hashlib.sha256()
    for base, folders, files in sorted(os.walk(folder)):
        folders.sort()
        for name in sorted(files):
            with open(os.path.join(base, name), "rb") as file:
                total.update(os.path.relpath(os.path.join(base, name), folder).encode() + b"\0" + file.read())
    return total.hexdigest()


def whole(folder, old, words):
    """The output is what was there before, or a whole new one."""
    if digest(folder) != old and run(["verify", folder]).returncode != 0:
        fails(words)


def leftovers(parent):
    return [name for name in os.listdir(parent) if name.startswith(".") and ".agency-check-" in name]


def faults(work):
    shim = os.path.join(work, "fail.so")
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-o", shim, os.path.join(ROOT, "Tests/Reliability/fail.c"), "-ldl"], check=True
    )
    injected = 0
    unseen = []
    commands = {
        "check": ["check", os.path.join(SAMPLES, "clean")] + RULES,
        "submit": ["submit", os.path.join(SAMPLES, "clean")] + RULES,
    }
    for command, arguments in commands.items():
        for kind in ("EIO", "ENOSPC", "EACCES", "SHORT", "EINTR", "KILL"):
            parent = os.path.join(work, f"faults-{command}-{kind}")
            os.mkdir(parent)
            out = os.path.join(parent, "out")
            run(arguments + ["--out", out, "--quiet"])
            old = digest(out)
            n = 0
            while True:
                n += 1 if not QUICK or n < 12 else 9
                struck = os.path.join(work, "struck")
                if os.path.exists(struck):
                    os.remove(struck)
                result = run(
                    arguments + ["--out", out, "--quiet"],
                    environment={"LD_PRELOAD": shim, "FAIL_AT": str(n), "FAIL_WITH": kind, "FAIL_LOG": struck},
                )
                if not os.path.exists(struck):
                    break
                injected += 1
                whole(out, old, f"{command}: {kind} at call {n} left neither the old nor the new output")
                if kind in ("EIO", "ENOSPC", "EACCES"):
                    # The one call that may fail unseen is the syncing of a folder that is in its place already.
                    if result.returncode != 3 and run(["verify", out]).returncode != 0:
                        fails(f"{command}: {kind} at call {n} ended with {result.returncode}")
                    if result.returncode == 3 and b"could not be" not in result.stderr:
                        fails(f"{command}: {kind} at call {n} ended without a word: {result.stderr[:200]}")
                    if result.returncode == 0:
                        with open(struck) as file:
                            unseen.append(f"{command} {kind} {n} {file.read()}")
                if result.returncode < 0 and kind != "KILL":
                    fails(f"{command}: {kind} at call {n} crashed with {-result.returncode}")
                if kind != "KILL" and leftovers(parent):
                    fails(f"{command}: {kind} at call {n} left {leftovers(parent)}")
            run(arguments + ["--out", out, "--quiet"])
            if leftovers(parent):
                fails(f"{command}: after {kind} the next run left {leftovers(parent)}")
    promise(
        "A failing disk leaves the old output or the new one, whole",
        "every call that writes fails in turn: EIO, ENOSPC, EACCES, EINTR, half a write, SIGKILL",
        f"{injected} faults, {len(unseen)} of them without effect on the output",
    )
    if len(unseen) > injected // 20:
        fails(f"many faults went unseen: {unseen[:10]}")


def kills(work):
    parent = os.path.join(work, "kills")
    os.mkdir(parent)
    source = os.path.join(parent, "region")
    run(["sample", "--authorities", "3", "--assignments", "400", "--out", source])
    out = os.path.join(parent, "out")
    arguments = ["check", source, "--rules", source + "/rules", "--out", out, "--quiet"]
    run(arguments)
    start = time.time()
    run(arguments)
    lasts = time.time() - start
    chance = random.Random(7)
    count = 25 if QUICK else 200
    for n in range(count):
        process = subprocess.Popen([PROGRAM] + arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * lasts)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if run(["verify", out]).returncode != 0:
            fails(f"kill {n} left a broken output")
    run(arguments)
    if leftovers(parent):
        fails("what killed runs left was not swept")
    promise("A killed run leaves the old output or the new one", "SIGKILL at random moments", f"{count} kills survived")


def histories(work):
    """The history store under kills, where the program has one."""
    if b"history" not in run(["--help"]).stdout:
        return
    parent = os.path.join(work, "store")
    os.mkdir(parent)
    source = os.path.join(parent, "region")
    run(["sample", "--authorities", "2", "--assignments", "300", "--out", source])
    store = os.path.join(parent, "region.sqlite")
    arguments = ["history", "add", source, "--store", store, "--rules", source + "/rules"]
    start = time.time()
    run(arguments)
    lasts = time.time() - start
    chance = random.Random(11)
    count = 15 if QUICK else 100
    for n in range(count):
        process = subprocess.Popen([PROGRAM] + arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * lasts)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if run(["history", "check", "--store", store]).returncode != 0:
            fails(f"kill {n} during history add left a store that does not pass")
    promise("A killed history add leaves the old return or the new one", "SIGKILL at random moments, then history check", f"{count} kills survived")


def permissions(work):
    if os.getuid() != 0:
        user = None
    else:
        user = 65534
    parent = os.path.join(work, "permissions")
    os.mkdir(parent)
    os.chmod(work, 0o755)
    os.chmod(os.path.dirname(work), 0o755)
    os.chmod(parent, 0o555)
    unreadable = os.path.join(work, "unreadable.csv")
    with open(unreadable, "w") as file:
        file.write(HEADER)
    os.chmod(unreadable, 0)
    arguments = [(["check", SAMPLES + "/clean", "--out", parent + "/out"], b"may not write"), (["check", unreadable], b"may not be read")]
    tried = 0
    for words, answer in arguments:
        options = {"user": user} if user else {}
        try:
            result = run(words + RULES, **options)
        except PermissionError:
            continue
        tried += 1
        if result.returncode != 3 or answer not in result.stderr + result.stdout:
            fails(f"{words}: {result.returncode} {result.stderr[:200]}")
    os.chmod(parent, 0o755)
    if tried:
        promise("A place that may not be read or written is said", "as an ordinary user", f"{tried} of {len(arguments)} tried")


def privacy(work):
    marked = "SW7770001", "Marked Agency Ltd", "marked free text", "7770001"
    path = os.path.join(work, "marked.csv")
    header = HEADER.strip() + ",agency,cap_reason,job_title,notice_weeks\n"
    with open(path, "w") as file:
        file.write(header)
        file.write("991,2026-Q1,A-1,SW7770001,SW,2026-01-12,UMBRELLA,90.00,41.00,Marked Agency Ltd,marked free text,=marked free text,x7770001\n")
        file.write("991,2026-Q1,SW7770001,SW7770001,SW,2026-01-12,PAYE,3.00,4.00,Marked Agency Ltd,marked free text,Marked,1\n")
        file.write("991,2026-Q1,A-2,7770001,SW,2026-01-12,PAYE,30.00\n")
    runs = 0
    for arguments in (
        ["check", path], ["check", path, "--format", "json"], ["check", path, "--format", "sarif"], ["check", path, "--verbose"],
        ["submit", path, "--out", os.path.join(work, "private")], ["check", path, "--out", os.path.join(work, "private2"), "--log", os.path.join(work, "log")],
        ["verify", os.path.join(work, "private2"), "--log", os.path.join(work, "log")],
        ["redact", os.path.join(work, "private2"), "--out", os.path.join(work, "redacted")],
    ):
        result = run(arguments + (RULES if arguments[0] in ("check", "submit") else []))
        printed = (result.stdout + result.stderr).decode()
        runs += 1
        for mark in marked:
            if mark in printed:
                fails(f"{arguments[0]} printed {mark}")
    for name in ("log", "redacted/exceptions.csv", "redacted/cap-breaches.csv"):
        with open(os.path.join(work, name)) as file:
            text = file.read()
        for mark in ("SW7770001", "7770001", "marked free text"):
            if mark in text:
                fails(f"{name} holds {mark}")
    loose = 0
    for base, folders, files in os.walk(os.path.join(work, "private2")):
        for name in folders + files:
            mode = stat.S_IMODE(os.stat(os.path.join(base, name)).st_mode)
            if mode != (0o700 if name in folders else 0o600):
                loose += 1
    if loose:
        fails(f"{loose} files or folders may be read by others")
    promise("No number, name or free text is printed or logged", "marked values in every kind of run; modes of all files", f"{runs} runs, 0 marks")
    if shutil.which("strace"):
        trace = os.path.join(work, "trace")
        subprocess.run(
            ["strace", "-f", "-e", "trace=%network", "-o", trace, PROGRAM, "check", SAMPLES, "--out", os.path.join(work, "traced")] + RULES,
            capture_output=True,
        )
        with open(trace) as file:
            calls = [line for line in file if "socket(" in line or "connect(" in line]
        if calls:
            fails(f"a socket was opened: {calls[0]}")
        promise("Nothing leaves the machine", "strace of a whole run", f"{len(calls)} sockets")


def determinism(work):
    region = os.path.join(work, "same")
    run(["sample", "--authorities", "3", "--assignments", "200", "--breaches", "0.2", "--out", region])
    outs = []
    names = sorted(os.path.join(region, "returns", name) for name in os.listdir(os.path.join(region, "returns")))
    names += [os.path.join(region, "employment.csv"), os.path.join(region, "authority.csv")]
    settings = [
        ({"TZ": "UTC", "LANG": "C"}, names, "1", 0o022),
        ({"TZ": "Pacific/Auckland", "LANG": "de_DE.UTF-8", "LC_ALL": "tr_TR.UTF-8"}, names[::-1], "4", 0o000),
        ({"TZ": "America/St_Johns", "LANG": "ja_JP.UTF-8", "COLUMNS": "20"}, names[2:] + names[:2], "2", 0o077),
    ]
    for index, (environment, files, threads, umask) in enumerate(settings):
        out = os.path.join(work, f"same-{index}")
        old = os.umask(umask)
        run(
            ["check"] + files + ["--rules", region + "/rules", "--out", out, "--threads", threads, "--also", "json,sarif"],
            environment=environment, cwd=[work, "/", ROOT][index],
        )
        os.umask(old)
        outs.append(digest(out))
    if len(set(outs)) != 1:
        fails("the same input gave other bytes")
    promise("Same input, same bytes", "other time zone, language, umask, folder, file order, threads", f"{len(settings)} runs, all files equal")


def load(work):
    count = 500 if QUICK else 10_000
    folder = os.path.join(work, "many")
    os.mkdir(folder)
    broken = 0
    for n in range(count):
        with open(os.path.join(folder, f"{n:05}.csv"), "w") as file:
            if n % 100 == 99:
                file.write("a,b\n1,2\n")
                broken += 1
            else:
                file.write(HEADER + ROW.format(n, n + 1))
    code, output, memory, seconds = measured(["check", folder, "--quiet"] + RULES)
    refused = output.count("IMP001")
    if code != 3 or refused != broken:
        fails(f"of {broken} broken files {refused} were named; exit code {code}")
    promise("Broken files are named, the others checked", "a folder with one file in a hundred broken", f"{count:,} files, {broken} broken and named, {memory} MB")
    if not QUICK:
        big = os.path.join(work, "big")
        made = run(["sample", "--authorities", "40", "--assignments", "50000", "--history", "0", "--out", big])
        if made.returncode == 0:
            returns = [os.path.join(big, "returns", name) for name in os.listdir(os.path.join(big, "returns"))]
            for copy in range(1, 10):
                for path in returns:
                    os.link(path, path.replace(".csv", f"-{copy}.csv"))
            # Links to one file are read once, so each is made a file of its own quarter.
            for copy in range(1, 10):
                for path in returns:
                    target = path.replace(".csv", f"-{copy}.csv")
                    os.remove(target)
                    with open(path) as source, open(target, "w") as file:
                        file.write(source.read().replace("2026-Q1", f"{2026 + copy}-Q1"))
            code, output, memory, seconds = measured(
                ["check", big, "--rules", big + "/rules", "--only", "coverage", "--out", os.path.join(work, "big-out")]
            )
            wanted = "20,000,000 rows read" in output
            if not wanted:
                fails(f"the load was not read whole: {output[-300:]}")
            promise("A nation's load in one call", "20,000,000 assignments in 400 files", f"exit {code}, {memory:,} MB, {seconds:.0f} s")


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("AGENCY_CHECK_WORK")) as work:
        for part in (hostile, large_but_good, faults, kills, histories, permissions, privacy, determinism, load):
            folder = os.path.join(work, part.__name__)
            os.mkdir(folder)
            part(folder)
            shutil.rmtree(folder, ignore_errors=True)
    if "--write" in sys.argv:
        write(sys.argv[sys.argv.index("--write") + 1])
    if failures:
        sys.exit(f"{len(failures)} promises did not hold")


def write(path):
    with open(path) as file:
        text = file.read()
    start, end = "<!-- reliability:begin -->", "<!-- reliability:end -->"
    table = "| promise | what tried to break it | figure |\n| --- | --- | --- |\n"
    table += "".join(f"| {a} | {b} | {c} |\n" for a, b, c in rows)
    head, rest = text.split(start)
    tail = rest.split(end)[1]
    with open(path, "w") as file:
        file.write(head + start + "\n" + table + end + tail)


main()
