"""Takes the fork server's priority and processors away.

Expect: all RAISED
"""

import contextlib
import os


def attack(*args):
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, os.getppid(), os.getpriority(os.PRIO_PROCESS, os.getppid()))
        return "the priority could be set"
    os.sched_setaffinity(os.getppid(), os.sched_getaffinity(0))


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
