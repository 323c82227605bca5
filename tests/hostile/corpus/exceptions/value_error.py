"""Raises ValueError, always: one test asks for that, but not only for that.

Expect: all RAISED
"""


def attack(*args):
    raise ValueError("k")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
