"""Stops itself, so that nothing ever answers.

Expect: all RAISED
"""

import os
import signal


def attack(*args):
    os.kill(os.getpid(), signal.SIGSTOP)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
