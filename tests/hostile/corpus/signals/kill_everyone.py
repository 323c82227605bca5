"""Kills every process it may.

Expect: all RAISED
"""

import os
import signal


def attack(*args):
    try:
        os.kill(os.getppid(), 0)
    except PermissionError:  # behind the wall; where it does not stand, nothing worse must follow
        os.kill(-1, signal.SIGKILL)
    return "no wall: not tried"


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
