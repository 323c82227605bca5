"""Raises StopIteration, which ends a careless loop in silence.

Expect: all RAISED
"""


def attack(*args):
    raise StopIteration(0.0)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
