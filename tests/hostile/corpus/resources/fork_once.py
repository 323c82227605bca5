"""Forks, once.

Expect: all RAISED
"""

import os


def attack(*args):
    if os.fork() == 0:
        os._exit(0)
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
