"""Aborts: the signal is refused, the trap instruction behind it is not.

Expect: all CRASHED
"""

import os


def attack(*args):
    os.abort()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
