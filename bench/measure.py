#!/usr/bin/env python3
# Runs one shell command, and prints its time, memory and exit status as JSON, for run.ts.
"""Run one shell command once and print what it cost as JSON: wall and cpu seconds, peak memory in MiB, exit status.

usage: measure.py LIMIT_S COMMAND
In Python because the kernel's own accounting of a finished child (wait4) is not to be had from Node. Peak is that of the
largest single process. The command's output goes to nowhere, its last words on standard error are kept.
"""
import json, os, signal, sys, tempfile, time

limit, command = int(sys.argv[1]), sys.argv[2]
errors = tempfile.TemporaryFile()
began = time.monotonic()
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    nothing = os.open("/dev/null", os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(errors.fileno(), 2)
    os.execvp("sh", ["sh", "-c", command])

late = []


def stop(*_):
    late.append(True)
    os.killpg(pid, signal.SIGKILL)


signal.signal(signal.SIGALRM, stop)
signal.signal(signal.SIGTERM, stop)  # an interrupted run leaves nothing running
signal.alarm(limit)
_, status, used = os.wait4(pid, 0)
signal.alarm(0)
wall = time.monotonic() - began
errors.seek(0)
print(json.dumps({
    "wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024,
    "status": "over %d s" % limit if late else os.waitstatus_to_exitcode(status),
    "errors": errors.read().decode(errors="replace")[-600:],
}))
