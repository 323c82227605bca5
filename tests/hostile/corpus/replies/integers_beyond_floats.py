"""Integers that no float can hold, where floats are due.

Expect: all WRONG
"""


def attack(*args):
    return [2**2000, -(2**2000)] * 3


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
