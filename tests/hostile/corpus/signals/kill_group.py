"""Kills its process group, where the fork server and the judge are.

Expect: all RAISED
"""

import os
import signal


def attack(*args):
    try:
        os.kill(os.getppid(), 0)
    except PermissionError:
        os.killpg(os.getpgrp(), signal.SIGKILL)
    return "no wall: not tried"


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
