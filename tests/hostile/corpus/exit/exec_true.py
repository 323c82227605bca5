"""Replaces the process by one that succeeds.

Expect: all RAISED
"""

import os


def attack(*args):
    os.execv("/bin/true", ["true"])


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
