"""What an auditor and a data protection officer ask: is it as it was written, who is named where, what is open to others, what leaves."""

import os
import re
import shutil
import subprocess
import unicodedata
import zipfile

from commands import folder_commands, prepare
from tries import HEADER, PROGRAM, QUICK, ROW, RULES, SAMPLES, fails, must, promise, region, run, too_open

# Whatever is printed or logged is searched for these: numbers in any digits and with anything between them, names, what somebody wrote.
NUMBERS = ("7770001", "7770002", "7770003")
WORDS = ("Zebedee", "Quillfeather", "confided", "example.org")
MARKS = NUMBERS + WORDS + ("AB123456C",)
# One worker's number as people and machines write it, and what else names a person where a reference should be.
FORMS = [
    "sw7770001", "SW 7770001", "SW-7770001", "S W 7770001", "SW(7770001)", "SW No. 7770001", "SW number 7770001", "SWE7770001", "S.W.7770001",
    "\uff33\uff377770001", "SW\uff17\uff17\uff17\uff10\uff10\uff10\uff11", "\uff33\uff37\uff17\uff17\uff17\uff10\uff10\uff10\uff11", "SW\u0667\u0667\u0667\u0660\u0660\u0660\u0661",
    "SW\u20607770001", "SW777\u200b0001", "S\u00adW7770001", "SW777\u20090001", "SW\u00a0777\u00a00001", "SW777\u20110001", "SW000007770001",
    "7770001", "777-0001", "777 0001", "777.0001", "\uff17\uff17\uff17\uff10\uff10\uff10\uff11", "777\u20600001", "see SW7770001, please",
    "z.q@example.org", "Z.Q <z.q@example.org>", "AB123456C", "AB 12 34 56 C", "ab123456c", "AB-12-34-56-C", "\uff21\uff22123456\uff23",
]


def apart(mark):
    """The mark with anything but letters and digits between its characters."""
    return re.compile(r"[\W_]*".join(mark), re.IGNORECASE)


PATTERNS = {mark: apart(mark) for mark in MARKS if mark not in WORDS}


def traces(text):
    """The marks in a text, in whatever form, each with the line that it stands on."""
    found = []
    for line in text.splitlines():
        plain = "".join(str(unicodedata.digit(c)) if unicodedata.digit(c, None) is not None else unicodedata.normalize("NFKC", c) for c in line)
        found += [(mark, line) for mark in WORDS if mark in plain]
        found += [(mark, line) for mark, pattern in PATTERNS.items() if pattern.search(plain)]
    return found


# A judge that sees nothing would find every promise kept.
assert all(traces(form) for form in FORMS) and not traces("Zeb 77709 01 £7,770.00 SW\u2026 AB12 3456")


def manifests(work):
    """Every file of every output is changed, taken away, replaced and added to: verify names it, and nothing else."""
    tried = 0
    for name, _, arguments, code in folder_commands(work):
        if name in ("sample", "template"):
            continue  # Inputs of the user's, without a manifest.
        out = f"{work}/out-{name.replace(' ', '-')}"
        must(arguments + ["--out", out], code)
        sound = run(["verify", out])
        if sound.returncode != 0:
            fails(f"{name}: an output as written was not verified: {sound.stdout + sound.stderr}")
        roots = [out]
        for base, folders, files in os.walk(out):
            if base != out and "manifest.json" in files:
                roots.append(base)
        for root in roots:
            files = [os.path.relpath(os.path.join(base, file), root) for base, _, names in os.walk(root) for file in names]
            for file in files:
                path = os.path.join(root, file)
                with open(path, "rb") as handle:
                    whole = handle.read()

                def expect(what, wanted):
                    nonlocal tried
                    tried += 1
                    result = run(["verify", root])
                    named = result.stdout.decode().splitlines()[:-1]
                    if file == "manifest.json":
                        # Where it is still a manifest of ours, it is named; where it is none any more, nothing can be held against it.
                        if result.returncode != 3 and (result.returncode != 1 or named != ["manifest.json: changed"]):
                            fails(f"{name}: {file} {what}: exit code {result.returncode}")
                    elif result.returncode != 1 or named != [f"{wanted[0]}: {wanted[1]}"]:
                        fails(f"{name}: {file} {what}: {result.returncode} {named}")

                def put(content):
                    with open(path, "wb") as handle:
                        handle.write(content)

                if whole:
                    put(whole[:-1] + bytes([whole[-1] ^ 1]))
                    expect("with its last byte changed", (file, "changed"))
                    put(whole[:-1])
                    expect("cut by a byte", (file, "changed"))
                put(whole + b" ")
                expect("with a byte more", (file, "changed"))
                os.remove(path)
                expect("taken away", (file, "missing"))
                put(whole)
                if file != "manifest.json":
                    with open(path + ".bak", "wb") as handle:
                        handle.write(whole)
                    expect("with a copy beside it", (file + ".bak", "added"))
                    os.remove(path + ".bak")
        if run(["verify", out]).returncode != 0:
            fails(f"{name}: the output that was put back is not verified")
    promise(
        "Every changed, missing or added file is named",
        "each file of six kinds of output, and of each submission on its own, is changed, cut, made longer, removed or copied, including the manifest",
        f"{tried:,} of {tried:,} named" if tried else "nothing tried",
    )


def logs(work):
    """The log is changed in every way: each line and each place in it."""
    first, second, store = prepare(work)
    log, out = work + "/runs.log", work + "/out"
    for arguments in (
        ["check", *first, "--out", out, "--quiet"], ["submit", *first, "--out", work + "/sent", "--quiet"], ["check", *second, "--quiet"],
        ["compare", *first, "--out", work + "/compared", "--quiet"], ["history", "add", *first, "--store", store],
        ["check", *second, "--out", out, "--quiet"],
    ):
        if run([*arguments, "--log", log]).returncode not in (0, 1):
            fails(f"{arguments[0]} could not add to the log")
    if run(["verify", out, "--log", log]).returncode != 0:
        fails("a log as it grew was not verified")
    with open(log, "rb") as file:
        text = file.read()
    lines = text.splitlines(keepends=True)
    forged, tried = work + "/forged.log", 0

    def expect(what, content):
        nonlocal tried
        tried += 1
        with open(forged, "wb") as file:
            file.write(content)
        if run(["verify", "--log", forged]).returncode != 1:
            fails(f"a log with {what} was verified")

    for place in range(0, len(text), 97 if QUICK else 5):
        if text[place : place + 1] != b"\n":
            expect(f"byte {place} changed", text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
    for place in range(len(lines)):
        if place < len(lines) - 1:
            expect(f"line {place} removed", b"".join(lines[:place] + lines[place + 1 :]))
            expect(f"lines {place} and the next swapped", b"".join(lines[:place] + [lines[place + 1], lines[place]] + lines[place + 2 :]))
        expect(f"line {place} doubled", b"".join(lines[: place + 1] + lines[place:]))
        expect(f"line {place} cut", b"".join(lines[:place]) + lines[place][:-9])
        expect(f"a blank line before line {place}", b"".join(lines[:place]) + b"\n" + b"".join(lines[place:]))
        expect(f"words before line {place}", b"".join(lines[:place]) + b"{}\n" + b"".join(lines[place:]))
    # The end cut off at a line's border holds as a chain; who noted the last digest sees it, and so does an output that is not in it.
    with open(forged, "wb") as file:
        file.write(b"".join(lines[:-1]))
    if run(["verify", out, "--log", forged]).returncode != 1:
        fails("an output that the log does not know was verified")
    promise(
        "The log shows every change", "a log of six runs of four commands, with bytes changed and lines removed, swapped, doubled, cut or inserted",
        f"{tried + 1:,} of {tried + 1:,} seen")


def marked(work):
    """Inputs of every kind with marks wherever somebody can write."""
    number, name, text = "SW7770001", "Zebedee Quillfeather", "confided"
    folder = work + "/in"
    os.makedirs(folder)
    header = HEADER.strip() + ",agency,cap_reason,job_title,notice_weeks,team_reference,last_post_authority,last_post_end,supply\n"
    rows = [
        f"991,2026-Q1,A-1,{number},SW,2026-01-12,UMBRELLA,90.00,41.00,Good Agency,{text},={text},x7770001,{name},991,{text},{name}",
        f"991,2026-Q1,{number},{number},SW,2026-01-12,PAYE,3.00,4.00,Agency of {number},{text},{name},1,{number},{number},{number},PROJECT_TEAM",
        f"991,2026-Q1,A-3,7770001,{name},{text},{text},{name},{number},Good Agency,{text},{name},{text},{text},{text},{text},{text}",
        f"991,{name},A-4,sw 7770002,SW,12/13/2026,PAYE,30,40,Good Agency,,,,,,,",
        f"{name},2026-Q1,A-5,HC7770002,{number},{number},{number},{number},{number},Good Agency,,,,,,,",
        f'991,2026-Q1,A-6,"{name},SW,{text}',
        f"991,2026-Q1,A-7,{number},{name}",
    ]
    # Each form as reference, as agency, as title and team, beside a worker of that number and beside another, so that rules speak of the row.
    for place, form in enumerate(FORMS):
        rows.append(f'991,2026-Q1,"{form}",{number},SW,2026-01-12,UMBRELLA,90.00,41.00,"{form}","{form}","{form}",1,"{form}",,,PACKAGED')
        rows.append(f'991,2026-Q1,F-{place},SW5550001,SW,2026-01-12,UMBRELLA,90.00,41.00,"Agency {form}","={form}","{form}",x{form},"{form}",,,')
    with open(f"{folder}/return of {number}.csv", "w") as file:
        file.write(header + "\n".join(rows) + "\n")
    # Each form in a file's name, of a file that is read, and in the name of a column.
    for place, form in enumerate(FORMS):
        with open(f"{folder}/{place} {form}.csv", "w") as file:
            file.write(HEADER.strip() + f',"{form}"\n991,2026-Q1,N-{place},{number},SW,2026-01-12,UMBRELLA,90.00,41.00,x\n')
    spells = "swe_number,authority_code,start_date,end_date,employment,setting,registered,leaving_reason\n"
    with open(folder + "/posts.csv", "w") as file:
        file.write(spells + f"{number},991,2024-01-01,2025-12-31,DIRECT,CHILD_FAMILY,yes,RESIGNED\n")
        file.write(f"{name},{text},{number},{name},{text},{number},{name},{text}\nSW7770003,991,{text},{number},{name},{text},,\n{number},991\n")
    columns = [f"{kind}_explanation" for kind in ("caps", "experience", "teams", "cooloff", "notice", "references")]
    with open(folder + "/authority.csv", "w") as file:
        file.write("authority_code,quarter,cost_month_1,caps_compliance," + ",".join(columns) + "\n")
        file.write(f"991,2026-Q1,{text},{name}," + ",".join(f"{name} {text} {number}" for _ in columns) + "\n")
    with open(folder + "/return.xml", "w") as file:
        file.write(
            '<AgencyReturn version="1"><Header><AuthorityCode>991</AuthorityCode><Quarter>2025-Q4</Quarter></Header><Assignments>'
            f"<Assignment><AssignmentID>{number}</AssignmentID><SWENumber>{number}</SWENumber><Role>{name}</Role><StartDate>{text}</StartDate>"
            f"<PayRate>{name}</PayRate><ChargeRate>{number}</ChargeRate><JobTitle>={name}</JobTitle><CapReason>{text}</CapReason></Assignment>"
            "</Assignments></AgencyReturn>")
    with open(folder + "/broken.xml", "w") as file:
        file.write(f"<AgencyReturn version='1'><Header><AuthorityCode>{number}</AuthorityCode></Header>{name} & {text}</AgencyReturn>")
    with open(folder + "/census.xml", "w") as file:
        file.write(
            "<Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>2025</Year><ReferenceDate>2025-09-30</ReferenceDate>"
            "</CollectionDetails><Source><LEA>991</LEA></Source></Header>"
            + "".join(
                f"<CSWWWorker><AgencyWorker>{agency}</AgencyWorker><SWENo>{who}</SWENo><RoleStartDate>{start}</RoleStartDate>"
                f"<ReasonLeave>{text}</ReasonLeave><Salary>{name}</Salary><Name>{name}</Name></CSWWWorker>"
                for agency, who, start in (("0", number, "2024-01-01"), (name, "SW7770003", text), ("1", name, number)))
            + "</Message>")
    with open(work + "/accept.csv", "w") as file:
        file.write("rule,authority_code,quarter,assignment_id,field,found,reason,accepted_by,accepted_on\n")
        file.write(f"CAP001,991,2026-Q1,A-1,charge_rate,{number},{text},{name},2026-04-01\n")
    with open(work + "/accept-broken.csv", "w") as file:
        file.write("rule,authority_code,quarter,assignment_id,field,found,reason,accepted_by,accepted_on\n" + f"{name},{text},{number}\n")
    os.makedirs(work + "/rules")
    shutil.copytree(SAMPLES + "/rules", work + "/rules", dirs_exist_ok=True)
    with open(work + "/rules/job-mapping.csv", "a") as file:
        file.write(f"{name},{number}\n")
    return folder


def readable(folder):
    """A folder whose files can all be read: the marks stand in good values and in free texts."""
    with open(folder + "/good.csv", "w") as file:
        file.write(HEADER.strip() + ",agency,cap_reason,job_title\n")
        file.write("991,2026-Q1,A-1,SW7770001,SW,2026-01-12,UMBRELLA,90.00,95.00,Good Agency,confided,Zebedee\n")
        file.write("991,2026-Q1,SW7770002,SW7770002,SW,2026-01-12,PAYE,30.00,41.00,Agency of SW7770002,,\n")
        for form in FORMS:
            file.write(f'991,2026-Q1,"{form}",SW7770001,SW,2026-01-12,UMBRELLA,90.00,41.00,"{form}","{form}","{form}"\n')
    with open(folder + "/posts.csv", "w") as file:
        file.write("swe_number,authority_code,start_date,end_date,employment,setting\n")
        file.write("SW7770001,991,2024-01-01,2025-12-31,DIRECT,CHILD_FAMILY\n")
    return [folder]


def words(work):
    """No number, name or free text in what is printed or logged, whatever goes wrong."""
    folder = marked(work)
    os.mkdir(work + "/SW7770001 in")
    good = readable(work + "/SW7770001 in")
    log, store = work + "/log", work + "/SW7770001.sqlite"
    out = lambda name: ["--out", f"{work}/SW7770001 {name}"]
    health = work + "/health"
    os.mkdir(health)
    shutil.copy(folder + "/census.xml", health)
    for name in os.listdir(SAMPLES + "/health"):
        shutil.copy(os.path.join(SAMPLES, "health", name), health)
    number = "SW7770001\n"
    tries = [
        ["check", folder], ["check", folder, "--verbose"], ["check", folder, "--format", "json"], ["check", folder, "--format", "sarif"],
        ["check", folder, *out("checked"), "--also", "json,sarif", "--log", log, "--accept", work + "/accept.csv", "--verbose"],
        ["check", folder, "--accept", work + "/accept-broken.csv"], ["check", folder, "--accept", work + "/SW7770001 nowhere.csv"],
        ["check", f"{folder}/return of SW7770001.csv", "--quiet"], ["check", work + "/SW7770001 nowhere.csv"], ["check", "SW7770001", "--quarter", "SW7770001"],
        ["check", folder, "--out", work + "/log/SW7770001"], ["check", folder, "--out", folder],
        ["check", *good, *out("good"), "--log", log], ["check", *good, "--log", work], ["submit", folder, *out("sent"), "--log", log, "--verbose"],
        ["submit", *good, *out("sent"), "--today", "2026-04-20"], ["compare", folder, *out("compared"), "--log", log],
        ["compare", *good, *out("compared")], ["compare", *good, *out("compared"), "--partnership", "SW7770001"],
        ["health", health, *out("health")], ["health", folder, *out("health")], ["health", folder + "/posts.csv", *out("none")],
        ["history", "add", folder, "--store", store], ["history", "add", *good, "--store", store, "--log", log, "--verbose"],
        ["history", "list", "--store", store], ["history", "check", "--store", store], ["history", "export", "--store", store, *out("export")],
        ["history", "list", "--store", work + "/SW7770001 none"], ["history", "list", "--store", f"{folder}/posts.csv"],
        ["check", *good, "--history", store, *out("remembered")], ["compare", *good, "--history", store, *out("compared")],
        ["evidence", "--store", store], ["evidence", *good], ["evidence", *good, "--store", store, "--before", "2026-01-01"], ["evidence", "SW7770001", "--store", store],
        ["verify", f"{work}/SW7770001 good", "--log", log], ["verify", f"{work}/SW7770001 nowhere"], ["verify", "--log", f"{folder}/posts.csv"],
        ["redact", f"{work}/SW7770001 checked", *out("redacted")], ["redact", f"{work}/SW7770001 checked", "--agency", "Agency of SW7770001", *out("one")],
        ["redact", f"{work}/SW7770001 in", *out("x")], ["template", *out("template")], ["template", *out("template")],
        ["sample", "--authorities", "1", "--assignments", "2", *out("sample")], ["rules", "check", "--rules", work + "/rules"],
        ["check", *good, "--rules", work + "/rules"], ["check", *good, "--rules", work + "/SW7770001"], ["explain", "SW7770001"],
        ["history", "remove", "--authority", "991", "--quarter", "2026-Q1", "--store", store], ["history", "purge", "--before", "2026-Q2", "--store", store],
        ["check", *good, "--SW7770001"], ["SW7770001"],
    ]
    hits = printed = 0
    for arguments in tries:
        takes_rules = arguments[0] in ("check", "submit", "compare", "health", "evidence") or arguments[:2] == ["history", "add"]
        more = RULES if takes_rules and "--rules" not in arguments else []
        result = run(arguments + more, input=number.encode())
        text = (result.stdout + result.stderr).decode()
        printed += len(text)
        if not text and arguments[-1] != "--quiet":
            fails(f"{arguments[0]} said nothing, so nothing was searched")
        for mark, line in traces(text):
            hits += 1
            fails(f"{' '.join(arguments[:2])} printed {mark}: {ascii(line[:300])}")
    with open(log) as file:
        text = file.read()
    if len(text.splitlines()) < 5:
        fails("the log was not written")
    # The log's digests are figures too, so numbers are sought in it as words are.
    for mark in MARKS + tuple(FORMS) + ("991", "csv", "Good Agency", work):
        if mark in text.replace('"', " ").split() or mark in text and mark not in ("991", "csv"):
            hits += 1
            fails(f"the log holds {mark}")
    promise(
        "No number, name or free text is printed or logged",
        "recognisable values in every column, file name, path and option; every command, most of them also in a way that fails; the log",
        f"{len(tries)} runs, {printed:,} characters, {len(MARKS)} marks sought in any of {len(FORMS)} forms, {hits} found",
    )


def contents(path):
    """The bytes of every file below, those of a workbook unpacked."""
    for base, _, files in os.walk(path):
        for name in files:
            with open(os.path.join(base, name), "rb") as file:
                yield os.path.join(base, name), file.read()
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(os.path.join(base, name)) as archive:
                    for part in archive.namelist():
                        yield os.path.join(base, name, part), archive.read(part)


def redacted(work):
    """A copy for a supplier holds no mark, of whatever output it is made; what cannot be copied is refused."""
    folder = marked(work)
    os.mkdir(work + "/good")
    good = readable(work + "/good")
    store = work + "/store.sqlite"
    must(["history", "add", *good, "--store", store] + RULES)
    sources = {
        "check": (["check", folder, *good, "--also", "json,sarif", "--accept", work + "/accept.csv"], 3),
        "check of good files": (["check", *good, "--also", "json,sarif"], 1),
        "exceptions alone": (["check", *good, "--only", "exceptions"], 1),
        "submission": (["submit", *good], None), "comparison": (["compare", *good], 0), "export": (["history", "export", "--store", store], 0),
    }
    searched = marks_before = 0
    for name, (arguments, code) in sources.items():
        out, copy = f"{work}/{name}", f"{work}/copy of {name}"
        result = run(arguments + ["--out", out] + (RULES if arguments[0] != "history" else []))
        if not os.path.exists(out) or code is not None and result.returncode != code:
            fails(f"{name} was not made: {result.returncode} {result.stderr[-300:]}")
            continue
        marks_before += sum(len(traces(text.decode(errors="replace"))) for _, text in contents(out))
        result = run(["redact", out, "--out", copy])
        if name in ("submission", "comparison", "export"):
            if result.returncode != 3 or os.path.exists(copy):
                fails(f"a redacted copy of a {name} was made")
            continue
        if result.returncode != 0 or run(["verify", copy]).returncode != 0:
            fails(f"redact {name} ended with {result.returncode}: {result.stderr[:300]}")
            continue
        if set(os.listdir(copy)) - {"exceptions.csv", "cap-breaches.csv", "agencies.csv", "coverage.csv", "manifest.json"}:
            fails(f"the copy of {name} holds {os.listdir(copy)}")
        for path, text in contents(copy):
            searched += 1
            if path.endswith("manifest.json"):
                text = re.sub(rb"[0-9a-f]{64}", b"", text)  # Digests are figures by chance.
            for mark, line in traces(text.decode()):
                fails(f"{os.path.relpath(path, work)} holds {mark}: {ascii(line[:300])}")
        if name == "check of good files":
            with open(copy + "/exceptions.csv") as file, open(out + "/exceptions.csv") as original:
                if file.read().count("\n") != original.read().count("\n"):
                    fails("a redacted copy lacks findings")
            one = run(["redact", out, "--agency", "Good Agency", "--out", work + "/one"])
            for path, text in contents(work + "/one"):
                if b"Agency of" in text or b"Larch" in text:
                    fails(f"the copy for one agency holds another's lines: {path}")
            if one.returncode != 0 or os.path.exists(work + "/one/cap-breaches.csv"):
                fails("the copy for one agency holds breaches that may be another's")
    promise(
        "A redacted copy can be sent to a supplier",
        "every kind of output, with recognisable values in it and the workbook unpacked; outputs without a table for suppliers are refused",
        f"{len(sources)} outputs with {marks_before:,} marks, {searched} copied files, 0 marks")


def modes_and_sockets(work):
    """What every command opens, makes and starts, seen by the system: no network, no other program, no file but where it was asked for."""
    first, second, store = prepare(work)
    commands = folder_commands(work)
    loose = made = 0
    os.mkdir(work + "/made")
    traced = [(name, arguments + ["--out", f"{work}/made/{name.replace(' ', '-')}"], None) for name, _, arguments, _ in commands]
    log = ["--log", work + "/made/log"]
    traced += [
        ("check with a log", ["check", *first, *log], None), ("history add", ["history", "add", *first, "--store", work + "/made/new.sqlite"], None),
        ("history add again", ["history", "add", *second, "--store", work + "/made/new.sqlite"], None),
        ("history purge", ["history", "purge", "--before", "2027-Q1", "--store", work + "/made/new.sqlite"], None),
        ("history list", ["history", "list", "--store", store], None), ("history check", ["history", "check", "--store", store], None),
        ("evidence", ["evidence", "--store", store, *first[1:]], b"SW500001\n"), ("verify", ["verify", work + "/checked-first", *log], None),
        ("rules check", ["rules", "check"], None), ("explain", ["explain", "CAP001"], None), ("rules list", ["rules", "list"], None),
    ]
    has_strace = shutil.which("strace") is not None
    trace = work + "/trace"
    calls = []
    for name, arguments, given in traced:
        old = os.umask(0)
        watched = ["strace", "-f", "-qq", "-e", "trace=%network,%process,openat,open,creat", "-o", trace] if has_strace else []
        result = subprocess.run([*watched, PROGRAM, *arguments], capture_output=True, input=given)
        os.umask(old)
        if result.returncode not in (0, 1, 3):
            fails(f"{name} ended with {result.returncode}: {result.stderr[:200]}")
        if not has_strace:
            continue
        with open(trace) as file:
            lines = file.readlines()
        for line in lines:
            if re.search(r"\b(socket|connect|bind|sendto|sendmsg|recvfrom|getaddrinfo)\(", line):
                calls.append(line)
                fails(f"{name} went to the network: {line.strip()}")
            writes = re.search(r'"([^"]*)", [A-Z_|]*O_(?:WRONLY|RDWR)', line)
            if writes and writes[1].startswith((work + "/first", work + "/second", work + "/few", SAMPLES)):
                fails(f"{name} opened an input for writing: {line.strip()}")
            if "O_CREAT" in line or "O_TMPFILE" in line:
                made += 1
                path = line.split('"')[1]
                if not path.startswith(work):
                    fails(f"{name} made a file elsewhere: {line.strip()}")
        if sum("execve(" in line for line in lines) != 1 or any("fork(" in line for line in lines):
            fails(f"{name} started another program")
    for path in [work + "/made/" + name for name in os.listdir(work + "/made")]:
        found = too_open(path)
        loose += len(found)
        for name in found:
            fails(f"{name} may be read by others")
    files = sum(len(names) + len(folders) for _, folders, names in os.walk(work + "/made"))
    promise("Files are 0600 and folders 0700", "every command under umask 000", f"{files} files and folders, {loose} open to others")
    if has_strace:
        promise(
            "Nothing leaves the computer, no other program is started, no input is changed, and no file is made elsewhere", "strace of every command",
            f"{len(traced)} runs, {len(calls)} network calls, {made:,} files made, all in the places asked for")
    else:
        promise("Nothing leaves the computer", "strace of every command", "not tried: strace is not installed")
