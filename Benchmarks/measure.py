"""Runs one program and prints what it took, as JSON: `python3 -I -S measure.py CORES OUTPUT PROGRAM ARGUMENT...`.

A process of its own, and a small one: the kernel counts the memory of the process that starts a program into the program's peak, so the
peak cannot be told below the size of this one (measure `true` to see it). CORES is a list such as 0 or 0,1; OUTPUT is where the
program's standard output goes.
"""
import os
import sys
import time


def busy():
    """Seconds that all cores together have worked."""
    with open("/proc/stat") as file:
        ticks = [int(word) for word in file.readline().split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


cores, output, argv = sys.argv[1], sys.argv[2], sys.argv[3:]
os.sched_setaffinity(0, {int(core) for core in cores.split(",")})
actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
           (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
           (os.POSIX_SPAWN_OPEN, 2, output + ".error" if output != "/dev/null" else output,
            os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
busy_before, begin = busy(), time.perf_counter()
child = os.posix_spawnp(argv[0], argv, os.environ, file_actions=actions)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - begin
own = usage.ru_utime + usage.ru_stime
others = max(0.0, (busy() - busy_before - own) / seconds)
print('{"seconds": %.6f, "cpu": %.6f, "rss": %d, "others": %.3f, "code": %d}'
      % (seconds, own, usage.ru_maxrss * 1024, others, os.waitstatus_to_exitcode(status)))
