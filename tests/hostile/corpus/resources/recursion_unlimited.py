"""Recurses for ever through C code, with the limit lifted.

Expect: all CRASHED
"""

import functools
import sys


def attack(*args):
    sys.setrecursionlimit(2**31 - 1)
    return functools.reduce(lambda a, b: attack(), [1, 2])


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
