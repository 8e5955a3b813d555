"""Files that are there to harm, that change while they are read, that are not what their names say, and files that are only large."""

import csv
import gzip
import io
import json
import os
import random
import subprocess
import time
import zipfile

from commands import copy_store, prepare
from tries import HEADER, PROGRAM, QUICK, ROW, RULES, fails, file_digest, lasting, measured, must, promise, run


def hostile(work):
    """Each is answered with a finding, in flat memory, without a hang."""
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
    good = head + b"".join(ROW.format(n, n + 1).encode() for n in range(1000))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("xl/workbook.xml", "<workbook/>")
    made = {
        "quotes-never-close.csv": (head + b'991,2026-Q1,"', b"open and on and on ", big, b""),
        "quotes-and-lines.csv": (head + b'991,2026-Q1,"', b"open and on and on\n", big, b""),
        "quotes-alone.csv": (head, b'"', big // 8, b""),
        "commas.csv": (head, b",", big // 2, b""),
        "one-line.csv": (head, b"x", big // 2, b""),
        "blank-lines.csv": (head, b"\r\n", big // 8, b'"'),
        "nuls.csv": (head, b"\0", 1 << 20, b""),
        "attributes.xml": (b"<AgencyReturn", b"", 0, b"".join(b' a%d="1"' % n for n in range(100_000)) + b"/>"),
        "text.xml": (xml, b"x", 11 << 20, b"</AssignmentID></Assignment></Assignments></AgencyReturn>"),
        "name.xml": (b"<", b"n", 11 << 20, b"/>"),
        "comment.xml": (b"<AgencyReturn version=\"1\"><!-- ", b"c ", 11 << 20, b"--></AgencyReturn>"),
        "instruction.xml": (b"<AgencyReturn version=\"1\"><?p ", b"c ", 11 << 20, b"?></AgencyReturn>"),
        "cdata.xml": (xml + b"<![CDATA[", b"]]", 11 << 20, b"]]></AssignmentID></Assignment></Assignments></AgencyReturn>"),
        "attribute.xml": (b'<AgencyReturn version="', b"1", 11 << 20, b'"/>'),
        "entities.xml": (b"<!DOCTYPE r [", b"", 0, b"".join(b'<!ENTITY e%d "x">' % n for n in range(200_000)) + b"]><r/>"),
        "quadratic.xml": (b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 50_000 + b'">]><r>', b"&a;", 1 << 20, b"</r>"),
        "deep.xml": (b"", b"<a>", 1 << 20, b""),
        "open.xml": (b"<AgencyReturn version=\"1\"><Assignments>", b"<Assignment>", 1 << 20, b""),
        "gzip.csv": (gzip.compress(good), b"", 0, b""),
        "gzip.xml": (gzip.compress(b"<a>" + b"x" * (64 << 20) + b"</a>"), b"", 0, b""),
        "zip.csv": (archive.getvalue(), b"", 0, b""),
        "xlsx.csv": (archive.getvalue(), b"", 0, b""),
        "xls.csv": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"x", 1 << 12, b""),
        "utf7.xml": (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-AgencyReturn/+AD4-', b" ", 64, b""),
        "ebcdic.xml": ('<?xml version="1.0" encoding="IBM037"?><AgencyReturn/>'.encode("cp037"), b"\x40", 64, b""),
        "half-utf16.csv": (b"\xff\xfe" + HEADER.encode("utf-16-le") + b"\x41", b"", 0, b""),
        "empty.csv": (b"", b"", 0, b""),
        "binary.csv": (random.Random(1).randbytes(65_536), b"", 0, b""),
    }
    worst_memory, slowest = 0, (0, "")
    for name, (start, piece, size, end) in made.items():
        path = os.path.join(work, name)
        fill(path, start, piece or b" ", size if piece else 0, end)
        code, output, memory, seconds = measured(["check", path] + RULES)
        worst_memory = max(worst_memory, memory)
        hundreds = os.path.getsize(path) / (100 << 20)
        slowest = max(slowest, (seconds / max(1, hundreds), f"{name}, {hundreds * 100:,.0f} MB"))
        print(f"  {name}: {hundreds * 100:,.0f} MB, {memory} MB of memory, {seconds:.1f} s", flush=True)
        if code not in (1, 3) or not any(word in output for word in ("IMP001", "IMP003")):
            fails(f"{name} ended with {code}: {output[:200]}")
        if memory > 200:
            fails(f"{name} took {memory} MB")
        os.remove(path)
    # What is no file at all.
    os.mkdir(work + "/folder.csv")
    os.mkdir(work + "/folder.csv/inner.csv")
    os.mkfifo(work + "/pipe.csv")
    others = [work + "/pipe.csv", "/dev/zero", "/dev/null", "/dev/tty", "/proc/self/mem", work + "/folder.csv/nothing.csv", "/etc/hostname/x.csv"]
    for path in others:
        result = run(["check", path] + RULES, timeout=20)
        if result.returncode != 3 or b"IMP001" not in result.stdout:
            fails(f"{path} ended with {result.returncode}")
    # A pipe among good files does not hold them up, nor does a folder with a file's name.
    with open(work + "/folder.csv/inner.csv/good.csv", "w") as file:
        file.write(HEADER + ROW.format(1, 1))
    os.rename(work + "/pipe.csv", work + "/folder.csv/pipe.csv")
    result = run(["check", work + "/folder.csv"] + RULES, timeout=20)
    if result.returncode != 3 or b"1 row read = 1 checked" not in result.stderr or result.stdout.count(b"IMP001") != 1:
        fails(f"a pipe in a folder: {result.returncode} {result.stdout[:200]}")
    for option in (["--rules", work + "/folder.csv/pipe.csv"], [*RULES, "--accept", work + "/folder.csv/pipe.csv"]):
        if run(["check", work + "/folder.csv/inner.csv", *option], timeout=20).returncode != 2:
            fails(f"a pipe as {option[-2]} was not refused")
    promise(
        "Hostile files lead to a finding, in constant memory",
        "made-up files: open quotes, commas, one line, NULs, attributes, entities, names, comments, archives, encodings, pipes, devices",
        f"{len(made) + len(others) + 3} inputs up to {big >> 20:,} MB, at most {worst_memory} MB of memory, "
        f"at most {slowest[0]:.1f} s for 100 MB ({slowest[1]})",
    )


def large_but_good(work):
    """What is only large or ugly is read whole, in flat memory, and nothing is found in it."""
    count = 200_000 if QUICK else 10_000_000
    assignments = count // 16
    ends = ["\n", "\r\n"]
    # 350 hours at £41 each.
    month = assignments * 350 * 41 / 3

    def judged(name, paths, words):
        """The assignments, and the authority's record as a row of its own."""
        rows = assignments + 1
        size = sum(map(os.path.getsize, paths)) >> 20
        code, output, memory, seconds = measured(["check", *paths, "--only", "coverage", "--out", work + "/large"] + RULES)
        for path in paths:
            os.remove(path)
        if code != 0 or f"{rows:,} rows read = {rows:,} checked" not in output or "0 errors, 0 warnings, 0 notices" not in output:
            fails(f"{name} was not read whole, or something was found in it: {code} {output[-300:]}")
        if memory > 200:
            fails(f"{name} took {memory} MB")
        promise("Large files are read", words, f"{assignments:,} assignments, {size:,} MB, {memory} MB of memory, {seconds:.1f} s")

    path = work + "/large.xml"
    with open(path, "w", newline="") as file:
        file.write('<AgencyReturn version="1"><Header><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter></Header><Assignments>\r\n')
        for n in range(assignments):
            file.write(
                f"<Assignment><AssignmentID>A-{n}</AssignmentID><SWENumber>SW{n + 1}</SWENumber><Role>SW</Role><StartDate>2026-01-12</StartDate>"
                f"{ends[n % 2]}<Engagement>UMBRELLA</Engagement><PayRate>36</PayRate><AgencyFee>5</AgencyFee><ChargeRate>41</ChargeRate>"
                "<WeeklyHours>37</WeeklyHours><HoursInQuarter>350</HoursInQuarter><Agency>Larch Locums (fictional)</Agency>"
                f"{ends[n % 5 % 2]}<NoticeWeeks>4</NoticeWeeks><References>2</References><ExperienceMonths>48</ExperienceMonths>"
                f"<ExperienceVerified>yes</ExperienceVerified></Assignment>{ends[n % 3 % 2]}"
            )
        file.write("</Assignments>\n<Authority><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter>")
        file.write("".join(f"<CostMonth{number}>{month:.2f}</CostMonth{number}>" for number in (1, 2, 3)) + "</Authority></AgencyReturn>\n")
    judged("the large XML return", [path], f"an XML return of {count:,} elements, line ends mixed")
    path = work + "/large.csv"
    with open(path, "w", newline="") as file:
        file.write(HEADER.strip() + ",agency_fee,weekly_hours,hours_in_quarter,agency,notice_weeks,references,experience_months,experience_verified,cap_reason\n")
        for n in range(assignments):
            reason = f'"a reason of{ends[n % 2]}two lines"' if n % 50 == 0 else ""
            row = ROW.format(n, n + 1).rstrip("\n") + f",5,37,350,Larch Locums (fictional),4,2,48,yes,{reason}"
            file.write(row + ends[n % 3 % 2] + (ends[n % 2] if n % 10 == 0 else ""))
    record = work + "/authority.csv"
    with open(record, "w") as file:
        file.write(f"authority_code,quarter,cost_month_1,cost_month_2,cost_month_3\n991,2026-Q1,{month:.2f},{month:.2f},{month:.2f}\n")
    judged("the large CSV return", [path, record], "a CSV return, line ends mixed, blank lines, line breaks within quotes")


def changing(work):
    """A file that grows, shrinks or is written over while it is read: one whole version of it is checked, or it is refused."""
    count = 40_000
    each = 4 if QUICK else 25
    chance = random.Random(5)

    def as_csv(rows, mark):
        return (HEADER + "".join(ROW.format(f"{mark}{n}", n + 1) for n in range(rows))).encode()

    def as_xml(rows, mark):
        head = '<AgencyReturn version="1"><Header><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter></Header><Assignments>'
        return (head + "".join(
            f"<Assignment><AssignmentID>{mark}{n}</AssignmentID><SWENumber>SW{n + 1}</SWENumber><Role>SW</Role><StartDate>2026-01-12</StartDate>"
            "<Engagement>UMBRELLA</Engagement><PayRate>36</PayRate><ChargeRate>41</ChargeRate></Assignment>\n"
            for n in range(rows)) + "</Assignments></AgencyReturn>\n").encode()

    tries = refused = 0
    for ending, made in (("csv", as_csv), ("xml", as_xml)):
        path, out = f"{work}/changing.{ending}", f"{work}/out-{ending}"
        whole, other = made(count, "A"), made(count, "B")
        ways = {"grows": made(count + 100, "A"), "shrinks": whole[: len(whole) // 2], "is written over": other, "is replaced": other}
        with open(path, "wb") as file:
            file.write(whole)
        arguments = ["check", path, "--out", out, "--only", "exceptions,submission,agencies", "--quiet"] + RULES
        lasts = lasting(arguments)
        for way, after in ways.items():
            for _ in range(each):
                with open(path, "wb") as file:
                    file.write(whole)
                process = subprocess.Popen([PROGRAM] + arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                # Reading comes first, writing the findings after it.
                time.sleep(chance.random() * 0.5 * lasts)
                if way == "is replaced":
                    with open(path + ".new", "wb") as file:
                        file.write(after)
                    os.rename(path + ".new", path)
                elif way == "shrinks":
                    os.truncate(path, len(after))
                else:
                    with open(path, "r+b") as file:
                        if way == "grows" and ending == "csv":
                            file.seek(len(whole))
                            file.write(after[len(whole):])
                        else:
                            file.write(after)
                output, errors = process.communicate()
                tries += 1
                if b"changed while it was" in output + errors:
                    refused += 1
                    if process.returncode != 3:
                        fails(f"a {ending} file that {way} was refused with exit code {process.returncode}")
                    continue
                with open(out + "/manifest.json") as file:
                    entry = json.load(file)["inputs"][0]
                known = {file_digest(path): after}
                with open(path + ".old", "wb") as file:
                    file.write(whole)
                known[file_digest(path + ".old")] = whole
                if entry["sha256"] not in known:
                    # What breaks off is refused for that; its digest is then of whatever was there.
                    if entry["read"] or process.returncode != 3:
                        fails(f"a {ending} file that {way} was read, and is neither its old nor its new self: {(output + errors)[-300:]}")
                elif entry["read"]:
                    rows = known[entry["sha256"]].count(b"UMBRELLA")
                    with open(out + "/submission/991-2026-Q1/assignments.csv", newline="") as file:
                        sent = sum(1 for _ in csv.reader(file)) - 1
                    if sent not in (rows, rows - (way == "shrinks")):
                        fails(f"a {ending} file that {way}: {sent} of {rows} rows are in the submission")
    promise(
        "A file that changes during a run is refused, or one version of it is read",
        "CSV and XML files that grow, shrink, are overwritten or are replaced at random moments of a run",
        f"{tries} changes, {refused} noticed and refused, the others made before or after the file was read",
    )


def links(work):
    """A link is never a way out of the folder, nor into a place that the user did not name."""
    os.makedirs(work + "/in")
    os.makedirs(work + "/private")
    with open(work + "/private/theirs.csv", "w") as file:
        file.write(HEADER + ROW.format(9, 9))
    with open(work + "/in/good.csv", "w") as file:
        file.write(HEADER + ROW.format(1, 1))
    for name, target in {
        "to-file.csv": "../private/theirs.csv", "to-folder": "../private", "to-self": ".", "round.csv": "round.csv", "nowhere.csv": "gone.csv",
        "root": "/", "device.csv": "/dev/zero",
    }.items():
        os.symlink(target, work + "/in/" + name)
    tried = 0

    def expect(words, holds):
        nonlocal tried
        tried += 1
        if not holds:
            fails(words)

    result = run(["check", work + "/in"] + RULES, timeout=60)
    expect(f"links in a folder: {result.returncode} {result.stderr}", result.returncode == 1 and b"1 row read = 1 checked" in result.stderr)
    for name in ("to-file.csv", "to-folder", "to-self", "round.csv", "nowhere.csv", "root", "device.csv"):
        expect(f"the link {name} was passed over in silence", f"{name}: not read, it is a link".encode() in result.stderr)
    result = run(["check", work + "/in/to-file.csv"] + RULES)
    expect("a link that is named is not read", result.returncode == 1 and b"1 row read" in result.stderr)
    for name in ("round.csv", "nowhere.csv", "device.csv"):
        expect(f"{name} was not refused", run(["check", work + "/in/" + name] + RULES, timeout=20).returncode == 3)
    # Places to write to.
    before = file_digest(work + "/private/theirs.csv")
    os.symlink("private", work + "/out")
    os.symlink("private/theirs.csv", work + "/log")
    expect("an output went through a link", run(["check", work + "/in/good.csv", "--out", work + "/out"] + RULES).returncode == 3)
    expect("a log went through a link", run(["check", work + "/in/good.csv", "--log", work + "/log"] + RULES).returncode == 3)
    expect("a store went through a link", run(["history", "add", work + "/in/good.csv", "--store", work + "/log"] + RULES).returncode == 3)
    # A link under the name of a half-built output, to a folder that looks like one.
    os.symlink("private", work + "/.swept.agency-check-1")
    open(work + "/.swept.agency-check-1.mark", "w").close()
    must(["check", work + "/in/good.csv", "--out", work + "/swept"] + RULES, 1)
    expect("a link was followed when sweeping", os.path.exists(work + "/private/theirs.csv"))
    # A file of an output that became a link to the same bytes.
    os.rename(work + "/swept/exceptions.csv", work + "/private/exceptions.csv")
    os.symlink("../private/exceptions.csv", work + "/swept/exceptions.csv")
    expect("a file that became a link was verified", run(["verify", work + "/swept"]).returncode == 1)
    expect("what a link leads to was changed", file_digest(work + "/private/theirs.csv") == before)
    promise("Links are not followed", "links to files, folders, devices, themselves and nothing, as inputs, outputs, log and store", f"{tried} of {tried} as expected")


def damaged_stores(work):
    """A store with bytes changed or cut off is read, or said to be damaged; it never brings the program down."""
    first, _, store = prepare(work)
    chance = random.Random(17)
    damaged, out = work + "/damaged.sqlite", work + "/out"
    tried = said = 0
    size = os.path.getsize(store)
    for n in range(15 if QUICK else 200):
        copy_store(store, damaged)
        with open(damaged, "r+b") as file:
            if n % 8 == 7:
                file.truncate(chance.randrange(size))
            else:
                for _ in range(chance.choice((1, 4, 32))):
                    file.seek(chance.randrange(size))
                    file.write(bytes([chance.randrange(256)]))
        for arguments in (
            ["history", "list", "--store", damaged], ["history", "check", "--store", damaged], ["history", "export", "--store", damaged, "--out", out],
            ["compare", "--history", damaged, "--out", out, *first[1:]], ["check", *first, "--history", damaged, "--quiet"],
            ["history", "purge", "--before", "2026-Q1", "--store", damaged],
        ):
            result = run(arguments, timeout=60)
            tried += 1
            said += result.returncode == 3
            if result.returncode not in (0, 1, 3):
                fails(f"damage {n}: {' '.join(arguments[:2])} ended with {result.returncode}: {result.stderr[-300:]}")
    promise(
        "A damaged store is reported, and does not crash the program", "bytes changed at random places, or the end cut off; then list, check, export, compare, check with the store, purge",
        f"{tried:,} runs, {said:,} of them refused the store, the others read it")
