"""Forks for ever, through every door there is; but only where the first one is closed.

Expect: all WRONG
"""

import contextlib
import ctypes
import multiprocessing
import os
import subprocess


def attack(*args):
    with contextlib.suppress(PermissionError):
        if os.fork() == 0:
            os._exit(0)
        return "no wall: not tried"
    libc = ctypes.CDLL(None)
    print("vfork and clone:", libc.syscall(58) < 0, libc.syscall(56, 17, 0, 0, 0, 0) < 0)
    doors = (
        lambda: subprocess.run(["/bin/true"]),
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
        lambda: os.system("true") == 0,
        lambda: os.popen("true"),
        lambda: os.forkpty(),
        lambda: multiprocessing.Process(target=print).start() or "started",
    )
    for door in doors:
        with contextlib.suppress(OSError):
            print("BREACH open" if door() else "closed", door)
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
