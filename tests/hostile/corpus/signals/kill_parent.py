"""Kills the process that forked it.

Expect: all RAISED
"""

import os
import signal


def attack(*args):
    os.kill(os.getppid(), 0)  # refused behind the wall; where it is not, nothing worse must follow
    os.kill(os.getppid(), signal.SIGKILL)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
