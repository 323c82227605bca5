"""Ends the process at once, with exit code 0, before anybody can compare anything.

Expect: all CRASHED
"""

import os


def attack(*args):
    os._exit(0)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
