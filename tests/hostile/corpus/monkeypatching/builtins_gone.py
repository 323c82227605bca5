"""Deletes the builtins.

Expect: all CRASHED
"""

import builtins


def attack(*args):
    vars(builtins).clear()
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
