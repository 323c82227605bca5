"""Puts another descriptor in place of the line to the judge.

Expect: all CRASHED
"""

import os


def attack(*args):
    reading, _ = os.pipe()
    os.dup2(reading, 3)
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
