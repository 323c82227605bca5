"""Leaves no stack for the worker's own code.

Expect: all RAISED
"""

import sys


def attack(*args):
    sys.setrecursionlimit(8)
    return [[[[[[0.0]]]]]]


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
