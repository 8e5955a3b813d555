"""Every command that writes, over inputs of its own: what is tried is tried with each of them."""

import os
import shutil

from tries import SAMPLES, must, region


class Command:
    """`arguments` make the new output over the old one at `place`; `old` and `new` are what `state` gives of each."""

    def __init__(self, name, place, before, arguments, code):
        self.name, self.place, self.before, self.arguments, self.code = name, place, before, arguments, code


def prepare(work, large=False):
    """Two regions that differ, censuses, two outputs to copy from, a store."""
    size = {"authorities": 3, "assignments": 400} if large else {}
    first, second = region(work + "/first", 1, **size), region(work + "/second", 2, **size)
    must(["check", *first, "--out", work + "/checked-first", "--quiet"], 1)
    must(["check", *second, "--out", work + "/checked-second", "--quiet"], 1)
    store = work + "/filled.sqlite"
    must(["history", "add", *first, "--store", store])
    must(["history", "add", SAMPLES + "/census", *second[1:], "--store", store])
    return first, second, store


def folder_commands(work):
    """The commands that write a folder: name, arguments for the old output, for the new one, exit code of the new one."""
    first, second, store = prepare(work)
    rules = ["--rules", SAMPLES + "/rules"]
    few = work + "/few"
    shutil.copytree(SAMPLES + "/health", few, ignore=lambda folder, names: [n for n in names if "2025" in n])
    must(["history", "add", *second, "--store", work + "/other.sqlite"])
    everything = ["--also", "json,sarif"]
    return [
        ("check", ["check", *first, "--quiet"], ["check", *second, "--quiet", *everything], 1),
        ("submit", ["submit", *first, "--quiet"], ["submit", *second, "--quiet"], 1),
        ("compare", ["compare", *first, "--quiet"], ["compare", *second, "--quiet"], 0),
        ("health", ["health", few, *rules, "--quiet"], ["health", SAMPLES + "/health", *rules, "--quiet"], 0),
        ("redact", ["redact", work + "/checked-first"], ["redact", work + "/checked-second"], 0),
        ("history export", ["history", "export", "--store", work + "/other.sqlite"], ["history", "export", "--store", store], 0),
        ("sample", ["sample", "--assignments", "5", "--seed", "1"], ["sample", "--assignments", "5", "--seed", "2"], 0),
        ("template", None, ["template", "--authority", "301"], 0),
    ]


def copy_store(source, target):
    """A store and its key, as they lie on the disk."""
    for ending in ("", ".key", "-wal", "-shm", "-journal"):
        if os.path.exists(target + ending):
            os.remove(target + ending)
        if os.path.exists(source + ending):
            shutil.copy2(source + ending, target + ending)
