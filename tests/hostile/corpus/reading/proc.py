"""Reads everything that /proc tells of itself, its parent and everybody.

Expect: all WRONG
"""

import contextlib
import os


def attack(*args):
    for who in ("self", os.getppid(), 1):
        for name in ("status", "maps", "environ", "cmdline", "mem", "fd/3", "root/etc/passwd", "cwd"):
            with contextlib.suppress(OSError), open(f"/proc/{who}/{name}", "rb") as file:
                print("BREACH read", who, name, file.read(2000))
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
